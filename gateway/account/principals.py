"""Users, groups and rooms as principals (RFC 3744 2, RFC 6638 2.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from gateway.account.faults import reported
from gateway.account.root import READ_ONLY
from gateway.dav.errors import NotFound
from gateway.dav.paths import PRINCIPALS, Path
from gateway.dav.ports import Principal, PrincipalCollection, Resource
from gateway.ox import directory as ox

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

USERS: Path = (*PRINCIPALS, "users")
GROUPS: Path = (*PRINCIPALS, "groups")
RESOURCES: Path = (*PRINCIPALS, "resources")
_MOST = 200
_SPECIAL_GROUPS = frozenset({"0", "2147483647"})
"""Everybody, and all guests: no useful attendees, and as large as the context."""


class AccountPrincipal(Principal):
    """``/principals/{users,groups,resources}/<id>/``"""

    privileges = READ_ONLY
    first_name: str | None = None
    last_name: str | None = None
    mail_addresses: tuple[str, ...] = ()
    calendar_home: Path | None = None
    address_book_home: Path | None = None
    inbox: Path | None = None
    outbox: Path | None = None
    default_calendar: Path | None = None
    default_tasks: Path | None = None
    group_members: tuple[Path, ...] = ()
    group_memberships: tuple[Path, ...] = ()

    def __init__(self, path: Path, kind: str, name: str | None) -> None:
        self.path = path
        self.kind = kind
        self._name = name

    @property
    def display_name(self) -> str | None:
        return self._name

    @property
    def owner(self) -> Path | None:
        return self.path


def of_user(tree: AccountTree, user: ox.User) -> AccountPrincipal:
    """The signed-in user's principal leads to the homes, those of others do not."""
    path = (*USERS, user.id)
    principal = AccountPrincipal(path, "INDIVIDUAL", user.display_name)
    principal.first_name, principal.last_name = user.first_name, user.last_name
    principal.mail_addresses = user.mail_addresses
    principal.group_memberships = tuple((*GROUPS, group) for group in user.groups if group not in _SPECIAL_GROUPS)
    if path == tree.principal:
        principal.calendar_home = tree.calendar_home
        principal.address_book_home = tree.book_home
        principal.inbox = (*tree.calendar_home, "inbox")
        principal.outbox = (*tree.calendar_home, "outbox")
        default = tree.account.homes.default_calendar
        principal.default_calendar = None if default is None else (*tree.calendar_home, default)
        default = tree.account.homes.default_tasks
        principal.default_tasks = None if default is None else (*tree.calendar_home, default)
    return principal


def of_group(group: ox.Group) -> AccountPrincipal:
    principal = AccountPrincipal((*GROUPS, group.id), "GROUP", group.display_name or group.name)
    principal.group_members = tuple((*USERS, member) for member in group.members)
    return principal


def of_resource(resource: ox.Resource) -> AccountPrincipal:
    principal = AccountPrincipal((*RESOURCES, resource.id), "RESOURCE", resource.display_name or resource.name)
    principal.mail_addresses = (resource.mail_address,) if resource.mail_address else ()
    return principal


class Principals(PrincipalCollection):
    """``/principals/`` and the collections of one kind in it."""

    display_name = None
    privileges = READ_ONLY

    def __init__(self, tree: AccountTree, path: Path) -> None:
        self._tree = tree
        self.path = path

    async def members(self) -> Sequence[Resource]:
        if self.path == PRINCIPALS:
            return [Principals(self._tree, path) for path in (USERS, GROUPS, RESOURCES)]
        return list(await self._all())

    async def search(self, criteria: Sequence[tuple[str, str]], *, any_of: bool) -> Sequence[Principal]:
        together = any if any_of else all
        wanted = [(name, text.casefold()) for name, text in criteria]
        found = (
            principal
            for principal in await self._all()
            if together(text in value for name, text in wanted for value in [_searched(principal, name)])
        )
        return [principal for principal, _ in zip(found, range(_MOST), strict=False)]

    async def _all(self) -> Iterable[AccountPrincipal]:
        with reported(self.path):
            people = await self._tree.account.directory.people()

        def each() -> Iterator[AccountPrincipal]:
            if self.path in (PRINCIPALS, USERS):
                yield from (of_user(self._tree, user) for user in people.users.values())
            if self.path in (PRINCIPALS, GROUPS):
                yield from (of_group(group) for group in people.groups.values() if group.id not in _SPECIAL_GROUPS)
            if self.path in (PRINCIPALS, RESOURCES):
                yield from map(of_resource, people.resources.values())

        return each()


async def find(tree: AccountTree, rest: Path) -> Resource:
    """What is below ``/principals/``. The signed-in user costs no upstream call. Raises NotFound."""
    match rest:
        case ():
            return Principals(tree, PRINCIPALS)
        case ("users" | "groups" | "resources",):
            return Principals(tree, (*PRINCIPALS, *rest))
        case ("users", user) if user == tree.account.identity.user.id:
            return of_user(tree, tree.account.identity.user)
        case ("users" | "groups" | "resources" as kind, identifier):
            return await _other(tree, kind, identifier)
    raise NotFound("no such principal")


async def _other(tree: AccountTree, kind: str, identifier: str) -> Principal:
    with reported(PRINCIPALS):
        people = await tree.account.directory.people()
    if kind == "users" and identifier in people.users:
        return of_user(tree, people.users[identifier])
    if kind == "groups" and identifier in people.groups:
        return of_group(people.groups[identifier])
    if kind == "resources" and identifier in people.resources:
        return of_resource(people.resources[identifier])
    raise NotFound("no such principal")


def _searched(principal: AccountPrincipal, name: str) -> str:
    """The text of a searchable property, folded; several values each on a line."""
    values: dict[str, str | None] = {
        "displayname": principal.display_name,
        "email": "\n".join(principal.mail_addresses),
        "first-name": principal.first_name,
        "last-name": principal.last_name,
        "calendar-user-type": principal.kind,
    }
    return (values.get(name) or "").casefold()

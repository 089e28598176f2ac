"""Homes: where the collections of the signed-in user are listed and made."""

from __future__ import annotations

import sys
from abc import abstractmethod
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from gateway.account import home_sync
from gateway.account.collection import Collection
from gateway.account.collections import ALL_BOOKS, FOLDERS, TASKS, Home
from gateway.account.faults import of_ox, reported
from gateway.account.names import usable
from gateway.account.properties import kept_of, refused_by, written_of
from gateway.account.schedule_boxes import Inbox, Outbox
from gateway.account.sync_token import InvalidSyncToken
from gateway.dav.errors import (
    CalendarCollectionLocationOk,
    DAVError,
    SupportedCalendarComponent,
    Unavailable,
    ValidSyncToken,
)
from gateway.dav.paths import Path
from gateway.dav.ports import HomeChanges, Makeable, Resource, SyncedHome
from gateway.dav.values import CollectionPatch, Privilege
from gateway.ox import folders
from gateway.ox.errors import OXError

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

_PARENT = "1"
_OVERVIEWS = 4
"""Kept of each home: as many as devices of one user ask differently."""
_RESERVED = frozenset({"inbox", "outbox", ALL_BOOKS})


@dataclass(frozen=True, slots=True)
class _Overviews:
    """Texts by their form, the newest first, all of one state of a home."""

    state: Hashable
    texts: Mapping[Hashable, str]


class AccountHome(Makeable, SyncedHome):
    """What both homes have in common. Listing is one upstream call that also refreshes the known collections."""

    modules: Mapping[str, str]
    """Component of a collection -> OX module of its folder."""

    def __init__(self, tree: AccountTree, path: Path) -> None:
        self.tree = tree
        self.path = path
        self._members: Sequence[Resource] | None = None
        self._digests: Mapping[str, str] | None = None

    @property
    def display_name(self) -> str | None:
        return self.tree.account.identity.user.display_name

    @property
    def privileges(self) -> frozenset[Privilege]:
        return frozenset({Privilege.READ, Privilege.BIND, Privilege.UNBIND})

    @property
    def owner(self) -> Path | None:
        return self.tree.principal

    @property
    def component_sets(self) -> Sequence[frozenset[str]]:
        return [frozenset({component}) for component in self.modules]

    @property
    @abstractmethod
    def _home(self) -> Home: ...

    async def members(self) -> Sequence[Resource]:
        if self._members is None:
            self._members = await self._collections()
        return self._members

    async def _collections(self) -> Sequence[Resource]:
        await self._freshen()
        self.tree.will_need(folder for _, folder in self._home)
        return [self.tree.collection((*self.path, segment), folder) for segment, folder in self._home]

    async def _freshen(self) -> None:
        account = self.tree.account
        known = [folder.id for _, folder in self._home if account.synced(folder.id) is not None]
        await self.tree.freshen([FOLDERS, *known])

    # -- answers that are kept -----------------------------------------------------------------------------------

    async def overview(self, form: Hashable, write: Callable[[], Awaitable[str]]) -> str:
        await self._freshen()
        account, state = self.tree.account, self._state()
        key = (id(account), self.path)
        kept: _Overviews | None = account.shelf.get(key)
        if kept is not None and kept.state == state and form in kept.texts:
            return kept.texts[form]
        text = await write()
        if state is not None and state == self._state():
            former = kept.texts if kept is not None and kept.state == state else {}
            texts = {form: text, **dict(islice(former.items(), _OVERVIEWS - 1))}
            account.shelf.put(key, _Overviews(state, texts), sum(map(_size, texts.items())))
        return text

    def _state(self) -> Hashable | None:
        """Another value whenever something changed that properties of this home and its collections are made of; None
        as long as one of them was not looked at during this request. What else they are made of stays as it is while
        the account is signed in."""
        indexes = [self.tree.fresh_index(folder) for _, folder in self._home]
        versions = [index.version for index in indexes if index is not None]
        return (self.tree.account.homes.version, *versions) if len(versions) == len(indexes) else None

    # -- sync ----------------------------------------------------------------------------------------------------

    async def ctag(self) -> str:
        return home_sync.digest(sorted((await self._digested()).items()))

    async def sync_token(self) -> str:
        return home_sync.token_of(self._scope, await self._digested())

    async def home_changes(self, token: str | None, limit: int | None) -> HomeChanges:
        members = await self.members()
        try:
            found = home_sync.difference(self._scope, await self._digested(), token, limit)
        except InvalidSyncToken as error:
            raise ValidSyncToken(str(error)) from None
        changed = tuple(member for member in members if member.path[-1] in found.changed)
        return HomeChanges(found.token, changed, found.removed, found.truncated)

    @property
    def _scope(self) -> str:
        return f"{self.tree.account.ledger.life} {self.path[0]} {self.tree.one_book}"

    async def _digested(self) -> Mapping[str, str]:
        if self._digests is None:
            self._digests = {member.path[-1]: await _digest(member) for member in await self.members()}
        return self._digests

    # -- making --------------------------------------------------------------------------------------------------

    async def make(self, segment: str, components: frozenset[str], patch: CollectionPatch) -> Resource:
        if components not in self.component_sets:
            raise SupportedCalendarComponent(f"a collection here holds one of {', '.join(self.modules)}")
        if segment in _RESERVED or not usable(segment):
            raise CalendarCollectionLocationOk("this name cannot be used")
        account = self.tree.account
        (component,) = components
        colours = self.modules[component] in account.generation.coloured
        fields = written_of(patch, colours=colours)
        title = fields.pop("title", segment)
        with reported(self.path, Privilege.BIND):
            try:
                made = await account.session.run(folders.create(_PARENT, self.modules[component], title, fields))
            except OXError as error:
                raise refused_by(error, patch) or of_ox(error, self.path, Privilege.BIND) from error
            folder_id = folders.plain_id(made)
            await account.ledger.set_segment(account.identity.key, folder_id, segment)
            await account.ledger.set_properties(account.identity.key, folder_id, kept_of(patch, colours=colours))
        account.expire_folders()
        self.tree.stale(FOLDERS)
        return await self.tree.find((*self.path, segment))


class CalendarHome(AccountHome):
    """``/calendars/<user>/``"""

    def __init__(self, tree: AccountTree) -> None:
        super().__init__(tree, tree.calendar_home)
        self.modules = {"VEVENT": tree.account.generation.content_type}
        if tree.account.homes.has_tasks:
            self.modules["VTODO"] = TASKS

    @property
    def _home(self) -> Home:
        return self.tree.account.homes.calendars

    async def _collections(self) -> Sequence[Resource]:
        return [*await super()._collections(), Inbox(self.tree), Outbox(self.tree)]


class AddressBookHome(AccountHome):
    """``/addressbooks/<user>/``"""

    modules: Mapping[str, str] = {"VCARD": "contacts"}

    def __init__(self, tree: AccountTree) -> None:
        super().__init__(tree, tree.book_home)

    async def _collections(self) -> Sequence[Resource]:
        """For programs that use one book only, it is the one with the cards of all."""
        books = await super()._collections()
        return [self.tree.all_books()] if self.tree.one_book else books

    def _state(self) -> Hashable | None:
        """None for the book with the cards of all, whose index is another one."""
        return None if self.tree.one_book else super()._state()

    @property
    def _home(self) -> Home:
        return self.tree.account.homes.books


def _size(kept: tuple[Hashable, str]) -> int:
    form, text = kept
    return sys.getsizeof(text) + len(repr(form))


async def _digest(member: Resource) -> str:
    """Of all that is told about a collection, its ctag included."""
    if not isinstance(member, Collection):
        return home_sync.digest(member.display_name, sorted(member.privileges))
    try:
        ctag = await member.ctag()
    except Unavailable:
        raise
    except DAVError as error:  # of this collection alone
        ctag = str(error.status)
    return home_sync.digest(_described(member), ctag)


def _described(member: Collection) -> str:
    """Of all that is told about a collection but its content. Made once for each folder and its properties."""
    folder, kept = member.folder, member.kept
    made = member.account.homes.described
    known = made.get(folder.id)
    if known is not None and known[0] is folder and known[1] is kept:
        return known[2]
    shown = (folder.title, folder.color, folder.description, folder.schedule_transparent, folder.permissions)
    digest = home_sync.digest(member.scope, sorted(member.privileges), shown, sorted(kept.items()))
    made[folder.id] = (folder, kept, digest)
    return digest

"""The ports in memory: a small account without OX, for tests of the protocol.

Alice (3) is signed in; bob (4) exists, too. Objects are kept as they were sent, so ``Stored.etag`` is always given
unless ``rewrites`` says that the store changes what it gets, as OX does.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from gateway.dav.errors import (
    Conflict,
    DAVError,
    Forbidden,
    NotFound,
    PreconditionFailed,
    SupportedCalendarComponent,
    ValidCalendarData,
    ValidSyncToken,
)
from gateway.dav.paths import Path
from gateway.dav.ports import (
    AddressBook,
    Calendar,
    Container,
    Makeable,
    ObjectCollection,
    Principal,
    PrincipalCollection,
    Resource,
    ScheduleBox,
    Tree,
)
from gateway.dav.values import Body, Candidates, Changes, CollectionPatch, Entry, Privilege, QueryHint, Stored

READ_ONLY = frozenset({Privilege.READ, Privilege.READ_ACL})
ALL = frozenset(privilege for privilege in Privilege if not privilege.startswith("schedule-"))
EPOCH = 1_800_000_000_000


@dataclass
class Upstream:
    """What a real account would ask of OX: counted, and able to fail."""

    calls: list[str] = field(default_factory=list)
    fail: DAVError | None = None

    def call(self, name: str) -> None:
        self.calls.append(name)
        if self.fail is not None:
            raise self.fail


class MemoryResource(Resource):
    def __init__(self, path: Path, display_name: str | None = None, *, owner: Path | None = None) -> None:
        self.path = path
        self.name = display_name
        self.rights = READ_ONLY
        self._owner = owner

    @property
    def display_name(self) -> str | None:
        return self.name

    @property
    def privileges(self) -> frozenset[Privilege]:
        return self.rights

    @property
    def owner(self) -> Path | None:
        return self._owner


class MemoryContainer(MemoryResource, Container):
    def __init__(self, path: Path, display_name: str | None = None, *, owner: Path | None = None) -> None:
        super().__init__(path, display_name, owner=owner)
        self.children: list[Resource] = []

    async def members(self) -> Sequence[Resource]:
        return self.children


class MemoryPrincipal(MemoryResource, Principal):
    def __init__(self, path: Path, display_name: str, *mails: str, kind: str = "INDIVIDUAL") -> None:
        super().__init__(path, display_name, owner=path)
        self.kind = kind
        self.mail_addresses = mails
        first, _, last = display_name.partition(" ")
        self.first_name = first or None
        self.last_name = last or None
        self.calendar_home = None
        self.address_book_home = None
        self.inbox = None
        self.outbox = None
        self.default_calendar = None
        self.default_tasks = None
        self.group_members = ()
        self.group_memberships = ()


class MemoryPrincipals(MemoryContainer, PrincipalCollection):
    async def search(self, criteria: Sequence[tuple[str, str]], *, any_of: bool) -> Sequence[Principal]:
        wanted = any if any_of else all
        found = [child for child in await self._principals() if wanted(_fits(child, *one) for one in criteria)]
        return sorted(found, key=lambda principal: principal.path)

    async def _principals(self) -> list[Principal]:
        inner = [child for folder in self.children if isinstance(folder, Container) for child in await folder.members()]
        return [child for child in inner if isinstance(child, Principal)]


def _fits(principal: Principal, name: str, value: str) -> bool:
    texts: Mapping[str, Sequence[str | None]] = {
        "displayname": [principal.display_name],
        "email": principal.mail_addresses,
        "first-name": [principal.first_name],
        "last-name": [principal.last_name],
        "calendar-user-type": [principal.kind],
    }
    return any(value.casefold() in (text or "").casefold() for text in texts[name])


class MemoryCollection(MemoryResource, ObjectCollection):
    """Objects with a history, so that any earlier state can be synced from."""

    def __init__(self, path: Path, display_name: str, *, owner: Path, upstream: Upstream) -> None:
        super().__init__(path, display_name, owner=owner)
        self.upstream = upstream
        self.rights = ALL
        self.max_resource_size = 100_000
        self.description: str | None = None
        self.order: int | None = None
        self.dead: dict[str, bytes] = {}
        self.texts: dict[str, str] = {}
        self.stamps: dict[str, int] = {}
        self.history: list[str] = []
        self.rewrites: Callable[[str], str] = str
        self.on_delete: Callable[[], None] = lambda: None

    async def members(self) -> Sequence[Resource]:
        return ()

    def _entry(self, name: str) -> Entry:
        stamp = self.stamps[name]
        component = next(iter(sorted(self.components)))
        content_type = self.content_type + ("" if component == "VCARD" else f"; component={component.lower()}")
        return Entry(name, f'"{stamp}"', content_type, component, EPOCH + stamp * 1000)

    def store(self, name: str, text: str) -> None:
        self.history.append(name)
        self.texts[name] = text
        self.stamps[name] = len(self.history)

    def drop(self, name: str) -> None:
        self.history.append(name)
        del self.texts[name], self.stamps[name]

    def _token(self, position: int) -> str:
        return f"http://dav.example/ns/sync/{'-'.join(self.path)}/{position}"

    async def ctag(self) -> str:
        self.upstream.call("updates")
        return f"ctag-{len(self.history)}"

    async def sync_token(self) -> str:
        self.upstream.call("updates")
        return self._token(len(self.history))

    async def entries(self) -> Sequence[Entry]:
        self.upstream.call("updates")
        return [self._entry(name) for name in sorted(self.texts)]

    async def entry(self, name: str) -> Entry | None:
        self.upstream.call("updates")
        return self._entry(name) if name in self.texts else None

    async def changes(self, token: str | None, limit: int | None) -> Changes:
        self.upstream.call("updates")
        start = 0
        if token is not None:
            known = {self._token(position): position for position in range(len(self.history) + 1)}
            if token not in known:
                raise ValidSyncToken("unknown token")
            start = known[token]
        end = len(self.history) if limit is None else min(len(self.history), start + limit)
        names = list(dict.fromkeys(self.history[start:end]))
        return Changes(
            self._token(end),
            tuple(self._entry(name) for name in names if name in self.texts),
            tuple(name for name in names if name not in self.texts and token is not None),
            truncated=end < len(self.history),
        )

    async def bodies(self, names: Sequence[str]) -> AsyncIterator[Body]:
        for name in names:
            if name in self.texts:
                self.upstream.call(f"body {name}")
                yield Body(self._entry(name), self.texts[name])

    async def candidates(self, hint: QueryHint) -> Candidates:
        return Candidates(doubtful=[entry.name for entry in await self.entries()])

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        self.upstream.call("put")
        if base != (self._entry(name) if name in self.texts else None):
            raise PreconditionFailed("changed meanwhile")
        try:
            text = data.decode()
        except UnicodeDecodeError:
            raise ValidCalendarData("not UTF-8") from None
        if "BEGIN:V" not in text:
            raise ValidCalendarData("not an object")
        kept = self.rewrites(text)
        self.store(name, kept)
        return Stored(name, base is None, self._entry(name).etag if kept == text else None)

    async def remove(self, name: str, base: Entry) -> None:
        self.upstream.call("remove")
        if base != self._entry(name):
            raise PreconditionFailed("changed meanwhile")
        self.drop(name)

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        self.upstream.call("move")
        assert isinstance(target, MemoryCollection)
        created = target_name not in target.texts
        target.store(target_name, self.texts[name])
        self.drop(name)
        return created

    async def patch(self, patch: CollectionPatch) -> None:
        self.upstream.call("patch")
        for name, attribute in _FIELDS.items():
            if name in patch.given:
                setattr(self, attribute, getattr(patch, name))
        for name, value in patch.dead.items():
            if value is None:
                self.dead.pop(name, None)
            else:
                self.dead[name] = value

    async def dead_properties(self) -> Mapping[str, bytes]:
        return self.dead

    async def delete(self) -> None:
        self.upstream.call("delete")
        if Privilege.UNBIND not in self.rights:
            raise Forbidden("permission denied")
        self.on_delete()


_FIELDS = {
    "display_name": "name",
    "description": "description",
    "color": "color",
    "order": "order",
    "timezone": "timezone",
    "transparent": "transparent",
}


class MemoryCalendar(MemoryCollection, Calendar):
    content_type = "text/calendar"
    components = frozenset({"VEVENT"})
    color: str | None = "#FF2968FF"
    transparent = False
    timezone: str | None = None
    zone = "Europe/Berlin"


class MemoryAddressBook(MemoryCollection, AddressBook):
    content_type = "text/vcard"
    components = frozenset({"VCARD"})
    max_image_size = 50_000


Made = TypeVar("Made", bound=MemoryCollection)


class MemoryBox(MemoryContainer, ScheduleBox):
    def __init__(self, path: Path, display_name: str, *, inbox: bool, owner: Path) -> None:
        super().__init__(path, display_name, owner=owner)
        self.inbox = inbox


class MemoryHome(MemoryContainer, Makeable):
    def __init__(self, path: Path, display_name: str, owner: Path, upstream: Upstream) -> None:
        super().__init__(path, display_name, owner=owner)
        self.upstream = upstream
        self.rights = ALL

    @property
    def component_sets(self) -> Sequence[frozenset[str]]:
        return [frozenset({"VEVENT"})] if self.path[0] == "calendars" else [frozenset({"VCARD"})]

    def add(self, segment: str, name: str, kind: type[Made]) -> Made:
        assert self.owner is not None
        made = kind((*self.path, segment), name, owner=self.owner, upstream=self.upstream)
        made.on_delete = lambda: self.children.remove(made)
        self.children.append(made)
        return made

    async def make(self, segment: str, components: frozenset[str], patch: CollectionPatch) -> Resource:
        self.upstream.call("make")
        kinds = {frozenset({"VEVENT"}): MemoryCalendar, frozenset({"VCARD"}): MemoryAddressBook}
        if components not in kinds:
            raise SupportedCalendarComponent("one of VEVENT and VCARD")
        made = self.add(segment, segment, kinds[components])
        await made.patch(replace(patch, given=patch.given))
        return made


class MemoryTree(Tree):
    def __init__(self) -> None:
        self.upstream = Upstream()
        alice, bob = ("principals", "users", "3"), ("principals", "users", "4")
        self.principal = alice
        self.root = MemoryContainer((), "OX")
        self.alice = MemoryPrincipal(alice, "Alice Archer", "alice@example.com", "a.archer@example.com")
        self.bob = MemoryPrincipal(bob, "Bob Baker", "bob@example.com")
        self.team = MemoryPrincipal(("principals", "groups", "6"), "Team", kind="GROUP")
        self.team.group_members = (alice, bob)
        self.alice.group_memberships = (self.team.path,)
        self.principals = MemoryPrincipals(("principals",), "Principals")
        users, groups = (
            MemoryContainer(("principals", "users"), "Users"),
            MemoryContainer(("principals", "groups"), "Groups"),
        )
        users.children, groups.children = [self.alice, self.bob], [self.team]
        self.principals.children = [users, groups]
        self.calendars = MemoryHome(("calendars", "3"), "Calendars", alice, self.upstream)
        self.books = MemoryHome(("addressbooks", "3"), "Address books", alice, self.upstream)
        self.calendar = self.calendars.add("31", "Calendar", MemoryCalendar)
        self.other = self.calendars.add("35", "Work & <play>", MemoryCalendar)
        self.book = self.books.add("32", "Contacts", MemoryAddressBook)
        self.inbox = MemoryBox(("calendars", "3", "inbox"), "Inbox", inbox=True, owner=alice)
        self.outbox = MemoryBox(("calendars", "3", "outbox"), "Outbox", inbox=False, owner=alice)
        self.calendars.children += [self.inbox, self.outbox]
        self.root.children = [self.principals, self.calendars, self.books]
        self.alice.calendar_home, self.alice.address_book_home = self.calendars.path, self.books.path
        self.alice.inbox, self.alice.outbox = self.inbox.path, self.outbox.path
        self.alice.default_calendar = self.calendar.path

    def _resources(self) -> dict[Path, Resource]:
        found: dict[Path, Resource] = {}
        waiting: list[Resource] = [self.root]
        while waiting:
            resource = waiting.pop()
            found[resource.path] = resource
            if isinstance(resource, MemoryContainer):
                waiting += resource.children
        return found

    async def find(self, path: Path) -> Resource:
        try:
            return self._resources()[path]
        except KeyError:
            raise NotFound("no such resource") from None

    async def find_parent(self, path: Path) -> tuple[Resource, str]:
        parent = self._resources().get(path[:-1])
        if not path or parent is None:
            raise Conflict("no such collection")
        return parent, path[-1]

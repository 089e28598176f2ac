"""What the protocol asks of the resources of an account, and what each question may cost upstream.

A resource subclasses the ports it can serve; from that alone dav derives resourcetype, ``Allow``,
``supported-report-set``, privileges and the ``DAV:`` header. A ``Tree`` and its resources live for one request:
whatever needs freshness asks OX once, however many ports are used during that request.

Every method may raise ``gateway.dav.errors.DAVError`` (Unavailable, BadGateway, NeedPrivileges, ...).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from gateway.dav.paths import Path
from gateway.dav.turns import Turn
from gateway.dav.values import (
    Attached,
    AttachmentChange,
    Availability,
    Body,
    Candidates,
    Changes,
    CollectionPatch,
    Entry,
    File,
    Privilege,
    QueryHint,
    Stored,
)
from mappings.calendar.busy_request import FreeBusyRequest

T = TypeVar("T")

TOGETHER = 256
"""Entries that are written before others get their turn."""


class Resource(ABC):
    """Anything with a URL. All of this is known without asking OX again."""

    path: Path
    is_collection: bool = True

    @property
    @abstractmethod
    def display_name(self) -> str | None: ...

    @property
    @abstractmethod
    def privileges(self) -> frozenset[Privilege]:
        """What the signed-in user may do here, from OX's folder rights. "Own objects only" counts as granted;
        OX checks the single object. PUT, DELETE and MOVE of members are refused without them."""

    @property
    def owner(self) -> Path | None:
        """Principal that owns the resource."""
        return None


class Container(Resource):
    """A collection of collections: the root, ``/principals/``, homes."""

    @abstractmethod
    async def members(self) -> Sequence[Resource]:
        """Direct members. Homes: one upstream call, and their ctags and tokens cost none after that."""

    async def overview(self, form: Hashable, write: Callable[[], Awaitable[str]]) -> str:
        """What ``write`` makes of the properties of this collection and its members. ``form`` is all that it is made of
        beside them: the text may be kept for the next time. As ``members``, and what ``write`` costs."""
        return await write()


class Synced(Container):
    """A collection that tells what changed among its members (RFC 6578)."""

    @abstractmethod
    async def ctag(self) -> str:
        """Changes whenever a member does. First freshness of the request: one upstream call."""

    @abstractmethod
    async def sync_token(self) -> str:
        """A URI (RFC 6578). As ``ctag``."""


@dataclass(frozen=True, slots=True)
class HomeChanges:
    """As ``Changes``, of the collections in a home. ``removed``: their segments."""

    token: str
    changed: tuple[Resource, ...]
    removed: tuple[str, ...]
    truncated: bool = False


class SyncedHome(Synced):
    """A home. A collection in it is changed when its properties, its rights or its ctag are."""

    @abstractmethod
    async def home_changes(self, token: str | None, limit: int | None) -> HomeChanges:
        """What a client holding ``token`` (None: nothing) has to learn. One upstream call for all collections, one
        more for those that were never looked at. Raises ValidSyncToken."""


class Principal(Resource):
    """A user, group or room (RFC 3744, RFC 6638). Not necessarily the signed-in one."""

    is_collection = True
    kind: str
    """``INDIVIDUAL``, ``GROUP``, ``RESOURCE`` or ``ROOM``."""
    mail_addresses: tuple[str, ...]
    """Preferred first."""
    first_name: str | None
    last_name: str | None
    calendar_home: Path | None
    """None for everybody but the signed-in user, likewise the paths below."""
    address_book_home: Path | None
    inbox: Path | None
    outbox: Path | None
    default_calendar: Path | None
    default_tasks: Path | None
    group_members: tuple[Path, ...]
    group_memberships: tuple[Path, ...]


class PrincipalCollection(Container):
    """Where principals are searched (RFC 3744 9.4)."""

    @abstractmethod
    async def search(self, criteria: Sequence[tuple[str, str]], *, any_of: bool) -> Sequence[Principal]:
        """Principals of which ``criteria`` (``displayname``, ``email``, ``first-name``, ``last-name``,
        ``calendar-user-type``; substring, case-insensitive) hold, at most some hundred.
        At most three upstream calls (users, groups, resources), cached for minutes."""


class Makeable(Container):
    """A home in which collections can be made (MKCALENDAR, extended MKCOL)."""

    @property
    @abstractmethod
    def component_sets(self) -> Sequence[frozenset[str]]:
        """What one new collection can hold, one set for each possibility."""

    @abstractmethod
    async def make(self, segment: str, components: frozenset[str], patch: CollectionPatch) -> Resource:
        """Create the collection so that it lives at ``segment`` from now on, whatever id OX gives it.
        ``components``: VEVENT, VTODO or VCARD. One upstream call, two with properties.
        Raises PropertiesRefused, SupportedCalendarComponent, NeedPrivileges; then nothing was created."""


class Patchable(Resource):
    """PROPPATCH (RFC 4918 9.2)."""

    @abstractmethod
    async def patch(self, patch: CollectionPatch) -> None:
        """All or nothing. At most one upstream call for a name or colour, none for what only we keep.
        Raises PropertiesRefused."""

    @abstractmethod
    async def dead_properties(self) -> Mapping[str, bytes]:
        """Clark name -> serialized element, as set by clients (``CollectionPatch.dead``). No upstream call."""


class Deletable(Resource):
    @abstractmethod
    async def delete(self) -> None:
        """Delete the collection with all it holds. One upstream call. Raises NeedPrivileges."""


class ObjectCollection(Synced, Patchable, Deletable):
    """A calendar or an address book: named objects, ETags, sync, queries, writing."""

    content_type: str
    """Of its members, ``text/calendar`` or ``text/vcard``."""
    components: frozenset[str]
    """``{"VEVENT"}``, ``{"VTODO"}`` or ``{"VCARD"}``."""
    max_resource_size: int
    description: str | None
    order: int | None
    alike: bool = True
    """The user may do the same to all members."""

    def privileges_on(self, name: str) -> frozenset[Privilege]:
        """What the user may do to a member: mostly what he may do here, but OX lets everybody edit his own entry in the
        address list of all users."""
        return self.privileges

    # -- reading -------------------------------------------------------------------------------------------------

    @abstractmethod
    async def entries(self) -> Sequence[Entry]:
        """All members, in a stable order. As ``ctag``."""

    async def listing(self, form: str, write: Callable[[Sequence[Entry]], str]) -> AsyncIterator[str]:
        """What ``write`` makes of all members, in pieces. ``form`` tells all that ``write`` adds to the entries: the
        texts may be kept for the next time. As ``ctag``."""
        entries, turn = await self.entries(), Turn()
        for start in range(0, len(entries), TOGETHER):
            yield write(entries[start : start + TOGETHER])
            await turn.may_end()

    async def answer(self, form: str, write: Callable[[], AsyncIterator[str]]) -> AsyncIterator[str]:
        """What ``write`` makes of members and their texts. ``form`` tells all that it is made of beside them: the texts
        may be kept for the next time. As ``ctag``, and what ``write`` costs."""
        async for text in write():
            yield text

    @abstractmethod
    async def entry(self, name: str) -> Entry | None:
        """One member. As ``ctag``."""

    @abstractmethod
    async def changes(self, token: str | None, limit: int | None) -> Changes:
        """What a client holding ``token`` (None: nothing) has to learn. As ``ctag``; one more call when
        the token is from before a restart. Raises ValidSyncToken."""

    @abstractmethod
    def bodies(self, names: Sequence[str]) -> AsyncIterator[Body]:
        """The texts of ``names``, in that order; names that do not exist (any more) are left out.
        One upstream call for about a hundred objects that are not cached; asks batch by batch as it is consumed."""

    async def made_of(
        self, names: Sequence[str], form: str | None, make: Callable[[Body], T]
    ) -> AsyncIterator[Sequence[T | None]]:
        """What ``make`` makes of each of ``names``, in that order, some at a time; None for names that do not exist
        (any more). ``form`` tells all that it is made of beside the member and its text: it may be kept for the next
        time, unless ``form`` is None. ``make`` never gives None; what it raises is passed on. Costs what ``bodies``
        does for what is not kept."""
        bodies = self.bodies(names)
        body = await anext(bodies, None)
        for name in names:
            if body is None or body.entry.name != name:
                yield [None]
                continue
            yield [make(body)]
            body = await anext(bodies, None)

    async def written(
        self, names: Sequence[str], form: str | None, write: Callable[[Entry], str]
    ) -> AsyncIterator[Sequence[str | None]]:
        """As ``made_of``, for what is made of the entries alone. As ``ctag``."""
        for name in names:
            entry = await self.entry(name)
            yield [None if entry is None else write(entry)]

    @abstractmethod
    async def candidates(self, hint: QueryHint) -> Candidates:
        """Members that may match ``hint``; never leaves out one that does. Certain are those that are all it says,
        which saves their verification. As ``ctag``."""

    # -- writing -------------------------------------------------------------------------------------------------

    @abstractmethod
    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        """Store what a client sent. ``base`` is the entry its preconditions were checked against, None for a new
        resource; if OX knows a newer state this raises PreconditionFailed and nothing was stored.
        One upstream call to create, one or two to update, more for a series with several changed instances.
        Raises ValidCalendarData, ValidAddressData, NoUidConflict, ... Unavailable says that nothing was stored."""

    @abstractmethod
    async def remove(self, name: str, base: Entry) -> None:
        """Delete a member, for the signed-in user only if it is somebody else's meeting. One upstream call."""

    @abstractmethod
    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        """Move a member to another collection (or name) of this account; an existing target is replaced.
        True if the target is new. Never leaves it in neither place."""


class Calendar(ObjectCollection):
    """RFC 4791 4.2, with what Apple and RFC 6638 add."""

    color: str | None
    """``#RRGGBB`` or ``#RRGGBBAA``."""
    transparent: bool
    timezone: str | None
    """VCALENDAR with one VTIMEZONE: the client's own, else made from the user's zone in OX."""
    zone: str
    """IANA name for floating times."""
    schedule_reply = True
    """Whether others may be told of what is written; the request says so (RFC 6638 8.1)."""


class Attachable(Calendar):
    """A calendar whose events or tasks can have files that are kept for them (RFC 8607)."""

    max_attachments: int
    """Of one event or task."""

    @property
    @abstractmethod
    def max_attachment_size(self) -> int:
        """In bytes."""

    @abstractmethod
    async def change_attachment(self, name: str, base: Entry, change: AttachmentChange) -> Attached:
        """Add, replace or remove a file of a member. One read upstream, and one write for each event that is concerned.
        Raises ValidManagedId, ValidRid, MaxAttachmentsPerResource, NeedPrivileges; PreconditionFailed when OX has a
        newer state than ``base``."""


class AddressBook(ObjectCollection):
    """RFC 6352 5.2."""

    max_image_size: int

    async def holding(self, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[str]:
        """The names of members whose text, folded, may hold all of ``keys`` (at least one). ``fold`` is always the
        same function: what it makes of the texts may be kept. Costs what ``bodies`` of all members do, until they are
        kept."""
        return [entry.name for entry in await self.entries()]


class Attachment(Resource):
    """A file of an event or a task (RFC 8607). Both methods raise NotFound, NeedPrivileges."""

    is_collection = False

    @abstractmethod
    async def file(self) -> File:
        """Whether this user may read it, and what it is. One upstream call, two when it has moved."""

    @abstractmethod
    async def content(self) -> AsyncIterator[bytes]:
        """Its bytes, after ``file``; to be read or closed. One upstream call; no more than a piece is in memory."""


class ScheduleBox(Container):
    """Inbox or outbox (RFC 6638 2). ``inbox`` tells which."""

    inbox: bool


class ScheduleOutbox(ScheduleBox):
    """Where clients ask when others are busy (RFC 6638 5)."""

    inbox = False
    max_resource_size: int

    @abstractmethod
    async def availability(self, request: FreeBusyRequest) -> Sequence[Availability]:
        """Of each attendee of the request, in their order. One upstream call, two when the people of the context are
        not known. What OX does not say of one attendee is in his status."""


class Tree(ABC):
    """The resources that one signed-in user sees, for the time of one request."""

    principal: Path
    """Of the signed-in user."""
    keeps_files = False
    """Whether there are calendars to which files can be attached (RFC 8607)."""

    def trust(self) -> bool:
        """Take what is known of members as fresh, without asking, where a write of what is out of date is refused
        upstream (PreconditionFailed, NotFound). Whether anything is. No upstream call."""
        return False

    def distrust(self) -> bool:
        """Ask again from now on. Whether anything was trusted."""
        return False

    @abstractmethod
    async def find(self, path: Path) -> Resource:
        """The resource (never an object inside a collection) at ``path``.
        No upstream call when the account's folders are known and fresh enough, else one.
        Raises NotFound; foreign homes are NotFound, too."""

    @abstractmethod
    async def find_parent(self, path: Path) -> tuple[Resource, str]:
        """The collection above ``path`` and the last segment. Raises Conflict (RFC 4918 9.3, 9.7) without one."""

"""A calendar folder as a CalDAV collection (RFC 4791)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from gateway.account import event_writing, moving
from gateway.account.bodies import Loaded
from gateway.account.collection import Collection
from gateway.account.directory import calendar_user
from gateway.account.event_residue import NOTHING, EventResidue, Kept
from gateway.account.event_storage import EventStorage
from gateway.account.event_sync import found
from gateway.account.faults import reported
from gateway.account.index import Member
from gateway.account.properties import TIMEZONE, TRANSPARENT, text_property
from gateway.dav.ports import Calendar, Entry, ObjectCollection, Privilege, Stored
from gateway.ox.chronos import Event
from mappings.calendar.identity import resource_key
from mappings.calendar.render import render
from mappings.calendar.residue import merge
from mappings.calendar.timezones import resolve
from mappings.calendar.vtimezone import vtimezone
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree
    from gateway.dav.paths import Path
    from gateway.ox.folders import Folder


class EventCollection(Collection, Calendar):
    content_type = "text/calendar"
    entry_type = "text/calendar; charset=utf-8; component=VEVENT"
    component = "VEVENT"

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        super().__init__(tree, path, folder)
        self.user = self.account.identity.calendar_user
        self.color = colour(folder.color)
        transparent = text_property(self.kept, TRANSPARENT)
        self.transparent = folder.schedule_transparent if transparent is None else transparent == "True"
        own = text_property(self.kept, TIMEZONE)
        self.zone = zone_of(own) or self.user.timezone
        self.timezone = own or timezone_text(self.zone)

    # -- reading -------------------------------------------------------------------------------------------------

    async def meet_owner(self) -> None:
        """Read and write on behalf of the calendar's owner: what is his own event depends on it. No upstream call
        for one's own calendars, else one in some minutes. Raises OXError."""
        owner = self.folder.owner
        if owner is None or owner == str(self.user.user_id):
            return
        people = await self.account.directory.people()
        if owner in people.users:
            self.user = calendar_user(people.users[owner], self.user.context_id, self.user.timezone)

    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded]:
        await self.meet_owner()
        events = await self.storage.events([object_id for member in members for object_id in member.ids])
        kept = await self.residue.of([member.key for member in members])
        return {key: self.rendered(series, kept.get(key, NOTHING)) for key, series in grouped(events.values()).items()}

    def rendered(self, events: Sequence[Event], kept: Kept) -> Loaded:
        """All events of one resource as text, with what the ledger keeps of it."""
        stamps = {resource_key(event): kept.stamp for event in events}
        pieces = tuple(found(event, stamps).piece for event in events)
        return Loaded(pieces, merge(render(events, self.user), kept.wordings, self.user))

    @property
    def residue(self) -> EventResidue:
        return EventResidue(self.account.ledger, self.account.identity.key, self.folder.id)

    @property
    def storage(self) -> EventStorage:
        return self.account.generation.storage(self.account.session, self.folder.id, self.user)

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        with reported((*self.path, name), Privilege.WRITE_CONTENT if base else Privilege.BIND):
            await self.meet_owner()
            async with (await self.state()).turn(name):
                return await event_writing.put(self, name, data, base)

    async def remove(self, name: str, base: Entry) -> None:
        with reported((*self.path, name), Privilege.UNBIND):
            await event_writing.remove(self, await self.existing(name, base))

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        with reported((*target.path, target_name), Privilege.BIND):
            await self.meet_owner()
            member = await self.existing(name, base)
            return await moving.move_event(self, member, self.same_kind(target), target_name)


def grouped(events: object) -> dict[str, list[Event]]:
    """Events by the resource they belong to, each resource ordered by id."""
    series: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: str(event["id"])):  # type: ignore[call-overload]
        series.setdefault(resource_key(event), []).append(event)
    return series


def colour(value: str | None) -> str | None:
    """OX's colour as ``#RRGGBB`` or ``#RRGGBBAA``; names and functions of CSS are left out."""
    if value is None or not value.startswith("#") or any(char not in "0123456789abcdefABCDEF" for char in value[1:]):
        return None
    digits = value[1:]
    if len(digits) in (3, 4):
        digits = "".join(char * 2 for char in digits)
    return f"#{digits}" if len(digits) in (6, 8) else None


def zone_of(timezone: str | None) -> str | None:
    """The IANA name of the VTIMEZONE in an iCalendar text."""
    if timezone is None:
        return None
    try:
        for component in parse_tree(timezone).components:
            if component.name == "VTIMEZONE":
                return next((resolve(p.value) for p in component.properties if p.name == "TZID"), None)
    except InvalidData:
        return None
    return None


def timezone_text(zone: str) -> str | None:
    """A VCALENDAR with the VTIMEZONE of an IANA zone, None for UTC."""
    year = datetime.now(UTC).year
    body = vtimezone(zone, year - 10, None)
    if not body:
        return None
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//OX DAV gateway//EN\r\n{body}END:VCALENDAR\r\n"

"""A calendar folder as a CalDAV collection (RFC 4791)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from json import dumps, loads

from gateway.account import attaching, event_writing, moving
from gateway.account.bodies import Loaded
from gateway.account.calendar_collection import CalendarCollection
from gateway.account.event_residue import NOTHING, EventResidue, Kept
from gateway.account.event_storage import EventStorage
from gateway.account.event_sync import SyncedEvents, identity
from gateway.account.faults import reported
from gateway.account.index import Member
from gateway.account.unreadable import readable
from gateway.dav.ports import ObjectCollection
from gateway.dav.turns import Turn
from gateway.dav.values import Attached, AttachmentChange, Entry, Privilege, Stored
from gateway.ox.chronos import Event
from mappings.calendar.identity import resource_key
from mappings.calendar.render import render
from mappings.calendar.residue import merge


class EventCollection(CalendarCollection):
    entry_type = "text/calendar; charset=utf-8; component=VEVENT"
    component = "VEVENT"
    _storage: EventStorage | None = None

    # -- reading -------------------------------------------------------------------------------------------------

    async def state(self) -> SyncedEvents:
        state = await super().state()
        assert isinstance(state, SyncedEvents)
        return state

    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded | None]:
        await self.meet_owner()
        events = await self.storage.events([object_id for member in members for object_id in member.ids])
        if len(members) == 1:
            self.remember(events.values())
        kept = await self.residue.of([member.key for member in members])
        turn, loaded = Turn(), {}
        for key, series in grouped(events.values()).items():
            loaded[key] = readable(self, key, partial(self.rendered, series, kept.get(key, NOTHING)))
            await turn.may_end()
        return loaded

    def rendered(self, events: Sequence[Event], kept: Kept) -> Loaded:
        """All events of one resource as text, with what the ledger keeps of it."""
        stamps = {resource_key(event): kept.stamp for event in events}
        pieces = tuple(identity(event, stamps) for event in events)
        text = merge(render(events, self.user), kept.wordings, self.user)
        if any(attachment.get("managedId") for event in events for attachment in event.get("attachments") or ()):
            text = self.tree.links.published(text, self.folder.id)
        return Loaded(pieces, text)

    def remember(self, events: Iterable[Event]) -> None:
        """Keep the events of one resource, of which OX just said what they are: who reads one alone, or writes it, is
        likely to change it."""
        listed = list(events)
        if self.storage.stamps_tell_all:
            key = _as_of((each["id"], each["timestamp"]) for each in listed)
            self.account.keep_text(self.folder.id, key, dumps(listed))

    async def events_of(self, member: Member) -> tuple[dict[str, Event], bool]:
        """The events of a member as OX has them, or as it had them when they had the stamps that the index knows, if
        they are still in memory. Whether OX was asked: at most one upstream call. Raises OXError."""
        text = self.account.text(self.folder.id, _as_of((piece.id, piece.stamp) for piece in member.pieces))
        if text is None:
            return await self.storage.events(member.ids), True
        return {event["id"]: event for event in loads(text)}, False

    @property
    def residue(self) -> EventResidue:
        return EventResidue(self.account.ledger, self.account.identity.key, self.folder.plain_id)

    @property
    def storage(self) -> EventStorage:
        """On behalf of ``user``; the same one as long as he stays the same."""
        if self._storage is None or self._storage.user is not self.user:
            account = self.account
            self._storage = account.generation.storage(
                account.session, account.holders_of_events, account.directory, self.folder.id, self.user
            )
        return self._storage

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        with reported((*self.path, name), Privilege.WRITE_CONTENT if base else Privilege.BIND):
            await self.meet_owner()
            async with (await self.state()).turn(name):
                return await event_writing.put(self, name, data, base)

    async def change_attachment(self, name: str, base: Entry, change: AttachmentChange) -> Attached:
        with reported((*self.path, name), Privilege.WRITE_CONTENT):
            await self.meet_owner()
            async with (await self.state()).turn(name):
                return await attaching.change_attachment(self, await self.existing(name, base), change)

    async def remove(self, name: str, base: Entry) -> None:
        with reported((*self.path, name), Privilege.UNBIND):
            await event_writing.remove(self, await self.existing(name, base))

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        with reported((*target.path, target_name), Privilege.BIND):
            await self.meet_owner()
            member = await self.existing(name, base)
            return await moving.move_event(self, member, self.same_kind(target), target_name)


def _as_of(stamps: Iterable[tuple[str, int]]) -> str:
    """What the events with these stamps are kept under."""
    return "events " + " ".join(f"{event_id}-{stamp}" for event_id, stamp in sorted(stamps))


def grouped(events: object) -> dict[str, list[Event]]:
    """Events by the resource they belong to, each resource ordered by id."""
    series: dict[str, list[Event]] = {}
    for event in sorted(events, key=lambda event: str(event["id"])):  # type: ignore[call-overload]
        series.setdefault(resource_key(event), []).append(event)
    return series

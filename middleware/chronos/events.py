"""Reading and writing events, their placements and tombstones."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from middleware.chronos.event import Event
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.tables import events, placements

# Floating and all-day events may lie anywhere within the offsets that time zones have.
_ANY_ZONE_MS = 15 * 3_600_000
_UTC = ZoneInfo("UTC")
_CHUNK = 500
PUBLIC_ENTITY = 0
# The folder of those who take part without having the event in a calendar of their own.
NO_FOLDER = 0

# Made once: making a statement costs more than running it.
_FIND = select(events).where(events.c.id == bindparam("event"))
_FOLDER_OF = select(placements.c.folder).where(
    (placements.c.event_id == bindparam("event")) & (placements.c.entity == bindparam("user"))
)
_IS_IN = select(placements.c.entity).where(
    (placements.c.event_id == bindparam("event")) & (placements.c.folder == bindparam("calendar"))
)
_INSTANCES = (
    select(events)
    .where((events.c.series == bindparam("master")) & (events.c.id != bindparam("master")))
    .order_by(events.c.id)
)
_WITH_UID = (
    select(events)
    .join(placements, placements.c.event_id == events.c.id)
    .where((events.c.uid == bindparam("wanted")) & (placements.c.entity == bindparam("user")))
    .order_by(events.c.id)
)
_ADD = insert(events)
_SAVE = update(events).where(events.c.id == bindparam("event"))
_REMOVE = delete(events).where(events.c.id == bindparam("event"))
_PLACE = insert(placements)
_DISPLACE = delete(placements).where(placements.c.event_id == bindparam("event"))


@dataclass(frozen=True, slots=True)
class Extent:
    """What an event covers, as the tables hold it."""

    starts: int | None
    ends: int | None
    exact: bool


def extent_of(event: Event) -> Extent:
    """What the event covers; a series without any occurrence covers nothing."""
    start = event.start
    if event.is_master:
        covered = Recurrence.of(event.data).extent(_UTC) if "rrule" in event.data else None
        if covered is None:
            return Extent(None, None, False)
        starts, ends = covered
    else:
        starts, ends = start.epoch_ms(_UTC), event.end.epoch_ms(_UTC)
    ends = max(ends, starts + 1)
    if start.floating:
        return Extent(starts - _ANY_ZONE_MS, ends + _ANY_ZONE_MS, False)
    return Extent(starts, ends, not event.is_master)


class Events:
    """The events of the context within one transaction. Cost: every method is one or two indexed statements."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def find(self, event_id: int) -> Event | None:
        """The event of that id."""
        row = self.connection.execute(_FIND, {"event": event_id}).first()
        return None if row is None else event_of(row)

    def find_all(self, ids: Iterable[int]) -> dict[int, Event]:
        """The events of those ids that exist."""
        found: dict[int, Event] = {}
        wanted = list(dict.fromkeys(ids))
        for begin in range(0, len(wanted), _CHUNK):
            query = select(events).where(events.c.id.in_(wanted[begin : begin + _CHUNK]))
            for row in self.connection.execute(query):
                found[row.id] = event_of(row)
        return found

    def folder_of(self, event_id: int, entity: int) -> int | None:
        """The folder in which a user has the event in his own calendar."""
        return self.connection.execute(_FOLDER_OF, {"event": event_id, "user": entity}).scalar() or None

    def places(self, ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """For every event the (entity, folder) pairs of those who see it, as in `placed`."""
        found: dict[int, list[tuple[int, int]]] = {}
        wanted = list(dict.fromkeys(ids))
        for begin in range(0, len(wanted), _CHUNK):
            query = select(placements.c.event_id, placements.c.entity, placements.c.folder).where(
                placements.c.event_id.in_(wanted[begin : begin + _CHUNK])
            )
            for event_id, entity, folder in self.connection.execute(query):
                found.setdefault(event_id, []).append((entity, folder))
        return found

    def is_in(self, event_id: int, folder: int) -> bool:
        """Whether the event appears in a folder."""
        return self.connection.execute(_IS_IN, {"event": event_id, "calendar": folder}).first() is not None

    def instances(self, series: int) -> list[Event]:
        """The overridden instances of a series, by id."""
        return [event_of(row) for row in self.connection.execute(_INSTANCES, {"master": series})]

    def with_uid(self, uid: str, entity: int) -> list[Event]:
        """What a user has in his calendars under a uid: series and single events before instances."""
        found = [event_of(row) for row in self.connection.execute(_WITH_UID, {"wanted": uid, "user": entity})]
        return sorted(found, key=lambda event: event.is_instance)

    def add(self, event: Event) -> None:
        """Store a new event."""
        extent = extent_of(event)
        self.connection.execute(_ADD, {"id": event.id, **_row(event, extent)})
        self._place(event, extent)

    def save(self, event: Event) -> None:
        """Store a changed event."""
        extent = extent_of(event)
        self.connection.execute(_SAVE, {"event": event.id, **_row(event, extent)})
        self.connection.execute(_DISPLACE, {"event": event.id})
        self._place(event, extent)

    def remove(self, event: Event) -> None:
        """Delete an event, its placements and alarms."""
        self.connection.execute(_REMOVE, {"event": event.id})

    def _place(self, event: Event, extent: Extent) -> None:
        rows = [
            {
                "event_id": event.id,
                "entity": entity,
                "folder": folder,
                "stamp": event.stamp,
                "starts": extent.starts,
                "ends": extent.ends,
                "exact": extent.exact,
            }
            for entity, folder in placed(event)
        ]
        if rows:
            self.connection.execute(_PLACE, rows)


def placed(event: Event, *, hidden: bool = False) -> list[tuple[int, int]]:
    """(entity, folder) of everybody of the context who takes part; with `hidden` also who deleted his copy.

    The folder is `NO_FOLDER` for resources and in public folders, where entity 0 stands for the folder itself.
    """
    found = [] if event.folder is None else [(PUBLIC_ENTITY, event.folder)]
    for one in event.attendees:
        if "entity" in one and one.get("cuType") != "GROUP" and (hidden or not one.get("hidden")):
            found.append((one["entity"], int(one.get("folder", NO_FOLDER))))
    return found


def event_of(row: Row[Any]) -> Event:
    """The event in a row of the events table, which may be changed."""
    return Event(row.id, row.series, row.folder, row.owner, row.stamp, json.loads(row.document))


def shared_event_of(row: Row[Any]) -> Event:
    """The event in a row of the events table, for reading only: its data may be that of an earlier answer."""
    return Event(row.id, row.series, row.folder, row.owner, row.stamp, _parsed(row.document))


@functools.lru_cache(maxsize=8192)
def _parsed(document: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(document)
    return parsed


def _row(event: Event, extent: Extent) -> dict[str, Any]:
    return {
        "uid": event.data["uid"],
        "series": event.series,
        "recurrence_id": event.data.get("recurrenceId"),
        "folder": event.folder,
        "owner": event.owner,
        "stamp": event.stamp,
        "starts": extent.starts,
        "ends": extent.ends,
        "exact": extent.exact,
        "document": dump(event.data),
    }


def dump(data: dict[str, Any]) -> str:
    """The text in which data of an event is stored."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

"""Reading and writing events, their placements and tombstones."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from middleware.chronos.event import Event
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.tables import events, placements
from middleware.statement import Statement, looked_at, one_of

# Floating and all-day events may lie anywhere within the offsets that time zones have.
_ANY_ZONE_MS = 15 * 3_600_000
_UTC = ZoneInfo("UTC")
PUBLIC_ENTITY = 0
# The folder of those who take part without having the event in a calendar of their own.
NO_FOLDER = 0

_FIND = Statement(select(events).where(events.c.id == bindparam("event")))
_FIND_ALL = Statement(select(events).where(one_of(events.c.id, "wanted")))
_FOLDER_OF = Statement(
    select(placements.c.folder).where(
        (placements.c.event_id == bindparam("event")) & (placements.c.entity == bindparam("user"))
    )
)
_PLACES = Statement(
    select(placements.c.event_id, placements.c.entity, placements.c.folder).where(
        one_of(placements.c.event_id, "wanted")
    )
)
_IS_IN = Statement(
    select(placements.c.entity).where(
        (placements.c.event_id == bindparam("event")) & (looked_at(placements.c.folder) == bindparam("calendar"))
    )
)
_INSTANCES = Statement(
    select(events)
    .where((events.c.series == bindparam("master")) & (events.c.id != bindparam("master")))
    .order_by(events.c.id)
)
_WITH_UID = Statement(
    select(events)
    .join(placements, placements.c.event_id == events.c.id)
    .where((events.c.uid == bindparam("wanted")) & (placements.c.entity == bindparam("user")))
    .order_by(events.c.id)
)
_ADD = Statement(insert(events))
_SAVE = Statement(update(events).where(events.c.id == bindparam("event")))
_REMOVE = Statement(delete(events).where(events.c.id == bindparam("event")))
_PLACE = Statement(insert(placements))
_DISPLACE = Statement(delete(placements).where(placements.c.event_id == bindparam("event")))


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
        row = _FIND.first(self.connection, event=event_id)
        return None if row is None else event_of(row)

    def find_all(self, ids: Iterable[int]) -> dict[int, Event]:
        """The events of those ids that exist."""
        return {row.id: event_of(row) for row in _FIND_ALL.all(self.connection, wanted=list(ids))}

    def folder_of(self, event_id: int, entity: int) -> int | None:
        """The folder in which a user has the event in his own calendar."""
        return _FOLDER_OF.scalar(self.connection, event=event_id, user=entity) or None

    def places(self, ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
        """For every event the (entity, folder) pairs of those who see it, as in `placed`."""
        found: dict[int, list[tuple[int, int]]] = {}
        for event_id, entity, folder in _PLACES.all(self.connection, wanted=list(ids)):
            found.setdefault(event_id, []).append((entity, folder))
        return found

    def is_in(self, event_id: int, folder: int) -> bool:
        """Whether the event appears in a folder."""
        return _IS_IN.first(self.connection, event=event_id, calendar=folder) is not None

    def instances(self, series: int) -> list[Event]:
        """The overridden instances of a series, by id."""
        return [event_of(row) for row in _INSTANCES.all(self.connection, master=series)]

    def with_uid(self, uid: str, entity: int) -> list[Event]:
        """What a user has in his calendars under a uid: series and single events before instances."""
        found = [event_of(row) for row in _WITH_UID.all(self.connection, wanted=uid, user=entity)]
        return sorted(found, key=lambda event: event.is_instance)

    def add(self, event: Event) -> None:
        """Store a new event."""
        extent = extent_of(event)
        _ADD.run(self.connection, id=event.id, **_row(event, extent))
        self._place(event, extent)

    def save(self, event: Event) -> None:
        """Store a changed event."""
        extent = extent_of(event)
        _SAVE.run(self.connection, event=event.id, **_row(event, extent))
        _DISPLACE.run(self.connection, event=event.id)
        self._place(event, extent)

    def remove(self, event: Event) -> None:
        """Delete an event, its placements and alarms."""
        _REMOVE.run(self.connection, event=event.id)

    def _place(self, event: Event, extent: Extent) -> None:
        for entity, folder in placed(event):
            _PLACE.run(
                self.connection,
                event_id=event.id,
                entity=entity,
                folder=folder,
                stamp=event.stamp,
                starts=extent.starts,
                ends=extent.ends,
                exact=extent.exact,
            )


def placed(event: Event, *, hidden: bool = False) -> list[tuple[int, int]]:
    """(entity, folder) of everybody of the context who takes part; with `hidden` also who deleted his copy.

    The folder is `NO_FOLDER` for resources and in public folders, where entity 0 stands for the folder itself.
    """
    found = [] if event.folder is None else [(PUBLIC_ENTITY, event.folder)]
    for one in event.attendees:
        if "entity" in one and one.get("cuType") != "GROUP" and (hidden or not one.get("hidden")):
            found.append((one["entity"], int(one.get("folder", NO_FOLDER))))
    return found


def event_of(row: Any) -> Event:
    """The event in a row of the events table, which may be changed."""
    return Event(row.id, row.series, row.folder, row.owner, row.stamp, json.loads(row.document))


def shared_event_of(row: Any) -> Event:
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


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dump(data: dict[str, Any]) -> str:
    """The text in which data of an event is stored."""
    return _ENCODER.encode(data)

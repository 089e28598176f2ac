"""Tombstones: the last state of events that left somebody's calendar."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select

from middleware.chronos.event import Event
from middleware.chronos.events import dump, extent_of, placed
from middleware.chronos.tables import tombstone_placements, tombstones
from middleware.statement import Statement, looked_at
from middleware.store import replacing

# Fields that a tombstone keeps.
_FIELDS: Final = (
    "uid",
    "filename",
    "sequence",
    "created",
    "createdBy",
    "class",
    "startDate",
    "endDate",
    "transp",
    "rrule",
    "recurrenceId",
    "recurrenceDates",
    "changeExceptionDates",
    "deleteExceptionDates",
    "attendeePrivileges",
)


_SINCE: Final = Statement(
    select(tombstones)
    .join(tombstone_placements, tombstone_placements.c.event_id == tombstones.c.event_id)
    .where((tombstone_placements.c.folder == bindparam("folder")) & (tombstone_placements.c.stamp > bindparam("since")))
    .order_by(tombstones.c.stamp, tombstones.c.event_id)
    .distinct()
)
_BURIED: Final = Statement(select(tombstones.c.document).where(tombstones.c.event_id == bindparam("event")))
_BURY: Final = Statement(replacing(tombstones, "event_id"))
_BURY_IN: Final = Statement(replacing(tombstone_placements, "event_id", "entity", "folder"))
_RECALL: Final = Statement(
    delete(tombstone_placements).where(
        (tombstone_placements.c.event_id == bindparam("event"))
        & (looked_at(tombstone_placements.c.folder) == bindparam("calendar"))
    )
)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """An event that left a calendar: its last state there, and what it covered (ms)."""

    event: Event
    starts: int | None
    ends: int | None


class Tombstones:
    """The tombstones of the context within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def bury(
        self, before: Event, stamp: int, modified_by: dict[str, Any], leaving: Sequence[int] | None = None
    ) -> None:
        """Write the tombstone of an event with its state before the change.

        `leaving` are the users for whom it is written, None for all who have the event. A tombstone that is
        there already keeps the attendees that the new one does not mention.
        """
        kept = self._buried_attendees(before.id)
        leavers = [one for one in before.attendees if leaving is None or one.get("entity") in leaving]
        kept.update({_key(one): one for one in leavers})
        for one in before.attendees:
            kept.setdefault(_key(one), one)
        data: dict[str, Any] = {name: before.data[name] for name in _FIELDS if name in before.data}
        dtstamp = before.data.get("dtstamp", stamp) if before.external else stamp
        data.update(attendees=list(kept.values()), modifiedBy=modified_by, dtstamp=dtstamp)
        extent = extent_of(before)
        _BURY.run(
            self._connection,
            event_id=before.id,
            stamp=stamp,
            series=before.series,
            starts=extent.starts,
            ends=extent.ends,
            owner=before.owner,
            document=dump(data),
        )
        for entity, folder in placed(before, hidden=True):
            if leaving is None or entity in leaving:
                _BURY_IN.run(self._connection, event_id=before.id, entity=entity, folder=folder, stamp=stamp)

    def recall(self, event_id: int, folder: int) -> None:
        """Forget that an event left a folder: it is back."""
        _RECALL.run(self._connection, event=event_id, calendar=folder)

    def _buried_attendees(self, event_id: int) -> dict[Any, dict[str, Any]]:
        document = _BURIED.scalar(self._connection, event=event_id)
        attendees = json.loads(document).get("attendees", []) if document else []
        return {_key(one): one for one in attendees}

    def since(self, folder: int, stamp: int) -> list[Tombstone]:
        """The tombstones of a folder that are younger than a stamp, by stamp and id."""
        return [
            Tombstone(
                Event(row.event_id, row.series, None, row.owner, row.stamp, json.loads(row.document)),
                row.starts,
                row.ends,
            )
            for row in _SINCE.all(self._connection, folder=folder, since=stamp)
        ]


def _key(attendee: dict[str, Any]) -> Any:
    return attendee.get("entity") or attendee.get("uri", "").lower()

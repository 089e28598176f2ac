"""Following the changes of a folder: the action updates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, Table, bindparam, exists, select

from middleware.call import Call
from middleware.chronos import data_errors
from middleware.chronos.access import Calendar, open_readable
from middleware.chronos.actions_read import shown, view_for
from middleware.chronos.event import Event
from middleware.chronos.events import shared_event_of
from middleware.chronos.fields import only, requested_fields
from middleware.chronos.listing import overlaps, readable, takes_place
from middleware.chronos.parameters import Range, requested_range
from middleware.chronos.registration import module
from middleware.chronos.tables import events, placements, tombstone_placements
from middleware.chronos.tombstones import Tombstone, Tombstones
from middleware.chronos.view import View
from middleware.envelope import Result
from middleware.statement import Statement

if TYPE_CHECKING:
    from middleware.context import Context

MAX_STAMP = 2**62


@module.action("updates", "GET", repeatable=True)
def updates(call: Call, ox: Context) -> Result:
    """What changed in a folder since a stamp, and the tombstones of what left it.

    Without changes the stamp of the request comes back; that costs one indexed statement.
    """
    folder = call.require("folder")
    call.require("timestamp")
    since = call.integer("timestamp")
    floor = max(since, -1)
    fields, span = requested_fields(call), requested_range(call, required=False)
    with ox.store.reading() as connection:
        calendar = open_readable(ox, call.user, folder)
        if since > MAX_STAMP or not has_changed(connection, calendar.id, floor):
            return Result({"newAndModified": [], "deleted": []}, since)
        modified = modified_since(connection, calendar, floor, span)
        gone = gone_since(connection, calendar, floor, span, mend=ox.settings.mend)
        view = view_for(call, ox, connection, calendar, sorting=bool(call.text("sort")))
        tombstones = View(ox, connection, calendar, fields, extended=call.flag("extendedEntities"))
        tombstones.require_few(len(gone))
        stamps = [event.stamp for event in (*modified, *gone)]
        data = {
            "newAndModified": shown(call, view, modified, span),
            "deleted": [only(tombstones.tombstone(event), fields) for event in gone],
        }
        return Result(data, max(stamps, default=since))


def _younger(table: Table) -> ColumnElement[bool]:
    """What is in a folder, or was, and has a stamp after `since`; answered by an index alone."""
    return (table.c.folder == bindparam("calendar")) & (table.c.stamp > bindparam("since"))


_ANY_CHANGE = Statement(select(exists().where(_younger(placements)) | exists().where(_younger(tombstone_placements))))
_MODIFIED = Statement(
    select(events)
    .join(placements, placements.c.event_id == events.c.id)
    .where(_younger(placements))
    .order_by(placements.c.stamp, placements.c.event_id)
)


def has_changed(connection: Connection, folder: int, since: int) -> bool:
    """Whether anything in a folder was stored or left it after a stamp. Cost: one indexed statement."""
    return bool(_ANY_CHANGE.scalar(connection, calendar=folder, since=since))


def modified_since(connection: Connection, calendar: Calendar, since: int, span: Range) -> list[Event]:
    """The readable events of a folder that were stored after a stamp, by stamp and id."""
    rows = _MODIFIED.all(connection, calendar=calendar.id, since=since)
    found = readable(calendar, [shared_event_of(row) for row in rows])
    return [event for event in found if not span.bounded or takes_place(event, span)]


def gone_since(connection: Connection, calendar: Calendar, since: int, span: Range, *, mend: bool) -> list[Event]:
    """What left a folder after a stamp, as it was then, by stamp and id; CAL-4002 as on the real server."""
    found = Tombstones(connection).since(calendar.id, since)
    if not mend and any(_without_rule(one.event) for one in found):
        # The real server stumbles over a deleted series that has dates but no rule, until the client starts anew.
        raise data_errors.invalid_rrule(None)
    return readable(calendar, [one.event for one in found if _lay_in(one, span)])


def _without_rule(event: Event) -> bool:
    return event.is_master and "rrule" not in event.data


def _lay_in(tombstone: Tombstone, span: Range) -> bool:
    if not span.bounded:
        return True
    if tombstone.starts is None or tombstone.ends is None:
        return False
    return overlaps(tombstone.starts, tombstone.ends, span)

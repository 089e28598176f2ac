"""Following the changes of a folder: the action updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from middleware.appointments.actions_read import listing
from middleware.appointments.columns import fields_of, requested_columns, row
from middleware.appointments.folders import readable_calendar
from middleware.appointments.parameters import in_order, optional_range, requested_range
from middleware.appointments.registration import action
from middleware.appointments.view import Appointments, newest
from middleware.call import Call
from middleware.chronos.actions_read import own_calendars
from middleware.chronos.actions_sync import MAX_STAMP, gone_since, has_changed, modified_since
from middleware.chronos.event import JSON, Event
from middleware.chronos.listing import of_user
from middleware.chronos.parameters import Range, all_time
from middleware.envelope import Result
from middleware.errors import missing_parameter
from middleware.generation import Generation

if TYPE_CHECKING:
    from middleware.context import Context


@action("updates", "GET", repeatable=True)
def updates(call: Call, ox: Context) -> Result:
    """What changed since a stamp as rows, and the ids of what left the folder as bare numbers after them.

    `ignore` may contain `deleted` and `changed`; by default nothing is left out. Without folder only changes are
    told, of all calendars of the user in a range that must be given.
    """
    columns = requested_columns(call)
    call.require("timestamp")
    since, ignored = call.integer("timestamp"), call.text("ignore")
    without_deleted, without_changed = "deleted" in ignored, "changed" in ignored
    if without_deleted and without_changed:
        return Result([], since)
    folder = call.text("folder")
    if folder in ("", "0") and not without_deleted:
        raise missing_parameter("folder")
    with ox.store.reading() as connection:
        if folder in ("", "0"):
            return _of_user(call, ox, connection, columns, since)
        calendar = readable_calendar(ox, call.user, folder)
        floor = max(since, -1)
        if since > MAX_STAMP or not has_changed(connection, calendar.id, floor):
            return Result([], since)
        span = optional_range(call)
        everything = all_time(call.timezone())
        changed = [] if without_changed else modified_since(connection, calendar, floor, span or everything)
        gone = [] if without_deleted else gone_since(connection, calendar, floor, everything, mend=ox.settings.mend)
        view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
        data: list[Any] = [
            row(one, columns) for one in in_order(call, _shown(call, ox, view, changed, span), by_start=False)
        ]
        data.extend(event.id for event in gone)
        return Result(data, max(since, newest(changed), newest(gone)))


def _shown(call: Call, ox: Context, view: Appointments, changed: list[Event], span: Range | None) -> list[JSON]:
    """Series as their occurrences unless asked otherwise; without a range OX 7.8 tells of the first one only."""
    if span is None and ox.settings.generation is Generation.SEVEN and not call.flag("recurrence_master"):
        return list(view.expanded(changed, all_time(call.timezone()), most=1))
    return listing(call, view, changed, span or all_time(call.timezone()))


def _of_user(call: Call, ox: Context, connection: Connection, columns: tuple[int, ...], since: int) -> Result:
    span = requested_range(call)
    changed = [event for event in of_user(connection, call.user, span) if event.stamp > since]
    shown: list[JSON] = []
    for calendar, held in own_calendars(ox, connection, call.user, changed):
        view = Appointments(ox, connection, calendar, call.timezone(), fields_of(columns))
        shown.extend(listing(call, view, held, span))
    rows = [row(one, columns) for one in in_order(call, shown, by_start=False)]
    return Result(rows, max(since, newest(changed)))

"""Answering invitations: the action confirm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from middleware.appointments.actions_write import chronos_call
from middleware.appointments.errors import missing_field
from middleware.appointments.folders import calendar_for, series_of
from middleware.appointments.incoming import whole_number
from middleware.appointments.people import EXTERNAL, part_stat
from middleware.appointments.positions import at_position
from middleware.appointments.registration import action
from middleware.call import Call
from middleware.chronos.answering import answer
from middleware.chronos.event import JSON
from middleware.chronos.finding import find_readable
from middleware.chronos.targets import on_target, require_current
from middleware.chronos.writer import Writer
from middleware.envelope import Result

if TYPE_CHECKING:
    from middleware.context import Context

_ANY_STAMP: Final = 2**63 - 1


@action("confirm", "PUT")
def confirm(call: Call, ox: Context) -> Result:
    """Set the participation of the user, or of another one by `id`, or of somebody outside by `mail`.

    `occurrence` is the position of one occurrence of a series. The answer has no more than a stamp.
    """
    text, folder, body = call.require("id"), call.require("folder"), call.object()
    stamp, position = call.integer("timestamp", _ANY_STAMP), call.integer("occurrence", 0)
    if body.get("confirmation") is None:
        raise missing_field("confirmation")
    attendee = _attendee(call, body)
    with ox.store.writing() as connection:
        writer = Writer(chronos_call(call), ox, connection, calendar_for(ox, call.user, folder))
        event = find_readable(writer.events, writer.calendar, text)
        writer.calendar.require_unclassified(event)
        require_current(event, stamp)
        master = series_of(writer.events, writer.calendar, text)
        recurrence_id = at_position(master, position) if position > 0 else None
        on_target(writer, event, recurrence_id, lambda one: answer(writer, one, attendee, None, with_alarms=False))
        return Result({}, writer.stamp)


def _attendee(call: Call, body: JSON) -> JSON:
    answered: JSON = {"partStat": part_stat(body["confirmation"])}
    if "confirmmessage" in body:
        answered["comment"] = str(body["confirmmessage"] or "")
    if whole_number("type", body.get("type") or 0) == EXTERNAL:
        return {"uri": f"mailto:{body.get('mail', '')}", **answered}
    return {"entity": whole_number("id", body.get("id") or call.user), **answered}

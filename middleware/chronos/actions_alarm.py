"""The module chronos/alarm: pending triggers, acknowledging and snoozing them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select

from middleware.call import Call
from middleware.chronos.access import calendar_id, open_calendar
from middleware.chronos.alarm_data import parse_alarms, trigger_ms
from middleware.chronos.alarms import alarms_of, put_alarm, set_alarms
from middleware.chronos.dates import utc_text
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import shared_event_of
from middleware.chronos.finding import find_readable
from middleware.chronos.listing import exceptions
from middleware.chronos.parameters import instant_parameter
from middleware.chronos.people import user_json
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.registration import alarm_module
from middleware.chronos.tables import alarms, events, placements
from middleware.chronos.targets import require_current
from middleware.chronos.writer import Writer
from middleware.envelope import Result
from middleware.errors import unknown_action

if TYPE_CHECKING:
    from middleware.context import Context

_DEFAULT_ACTIONS: Final = ("DISPLAY", "AUDIO")
# The farthest that an alarm is looked for from its event.
_REACH_MS: Final = 366 * 86_400_000


@alarm_module.action("pending", "GET")
def pending(call: Call, ox: Context) -> Result:
    """The next trigger of every alarm of the user that is neither acknowledged nor older than the alarm."""
    call.require("rangeEnd")
    end = instant_parameter("rangeEnd", call.text("rangeEnd"))
    begin = instant_parameter("rangeStart", call.text("rangeStart")) if "rangeStart" in call.params else None
    actions = tuple(name.upper() for name in call.csv("actions")) or _DEFAULT_ACTIONS
    with ox.store.reading() as connection:
        return Result([_trigger_json(one) for one in pending_alarms(call, connection, begin, end, actions)])


@dataclass(frozen=True, slots=True)
class PendingAlarm:
    """The next trigger of an alarm at `instant`, ms of UTC; `folder` is where its user has the event."""

    id: int
    alarm: JSON
    event: Event
    folder: int
    instant: int
    recurrence_id: str | None


def pending_alarms(
    call: Call, connection: Connection, begin: int | None, end: int, actions: Collection[str] = _DEFAULT_ACTIONS
) -> list[PendingAlarm]:
    """What is pending for the user of the call in [begin, end), by time."""
    query = (
        select(events, alarms.c.id.label("alarm_id"), alarms.c.since, alarms.c.document.label("alarm"))
        .add_columns(placements.c.folder.label("place"))
        .join(alarms, alarms.c.event_id == events.c.id)
        .join(placements, (placements.c.event_id == events.c.id) & (placements.c.entity == call.user))
        .where((alarms.c.user_id == call.user) & (placements.c.folder != 0))
        .order_by(alarms.c.id)
    )
    found: list[PendingAlarm] = []
    for row in connection.execute(query):
        alarm = json.loads(row.alarm)
        over = "acknowledged" in alarm and "dateTime" in alarm["trigger"]
        if over or alarm["action"] not in actions:
            continue
        event = shared_event_of(row)
        after = max(row.since, alarm.get("acknowledged") or 0)
        for instant, recurrence_id in _triggers(call, event, alarm, after, end):
            if instant > after and (begin is None or instant >= begin) and instant < end:
                found.append(PendingAlarm(row.alarm_id, alarm, event, row.place, instant, recurrence_id))
                break
    return sorted(found, key=lambda one: one.instant)


def _trigger_json(one: PendingAlarm) -> JSON:
    shown: JSON = {
        "time": utc_text(one.instant),
        "action": one.alarm["action"],
        "eventId": one.event.text_id,
        "folder": calendar_id(one.folder),
        "alarmId": one.id,
    }
    return shown if one.recurrence_id is None else {**shown, "recurrenceId": one.recurrence_id}


def _triggers(call: Call, event: Event, alarm: JSON, after: int, end: int) -> Iterator[tuple[int, str | None]]:
    """When an alarm goes off, with the recurrence id of the occurrence."""
    zone = call.timezone()
    if not event.is_master or "dateTime" in alarm["trigger"]:
        starts, ends = event.start.epoch_ms(zone), event.end.epoch_ms(zone)
        yield trigger_ms(alarm, starts, ends), event.data.get("recurrenceId")
        return
    recurrence = Recurrence.of(event.data, exceptions(event))
    for occurrence in recurrence.occurrences(after - _REACH_MS, end + _REACH_MS, zone):
        starts, ends = occurrence.start.epoch_ms(zone), occurrence.end.epoch_ms(zone)
        yield trigger_ms(alarm, starts, ends), occurrence.start.recurrence_id()


def _on_alarm(call: Call, ox: Context, *, snooze: int | None) -> Result:
    event_id, folder = call.require("id"), call.require("folder")
    call.require("alarmId")
    alarm_id = call.integer("alarmId")
    with ox.store.writing() as connection:
        writer = Writer(call, ox, connection, open_calendar(ox, call.user, folder))
        event = find_readable(writer.events, writer.calendar, event_id)
        stored = alarms_of(connection, event.id, writer.calendar_user)
        alarm = next((one for one in stored if one["id"] == alarm_id), None)
        if alarm is not None:
            put_alarm(writer, event, writer.calendar_user, {**alarm, "acknowledged": writer.stamp})
            if snooze is not None:
                put_alarm(writer, event, writer.calendar_user, _snoozed(alarm, writer.stamp + snooze))
            writer.save(event)
        return Result(writer.outcome())


def _snoozed(alarm: JSON, instant: int) -> JSON:
    copied = {name: value for name, value in alarm.items() if name not in ("id", "acknowledged")}
    related = alarm.get("relatedTo", {}).get("value") or alarm["uid"]
    return {
        **copied,
        "uid": str(uuid.uuid4()),
        "relatedTo": {"relType": "SNOOZE", "value": related},
        "trigger": {"dateTime": utc_text(instant)},
    }


@alarm_module.action("ack", "GET")
def acknowledge(call: Call, ox: Context) -> Result:
    """Dismiss an alarm; an unknown one changes nothing and is no error."""
    return _on_alarm(call, ox, snooze=None)


@alarm_module.action("snooze", "GET")
def snooze_alarm(call: Call, ox: Context) -> Result:
    """Dismiss an alarm and set another one, `snoozeTime` ms from now."""
    call.require("snoozeTime")
    return _on_alarm(call, ox, snooze=call.integer("snoozeTime"))


@alarm_module.action("update", "PUT")
def update_alarms(call: Call, ox: Context) -> Result:
    """Replace the alarms of an event. The real server lacks this action, so it is there with `mend` only."""
    if not ox.settings.mend:
        raise unknown_action("update", alarm_module.name)
    event_id, folder = call.require("id"), call.require("folder")
    call.require("timestamp")
    stamp, sent = call.integer("timestamp"), call.array()
    with ox.store.writing() as connection:
        writer = Writer(call, ox, connection, open_calendar(ox, call.user, folder))
        event = find_readable(writer.events, writer.calendar, event_id)
        require_current(event, stamp)
        mail = {name: value for name, value in (user_json(ox, call.user) or {}).items() if name != "entity"}
        set_alarms(writer, event, parse_alarms(sent, mail))
        writer.save(event)
        return Result(writer.outcome(), writer.stamp)

"""The actions of the module `reminder`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos.actions_alarm import PendingAlarm, pending_alarms
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import OXError, illegal_body, invalid_parameter, unexpected
from middleware.registry import Module
from middleware.reminders import events
from middleware.tasks import alarms, storage
from middleware.tasks.alarms import Reminder
from middleware.tasks.errors import wrong_value
from middleware.tasks.model import MODULE_ID, Seen
from middleware.times import FIRST_MS, LAST_MS, from_wall_clock, wall_clock

module = Module("reminder")

EVENTS: Final = 1
_ID_DIGITS = 18
_SECOND = 1000
_NULL_ALARMS = (
    'Cannot invoke "java.util.List.iterator()" because the return value of '
    '"com.openexchange.chronos.Event.getAlarms()" is null'
)


def not_found(number: int, context_id: int) -> OXError:
    """The user has no such reminder."""
    text = "The reminder does not exist any more."
    desc = f"Reminder {number} not found in context {context_id}."
    return OXError("REM-0009", "USER_INPUT", text, desc, [number, context_id])


@module.action("range", "GET")
def reminders_until(call: Call, ox: Context) -> Result:
    """All reminders that are due until `end` (ms), tasks first; `modules` limits them to 1 (events) or 4 (tasks)."""
    call.require("end")
    end = _within(call.integer("end"))
    wanted = call.csv("modules") or (str(EVENTS), str(MODULE_ID))
    shown: list[Any] = []
    with ox.store.reading() as connection:
        if str(MODULE_ID) in wanted:
            shown += [_task_json(call, ox, one) for one in alarms.due(connection, call.user, end)]
        if str(EVENTS) in wanted:
            shown += [_event_json(call, ox, one) for one in pending_alarms(call, connection, None, end + 1)]
    return Result(shown)


@module.action("updates", "GET")
def updates(call: Call, ox: Context) -> Result:
    """Reminders that were set after the stamp.

    A real OX 8 fails when an event without alarms changed since; so does this one unless it is mended.
    """
    since = call.integer("timestamp")
    with ox.store.reading() as connection:
        if not ox.settings.mend and events.has_event_without_alarm(connection, call.user, since):
            raise unexpected(_NULL_ALARMS)
        changed = alarms.changed_since(connection, call.user, since)
        pending = [one for one in pending_alarms(call, connection, None, LAST_MS) if one.event.stamp > since]
    shown = [_task_json(call, ox, one) for one in changed] + [_event_json(call, ox, one) for one in pending]
    stamps = [one.modified for one in changed] + [one.event.stamp for one in pending]
    return Result(shown, max(stamps, default=since))


@module.action("delete", "PUT")
def delete(call: Call, ox: Context) -> Result:
    """Dismiss reminders; the ids of those that the user does not have.

    The alarm of a task is removed with its reminder, that of an event is acknowledged.
    """
    named = call.body if isinstance(call.body, list) else [call.object()]
    wanted = [_identifier(one.get("id") if isinstance(one, dict) else None) for one in named]
    unknown: list[int] = []
    for number in wanted:
        if not (_dismiss_event(call, ox, number) if events.is_of_event(number) else _dismiss_task(call, ox, number)):
            unknown.append(number)
    return Result(unknown)


@module.action("remindAgain", "PUT")
def remind_again(call: Call, ox: Context) -> Result:
    """Remind once more, at the time in the body (ms, in the zone of the request); the changed reminder."""
    number = _identifier(call.require("id"))
    body = call.object()
    sent = body.get("alarm")
    if type(sent) is not int or not FIRST_MS <= sent <= LAST_MS:
        raise wrong_value(body)
    alarm = from_wall_clock(sent, call.timezone()) // _SECOND * _SECOND
    return _again_event(call, ox, number, alarm) if events.is_of_event(number) else _again_task(call, ox, number, alarm)


def _again_task(call: Call, ox: Context, number: int, alarm: int) -> Result:
    with ox.store.writing() as connection:
        one = alarms.find(connection, number)
        if one is None or one.user != call.user:
            raise not_found(number, ox.id)
        _set(ox, connection, one, alarm)
        changed = alarms.find(connection, number) or one
        return Result(_task_json(call, ox, changed), changed.modified)


def _again_event(call: Call, ox: Context, number: int, alarm: int) -> Result:
    one = events.find(call, ox, number, LAST_MS)
    changed = None if one is None else events.remind_again(call, ox, one, alarm, LAST_MS)
    if changed is None:
        raise not_found(number, ox.id)
    return Result(_event_json(call, ox, changed), changed.event.stamp)


def _dismiss_task(call: Call, ox: Context, number: int) -> bool:
    with ox.store.writing() as connection:
        one = alarms.find(connection, number)
        if one is None or one.user != call.user:
            return False
        _set(ox, connection, one, None)
        return True


def _dismiss_event(call: Call, ox: Context, number: int) -> bool:
    one = events.find(call, ox, number, LAST_MS)
    if one is None:
        return False
    events.dismiss(call, ox, one)
    return True


def _set(ox: Context, connection: Connection, one: Reminder, alarm: int | None) -> None:
    """Change the alarm of a task, which raises its stamp for everybody."""
    task = storage.find(connection, one.task)
    if task is None:
        raise not_found(one.id, ox.id)
    alarms.set_alarm(ox, connection, Seen(task, one.folder), one.user, alarm)
    storage.replace(connection, replace(task, modified=ox.clock.stamp(), modified_by=one.user))


def _task_json(call: Call, ox: Context, one: Reminder) -> dict[str, Any]:
    return {
        "id": one.id,
        "last_modified": one.modified,
        "target_id": one.task,
        "folder": one.folder,
        "module": MODULE_ID,
        **_common(call, ox, one.alarm),
    }


def _event_json(call: Call, ox: Context, one: PendingAlarm) -> dict[str, Any]:
    return {
        "id": events.reminder_id(one),
        "last_modified": one.event.stamp,
        "target_id": one.event.id,
        "folder": one.folder,
        "module": EVENTS,
        **_common(call, ox, one.instant),
    }


def _common(call: Call, ox: Context, alarm: int) -> dict[str, Any]:
    zone = call.timezone()
    return {
        "alarm": wall_clock(alarm, zone),
        "server_time": wall_clock(ox.clock.now(), zone),
        "user_id": call.user,
        "recurrence_position": 0,
    }


def _identifier(value: object) -> int:
    if value is None:
        raise illegal_body()
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > _ID_DIGITS:
        raise invalid_parameter("id", value)
    return int(text)


def _within(stamp: int) -> int:
    """A stamp no later than calendars reach."""
    return max(FIRST_MS, min(stamp, LAST_MS))

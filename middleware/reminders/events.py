"""Reminders of appointments: the pending alarms of events, under ids made of alarm and event."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, exists, select

from middleware.call import Call
from middleware.chronos.actions_alarm import PendingAlarm, acknowledge, pending_alarms, snooze_alarm
from middleware.chronos.tables import alarms, events, placements
from middleware.context import Context
from middleware.folders.ids import calendar_id

_SHIFT = 32  # the id of a reminder is that of the alarm, and below it in 32 bits that of the event


def reminder_id(one: PendingAlarm) -> str:
    """The id of the reminder, as text: it is too long for the numbers of some clients."""
    return str(one.id << _SHIFT | one.event.id)


def is_of_event(number: int) -> bool:
    """Whether a reminder of that id belongs to an appointment."""
    return number >> _SHIFT > 0


def find(call: Call, ox: Context, number: int, end: int) -> PendingAlarm | None:
    """The pending alarm behind a reminder."""
    with ox.store.reading() as connection:
        for one in pending_alarms(call, connection, None, end):
            if reminder_id(one) == str(number):
                return one
    return None


def dismiss(call: Call, ox: Context, one: PendingAlarm) -> None:
    """Acknowledge the alarm."""
    acknowledge(_alarm_call(call, one), ox)


def remind_again(call: Call, ox: Context, one: PendingAlarm, instant: int, end: int) -> PendingAlarm | None:
    """Acknowledge the alarm and set another one at that time, ms of UTC; the new one."""
    snooze_alarm(_alarm_call(call, one, snoozeTime=str(instant - ox.clock.now())), ox)
    with ox.store.reading() as connection:
        found = [other for other in pending_alarms(call, connection, None, end) if other.event.id == one.event.id]
    return max(found, key=lambda other: other.id, default=None)


def has_event_without_alarm(connection: Connection, user: int, stamp: int) -> bool:
    """Whether an event of the user changed after a stamp and has no alarm of his."""
    mine = (alarms.c.event_id == events.c.id) & (alarms.c.user_id == user)
    query = (
        select(events.c.id)
        .join(placements, (placements.c.event_id == events.c.id) & (placements.c.entity == user))
        .where((events.c.stamp > stamp) & ~exists().where(mine))
    )
    return connection.execute(query.limit(1)).first() is not None


def _alarm_call(call: Call, one: PendingAlarm, **more: str) -> Call:
    named = {"id": one.event.text_id, "folder": calendar_id(one.folder), "alarmId": str(one.id)}
    zone = {name: value for name, value in call.params.items() if name == "timezone"}
    return replace(call, params={**zone, **named, **more}, body=None)

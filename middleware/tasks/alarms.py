"""The alarms of tasks: every user has at most one on a task, and it is what reminds him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from middleware.context import Context
from middleware.statement import Statement, one_of
from middleware.tasks.model import Seen
from middleware.tasks.tables import reminders

_MINE = (reminders.c.task == bindparam("of_task")) & (reminders.c.user == bindparam("of_user"))
_FORGET = Statement(delete(reminders).where(_MINE))
_CHANGE = Statement(update(reminders).where(_MINE))
_ADD = Statement(insert(reminders))
_FORGET_ALL = Statement(
    delete(reminders).where((reminders.c.task == bindparam("of_task")) & one_of(reminders.c.user, "users"))
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """An alarm of a user on a task, in the folder where he has it; `alarm` and `modified` in ms of UTC."""

    id: int
    task: int
    user: int
    folder: int
    alarm: int
    modified: int


def set_alarm(context: Context, connection: Connection, seen: Seen, user: int, alarm: int | None) -> None:
    """Remind a user of a task at that time, ms of UTC, and at no other; None: not at all."""
    stamp = context.clock.stamp()
    if alarm is None:
        _FORGET.run(connection, of_task=seen.task.id, of_user=user)
        return
    values = {"alarm": alarm, "folder": seen.folder, "modified": stamp}
    if _CHANGE.run(connection, of_task=seen.task.id, of_user=user, **values):
        return
    _ADD.run(connection, id=context.store.next_id(connection, "reminders"), task=seen.task.id, user=user, **values)


def move_alarms(connection: Connection, task: int, source: int, target: int) -> None:
    """Let the alarms of a task that went from one folder to another follow it."""
    here = (reminders.c.task == task) & (reminders.c.folder == source)
    connection.execute(update(reminders).where(here).values(folder=target))


def forget_alarms(connection: Connection, task: int, users: set[int]) -> None:
    """Remind these users of a task no more."""
    _FORGET_ALL.run(connection, of_task=task, users=list(users))


def due(connection: Connection, user: int, end: int) -> list[Reminder]:
    """The reminders of a user until `end`, by time."""
    query = select(reminders).where((reminders.c.user == user) & (reminders.c.alarm <= end))
    return [_reminder(row) for row in connection.execute(query.order_by(reminders.c.alarm, reminders.c.id))]


def changed_since(connection: Connection, user: int, stamp: int) -> list[Reminder]:
    """The reminders of a user that were set after `stamp`, by id."""
    query = select(reminders).where((reminders.c.user == user) & (reminders.c.modified > stamp))
    return [_reminder(row) for row in connection.execute(query.order_by(reminders.c.id))]


def find(connection: Connection, number: int) -> Reminder | None:
    """The reminder of that id."""
    row = connection.execute(select(reminders).where(reminders.c.id == number)).first()
    return None if row is None else _reminder(row)


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(row.id, row.task, row.user, row.folder, row.alarm, row.modified)

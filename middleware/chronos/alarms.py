"""The alarms of a user for an event, in the store."""

from __future__ import annotations

import json
import uuid

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from middleware.chronos.alarm_data import merged
from middleware.chronos.event import JSON, Event
from middleware.chronos.tables import alarms
from middleware.chronos.writer import Writer
from middleware.statement import Statement, one_of

_MINE = (alarms.c.event_id == bindparam("event")) & (alarms.c.user_id == bindparam("user"))
_ALARMS_OF = Statement(select(alarms.c.id, alarms.c.document).where(_MINE).order_by(alarms.c.id))
_ADD = Statement(insert(alarms))
_SAVE = Statement(update(alarms).where(alarms.c.id == bindparam("alarm")))
_REMOVE = Statement(delete(alarms).where(one_of(alarms.c.id, "gone")))
_DROP = Statement(delete(alarms).where(_MINE))
_OF_ALL_USERS = Statement(
    select(alarms.c.user_id, alarms.c.document).where(alarms.c.event_id == bindparam("event")).order_by(alarms.c.id)
)


def alarms_of(connection: Connection, event_id: int, user: int) -> list[JSON]:
    """The alarms of a user for an event, by id."""
    rows = _ALARMS_OF.all(connection, event=event_id, user=user)
    return [{"id": row.id, **json.loads(row.document)} for row in rows]


def set_alarms(writer: Writer, event: Event, sent: list[JSON]) -> None:
    """Replace the alarms of the calendar user; the event itself must be saved by the caller."""
    user = writer.calendar_user
    stored = alarms_of(writer.connection, event.id, user)
    kept = merged(stored, sent, mend=writer.ox.settings.mend)
    ids = {one["id"] for one in kept if "id" in one}
    gone = [one["id"] for one in stored if one["id"] not in ids]
    if gone:
        _REMOVE.run(writer.connection, gone=gone)
    for alarm in kept:
        put_alarm(writer, event, user, alarm)


def put_alarm(writer: Writer, event: Event, user: int, alarm: JSON) -> None:
    """Store one alarm: under its id when it has one, else as a new one."""
    document = json.dumps({name: value for name, value in alarm.items() if name != "id"}, ensure_ascii=False)
    connection, fields = writer.connection, {"since": writer.stamp, "document": document}
    if "id" in alarm:
        _SAVE.run(connection, alarm=alarm["id"], **fields)
        return
    _ADD.run(connection, id=writer.ox.store.next_id(connection, "alarms"), event_id=event.id, user_id=user, **fields)


def drop_alarms(writer: Writer, event: Event, user: int) -> None:
    """Remove all alarms of a user for an event."""
    _DROP.run(writer.connection, event=event.id, user=user)


def copy_alarms(writer: Writer, master: Event, instance: Event) -> None:
    """Give an overridden instance the relative alarms of its master, of every user."""
    for user, document in _OF_ALL_USERS.all(writer.connection, event=master.id):
        alarm = json.loads(document)
        if "dateTime" not in alarm["trigger"]:
            put_alarm(writer, instance, user, {**alarm, "uid": str(uuid.uuid4())})

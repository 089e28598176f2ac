"""The alarms of a user for an event, in the store."""

from __future__ import annotations

import json
import uuid

from sqlalchemy import Connection, delete, insert, select, update

from middleware.chronos.alarm_data import merged
from middleware.chronos.event import JSON, Event
from middleware.chronos.tables import alarms
from middleware.chronos.writer import Writer


def alarms_of(connection: Connection, event_id: int, user: int) -> list[JSON]:
    """The alarms of a user for an event, by id."""
    query = (
        select(alarms.c.id, alarms.c.document)
        .where((alarms.c.event_id == event_id) & (alarms.c.user_id == user))
        .order_by(alarms.c.id)
    )
    return [{"id": row.id, **json.loads(row.document)} for row in connection.execute(query)]


def set_alarms(writer: Writer, event: Event, sent: list[JSON]) -> None:
    """Replace the alarms of the calendar user; the event itself must be saved by the caller."""
    user = writer.calendar_user
    stored = alarms_of(writer.connection, event.id, user)
    kept = merged(stored, sent, mend=writer.ox.settings.mend)
    ids = {one["id"] for one in kept if "id" in one}
    gone = [one["id"] for one in stored if one["id"] not in ids]
    writer.connection.execute(delete(alarms).where(alarms.c.id.in_(gone)))
    for alarm in kept:
        put_alarm(writer, event, user, alarm)


def put_alarm(writer: Writer, event: Event, user: int, alarm: JSON) -> None:
    """Store one alarm: under its id when it has one, else as a new one."""
    document = json.dumps({name: value for name, value in alarm.items() if name != "id"}, ensure_ascii=False)
    fields = {"since": writer.stamp, "document": document}
    if "id" in alarm:
        writer.connection.execute(update(alarms).where(alarms.c.id == alarm["id"]).values(**fields))
        return
    number = writer.ox.store.next_id(writer.connection, "alarms")
    writer.connection.execute(insert(alarms).values(id=number, event_id=event.id, user_id=user, **fields))


def drop_alarms(writer: Writer, event: Event, user: int) -> None:
    """Remove all alarms of a user for an event."""
    writer.connection.execute(delete(alarms).where((alarms.c.event_id == event.id) & (alarms.c.user_id == user)))


def copy_alarms(writer: Writer, master: Event, instance: Event) -> None:
    """Give an overridden instance the relative alarms of its master, of every user."""
    query = select(alarms.c.user_id, alarms.c.document).where(alarms.c.event_id == master.id).order_by(alarms.c.id)
    for user, document in writer.connection.execute(query).all():
        alarm = json.loads(document)
        if "dateTime" not in alarm["trigger"]:
            put_alarm(writer, instance, user, {**alarm, "uid": str(uuid.uuid4())})

"""What becomes of events when their folder is deleted or cleared, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select

from middleware.chronos.access import MODULE
from middleware.chronos.event import Event
from middleware.chronos.events import Events, event_of
from middleware.chronos.people import user_json
from middleware.chronos.registration import module
from middleware.chronos.tables import alarms, events, placements, tombstone_placements
from middleware.chronos.tombstones import Tombstones

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.folders.model import Folder


@module.on_folder_deleted
def forget_folder(ox: Context, connection: Connection, folder: Folder) -> None:
    """Delete the events of a deleted calendar, and the tombstones nobody can ask for any more."""
    delete_events(ox, connection, folder)
    connection.execute(delete(tombstone_placements).where(tombstone_placements.c.folder == folder.id))


@module.on_folder_cleared
def delete_events(ox: Context, connection: Connection, folder: Folder) -> None:
    """Delete the events of a calendar: the owner's own for everybody, others as if he deleted his copy."""
    if folder.module != MODULE:
        return
    store, tombstones = Events(connection), Tombstones(connection)
    stamp = ox.clock.stamp()
    modifier = user_json(ox, folder.owner) or {}
    query = (
        select(events)
        .join(placements, placements.c.event_id == events.c.id)
        .where(placements.c.folder == folder.id)
        .order_by(events.c.id)
    )
    for event in [event_of(row) for row in connection.execute(query)]:
        tombstones.bury(event, stamp, modifier)
        if folder.public or _ends_for_all(event, folder.owner):
            store.remove(event)
            continue
        attendee = event.attendee(folder.owner)
        if attendee is not None:
            attendee.update(partStat="DECLINED", hidden=True)
        connection.execute(delete(alarms).where((alarms.c.event_id == event.id) & (alarms.c.user_id == folder.owner)))
        event.stamp = stamp
        event.data.update(modifiedBy=modifier, dtstamp=stamp)
        store.save(event)


def _ends_for_all(event: Event, owner: int) -> bool:
    others = any("folder" in one and one.get("entity") != owner for one in event.attendees)
    return event.external or event.organized_by(owner) or not others


@module.usage
def count_events(ox: Context, user: int) -> int:
    """How many events a user has in his calendars."""
    with ox.store.reading() as connection:
        query = select(func.count()).select_from(placements).where(placements.c.entity == user)
        return connection.execute(query).scalar() or 0

"""What becomes of a removed user in the events of others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events, event_of
from middleware.chronos.people import user_json
from middleware.chronos.registration import module
from middleware.chronos.tables import alarms, events, placements
from middleware.directory.model import ADMIN_ID

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.directory.model import User

# Members of an attendee that only users of the context have.
_INTERNAL = ("entity", "folder", "hidden", "transp")


@module.on_user_removed
def forget_user(ox: Context, connection: Connection, user: User) -> None:
    """Make him an external attendee of what is left after his folders.

    What he organized in the calendars of others is organized by them.
    """
    connection.execute(delete(alarms).where(alarms.c.user_id == user.id))
    store = Events(connection)
    stamp = ox.clock.stamp()
    for event in _mentioning(connection, user):
        _forget(ox, event, user)
        if event.owner is None and event.folder is None:
            store.remove(event)
            continue
        event.stamp = stamp
        store.save(event)


def _mentioning(connection: Connection, user: User) -> list[Event]:
    """The events that he takes part in, organizes or owns. Cost: reads every event once."""
    attended = select(placements.c.event_id).where(placements.c.entity == user.id)
    hidden = events.c.document.contains(f'"entity":{user.id}', autoescape=True)
    query = select(events).where((events.c.owner == user.id) | events.c.id.in_(attended) | hidden).order_by(events.c.id)
    return [event for event in map(event_of, connection.execute(query)) if _mentions(event, user)]


def _mentions(event: Event, user: User) -> bool:
    return event.owner == user.id or event.organized_by(user.id) or event.attendee(user.id) is not None


def _forget(ox: Context, event: Event, user: User) -> None:
    if event.owner == user.id:
        event.owner = _another_owner(event, user)
    if event.organized_by(user.id):
        event.data["organizer"] = user_json(ox, event.owner or ADMIN_ID)
    attendee: JSON = event.attendee(user.id) or {}
    for name in _INTERNAL:
        attendee.pop(name, None)


def _another_owner(event: Event, user: User) -> int | None:
    """Somebody else in whose calendar the event is."""
    return next((one["entity"] for one in event.attendees if "folder" in one and one.get("entity") != user.id), None)

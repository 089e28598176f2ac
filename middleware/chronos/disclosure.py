"""What a user may learn about an event that is only told to him as busy time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection

from middleware.chronos.access import calendar_id, classified_for, visible_calendars
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events

if TYPE_CHECKING:
    from middleware.context import Context


def disclosed(ox: Context, connection: Connection, user: int, event: Event) -> JSON:
    """Summary, location and folder when the user may read the event somewhere; else the folder is null."""
    if classified_for(event, user):
        return {"folder": None}
    folder = _folder(ox, connection, user, event)
    if folder is None:
        return {"folder": None}
    details: JSON = {name: event.data[name] for name in ("summary", "location") if name in event.data}
    return {**details, "folder": folder}


def _folder(ox: Context, connection: Connection, user: int, event: Event) -> str | None:
    store = Events(connection)
    own = store.folder_of(event.id, user)
    if own is not None:
        return calendar_id(own)
    for calendar in visible_calendars(ox, user):
        if calendar.can_read(event) and store.is_in(event.id, calendar.id):
            return calendar.text
    return None

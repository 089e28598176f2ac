"""What a user may learn about events that are only told to him as busy time."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from middleware.chronos.access import calendar_id, classified_for, visible_calendars
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import NO_FOLDER, Events

if TYPE_CHECKING:
    from middleware.context import Context


class Disclosure:
    """Decides for one user about given events. Cost: one statement for all of them."""

    def __init__(self, ox: Context, connection: Connection, user: int, events: Collection[Event]) -> None:
        self._user = user
        self._places = Events(connection).places(event.id for event in events)
        self._calendars = {calendar.id: calendar for calendar in visible_calendars(ox, user)}

    def of(self, event: Event) -> JSON:
        """Summary, location and folder when the user may read the event somewhere; else the folder is null."""
        folder = None if classified_for(event, self._user) else self._folder(event)
        if folder is None:
            return {"folder": None}
        details: JSON = {name: event.data[name] for name in ("summary", "location") if name in event.data}
        return {**details, "folder": folder}

    def _folder(self, event: Event) -> str | None:
        places = self._places.get(event.id, ())
        for entity, folder in places:
            if entity == self._user and folder != NO_FOLDER:
                return calendar_id(folder)
        for _, folder in places:
            calendar = self._calendars.get(folder)
            if calendar is not None and calendar.can_read(event):
                return calendar.text
        return None

"""Calendar folders as requests of the module `calendar` name them: by plain numbers."""

from __future__ import annotations

from middleware.appointments.errors import not_found
from middleware.chronos import errors
from middleware.chronos.access import MODULE, Calendar, calendar_id, open_calendar, open_readable
from middleware.chronos.event import Event
from middleware.chronos.events import Events
from middleware.chronos.finding import find_in
from middleware.context import Context


def calendar_for(ox: Context, user: int, text: str) -> Calendar:
    """The calendar of that number; CAL-4045 when there is none, also for a composite id; CAL-4030 not visible."""
    return open_calendar(ox, user, _composite(ox, text))


def readable_calendar(ox: Context, user: int, text: str) -> Calendar:
    """The same for reading: CAL-4030 also when no appointment could be read."""
    return open_readable(ox, user, _composite(ox, text))


def _composite(ox: Context, text: str) -> str:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
    folder = ox.folders.find(number) if number is not None else None
    if folder is None or folder.module != MODULE:
        raise errors.folder_not_found(text)
    return calendar_id(folder.id)


def series_of(store: Events, calendar: Calendar, text: str) -> Event:
    """The master in whose terms the positions of an appointment are counted: its own, or that of the instance."""
    event = find_in(store, calendar, text)
    if not event.is_instance:
        return event
    master = store.find(event.series or 0)
    if master is None:
        raise not_found(f"Object {event.series} in context")
    return master

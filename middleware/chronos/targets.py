"""What a write is about: the event that a request names, one of its occurrences, and whether it may be written."""

from __future__ import annotations

from collections.abc import Callable

from middleware.chronos import errors
from middleware.chronos.access import Calendar
from middleware.chronos.event import Event
from middleware.chronos.events import Events
from middleware.chronos.exception_dates import contains
from middleware.chronos.finding import find_in, instance_at
from middleware.chronos.series import override, require_occurrence
from middleware.chronos.writer import Writer


def require_current(event: Event, stamp: int) -> None:
    """CAL-4120 when the event is younger than the stamp of the client."""
    if event.stamp > stamp:
        raise errors.concurrent_modification(event.text_id, stamp, event.stamp)


def writable(writer: Writer, event_id: str, stamp: int) -> Event:
    """The event of that id in the folder of the write; an error unless the user may change it as he knows it."""
    event = find_in(writer.events, writer.calendar, event_id)
    writer.calendar.require_unclassified(event)
    if not writer.calendar.can_read(event):
        raise errors.no_read_permission(writer.calendar.text)
    writer.calendar.require_write(event)
    require_current(event, stamp)
    return event


def deletable(store: Events, calendar: Calendar, event_id: str, stamp: int) -> Event:
    """The event of that id in a folder; an error unless the user may delete it as he knows it."""
    event = find_in(store, calendar, event_id)
    calendar.require_unclassified(event)
    calendar.require_delete(event)
    require_current(event, stamp)
    return event


def on_target(
    writer: Writer,
    event: Event,
    recurrence_id: str | None,
    work: Callable[[Event], None],
    *,
    spelling: str | None = None,
) -> None:
    """Do something to the event, or to one occurrence of it that becomes an overridden instance if it is none.

    `spelling` is how the master then names the occurrence, the server's own way unless given.
    """
    if not recurrence_id:
        work(event)
        return
    if event.is_instance:
        if not contains([event.data["recurrenceId"]], recurrence_id):
            raise errors.occurrence_not_found(event.text_id, recurrence_id)
        work(event)
        return
    instance = instance_at(writer.events, event.id, recurrence_id)
    work(instance or override(writer, require_occurrence(event, recurrence_id), spelling))
    writer.save(event)

"""Deleting: for everybody, or only out of the calendar of one attendee."""

from __future__ import annotations

from middleware.chronos import data_errors, errors
from middleware.chronos.event import Event
from middleware.chronos.exception_dates import contains, store_list, without
from middleware.chronos.finding import regular_occurrence
from middleware.chronos.leaving import hide, leave_occurrence
from middleware.chronos.listing import exceptions
from middleware.chronos.recurrence import Recurrence, instant_of
from middleware.chronos.series_end import end_before
from middleware.chronos.writer import Writer


def removes_for_all(writer: Writer, event: Event) -> bool:
    """Whether deleting ends the event for everybody: not when an invited user deletes his copy of it."""
    if not event.scheduled or event.folder is not None or event.external:
        return True
    if event.organized_by(writer.calendar_user) or not event.attends(writer.calendar_user):
        return True
    others = [one for one in event.attendees if "folder" in one and one.get("entity") != writer.calendar_user]
    return not others


def remove(writer: Writer, event: Event) -> None:
    """Delete a single event, a series with its instances, or one instance."""
    if event.is_master:
        _remove_series(writer, event)
    elif event.is_instance:
        _remove_instance(writer, event)
    elif removes_for_all(writer, event):
        writer.remove(event)
    else:
        hide(writer, event)


def _remove_series(writer: Writer, master: Event) -> None:
    if "rrule" not in master.data:
        writer.warnings.append(data_errors.ignored_rule(master.text_id))
    for event in (*writer.events.instances(master.id), master):
        if removes_for_all(writer, master):
            writer.remove(event)
        else:
            hide(writer, event)


def _remove_instance(writer: Writer, instance: Event) -> None:
    master = writer.events.find(instance.series or 0)
    if not removes_for_all(writer, instance):
        hide(writer, instance)
        if master is not None:
            touch_silently(writer, master)
        return
    recurrence_id = instance.data["recurrenceId"]
    writer.remove(instance)
    if master is not None:
        _exclude(writer, master, recurrence_id)


def _exclude(writer: Writer, master: Event, recurrence_id: str) -> None:
    """Take an occurrence out of a series; a series without any left is deleted."""
    changed = without(master.data.get("changeExceptionDates", ()), [recurrence_id])
    store_list(master.data, "changeExceptionDates", changed)
    excluded = [*master.data.get("deleteExceptionDates", ()), recurrence_id]
    store_list(master.data, "deleteExceptionDates", excluded)
    if not changed and not Recurrence.of(master.data, exceptions(master)).any_left():
        writer.remove(master)
        return
    if not master.external:
        master.data["sequence"] = master.data.get("sequence", 0) + 1
    writer.save(master)


def remove_occurrence(writer: Writer, master: Event, recurrence_id: str) -> None:
    """Delete one occurrence named through its master.

    CAL-4061 when it is none, and also when it is overridden: an instance is deleted by its own id.
    """
    occurrence = regular_occurrence(master, recurrence_id)
    changed = master.data.get("changeExceptionDates", ())
    if occurrence is None or contains(changed, recurrence_id):
        described = Recurrence.of(master.data).describe(exceptions(master)) if master.is_master else "null"
        raise errors.invalid_recurrence_id(recurrence_id, described)
    if removes_for_all(writer, master):
        _exclude(writer, master, occurrence.recurrence_id)
        return
    leave_occurrence(writer, master, recurrence_id)
    writer.save(master)


def touch_silently(writer: Writer, event: Event) -> None:
    """Raise the stamp of an event that the answer does not mention."""
    event.stamp = writer.stamp
    event.data["modifiedBy"] = writer.user
    if not event.external:
        event.data["dtstamp"] = writer.stamp
    writer.events.save(event)


def remove_from(writer: Writer, master: Event, recurrence_id: str) -> None:
    """End a series before an occurrence; from the first one on there is nothing left of it."""
    occurrence = regular_occurrence(master, recurrence_id)
    if occurrence is None:
        raise errors.invalid_recurrence_id(recurrence_id, Recurrence.of(master.data).describe())
    if not removes_for_all(writer, master):
        raise errors.not_organizer(writer.calendar.text, master.text_id, master.organizer)
    if occurrence.recurrence.count_before(occurrence.local) == 0:
        remove(writer, master)
        return
    limit = instant_of(occurrence.recurrence_id)
    for instance in writer.events.instances(master.id):
        if instant_of(instance.data["recurrenceId"]) >= limit:
            writer.remove(instance)
    end_before(master, occurrence)
    master.data["sequence"] = master.data.get("sequence", 0) + 1
    writer.save(master)

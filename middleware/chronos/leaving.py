"""Attendees who leave: a meeting, or single occurrences of one."""

from __future__ import annotations

from middleware.chronos import errors
from middleware.chronos.alarms import drop_alarms
from middleware.chronos.event import JSON, Event
from middleware.chronos.exception_dates import normalised, userized, without
from middleware.chronos.finding import Occurrence, instance_at, regular_occurrence
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.series import override
from middleware.chronos.writer import Writer


def leave_occurrence(writer: Writer, master: Event, recurrence_id: str) -> None:
    """Let an attendee out of one occurrence: an instance without him; the master is stored by the caller."""
    instance = instance_at(writer.events, master.id, recurrence_id)
    if instance is not None:
        hide(writer, instance)
        return
    occurrence = regular_occurrence(master, recurrence_id)
    if occurrence is None:
        raise errors.invalid_recurrence_id(recurrence_id, Recurrence.of(master.data).describe())
    writer.show_deleted_json(_as_it_was(writer, occurrence))
    instance = override(writer, occurrence, recurrence_id)
    drop_alarms(writer, instance, writer.calendar_user)
    _decline(writer, instance)
    writer.save(instance)


def _as_it_was(writer: Writer, occurrence: Occurrence) -> JSON:
    view = writer.view
    view.prepare([occurrence.master])
    return occurrence.shown(view)


def hide(writer: Writer, event: Event) -> None:
    """Take the event out of the calendar of an attendee, who thereby declines it."""
    drop_alarms(writer, event, writer.calendar_user)
    writer.show_deleted(event)
    writer.tombstones.bury(event, writer.stamp, writer.user)
    _decline(writer, event)
    writer.save(event)


def _decline(writer: Writer, event: Event) -> None:
    attendee = event.attendee(writer.calendar_user)
    if attendee is not None:
        attendee.update(partStat="DECLINED", hidden=True)
        attendee.pop("comment", None)


def leave_by_list(writer: Writer, master: Event, sent: list[str]) -> None:
    """An attendee sent the exception dates of a series: he leaves those that are new; none can come back."""
    instances = writer.events.instances(master.id)
    attended = tuple(one.data["recurrenceId"] for one in instances if one.attends(writer.calendar_user))
    known: list[str] = userized(master, attended)["deleteExceptionDates"]
    recurrence = Recurrence.of(master.data)
    wanted = [normalised(text, recurrence) for text in sent]
    if without(known, wanted):
        raise errors.forbidden_change(master.text_id, "DELETE_EXCEPTION_DATES")
    for text in without(wanted, known):
        leave_occurrence(writer, master, text)

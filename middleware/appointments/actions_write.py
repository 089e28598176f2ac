"""Changing appointments: new, update, copy, delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from middleware.appointments.actions_read import identified, named_occurrence
from middleware.appointments.conflicts import conflicting
from middleware.appointments.errors import appointment_error
from middleware.appointments.folders import calendar_for
from middleware.appointments.incoming import is_true, own_answer, parse_appointment
from middleware.appointments.registration import action
from middleware.call import Call
from middleware.chronos.access import Calendar
from middleware.chronos.attendance import in_order
from middleware.chronos.change import change
from middleware.chronos.conflicts import Busy
from middleware.chronos.creation import create
from middleware.chronos.event import JSON, Event
from middleware.chronos.exception_dates import contains
from middleware.chronos.finding import find_in, find_readable, instance_at, regular_occurrence
from middleware.chronos.moving import move
from middleware.chronos.removal import remove, remove_occurrence
from middleware.chronos.targets import deletable, on_target, require_current, writable
from middleware.chronos.writer import Writer
from middleware.envelope import Result
from middleware.errors import OXError, illegal_body, missing_parameter
from middleware.generation import Generation
from middleware.savepoint import undone_on_error

if TYPE_CHECKING:
    from middleware.context import Context

_COPIED: Final = (
    *("summary", "location", "description", "categories", "class", "color", "transp", "shownAs", "startDate"),
    *("endDate", "rrule"),
)


@dataclass(frozen=True, slots=True)
class Written:
    """What a write answers: the id of the appointment, and the stamp that it has now."""

    id: str
    stamp: int


def written(call: Call, ox: Context, folder: str, body: JSON, work: Callable[[Writer], Written]) -> Result:
    """Run one write in a transaction; the answer is an id, or the conflicts that prevented it."""
    ignored = is_true(body.get("ignore_conflicts")) or call.flag("ignore_conflicts")
    call = chronos_call(call, checked=not ignored)
    try:
        with ox.store.writing() as connection:
            done = work(Writer(call, ox, connection, calendar_for(ox, call.user, folder)))
    except Busy as busy:
        return Result({"conflicts": conflicting(call, ox, busy.conflicts)})
    number = done.id if ox.settings.generation is Generation.EIGHT else int(done.id)
    return Result({"id": number}, done.stamp)


def chronos_call(call: Call, *, checked: bool = False) -> Call:
    """The call as the writers of chronos read it, with `checked` conflicts."""
    params = {name: value for name, value in call.params.items() if name not in ("fields", "extendedEntities")}
    return replace(call, params={**params, "checkConflicts": "true" if checked else "false"})


def required_stamp(call: Call) -> int:
    """The stamp that the client holds; SVL-0002 without it."""
    call.require("timestamp")
    return call.integer("timestamp")


@action("new", "PUT")
def new_appointment(call: Call, ox: Context) -> Result:
    """Create an appointment in the folder that its body names."""
    body = call.object()
    if body.get("folder_id") is None:
        raise missing_parameter("folder")

    def work(writer: Writer) -> Written:
        fields = parse_appointment(call, ox, body, None)
        _require_alone(ox, fields)
        own = own_answer(body)
        if own is not None:
            fields["attendees"] = _with_own(writer, fields.get("attendees"), own)
        return Written(create(writer, fields).text_id, writer.stamp)

    return written(call, ox, str(body["folder_id"]), body, work)


def _require_alone(ox: Context, fields: JSON) -> None:
    """OX 7.8 does not let private appointments have other participants."""
    people = [one for one in fields.get("attendees") or () if one.get("cuType") != "RESOURCE"]
    if ox.settings.generation is Generation.SEVEN and fields.get("class") == "CONFIDENTIAL" and len(people) > 1:
        raise appointment_error(23)


def _with_own(writer: Writer, attendees: list[JSON] | None, own: JSON) -> list[JSON]:
    others = [one for one in attendees or () if one.get("entity") != writer.calendar_user]
    return in_order([{"entity": writer.calendar_user, "cuType": "INDIVIDUAL", **own}, *others])


@action("update", "PUT")
def update_appointment(call: Call, ox: Context) -> Result:
    """Change an appointment, a series, or one occurrence, which the body names by its position.

    Another `folder_id` moves it first. The answer has the id of the changed occurrence when one was made.
    """
    text, folder, stamp, body = call.require("id"), call.require("folder"), required_stamp(call), call.object()
    target = str(body.get("folder_id") or folder)

    def work(writer: Writer) -> Written:
        if target == folder:
            return _changed(writer, text, stamp, body)
        _move(writer, text, calendar_for(ox, call.user, target), stamp)
        if set(body) == {"folder_id"}:
            return Written(text, writer.stamp)
        there = Writer(writer.call, ox, writer.connection, calendar_for(ox, call.user, target))
        return _changed(there, text, there.stamp, body)

    return written(call, ox, folder, body, work)


def _changed(writer: Writer, text: str, stamp: int, body: JSON) -> Written:
    event = writable(writer, text, stamp)
    recurrence_id = named_occurrence(writer.events, writer.calendar, body, text)
    fields = parse_appointment(writer.call, writer.ox, body, _as_it_is(writer, event, recurrence_id))
    if writer.ox.settings.generation is Generation.SEVEN:
        _require_same_kind(event, recurrence_id, fields)
    changed: list[Event] = []

    def work(one: Event) -> None:
        change(writer, one, fields)
        changed.append(one)

    on_target(writer, event, recurrence_id, work)
    return Written(changed[0].text_id, writer.stamp)


def _as_it_is(writer: Writer, event: Event, recurrence_id: str | None) -> Event:
    """What a body changes: the event, or the occurrence of it, so that dates which it lacks are the right ones."""
    if recurrence_id is None or event.is_instance:
        return event
    instance = instance_at(writer.events, event.id, recurrence_id)
    occurrence = regular_occurrence(event, recurrence_id)
    if instance is not None or occurrence is None:
        return instance or event
    return replace(event, data={**event.data, **occurrence.dates()})


def _require_same_kind(event: Event, recurrence_id: str | None, fields: JSON) -> None:
    """OX 7.8 has errors of its own for what a changed occurrence cannot become."""
    if (event.is_instance or recurrence_id is not None) and fields.get("rrule"):
        raise appointment_error(99)
    if event.is_instance and recurrence_id is not None and not contains([event.data["recurrenceId"]], recurrence_id):
        raise appointment_error(83)


def _move(writer: Writer, text: str, target: Calendar, stamp: int) -> None:
    event = find_in(writer.events, writer.calendar, text)
    writer.calendar.require_unclassified(event)
    require_current(event, stamp)
    writer.calendar.require_delete(event)
    target.require_create()
    move(writer, event, target)


@action("copy", "PUT")
def copy_appointment(call: Call, ox: Context) -> Result:
    """A new appointment like another one, in the folder that the body names."""
    text, folder, body = call.require("id"), call.require("folder"), call.object()
    if body.get("folder_id") is None:
        raise missing_parameter("folder")

    def work(writer: Writer) -> Written:
        source = calendar_for(ox, call.user, folder)
        event = find_readable(writer.events, source, text)
        source.require_unclassified(event)
        fields: JSON = {name: event.data[name] for name in _COPIED if name in event.data}
        fields["attendees"] = [one for one in event.attendees if one.get("entity") != source.calendar_user]
        return Written(create(writer, fields).text_id, writer.stamp)

    return written(call, ox, str(body["folder_id"]), body, work)


@action("delete", "PUT")
def delete_appointments(call: Call, ox: Context) -> Result:
    """Delete appointments and occurrences, in order; the first that cannot be deleted ends it with its error."""
    stamp = required_stamp(call)
    wanted = [call.body] if isinstance(call.body, dict) else call.body
    if not isinstance(wanted, list):
        raise illegal_body()
    named = [(*identified(one), one) for one in wanted]
    newest, failure = 0, None
    call = chronos_call(call)
    with ox.store.writing() as connection:
        for folder, text, one in named:
            writer = Writer(call, ox, connection, calendar_for(ox, call.user, folder))
            try:
                with undone_on_error(connection):
                    _delete(writer, text, one, stamp)
            except OXError as error:
                failure = error
                break
            newest = writer.stamp
    if failure is not None:
        raise failure
    return Result([], newest or stamp)


def _delete(writer: Writer, text: str, sent: dict[str, Any], stamp: int) -> None:
    event = deletable(writer.events, writer.calendar, text, stamp)
    seven = writer.ox.settings.generation is Generation.SEVEN
    # Its texts call the position `pos`, but OX 7.8 does not read that, and deletes the whole series.
    read = {name: value for name, value in sent.items() if name != "pos"} if seven else sent
    recurrence_id = named_occurrence(writer.events, writer.calendar, read)
    if recurrence_id is None or event.is_instance:
        remove(writer, event)
        return
    if seven and contains(event.data.get("changeExceptionDates", ()), recurrence_id):
        raise appointment_error(11)
    remove_occurrence(writer, event, recurrence_id)

"""Changing events: new, update, updateAttendee, delete, move, changeOrganizer, getAttachment."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos import errors
from middleware.chronos.access import open_calendar, open_readable
from middleware.chronos.answering import answer
from middleware.chronos.body import parse_event
from middleware.chronos.change import change
from middleware.chronos.conflicts import Busy
from middleware.chronos.creation import create
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.finding import find_in, find_readable
from middleware.chronos.moving import move
from middleware.chronos.people import user_json
from middleware.chronos.registration import module
from middleware.chronos.removal import remove, remove_from, remove_occurrence
from middleware.chronos.series import require_occurrence
from middleware.chronos.split import split
from middleware.chronos.targets import deletable, on_target, require_current, writable
from middleware.chronos.uploads import read_attachment
from middleware.chronos.writer import Writer
from middleware.disposition import disposition
from middleware.envelope import Answer, Binary, Result, error_members
from middleware.errors import OXError, illegal_body, invalid_json, missing_parameter
from middleware.savepoint import undone_on_error

if TYPE_CHECKING:
    from middleware.context import Context

_FUTURE = "THISANDFUTURE"


def event_body(call: Call, *, wrapped: bool) -> JSON:
    """The event of a body: JSON, or the part `json_0` of an upload; `wrapped` allows `{"event": {...}}`."""
    body = call.body
    text = call.form.get("json_0")
    if text is not None:
        try:
            body = json.loads(text)
        except ValueError:
            raise invalid_json() from None
    if not isinstance(body, dict):
        raise illegal_body()
    inner = body.get("event")
    return inner if wrapped and isinstance(inner, dict) else body


def _fields(call: Call, ox: Context, body: JSON) -> JSON:
    mail = {name: value for name, value in (user_json(ox, call.user) or {}).items() if name != "entity"}
    return parse_event(body, mail, mend=ox.settings.mend)


def _written(call: Call, ox: Context, folder: str, work: Callable[[Writer], None]) -> Result:
    """Run one write in a transaction; the answer is what it did, or the conflicts that prevented it."""
    try:
        with ox.store.writing() as connection:
            writer = Writer(call, ox, connection, open_calendar(ox, call.user, folder))
            work(writer)
            return Result(writer.outcome(), writer.stamp, tuple(writer.warnings))
    except Busy as busy:
        return Result({"conflicts": busy.conflicts})


def _stamp(call: Call) -> int:
    call.require("timestamp")
    return call.integer("timestamp")


@module.action("new", "PUT")
def new_event(call: Call, ox: Context) -> Result:
    """Create an event. The body is the bare event: a wrapper is not understood, as on the real server."""
    folder, body = call.require("folder"), event_body(call, wrapped=False)

    def work(writer: Writer) -> None:
        create(writer, _fields(call, ox, body))

    return _written(call, ox, folder, work)


@module.action("update", "PUT")
def update_event(call: Call, ox: Context) -> Result:
    """Change an event, a series, one occurrence, or with `recurrenceRange` an occurrence and all later ones."""
    folder, event_id, stamp = call.require("folder"), call.require("id"), _stamp(call)
    body = event_body(call, wrapped=True)

    def work(writer: Writer) -> None:
        event = writable(writer, event_id, stamp)
        fields = _fields(call, ox, body)
        in_body = fields.pop("recurrenceId", None)
        recurrence_id = call.params.get("recurrenceId") or in_body
        if recurrence_id and event.is_master and call.text("recurrenceRange") == _FUTURE:
            split(writer, require_occurrence(event, recurrence_id), fields)
        else:
            on_target(writer, event, recurrence_id, lambda target: change(writer, target, fields))

    return _written(call, ox, folder, work)


@module.action("updateAttendee", "PUT")
def update_attendee(call: Call, ox: Context) -> Result:
    """Answer an invitation, and set the own alarms."""
    folder, event_id, stamp = call.require("folder"), call.require("id"), _stamp(call)
    body = call.object()
    attendee, recurrence_id = body.get("attendee"), call.params.get("recurrenceId")
    if attendee is not None and not isinstance(attendee, dict):
        raise illegal_body()

    def work(writer: Writer) -> None:
        event = find_readable(writer.events, writer.calendar, event_id)
        writer.calendar.require_unclassified(event)
        require_current(event, stamp)
        alarms = _fields(call, ox, {"alarms": body["alarms"]})["alarms"] if "alarms" in body else None

        def give(target: Event) -> None:
            answer(writer, target, attendee, alarms, with_alarms="alarms" in body)

        on_target(writer, event, recurrence_id, give, spelling=recurrence_id)

    return _written(call, ox, folder, work)


@module.action("delete", "PUT")
def delete_events(call: Call, ox: Context) -> Result:
    """Delete events and occurrences. Every entry has its own result or error; the call itself does not fail."""
    stamp = _stamp(call)
    wanted = call.body.get("events") if isinstance(call.body, dict) else call.body
    if not isinstance(wanted, list):
        raise illegal_body()
    results: list[JSON] = []
    warnings: list[OXError] = []
    with ox.store.writing() as connection:
        for one in wanted:
            entry = _entry(one)
            try:
                with undone_on_error(connection):
                    outcome = _delete_one(call, ox, connection, entry, stamp, warnings)
            except OXError as error:
                outcome = {"timestamp": 0, "error": error_members(error)}
            results.append({**_named(entry), **outcome})
    return Result(results, max((one["timestamp"] for one in results), default=None), tuple(warnings))


def _entry(one: Any) -> JSON:
    if not isinstance(one, dict):
        raise illegal_body()
    for name in ("folder", "id"):
        if one.get(name) is None:
            raise missing_parameter(name)
    return one


def _named(entry: JSON) -> JSON:
    named = {"folderId": str(entry["folder"]), "id": str(entry["id"])}
    if entry.get("recurrenceId"):
        named["recurrenceId"] = str(entry["recurrenceId"])
    return named


def _delete_one(
    call: Call, ox: Context, connection: Connection, entry: JSON, stamp: int, warnings: list[OXError]
) -> JSON:
    calendar = open_calendar(ox, call.user, str(entry["folder"]))
    event = deletable(Events(connection), calendar, str(entry["id"]), stamp)
    writer = Writer(call, ox, connection, calendar)
    recurrence_id = entry.get("recurrenceId")
    if not recurrence_id or event.is_instance:
        remove(writer, event)
    elif entry.get("recurrenceRange") == _FUTURE:
        remove_from(writer, event, str(recurrence_id))
    else:
        remove_occurrence(writer, event, str(recurrence_id))
    warnings.extend(writer.warnings)
    return {"timestamp": writer.stamp, **writer.outcome()}


@module.action("move", "PUT")
def move_event(call: Call, ox: Context) -> Result:
    """Put an event into another calendar."""
    folder, event_id, target, stamp = (
        call.require("folder"),
        call.require("id"),
        call.require("targetFolder"),
        _stamp(call),
    )

    def work(writer: Writer) -> None:
        event = find_in(writer.events, writer.calendar, event_id)
        writer.calendar.require_unclassified(event)
        require_current(event, stamp)
        calendar = open_calendar(ox, call.user, target)
        if calendar.id != writer.calendar.id:
            writer.calendar.require_delete(event)
            calendar.require_create()
        move(writer, event, calendar)

    return _written(call, ox, folder, work)


@module.action("changeOrganizer", "PUT")
def change_organizer(call: Call, ox: Context) -> Result:
    """Switched off, as it is by default on the real server: CAL-4035."""
    event_id = call.require("id")
    call.require("folder")
    call.object()
    raise errors.forbidden_change(event_id, "ORGANIZER")


@module.action("getAttachment", "GET")
def get_attachment(call: Call, ox: Context) -> Answer:
    """The bytes of a managed attachment, always as something to be saved: the server does not tell its type."""
    event_id, folder = call.require("id"), call.require("folder")
    call.require("managedId")
    managed_id = call.integer("managedId")
    with ox.store.reading() as connection:
        calendar = open_readable(ox, call.user, folder)
        event = find_readable(Events(connection), calendar, event_id)
        calendar.require_unclassified(event)
        held = any(one.get("managedId") == managed_id for one in event.data.get("attachments", ()))
        found = read_attachment(connection, managed_id) if held else None
        if found is None:
            raise errors.attachment_not_found(managed_id, event_id, folder)
        filename, data = found
        headers = {"Content-Disposition": disposition("attachment", filename), "ETag": f"{ox.id}-{managed_id}"}
        return Binary(data, "application/octet-stream;charset=UTF-8", headers)

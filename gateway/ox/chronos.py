"""Module ``chronos``: events. An event is the JSON object of OX with ids as strings and ``timestamp`` as int.

Folder ids are composite (``cal://0/31``). Without ``fields`` an answer carries all fields of an event.

Surprises: ``updates`` echoes the stamp it was asked with when nothing changed; one id may be both changed and deleted
(then it exists); a write of a double-booked resource is answered without an error and stores nothing; an update
that changes nothing still raises the stamp for everybody; an organizer that is sent is taken over unchecked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call, Upload
from gateway.ox.codes import classify
from gateway.ox.envelope import fault_of
from gateway.ox.errors import Malformed, MalformedObjects, OXError, ResourceConflict
from gateway.ox.shape import a_stamp, an_array, an_id, an_object, optional_id, optional_stamp, sorted_out, with_ids

Event = dict[str, Any]

_IDS = ("id", "folder", "seriesId")


@dataclass(frozen=True, slots=True)
class EventUpdates:
    """``changed`` includes new events; ``deleted`` are tombstones (id, folder, uid, filename, seriesId, timestamp).
    An id in both exists. ``stamp`` of the envelope: with nothing inside it is the one that was asked with.
    ``unreadable``: ids of changed events of another shape, or without the stamp that was asked for."""

    changed: tuple[Event, ...]
    deleted: tuple[Event, ...]
    stamp: int | None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What a write did, as seen from the folder it was sent to; ``deleted`` as the events were before."""

    created: tuple[Event, ...]
    updated: tuple[Event, ...]
    deleted: tuple[Event, ...]
    stamp: int | None


@dataclass(frozen=True, slots=True)
class EventId:
    """An event, or one occurrence of a series when ``recurrence_id`` is given (an overridden one has its own id)."""

    folder: str
    id: str
    recurrence_id: str | None = None

    def to_json(self) -> dict[str, str]:
        members = {"folder": self.folder, "id": self.id}
        if self.recurrence_id is not None:
            members["recurrenceId"] = self.recurrence_id
        return members


@dataclass(frozen=True, slots=True)
class Deletion:
    """Outcome of one deletion: ``written``, or ``error`` and nothing happened to this event."""

    event: EventId
    written: Written | None
    error: OXError | None

    def result(self) -> Written:
        """What was done. Raises the error."""
        if self.error is not None:
            raise self.error
        return self.written or Written((), (), (), None)


@dataclass(frozen=True, slots=True)
class FolderEvents:
    """Events of one folder, or the error OX has for it. ``unreadable`` as in ``EventUpdates``."""

    folder: str
    events: tuple[Event, ...]
    error: OXError | None
    unreadable: tuple[str, ...] = ()


# -- reading ---------------------------------------------------------------------------------------------------------


def updates(folder: str, since: int, fields: Sequence[str] | None = None) -> Call[EventUpdates]:
    """chronos?action=updates: changes with a stamp greater than ``since``; 0 lists the folder. A few ms when nothing
    changed. Raises Unsupported for calendars that cannot sync (birthdays), ObjectNotFound, PermissionDenied."""
    read = _reader(fields)

    def decode(answer: Answer) -> EventUpdates:
        data = an_object(answer.data, "updates")
        changed, unreadable = sorted_out(an_array(data.get("newAndModified"), "newAndModified"), read)
        deleted = tuple(map(_tombstone, an_array(data.get("deleted"), "deleted")))
        return EventUpdates(changed, deleted, answer.timestamp, unreadable)

    return Call("chronos", "updates", decode, {"folder": folder, "timestamp": str(since), **_fields(fields)})


def events_by_id(events: Sequence[EventId], fields: Sequence[str] | None = None) -> Call[tuple[Event | None, ...]]:
    """chronos?action=list, one read for all (best about 100). Answers in the order of ``events``, None for an unknown
    id; but a known id in another folder fails the whole call (ObjectNotFound, CAL-4041). Raises MalformedObjects."""

    def decode(answer: Answer) -> tuple[Event | None, ...]:
        listed = an_array(answer.data, "events")
        if len(listed) != len(events):
            raise Malformed("list: another number of events than asked for")
        found, malformed = [], []
        for asked, each in zip(events, listed, strict=True):
            try:
                found.append(None if each is None else _event(each))
            except Malformed:
                malformed.append(asked.id)
        if malformed:
            raise MalformedObjects(malformed)
        return tuple(found)

    body = [event.to_json() for event in events]
    return Call("chronos", "list", decode, _fields(fields), body, "PUT")


def get(event: EventId, fields: Sequence[str] | None = None) -> Call[Event]:
    """chronos?action=get. With a recurrence id: the overridden instance (its own id) or the computed occurrence."""

    def decode(answer: Answer) -> Event:
        return _event(answer.data)

    return Call("chronos", "get", decode, {**_target(event), **_fields(fields)})


def resolve(event_id: str, fields: Sequence[str] | None = None) -> Call[Event | None]:
    """chronos?action=resolve: an event by its id alone, with the folder in which this user has it; None if not."""

    def decode(answer: Answer) -> Event | None:
        return None if answer.data is None else _event(answer.data)

    return Call("chronos", "resolve", decode, {"id": event_id, **_fields(fields)})


def attachment(event: EventId, managed_id: int) -> Call[bytes]:
    """chronos?action=getAttachment: a file that OX keeps for an event. OX never tells its type here. Raises
    ObjectNotFound (CAL-4047 when the event has no such attachment), PermissionDenied."""

    def decode(answer: Answer) -> bytes:
        if not isinstance(answer.data, bytes):
            raise Malformed("JSON where a file was asked for")
        return answer.data

    return Call("chronos", "getAttachment", decode, {**_target(event), "managedId": str(managed_id)}, binary=True)


def presence() -> Call[None]:
    """chronos?action=resolve of an event that nobody has: whether the server has the module. Raises Unsupported."""
    return Call("chronos", "resolve", lambda answer: None, {"id": "0", "fields": "id"})


def all_events(
    folders: Sequence[str], start: str, end: str, fields: Sequence[str] | None = None
) -> Call[tuple[FolderEvents, ...]]:
    """chronos?action=all for several folders, series as masters: what overlaps ``[start, end)``, two UTC date-times
    (``20270301T000000Z``). Too many results: InvalidValue (CAL-5072). A broken folder does not fail the others."""
    params = {"rangeStart": start, "rangeEnd": end, **_fields(fields)}
    return Call("chronos", "all", _folders_decoder(fields), params, {"folders": list(folders)}, "PUT")


# -- writing ---------------------------------------------------------------------------------------------------------


def create(
    folder: str, event: Mapping[str, Any], scheduling: str | None = None, uploads: Sequence[Upload] = ()
) -> Call[Written]:
    """chronos?action=new (the event goes bare, unlike in ``update``). ``uid`` and ``filename`` are kept as given.
    ``scheduling``: ``all`` (OX's default: invitations go out), ``none``, ``internal-only``, ``external-only``.
    ``uploads``: files for attachments whose ``uri`` is ``cid:`` and the upload's field.
    Raises UidConflict (with folder and id), ResourceConflict, InvalidValue, TooLong, PermissionDenied."""
    params = {"folder": folder, **_scheduling(scheduling)}
    return _write("new", params, dict(event), uploads)


def update(
    folder: str,
    event_id: str,
    stamp: int,
    fields: Mapping[str, Any],
    recurrence_id: str | None = None,
    scheduling: str | None = None,
    uploads: Sequence[Upload] = (),
) -> Call[Written]:
    """chronos?action=update: only ``fields`` change, None removes, arrays are replaced whole. With ``recurrence_id``
    and the id of the master: that occurrence becomes (or is) an instance of its own. ``uploads`` as in ``create``.
    Raises ChangedMeanwhile if OX's stamp is greater, SequenceTooLow, ResourceConflict, PermissionDenied, ..."""
    params = {**_target(EventId(folder, event_id, recurrence_id)), "timestamp": str(stamp), **_scheduling(scheduling)}
    return _write("update", params, {"event": dict(fields)}, uploads)


def update_attendee(
    folder: str,
    event_id: str,
    stamp: int,
    attendee: Mapping[str, Any],
    recurrence_id: str | None = None,
    scheduling: str | None = None,
    alarms: Sequence[Mapping[str, Any]] | None = None,
) -> Call[Written]:
    """chronos?action=updateAttendee: the user's own answer (``entity``, ``partStat``, ``comment``, ``transp``) and,
    unless None, his alarms. Sequence stays, the stamp moves. For a series without ``recurrence_id`` existing instances
    keep their answers."""
    body: dict[str, Any] = {"attendee": dict(attendee)}
    if alarms is not None:
        body["alarms"] = [dict(alarm) for alarm in alarms]
    return _update_attendee(folder, event_id, stamp, body, recurrence_id, scheduling)


def set_alarms(
    folder: str,
    event_id: str,
    stamp: int,
    entity: str,
    alarms: Sequence[Mapping[str, Any]],
    recurrence_id: str | None = None,
) -> Call[Written]:
    """Replace the alarms of user ``entity``, an attendee, without touching anything else of the event. Goes through
    chronos?action=updateAttendee: ``chronos/alarm?action=update`` is documented, but OX 8.19 does not have it."""
    body = {"attendee": {"entity": int(entity)}, "alarms": [dict(alarm) for alarm in alarms]}
    return _update_attendee(folder, event_id, stamp, body, recurrence_id, None)


def move(folder: str, event_id: str, target: str, stamp: int) -> Call[Written]:
    """chronos?action=move: single events only (Unsupported: CAL-4224 for a series, CAL-4225 for an instance). The id
    stays; the answer lists the event as deleted from ``folder``."""
    params = {"folder": folder, "id": event_id, "targetFolder": target, "timestamp": str(stamp)}
    return Call("chronos", "move", _decode_written, params, None, "PUT", write=True)


def delete(events: Sequence[EventId], stamp: int, scheduling: str | None = None) -> Call[tuple[Deletion, ...]]:
    """chronos?action=delete: the outcome of each, in the order of ``events``; nothing is raised for a single one.
    As organizer or owner the event goes for all, as attendee only the own copy. An overridden instance must be named
    by its own id (through the master: CAL-4061). Deleting a master deletes the series."""

    def decode(answer: Answer) -> tuple[Deletion, ...]:
        entries = [an_object(entry, "deletion") for entry in an_array(answer.data, "deletions")]
        return tuple(_deletion(event, entries) for event in events)

    body = {"events": [event.to_json() for event in events]}
    params = {"timestamp": str(stamp), **_scheduling(scheduling)}
    return Call("chronos", "delete", decode, params, body, "PUT", write=True)


def _write(action: str, params: Mapping[str, str], body: Any, uploads: Sequence[Upload]) -> Call[Written]:
    if not uploads:
        return Call("chronos", action, _decode_written, params, body, "PUT", write=True)
    files = tuple(uploads)
    return Call(
        "chronos", action, _decode_written, params, body, "POST", write=True, uploads=files, json_field="json_0"
    )


# -- pieces ----------------------------------------------------------------------------------------------------------


def _update_attendee(
    folder: str, event_id: str, stamp: int, body: Any, recurrence_id: str | None, scheduling: str | None
) -> Call[Written]:
    params = {**_target(EventId(folder, event_id, recurrence_id)), "timestamp": str(stamp), **_scheduling(scheduling)}
    return Call("chronos", "updateAttendee", _decode_written, params, body, "PUT", write=True)


def _fields(fields: Sequence[str] | None) -> dict[str, str]:
    return {} if fields is None else {"fields": ",".join(fields)}


def _target(event: EventId) -> dict[str, str]:
    return event.to_json()


def _scheduling(scheduling: str | None) -> dict[str, str]:
    return {} if scheduling is None else {"scheduling": scheduling}


def _event(value: Any) -> Event:
    event = with_ids(an_object(value, "event"), _IDS, "event")
    if event.get("timestamp") is not None:
        event["timestamp"] = a_stamp(event["timestamp"], "timestamp of event")
    return event


def _events(value: Any, what: str) -> tuple[Event, ...]:
    """Events that can be told apart: each with an id."""
    events = tuple(_event(each) for each in an_array(value, what))
    for event in events:
        an_id(event.get("id"), f"id in {what}")
    return events


def _reader(fields: Sequence[str] | None) -> Callable[[Any], Event]:
    """How one of many events is read: it has an id, and its stamp if that was asked for."""
    stamped = fields is None or "timestamp" in fields

    def read(value: Any) -> Event:
        event = _event(value)
        an_id(event.get("id"), "id")
        if stamped and event.get("timestamp") is None:
            raise Malformed("an event without timestamp")
        return event

    return read


def _tombstone(value: Any) -> Event:
    """A deleted event. Its id says what is gone; a stamp that is none is left out. Raises Malformed without an id."""
    event = with_ids(an_object(value, "deleted event"), _IDS, "deleted event")
    an_id(event.get("id"), "id of deleted event")
    with suppress(Malformed):
        return {**event, "timestamp": a_stamp(event.get("timestamp"), "timestamp")}
    return {name: event[name] for name in event if name != "timestamp"}


def _folders_decoder(fields: Sequence[str] | None) -> Callable[[Answer], tuple[FolderEvents, ...]]:
    read = _reader(fields)

    def decode(answer: Answer) -> tuple[FolderEvents, ...]:
        return tuple(_folder_events(an_object(each, "folder"), read) for each in an_array(answer.data, "folders"))

    return decode


def _folder_events(member: Mapping[str, Any], read: Callable[[Any], Event]) -> FolderEvents:
    folder, fault = an_id(member.get("folder"), "folder"), fault_of(member.get("error"))
    if fault is not None:
        return FolderEvents(folder, (), classify(fault))
    events, unreadable = sorted_out(an_array(member.get("events"), "events"), read)
    return FolderEvents(folder, events, None, unreadable)


def _decode_written(answer: Answer) -> Written:
    data = an_object(answer.data, "result")
    if data.get("conflicts"):
        raise ResourceConflict(tuple(an_object(each, "conflict") for each in an_array(data["conflicts"], "conflicts")))
    return _written(data, answer.timestamp)


def _written(data: Mapping[str, Any], stamp: int | None) -> Written:
    return Written(
        _events(data.get("created"), "created"),
        _events(data.get("updated"), "updated"),
        _events(data.get("deleted"), "deleted"),
        stamp,
    )


def _deletion(event: EventId, entries: list[dict[str, Any]]) -> Deletion:
    """The entry about ``event``; OX does not promise their order."""
    for entry in entries:
        about = (entry.get("folderId"), optional_id(entry.get("id"), "id"), entry.get("recurrenceId"))
        if about == (event.folder, event.id, event.recurrence_id):
            fault = fault_of(entry.get("error"))
            if fault is not None:
                return Deletion(event, None, classify(fault))
            return Deletion(event, _written(entry, optional_stamp(entry.get("timestamp"), "timestamp")), None)
    raise Malformed("delete: an event without an outcome")

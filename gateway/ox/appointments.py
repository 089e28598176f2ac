"""Module ``calendar``: appointments of OX 7.8, which OX 8 still serves. Plain folder ids (``31``).

An appointment is a dict by field name (``appointment_columns.COLUMNS``), unset fields left out, ids as strings, and
``last_modified_utc`` as int: the stamp to sync and to write with. Times are epoch milliseconds in UTC; of a full-time
appointment they are midnights UTC. A series is its master, whose times are those of the first occurrence.

Surprises: a write is answered with an id only; deletions come as bare ids; ``delete_exceptions`` cannot be written;
an occurrence is named by its position or by the midnight UTC of its day, never by its time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.ox.appointment_columns import COLUMNS
from gateway.ox.call import Answer, Call
from gateway.ox.errors import ChangedMeanwhile, Malformed, ResourceConflict
from gateway.ox.shape import (
    a_stamp,
    all_readable,
    an_array,
    an_id,
    an_object,
    optional_stamp,
    rows,
    sorted_out,
    with_ids,
)

Appointment = dict[str, Any]

ALL_FIELDS: tuple[str, ...] = tuple(COLUMNS)
STAMP = "last_modified_utc"

_ALWAYS = ("id", "folder_id", STAMP)
_IDS = ("id", "folder_id", "recurrence_id")
_MASTERS = {"recurrence_master": "true"}


@dataclass(frozen=True, slots=True)
class AppointmentUpdates:
    """``rows``: new and changed appointments with ``id``, ``folder_id``, ``last_modified_utc`` and the asked fields;
    ``deleted_ids``: deleted or moved away. An id in both exists. ``unreadable``: ids of changed appointments of
    another shape, or without a stamp."""

    rows: tuple[Appointment, ...]
    deleted_ids: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppointmentWritten:
    """``id`` of what was written, which for a changed occurrence is the one of its own; ``stamp``: the new one."""

    id: str
    stamp: int


@dataclass(frozen=True, slots=True)
class AppointmentId:
    """An appointment, or one occurrence of a series: ``occurrence`` is then its ``recurrence_position`` (from 1) or
    its ``recurrence_date_position`` (midnight UTC of its day, in milliseconds)."""

    folder: str
    id: str
    occurrence: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        position = self.occurrence.get("recurrence_position")
        old = {} if position is None else {"pos": position}  # as the documents of 7.8 call it
        return {"folder": self.folder, "id": self.id, **self.occurrence, **old}


# -- reading ---------------------------------------------------------------------------------------------------------


def updates(folder: str, since: int, fields: Sequence[str] = ALL_FIELDS) -> Call[AppointmentUpdates]:
    """calendar?action=updates with deletions, series as masters: what has a stamp greater than ``since``; 0 lists the
    folder. Raises ObjectNotFound, PermissionDenied."""
    names = _with_identity(fields)

    def decode(answer: Answer) -> AppointmentUpdates:
        entries = an_array(answer.data, "updates")
        listed = rows([entry for entry in entries if isinstance(entry, list)], names, "updates")
        changed, unreadable = sorted_out(listed, _appointment)
        deleted = tuple(an_id(entry, "deleted id") for entry in entries if not isinstance(entry, list))
        return AppointmentUpdates(changed, deleted, unreadable)

    params = {"folder": folder, "timestamp": str(since), **_MASTERS, **_columns(names)}
    return Call("calendar", "updates", decode, params)


def by_id(folder: str, ids: Sequence[str], fields: Sequence[str] = ALL_FIELDS) -> Call[tuple[Appointment, ...]]:
    """calendar?action=list, one read for all (best about 100): those that exist, in OX's order. An id that is in no
    folder of the user may fail the whole call (ObjectNotFound). Raises MalformedObjects."""
    names = _with_identity(fields)

    def decode(answer: Answer) -> tuple[Appointment, ...]:
        present = [row for row in an_array(answer.data, "appointments") if row is not None]
        return all_readable(rows(present, names, "appointments"), _appointment)

    body = [{"folder": folder, "id": object_id} for object_id in ids]
    return Call("calendar", "list", decode, {**_MASTERS, **_columns(names)}, body, "PUT")


def get(folder: str, object_id: str) -> Call[Appointment]:
    """calendar?action=get, of a series the master. Raises ObjectNotFound, PermissionDenied."""

    def decode(answer: Answer) -> Appointment:
        return _appointment(an_object(answer.data, "appointment"))

    return Call("calendar", "get", decode, {"folder": folder, "id": object_id})


def presence() -> Call[None]:
    """calendar?action=list of nothing: whether the server has the module. Raises Unsupported, PermissionDenied."""
    return Call("calendar", "list", _decode_nothing, _columns(("id",)), [], "PUT")


# -- writing ---------------------------------------------------------------------------------------------------------


def create(folder: str, fields: Mapping[str, Any]) -> Call[AppointmentWritten]:
    """calendar?action=new. Booked times of people are no reason to refuse; a booked resource is (ResourceConflict).
    Raises UidConflict, InvalidValue, TooLong, PermissionDenied."""
    body = {**fields, "folder_id": folder, "ignore_conflicts": True}
    return Call("calendar", "new", _decode_written, {}, body, "PUT", write=True)


def update(appointment: AppointmentId, stamp: int, fields: Mapping[str, Any]) -> Call[AppointmentWritten]:
    """calendar?action=update: only ``fields`` change, None removes; ``folder_id`` moves a single appointment. An
    occurrence that is named becomes (or is) one with an id of its own.
    Raises ChangedMeanwhile if OX's stamp is greater, SequenceTooLow, ResourceConflict, PermissionDenied, ..."""
    body = {**fields, **appointment.occurrence, "ignore_conflicts": True}
    params = {"folder": appointment.folder, "id": appointment.id, "timestamp": str(stamp)}
    return Call("calendar", "update", _decode_written, params, body, "PUT", write=True)


def confirm(appointment: AppointmentId, stamp: int, body: Mapping[str, Any]) -> Call[int | None]:
    """calendar?action=confirm: the user's own answer (``confirmation``, ``confirmmessage``), to one occurrence
    by its position. The new stamp, when OX tells it."""

    def decode(answer: Answer) -> int | None:
        return answer.timestamp

    params = {"folder": appointment.folder, "id": appointment.id, "timestamp": str(stamp)}
    if "recurrence_position" in appointment.occurrence:
        params["occurrence"] = str(appointment.occurrence["recurrence_position"])
    return Call("calendar", "confirm", decode, params, dict(body), "PUT", write=True)


def delete(entries: Sequence[AppointmentId], stamp: int) -> Call[int | None]:
    """calendar?action=delete: appointments, series, single occurrences. As organizer or owner for all, as attendee
    the own copy only. The new stamp, when OX tells it. Raises ChangedMeanwhile, also when OX names some of them as
    changed meanwhile; then the others are gone."""

    def decode(answer: Answer) -> int | None:
        if answer.data:
            raise ChangedMeanwhile
        return answer.timestamp

    body = [entry.to_json() for entry in entries]
    return Call("calendar", "delete", decode, {"timestamp": str(stamp)}, body, "PUT", write=True)


# -- pieces ----------------------------------------------------------------------------------------------------------


def _with_identity(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_ALWAYS, *fields)))


def _columns(names: Sequence[str]) -> dict[str, str]:
    return {"columns": ",".join(str(COLUMNS[name]) for name in names)}


def _appointment(value: Mapping[str, Any]) -> Appointment:
    appointment = with_ids(value, _IDS, "appointment")
    an_id(appointment.get("id"), "id of appointment")
    appointment[STAMP] = a_stamp(appointment.get(STAMP), "stamp of appointment")
    return appointment


def _decode_written(answer: Answer) -> AppointmentWritten:
    data = an_object(answer.data, "result")
    if data.get("conflicts"):
        raise ResourceConflict(tuple(an_object(each, "conflict") for each in an_array(data["conflicts"], "conflicts")))
    stamp = optional_stamp(answer.timestamp, "timestamp")
    if stamp is None:
        raise Malformed("a write without a stamp")
    return AppointmentWritten(an_id(data.get("id"), "id"), stamp)


def _decode_nothing(answer: Answer) -> None:
    return None

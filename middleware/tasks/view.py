"""Tasks as answers show them: objects with names, rows by column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from middleware.tasks.fields import BY_NAME, COLUMNS, OLD_DATES, Kind
from middleware.tasks.model import Confirmation, Participant, ParticipantType, Seen
from middleware.times import wall_clock

_SECOND = 1000


@dataclass(frozen=True, slots=True)
class View:
    """How a request sees tasks: its zone for values of type Time."""

    zone: ZoneInfo

    def object(self, seen: Seen) -> dict[str, Any]:
        """Every value that the task has, by JSON name: the answer of `get`."""
        names = dict.fromkeys((*_DERIVED, *seen.task.fields))
        return {name: value for name in names if (value := self.value(seen, name)) is not None}

    def value(self, seen: Seen, name: str) -> Any:
        """One value by its JSON name, None when the task does not have it."""
        derive = _DERIVED.get(name)
        if derive is not None:
            return derive(self, seen)
        value = seen.task.fields.get(name)
        if value is None or _full_time(seen) or BY_NAME[name].kind is not Kind.TIME:
            return value
        return self.local(value)

    def local(self, stamp: int) -> int:
        """A stamp in the local time of the zone."""
        return wall_clock(stamp, self.zone)

    def row(self, seen: Seen, columns: Sequence[int]) -> list[Any]:
        """One row; columns that do not exist are left out of it."""
        return [self.value(seen, COLUMNS[column]) for column in columns if column in COLUMNS]

    def rows(self, found: Iterable[Seen], columns: Sequence[int]) -> list[list[Any]]:
        """One row for each task."""
        return [self.row(one, columns) for one in found]

    def changes(self, found: Iterable[Seen], columns: Sequence[int]) -> list[Any]:
        """The rows of `updates`: a task of which nothing but the id is to be shown is that bare id."""
        known = [column for column in columns if column in COLUMNS]
        others = [position for position, column in enumerate(known) if COLUMNS[column] != "id"]
        rows = [(one.task.id, self.row(one, known)) for one in found]
        return [row if any(row[position] is not None for position in others) else task for task, row in rows]


def _full_time(seen: Seen) -> bool:
    """Whether the dates are days; a task that does not tell has days."""
    return bool(seen.task.fields.get("full_time", True))


def latest(found: Iterable[Seen]) -> int:
    """The greatest stamp, 0 for nothing."""
    return max((one.task.modified for one in found), default=0)


def _participant(one: Participant, answers: Any) -> dict[str, Any]:
    if one.type is ParticipantType.EXTERNAL:
        named = {"display_name": one.name} if one.name else {}
        return {**named, "mail": one.mail, "type": int(one.type)}
    shown = {"id": one.id, "type": int(one.type)}
    return {**shown, **_answer(answers[one.id])} if one.id in answers and one.type is ParticipantType.USER else shown


def _answer(one: Confirmation) -> dict[str, Any]:
    return {"confirmation": one.status, **({"confirmmessage": one.message} if one.message else {})}


# What is not simply stored under its name. The old names of the dates show them without regard to the zone.
_DERIVED: Mapping[str, Callable[[View, Seen], Any]] = {
    "id": lambda _, seen: seen.task.id,
    "folder_id": lambda _, seen: seen.folder,
    "uid": lambda _, seen: seen.task.uid,
    "created_by": lambda _, seen: seen.task.created_by,
    "modified_by": lambda _, seen: seen.task.modified_by,
    "creation_date": lambda view, seen: view.local(seen.task.created // _SECOND * _SECOND),
    "last_modified": lambda view, seen: view.local(seen.task.modified),
    "last_modified_utc": lambda _, seen: seen.task.modified,
    "number_of_attachments": lambda _, seen: seen.task.attachments,
    "lastModifiedOfNewestAttachmentUTC": lambda _, seen: seen.task.newest_attachment,
    "recurrence_type": lambda _, seen: seen.task.fields.get("recurrence_type", 0),
    "private_flag": lambda _, seen: seen.task.private,
    "full_time": lambda _, seen: _full_time(seen),
    "start_date": lambda _, seen: seen.task.fields.get(OLD_DATES["start_date"]),
    "end_date": lambda _, seen: seen.task.fields.get(OLD_DATES["end_date"]),
    "alarm": lambda view, seen: None if seen.alarm is None else view.local(seen.alarm),
    "participants": lambda _, seen: [_participant(one, seen.task.users) for one in seen.task.participants],
    "users": lambda _, seen: [{"id": user, **_answer(one)} for user, one in seen.task.users.items()],
    "confirmations": lambda _view, _seen: [],
}

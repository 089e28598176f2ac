"""Tasks as answers show them: objects with names, rows by column."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
        task = seen.task
        full_time = task.fields.get("full_time", True)
        shown: dict[str, Any] = {
            "id": task.id,
            "folder_id": seen.folder,
            "uid": task.uid,
            "created_by": task.created_by,
            "modified_by": task.modified_by,
            "creation_date": wall_clock(task.created // _SECOND * _SECOND, self.zone),
            "last_modified": wall_clock(task.modified, self.zone),
            "last_modified_utc": task.modified,
            "number_of_attachments": task.attachments,
            "recurrence_type": 0,
            "private_flag": False,
            "full_time": full_time,
            "participants": [_participant(one, task.users) for one in task.participants],
            "users": [{"id": user, **_answer(one)} for user, one in task.users.items()],
            "confirmations": [],
        }
        for name, value in task.fields.items():
            timed = BY_NAME[name].kind is Kind.TIME and not full_time
            shown[name] = wall_clock(value, self.zone) if timed else value
        # The old names show what is stored, without regard to the zone.
        shown |= {old: task.fields[name] for old, name in OLD_DATES.items() if name in task.fields}
        if seen.alarm is not None:
            shown["alarm"] = wall_clock(seen.alarm, self.zone)
        if task.newest_attachment is not None:
            shown["lastModifiedOfNewestAttachmentUTC"] = task.newest_attachment
        return shown

    def row(self, seen: Seen, columns: Sequence[int]) -> list[Any]:
        """One row; columns that do not exist are left out of it."""
        shown = self.object(seen)
        return [shown.get(COLUMNS[column]) for column in columns if column in COLUMNS]

    def rows(self, found: Iterable[Seen], columns: Sequence[int]) -> list[list[Any]]:
        """One row for each task."""
        return [self.row(one, columns) for one in found]

    def changes(self, found: Iterable[Seen], columns: Sequence[int]) -> list[Any]:
        """The rows of `updates`: a task of which nothing but the id is to be shown is that bare id."""
        known = [column for column in columns if column in COLUMNS]
        others = [position for position, column in enumerate(known) if COLUMNS[column] != "id"]
        rows = [(one.task.id, self.row(one, known)) for one in found]
        return [row if any(row[position] is not None for position in others) else task for task, row in rows]


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

"""Tasks as stored, and as one user sees them in one folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

MODULE_ID = 4  # the number of tasks in `attachment` and `reminder`


class ParticipantType(IntEnum):
    """Who can be asked to do a task."""

    USER = 1
    GROUP = 2
    EXTERNAL = 5


class Status(IntEnum):
    """How far a task is."""

    NOT_STARTED = 1
    IN_PROGRESS = 2
    DONE = 3
    WAITING = 4
    DEFERRED = 5


@dataclass(frozen=True, slots=True)
class Participant:
    """An entry of `participants` as invited: a user or group by id, somebody else by mail address."""

    type: ParticipantType
    id: int | None = None
    mail: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The answer of one user; `status`: 0 none, 1 accepted, 2 declined, 3 tentative."""

    status: int = 0
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One task. `fields`: what clients wrote, by JSON name; dates in ms of UTC; stamps in ms.

    `participants` as invited; `users`: everybody in them, members of groups included, and what he answered.
    """

    id: int
    uid: str
    created: int
    created_by: int
    modified: int
    modified_by: int
    fields: Mapping[str, Any]
    participants: tuple[Participant, ...] = ()
    users: Mapping[int, Confirmation] = field(default_factory=dict)
    attachments: int = 0
    newest_attachment: int | None = None

    @property
    def private(self) -> bool:
        """Whether only its creator sees it."""
        return bool(self.fields.get("private_flag"))

    @property
    def recurring(self) -> bool:
        """Whether another task follows when it is done."""
        return bool(self.fields.get("recurrence_type"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A task in the folder where a user looks at it, with the alarm he set, ms of UTC."""

    task: Task
    folder: int
    alarm: int | None = None

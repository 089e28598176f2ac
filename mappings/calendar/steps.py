"""The OX writes a PUT is made of."""

from dataclasses import dataclass, field
from typing import Any

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Create:
    """`new`: a single event, a series master, or (with "recurrenceId" in it) one detached instance."""

    event: Event


@dataclass(frozen=True, slots=True)
class Update:
    """`update` of a single event, a master or an overridden instance by its own id: the changed fields only; None
    clears. `id` is empty for what the Create step before makes."""

    id: str
    fields: Event


@dataclass(frozen=True, slots=True)
class Override:
    """`update` with recurrenceId: turn a regular occurrence into an overridden instance; `event` holds what differs
    from the regular occurrence. `series_id` is empty for the series that the Create step before makes."""

    series_id: str
    recurrence_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class DeleteInstance:
    """`delete` of an occurrence: a regular one by the id of its series and its recurrence id; an overridden or
    detached instance by its own id alone (OX refuses it through the series)."""

    id: str
    recurrence_id: str | None = None


@dataclass(frozen=True, slots=True)
class Attend:
    """`updateAttendee`: the user's own participation ("partStat", "comment", "transp" beside "entity" or "uri");
    `alarms` None leaves the alarms alone."""

    id: str
    recurrence_id: str | None
    attendee: Event
    alarms: list[Event] | None = None


@dataclass(frozen=True, slots=True)
class SetAlarms:
    """The user's own alarms, nothing else; an empty list removes them."""

    id: str
    recurrence_id: str | None
    alarms: list[Event]


@dataclass(frozen=True, slots=True)
class AddFiles:
    """Files beside an event, where OX keeps them apart (OX 7.8): `files` are added; those that the event may have got
    from its series already, `inherited`, where they are missing. `recurrence_id` names an instance that the Override
    step before makes; `id` is empty for what the Create step before makes."""

    id: str
    recurrence_id: str | None
    files: list[Event]
    inherited: list[Event] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RemoveFiles:
    """The opposite. Of a new instance also what merely looks like one of `files`: OX may have copied them."""

    id: str
    recurrence_id: str | None
    files: list[Event]


Step = Create | Update | Override | DeleteInstance | Attend | SetAlarms | AddFiles | RemoveFiles

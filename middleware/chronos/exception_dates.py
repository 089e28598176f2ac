"""The exception dates of a series: their spelling, order, and what a single attendee sees of them."""

from __future__ import annotations

from collections.abc import Iterable

from middleware.chronos import errors
from middleware.chronos.dates import parse_recurrence_id
from middleware.chronos.event import JSON, Event
from middleware.chronos.recurrence import Recurrence, instant_of

# The recurrence ids of the instances that a user attends.
Attended = tuple[str, ...]


def in_order(recurrence_ids: Iterable[str]) -> list[str]:
    """Recurrence ids by instant, each instant once (the spelling that comes first stays)."""
    by_instant: dict[int, str] = {}
    for text in recurrence_ids:
        by_instant.setdefault(instant_of(text), text)
    return [by_instant[instant] for instant in sorted(by_instant)]


def without(recurrence_ids: Iterable[str], unwanted: Iterable[str]) -> list[str]:
    """The recurrence ids that are at none of the unwanted instants."""
    instants = {instant_of(text) for text in unwanted}
    return [text for text in recurrence_ids if instant_of(text) not in instants]


def contains(recurrence_ids: Iterable[str], wanted: str) -> bool:
    """Whether an instant is among recurrence ids."""
    if parse_recurrence_id(wanted) is None:
        return False
    instant = instant_of(wanted)
    return any(instant_of(text) == instant for text in recurrence_ids)


def userized(master: Event, attended: Attended) -> JSON:
    """The exception lists of a master for a user who does not attend every instance.

    Only instances he attends are change exceptions for him; the others look deleted.
    """
    changed = master.data.get("changeExceptionDates", [])
    deleted = master.data.get("deleteExceptionDates", [])
    return {
        "changeExceptionDates": in_order(attended),
        "deleteExceptionDates": in_order([*deleted, *without(changed, attended)]),
    }


def store_list(data: JSON, name: str, recurrence_ids: Iterable[str]) -> None:
    """Put a list of recurrence ids into an event; an empty list is none."""
    ordered = in_order(recurrence_ids)
    if ordered:
        data[name] = ordered
    else:
        data.pop(name, None)


def normalised(text: str, recurrence: Recurrence) -> str:
    """A recurrence id in the spelling of the server; CAL-4061 when it is no occurrence of the series."""
    value = parse_recurrence_id(text)
    local = None if value is None else recurrence.local_of(value)
    if local is None or not recurrence.contains(local):
        raise errors.invalid_recurrence_id(text, recurrence.describe())
    return recurrence.start.at(local).recurrence_id()


def normalised_added(text: str, recurrence: Recurrence) -> str:
    """An additional date of a series in the spelling of the server; CAL-4061 when of another kind than the start."""
    value = parse_recurrence_id(text)
    local = None if value is None else recurrence.local_of(value)
    if local is None:
        raise errors.invalid_recurrence_id(text, recurrence.describe())
    return recurrence.start.at(local).recurrence_id()

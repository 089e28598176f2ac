"""Which changes are worth a new sequence number."""

from __future__ import annotations

from typing import Final

from middleware.chronos.attendance import identity
from middleware.chronos.event import Event

_FIELDS: Final = (
    "summary",
    "location",
    "rrule",
    "startDate",
    "endDate",
    "recurrenceDates",
    "deleteExceptionDates",
    "transp",
)


def significant(before: Event, event: Event) -> bool:
    """Whether other people come, or one of the fields that matter to them is different."""
    people = [{identity(one) for one in version.attendees} for version in (before, event)]
    return people[0] != people[1] or any(before.data.get(name) != event.data.get(name) for name in _FIELDS)

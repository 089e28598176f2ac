"""Occurrences by their position in a series (1-based, exceptions counted) or by their day."""

from __future__ import annotations

import itertools

from middleware.appointments.times import day_of
from middleware.chronos import errors
from middleware.chronos.dates import DAY_MS, parse_recurrence_id, zone_info
from middleware.chronos.event import Event
from middleware.chronos.recurrence import Recurrence, instant_of

_UTC = zone_info("UTC")
_FARTHEST = 253_000_000_000_000
_TRIED = 20_000


def position_of(master: Event, recurrence_id: str) -> int | None:
    """The position of an occurrence; None when the series has none there."""
    value = parse_recurrence_id(recurrence_id)
    recurrence = Recurrence.of(master.data)
    local = None if value is None or "rrule" not in master.data else recurrence.local_of(value)
    if local is None or not recurrence.contains(local):
        return None
    return recurrence.count_before(local) + 1


def date_position_of(recurrence_id: str) -> int:
    """The Date of an occurrence."""
    instant = instant_of(recurrence_id)
    return instant - instant % DAY_MS


def at_position(master: Event, position: int) -> str:
    """The recurrence id of the occurrence at a position; CAL-4061 when there is none."""
    recurrence = _series(master)
    begin = recurrence.start.epoch_ms(_UTC)
    reachable = 1 <= position <= _TRIED
    found = recurrence.occurrences(begin, _FARTHEST, _UTC) if reachable else iter(())
    occurrence = next(itertools.islice(found, position - 1, None), None) if reachable else None
    if occurrence is None:
        raise errors.invalid_recurrence_id(f"legacy recurrence position {position}", recurrence.describe())
    return occurrence.start.recurrence_id()


def at_date_position(master: Event, date: int) -> str:
    """The recurrence id of the occurrence on a day; CAL-4061 when there is none."""
    recurrence = _series(master)
    for occurrence in recurrence.occurrences(date, date + DAY_MS, _UTC):
        if day_of(occurrence.start) == date:
            return occurrence.start.recurrence_id()
    raise errors.invalid_recurrence_id(f"legacy recurrence date position {date}", recurrence.describe())


def _series(master: Event) -> Recurrence:
    if not master.is_master or "rrule" not in master.data:
        raise errors.invalid_recurrence_id("legacy recurrence position", "null")
    return Recurrence.of(master.data)

"""Times of OX tasks: epoch milliseconds, whole days as their UTC midnight; OX keeps no zone."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from mappings.calendar.moments import Moment, instant, local_time, write_moment
from mappings.errors import InvalidCalendarData
from mappings.legacy.values import day_ms, moment_ms, ms_day, ms_moment

Span = tuple[bool, int | None, int | None]
"""OX's `full_time`, `start_time` and `end_time`."""


def to_span(start: Moment | None, due: Moment | None, floating: tzinfo) -> Span:
    """What OX is to hold of DTSTART and DUE. Where one is a date and the other is not, the due time tells which both
    are. Floating times are in the zone `floating`. Raises InvalidCalendarData for DUE before DTSTART."""
    kind = start if due is None else due
    full_time = kind is not None and not isinstance(kind, datetime)
    first, last = (None if moment is None else _ms(moment, full_time, floating) for moment in (start, due))
    if first is not None and last is not None and last < first:
        raise InvalidCalendarData("DUE is before DTSTART")
    return full_time, first, last


def _ms(moment: Moment, full_time: bool, floating: tzinfo) -> int:
    if full_time:
        return day_ms(_day(moment, floating))
    return seconds(moment, floating) * 1000


def _day(moment: Moment, floating: tzinfo) -> date:
    if isinstance(moment, datetime):
        return (local_time(moment, floating) if moment.tzinfo is UTC else moment).date()
    return moment


def seconds(moment: Moment, floating: tzinfo) -> int:
    """Epoch seconds; dates and floating times are in the zone `floating`."""
    return moment_ms(instant(moment, floating)) // 1000


def span_of(task: Mapping[str, Any]) -> Span:
    """What OX holds, rounded as it is shown; OX's default is the whole day."""
    full_time = task.get("full_time") is not False
    times = [task.get(name) for name in ("start_time", "end_time")]
    first, last = (_rounded(value, full_time) if isinstance(value, int) else None for value in times)
    return full_time, first, last


def _rounded(value: int, full_time: bool) -> int | None:
    moment = ms_moment(value)
    if moment is None:
        return None
    return day_ms(moment.date()) if full_time else moment_ms(moment)


def to_moment(value: int, full_time: bool) -> Moment | None:
    """A time of OX as a date, or in UTC; None where there is no such year."""
    return ms_day(value) if full_time else ms_moment(value)


def utc(value: int) -> str | None:
    """The DATE-TIME in UTC of epoch milliseconds; None where there is no such year."""
    moment = ms_moment(value)
    return None if moment is None else write_moment(moment)

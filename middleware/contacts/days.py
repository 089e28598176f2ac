"""Days of the year that come again: birthdays and anniversaries."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_MS = 86_400_000


def day_of(milliseconds: int | None) -> date | None:
    """The day that OX stores as its midnight in UTC; None without one, and beyond the years 1 to 9999."""
    try:
        return None if milliseconds is None else (EPOCH + timedelta(milliseconds=milliseconds)).date()
    except OverflowError:
        return None


def returns(first: date, begin: int, end: int) -> Iterator[date]:
    """When a day comes again in [begin, end), in ms of UTC. In common years 29 February is the 28th."""
    last_year = min(_year(end), date.max.year)
    for year in range(max(_year(begin), date.min.year), last_year + 1):
        leaps = first.month == 2 and first.day == 29 and not calendar.isleap(year)
        day = first.replace(year=year, day=28 if leaps else first.day)
        if begin <= (day - EPOCH.date()).days * _DAY_MS < end:
            yield day


def _year(milliseconds: int) -> int:
    try:
        return (EPOCH + timedelta(milliseconds=milliseconds)).year
    except OverflowError:
        return date.min.year if milliseconds < 0 else date.max.year

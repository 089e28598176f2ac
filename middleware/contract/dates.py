"""Dates of the events in scenarios: on Mondays in April two years ahead, when Berlin is two hours before UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

ZONE = "Europe/Berlin"
_YEARS_AHEAD = 2


def _first_monday() -> date:
    start = date(datetime.now(UTC).year + _YEARS_AHEAD, 4, 1)
    return start + timedelta(days=-start.weekday() % 7)


MONDAY = _first_monday()


def day(weeks: int = 0, days: int = 0) -> str:
    """The first Monday of April, or weeks and days later, as 20290402."""
    return (MONDAY + timedelta(weeks=weeks, days=days)).strftime("%Y%m%d")


def at(hour: int, weeks: int = 0, days: int = 0) -> dict[str, str]:
    """A point in time in Berlin."""
    return {"value": f"{day(weeks, days)}T{hour:02}0000", "tzid": ZONE}


def zoned_id(weeks: int, hour: int = 9, days: int = 0) -> str:
    """The recurrence id of an occurrence as the server writes it."""
    return f"{ZONE}:{day(weeks, days)}T{hour:02}0000"


def utc_id(weeks: int, days: int = 0) -> str:
    """That of an occurrence at nine in UTC."""
    return f"{day(weeks, days)}T070000Z"


# A range around all of them.
RANGE = {"rangeStart": f"{MONDAY.year}0320T000000Z", "rangeEnd": f"{MONDAY.year}0701T000000Z"}


def event(summary: str, **more: Any) -> dict[str, Any]:
    """An event on that Monday from 9 to 10 in Berlin."""
    return {"summary": summary, "startDate": at(9), "endDate": at(10), **more}


def series(summary: str, **more: Any) -> dict[str, Any]:
    """The same event on six Mondays."""
    return event(summary, rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=6", **more)

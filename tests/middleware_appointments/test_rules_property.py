"""Rules in numbers mean what they say: every occurrence is found by looking at one day after the other."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from middleware.context import Settings
from middleware.generation import Generation
from middleware.running import open_context
from tests.middleware.conftest import populate
from tests.middleware_appointments.people import DAY, HOUR, ms
from tests.middleware_chronos.test_following_property import call

_LAST_WEEK = 5
_INTERVAL, _MASK, _WEEK = st.integers(1, 4), st.integers(1, 127), st.integers(1, 5)
_PATTERNS = st.one_of(
    st.fixed_dictionaries({"recurrence_type": st.just(1), "interval": _INTERVAL}),
    st.fixed_dictionaries({"recurrence_type": st.just(2), "interval": _INTERVAL, "days": _MASK}),
    st.fixed_dictionaries({"recurrence_type": st.just(3), "interval": _INTERVAL, "day_in_month": st.integers(1, 31)}),
    st.fixed_dictionaries({"recurrence_type": st.just(3), "interval": _INTERVAL, "day_in_month": _WEEK, "days": _MASK}),
    st.fixed_dictionaries(
        {
            "recurrence_type": st.just(4),
            "interval": st.just(1),
            "day_in_month": st.integers(1, 28),
            "month": st.integers(0, 11),
        }
    ),
    st.fixed_dictionaries(
        {
            "recurrence_type": st.just(4),
            "interval": st.just(1),
            "day_in_month": _WEEK,
            "days": _MASK,
            "month": st.integers(0, 11),
        }
    ),
)
_FIRST = st.dates(date(2027, 1, 1), date(2028, 3, 1))


def days_of(pattern: dict[str, Any], first: date, last: date, *, shortened: bool) -> Iterator[date]:
    """The days of a pattern. `shortened`: a day that a month does not have is its last one."""
    day = first
    while day <= last:
        if _is_in_step(pattern, first, day) and _fits(pattern, day, shortened=shortened):
            yield day
        day += timedelta(days=1)


def _is_in_step(pattern: dict[str, Any], first: date, day: date) -> bool:
    steps = {
        1: (day - first).days,
        2: ((day - timedelta(days=day.weekday())) - (first - timedelta(days=first.weekday()))).days // 7,
        3: (day.year - first.year) * 12 + day.month - first.month,
        4: day.year - first.year,
    }
    return bool(steps[pattern["recurrence_type"]] % pattern["interval"] == 0)


def _fits(pattern: dict[str, Any], day: date, *, shortened: bool) -> bool:
    if pattern["recurrence_type"] == 1:
        return True
    if "month" in pattern and day.month != pattern["month"] + 1:
        return False
    if "days" in pattern and not _is_one_of(day, pattern["days"]):
        return False
    if "day_in_month" not in pattern:
        return True
    length = calendar.monthrange(day.year, day.month)[1]
    if "days" not in pattern:
        wanted = min(pattern["day_in_month"], length) if shortened else pattern["day_in_month"]
        return bool(day.day == wanted)
    month = [day.replace(day=number) for number in range(1, length + 1)]
    matching = [one for one in month if _is_one_of(one, pattern["days"])]
    place = -1 if pattern["day_in_month"] == _LAST_WEEK else pattern["day_in_month"] - 1
    return place < len(matching) and matching[place] == day


def _is_one_of(day: date, mask: int) -> bool:
    return bool(mask & 1 << day.isoweekday() % 7)


@pytest.mark.parametrize("generation", list(Generation))
def test_occurrences(generation: Generation) -> None:
    context = open_context(None, Settings(generation))
    populate(context)

    @given(_PATTERNS, _FIRST, st.integers(30, 500), st.one_of(st.none(), st.integers(1, 40)), st.booleans())
    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    def check(pattern: dict[str, Any], first: date, length: int, count: int | None, full_time: bool) -> None:
        last = first + timedelta(days=length)
        days = list(days_of(pattern, first, last, shortened=generation is Generation.SEVEN))
        assume(days and days[0] == first)  # the server moves other starts
        until = {"until": ms(last.year, last.month, last.day)} if count is None else {"occurrences": count}
        start = int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp() * 1000)
        begin = start if full_time else start + 9 * HOUR
        span = DAY if full_time else HOUR
        dates = {"start_date": begin, "end_date": begin + span, "full_time": full_time, "timezone": "UTC"}
        body = {"title": "S", "folder_id": 31, "ignore_conflicts": True, **dates, **pattern, **until}
        number = call(context, 3, "new", body, "calendar", timezone="UTC")["id"]
        try:
            named = {"folder": 31, "timezone": "UTC"}
            seen = call(context, 3, "get", None, "calendar", id=number, **named)
            shown = {name: _LAST_WEEK if value == -1 else value for name, value in seen.items()}
            assert {name: shown[name] for name in (*pattern, *until)} == {**pattern, **until}
            query = {"start": start - DAY, "end": start + (length + 1) * DAY, "columns": "207,208"}
            rows = call(context, 3, "all", None, "calendar", **query, **named)
            expected = [int(datetime(one.year, one.month, one.day, tzinfo=UTC).timestamp() * 1000) for one in days]
            assert rows == [[place + 1, day] for place, day in enumerate(expected[:count])]
        finally:
            call(context, 3, "delete", [{"id": number, "folder": 31}], "calendar", timestamp=2**53)

    try:
        check()
    finally:
        context.close()

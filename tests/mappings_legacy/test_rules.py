"""Recurrence fields and RRULEs, against dateutil and against OX's way of counting."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.legacy.rules import from_rrule, to_rrule

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 4, 5, 9, tzinfo=BERLIN)  # a Monday
YEARS = timedelta(days=365 * 6)


def ms(*day: int) -> int:
    year, month, number = day
    return int(datetime(year, month, number, tzinfo=UTC).timestamp()) * 1000


@pytest.mark.parametrize(
    ("fields", "rrule"),
    [
        ({"recurrence_type": 1, "interval": 1}, "FREQ=DAILY"),
        ({"recurrence_type": 1, "interval": 3, "occurrences": 5}, "FREQ=DAILY;INTERVAL=3;COUNT=5"),
        ({"recurrence_type": 2, "interval": 1, "days": 2, "occurrences": 5}, "FREQ=WEEKLY;BYDAY=MO;COUNT=5"),
        ({"recurrence_type": 2, "interval": 2, "days": 65}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,SU"),
        ({"recurrence_type": 3, "interval": 1, "day_in_month": 31}, "FREQ=MONTHLY;BYMONTHDAY=31"),
        ({"recurrence_type": 3, "interval": 1, "days": 4, "day_in_month": 2}, "FREQ=MONTHLY;BYDAY=2TU"),
        ({"recurrence_type": 3, "interval": 1, "days": 32, "day_in_month": 5}, "FREQ=MONTHLY;BYDAY=-1FR"),
        ({"recurrence_type": 3, "interval": 1, "days": 127, "day_in_month": 5}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        (
            {"recurrence_type": 3, "interval": 1, "days": 62, "day_in_month": 1},
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        ),
        (
            {"recurrence_type": 4, "interval": 1, "month": 1, "day_in_month": 29},
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
        ),
        (
            {"recurrence_type": 4, "interval": 1, "month": 11, "days": 1, "day_in_month": 4},
            "FREQ=YEARLY;BYMONTH=12;BYDAY=4SU",
        ),
        ({"recurrence_type": 1, "interval": 1, "until": ms(2027, 5, 1)}, "FREQ=DAILY;UNTIL=20270501"),
    ],
)
def test_both_ways(fields: dict[str, Any], rrule: str) -> None:
    assert to_rrule(fields) == rrule
    assert from_rrule(rrule, START) == fields


@pytest.mark.parametrize(
    ("fields", "rrule"),
    [
        ({}, None),
        ({"recurrence_type": 0}, None),
        ({"recurrence_type": 7}, None),
        ({"recurrence_type": "2", "days": "8", "interval": "2"}, "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ({"recurrence_type": 2}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU"),
        ({"recurrence_type": 3, "days": 2, "day_in_month": -1}, "FREQ=MONTHLY;BYDAY=-1MO"),
        ({"recurrence_type": 3, "day_in_month": -1}, "FREQ=MONTHLY;BYMONTHDAY=-1"),
        ({"recurrence_type": 3, "days": 2, "day_in_month": 6}, None),
        ({"recurrence_type": 3, "day_in_month": 32}, None),
        ({"recurrence_type": 3}, None),
        ({"recurrence_type": 4, "day_in_month": 3}, None),
        ({"recurrence_type": 4, "month": 12, "day_in_month": 3}, None),
        ({"recurrence_type": 4, "month": 1, "day_in_month": 30}, None),
        ({"recurrence_type": 1, "until": None, "occurrences": 0}, "FREQ=DAILY"),
        ({"recurrence_type": 1, "interval": -2}, None),
    ],
)
def test_what_ox_may_answer(fields: dict[str, Any], rrule: str | None) -> None:
    assert to_rrule(fields) == rrule


@pytest.mark.parametrize(
    ("rrule", "fields"),
    [
        ("FREQ=WEEKLY", {"recurrence_type": 2, "days": 2, "interval": 1}),
        ("FREQ=DAILY;BYDAY=MO,FR", {"recurrence_type": 2, "days": 34, "interval": 1}),
        ("FREQ=MONTHLY", {"recurrence_type": 3, "day_in_month": 5, "interval": 1}),
        ("FREQ=YEARLY", {"recurrence_type": 4, "month": 3, "day_in_month": 5, "interval": 1}),
        ("FREQ=YEARLY;BYMONTH=6", {"recurrence_type": 4, "month": 5, "day_in_month": 5, "interval": 1}),
        (
            "FREQ=YEARLY;BYMONTH=6;BYDAY=MO;BYSETPOS=-1",
            {"recurrence_type": 4, "month": 5, "days": 2, "day_in_month": 5, "interval": 1},
        ),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", {"recurrence_type": 2, "days": 2, "interval": 2}),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SA", {"recurrence_type": 2, "days": 66, "interval": 2}),
    ],
)
def test_equal_rules_in_other_words(rrule: str, fields: dict[str, Any]) -> None:
    assert from_rrule(rrule, START) == fields


@pytest.mark.parametrize(
    "rrule",
    [
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=9,15",
        "FREQ=DAILY;BYMONTH=4",
        "FREQ=DAILY;INTERVAL=2;BYDAY=MO",
        "FREQ=DAILY;COUNT=1000",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU",
        "FREQ=WEEKLY;BYMONTH=4",
        "FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=MONTHLY;BYMONTHDAY=-2",
        "FREQ=MONTHLY;BYDAY=MO",
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=-2MO",
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=MONTHLY;BYDAY=1MO,1TU",
        "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "FREQ=YEARLY;BYDAY=20MO",
        "FREQ=YEARLY;BYMONTHDAY=5",
        "FREQ=YEARLY;BYMONTH=1,7",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYDAY=SA,SU;BYSETPOS=2",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=YEARLY;BYYEARDAY=100",
        "FREQ=DAILY;UNTIL=20270404",
        "FREQ=DAILY;UNTIL=20270405T065959Z",
        "RSCALE=HEBREW;FREQ=YEARLY",
        "FREQ=NEVER",
        "",
    ],
)
def test_rules_without_equal_fields(rrule: str) -> None:
    assert from_rrule(rrule, START) is None


@pytest.mark.parametrize(
    ("until", "last"),
    [
        ("20270501", ms(2027, 5, 1)),
        ("20270501T070000Z", ms(2027, 5, 1)),
        ("20270501T065959Z", ms(2027, 4, 30)),
        ("20270501T215959Z", ms(2027, 5, 1)),
        ("20270501T230000Z", ms(2027, 5, 1)),  # 01:00 of the next day, before the start of that day's
    ],
)
def test_until_names_the_last_day(until: str, last: int) -> None:
    assert (from_rrule(f"FREQ=DAILY;UNTIL={until}", START) or {})["until"] == last


def test_until_of_all_day_series() -> None:
    assert (from_rrule("FREQ=DAILY;UNTIL=20270501", START.date()) or {})["until"] == ms(2027, 5, 1)


# -- what OX computes, told by its own way of counting ---------------------------------------------------------------


def _fields() -> st.SearchStrategy[dict[str, Any]]:
    interval = st.integers(1, 4)
    places = st.fixed_dictionaries(
        {"days": st.sampled_from([1, 2, 4, 8, 16, 32, 64, 62, 65, 127]), "day_in_month": st.integers(1, 5)}
    )
    dates = st.fixed_dictionaries({"day_in_month": st.integers(1, 31)})
    patterns = st.one_of(
        st.just({"recurrence_type": 1}),
        st.fixed_dictionaries({"recurrence_type": st.just(2), "days": st.integers(1, 127)}),
        st.one_of(places, dates).map(lambda place: {"recurrence_type": 3, **place}),
        st.tuples(st.one_of(places, dates), st.integers(0, 11)).map(
            lambda pair: {"recurrence_type": 4, "month": pair[1], **pair[0]}
        ),
    )
    ends: st.SearchStrategy[dict[str, int]] = st.one_of(
        st.just({}),
        st.integers(1, 40).map(lambda count: {"occurrences": count}),
        st.integers(0, 2000).map(lambda days: {"until": ms(2027, 4, 5) + days * 86_400_000}),
    )
    return st.tuples(patterns, interval, ends).map(lambda parts: {**parts[0], "interval": parts[1], **parts[2]})


def _is_holdable(fields: Mapping[str, Any]) -> bool:
    if fields["recurrence_type"] != 4:
        return True
    if "days" in fields:
        return bool(fields["days"] != 65 or fields["day_in_month"] == 5)
    return bool(fields["day_in_month"] <= monthrange(2028, fields["month"] + 1)[1])


def _matching(fields: Mapping[str, Any], year: int, month: int) -> date | None:
    """The day of a month by counting through it."""
    days = [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    if bits := fields.get("days"):
        days = [day for day in days if bits & 1 << day.isoweekday() % 7]
        position = fields["day_in_month"]
        return days[-1] if position == 5 else days[position - 1]
    return days[fields["day_in_month"] - 1] if fields["day_in_month"] <= len(days) else None


def _days(fields: Mapping[str, Any], start: date) -> Iterator[date]:
    """All days a pattern selects in six years from the start."""
    end, interval = start + YEARS, fields["interval"]
    monday = start - timedelta(days=start.weekday())
    for offset in range(YEARS.days):
        day = start + timedelta(days=offset)
        if fields["recurrence_type"] == 1 and offset % interval == 0:
            yield day
        if (
            fields["recurrence_type"] == 2
            and (day - monday).days // 7 % interval == 0
            and fields["days"] & 1 << day.isoweekday() % 7
        ):
            yield day
    for index in range(start.month - 1, 12 * 10):
        year, month = start.year + index // 12, index % 12
        steps = index - start.month + 1 if fields["recurrence_type"] == 3 else year - start.year
        if fields["recurrence_type"] < 3 or steps % interval:
            continue
        if fields["recurrence_type"] == 4 and month != fields["month"]:
            continue
        found = _matching(fields, year, month + 1)
        if found is not None and start <= found < end:
            yield found


def _computed(fields: Mapping[str, Any], start: date) -> list[date]:
    days = _days(fields, start)
    if "occurrences" in fields:
        days = islice(days, fields["occurrences"])
    last = (datetime(1970, 1, 1) + timedelta(milliseconds=fields.get("until", ms(2050, 1, 1)))).date()
    return [day for day in days if day <= last]


def _expanded(rrule: str, begin: datetime) -> list[date]:
    """The days of six years by dateutil, which takes a date as UNTIL for its midnight."""
    rule = rrulestr(re.sub(r"UNTIL=(\d{8})$", r"UNTIL=\1T235959", rrule), dtstart=begin)
    return [moment.date() for moment in rule.between(begin, begin + YEARS, inc=True)]


@settings(max_examples=100, deadline=None)
@given(_fields(), st.integers(0, 800))
def test_rrules_select_the_days_ox_computes(fields: dict[str, Any], shift: int) -> None:
    start = datetime(2027, 4, 5, 9) + timedelta(days=shift)
    rrule = to_rrule(fields)
    if rrule is None:
        assert fields["recurrence_type"] == 4
        return
    first = next(_days(fields, start.date()), None)
    if first is None:
        return
    begin = datetime(first.year, first.month, first.day, 9)  # a series begins with an occurrence
    found = _expanded(rrule, begin)
    end = begin.date() + YEARS - timedelta(days=400)
    assert [day for day in found if day < end] == [day for day in _computed(fields, first) if day < end]


@settings(max_examples=100, deadline=None)
@given(_fields())
def test_fields_come_back(fields: dict[str, Any]) -> None:
    rrule = to_rrule(fields)
    if rrule is not None and _is_holdable(fields):
        assert from_rrule(rrule, START) == fields


_ORDINALS = st.sampled_from(["", "", "", "1", "2", "-1", "5", "-2"])
_DAYS = st.lists(
    st.tuples(_ORDINALS, st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])).map("".join),
    min_size=1,
    max_size=3,
)


def _numbers(*choices: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(choices), min_size=1, max_size=2).map(lambda chosen: ",".join(map(str, chosen)))


def _rrules() -> st.SearchStrategy[str]:
    parts = st.fixed_dictionaries(
        {"FREQ": st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])},
        optional={
            "INTERVAL": st.integers(1, 3).map(str),
            "WKST": st.sampled_from(["SU", "MO", "WE"]),
            "BYDAY": st.one_of(_DAYS.map(",".join), st.sampled_from(["MO,TU,WE,TH,FR", "SA,SU"])),
            "BYMONTHDAY": _numbers(1, 13, 29, 30, 31, -1, -3),
            "BYMONTH": _numbers(2, 4, 12),
            "BYSETPOS": _numbers(1, 2, -1),
            "COUNT": st.integers(1, 20).map(str),
        },
    )
    return parts.map(lambda chosen: ";".join(f"{name}={value}" for name, value in chosen.items()))


def first_day(rrule: str, start: date) -> date | None:
    """The first occurrence within six years; dateutil would look for one until the year 9999."""
    days = Recurrence(start, parse_rule(rrule)).occurrences(last=datetime(2036, 1, 1, tzinfo=UTC))
    return next((day for day in days if not isinstance(day, datetime)), None)


@settings(max_examples=200, deadline=None)
@given(_rrules(), st.integers(0, 400))
def test_fields_mean_exactly_the_rule(rrule: str, shift: int) -> None:
    first = first_day(rrule, date(2027, 4, 5) + timedelta(days=shift))
    fields = None if first is None else from_rrule(rrule, first)
    if first is not None and fields is not None:
        written, begin = to_rrule(fields), datetime(first.year, first.month, first.day)
        assert written is not None
        assert _expanded(written, begin) == _expanded(rrule, begin)

"""Rules and occurrences as values: against dateutil, around daylight saving, and within limits."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from middleware.chronos.dates import When, from_ms, parse_recurrence_id, parse_value
from middleware.chronos.recurrence import FOREVER_MS, Recurrence
from middleware.chronos.rules import parse_rule
from middleware.errors import OXError

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 1, 4, 9, 30)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def series(rule: str, start: datetime = START, zone: str = "Europe/Berlin", **more: Any) -> dict[str, Any]:
    """A series of one-hour events."""
    texts = [when.strftime("%Y%m%dT%H%M%S") for when in (start, start + timedelta(hours=1))]
    dates = [{"value": text, "tzid": zone} for text in texts]
    return {"startDate": dates[0], "endDate": dates[1], "rrule": rule, **more}


def ms(local: datetime, zone: ZoneInfo = BERLIN) -> int:
    """The instant of a wall-clock time."""
    return int(local.replace(tzinfo=zone).timestamp() * 1000)


def starts(event: dict[str, Any], begin: datetime, end: datetime, excluded: tuple[str, ...] = ()) -> list[datetime]:
    """The wall-clock times at which occurrences start that overlap a range of wall-clock times."""
    recurrence = Recurrence.of(event, excluded)
    return [one.start.local for one in recurrence.occurrences(ms(begin), ms(end), BERLIN)]


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules that a calendar program may write."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 5))}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(_DAYS))}")
    days = draw(st.lists(st.sampled_from(_DAYS), max_size=3, unique=True))
    if days and freq in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        days = [f"{draw(st.sampled_from([1, 2, -1]))}{day}" for day in days]
    if days:
        parts.append(f"BYDAY={','.join(days)}")
    if freq in ("MONTHLY", "YEARLY") and not days and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from(['1', '15', '31', '-1', '29,30']))}")
    if draw(st.booleans()):
        parts.append(f"BYMONTH={draw(st.integers(1, 12))}")
    if days and freq in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYSETPOS={draw(st.sampled_from([1, -1]))}")
    limit = draw(st.sampled_from(["", "COUNT", "UNTIL"]))
    if limit == "COUNT":
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    if limit == "UNTIL":
        parts.append(f"UNTIL={draw(st.datetimes(datetime(2027, 1, 1), datetime(2035, 1, 1))):%Y%m%dT%H%M%SZ}")
    return ";".join(parts)


@given(rules(), st.integers(0, 4000), st.integers(1, 400))
@settings(max_examples=150, deadline=None)
def test_the_same_occurrences_as_dateutil(rule: str, days: int, length: int) -> None:
    begin = datetime(2027, 1, 1) + timedelta(days=days)
    end = begin + timedelta(days=length)
    zoned = START.replace(tzinfo=BERLIN)
    expected = [
        one.replace(tzinfo=None)
        for one in rrulestr(rule, dtstart=zoned).between(
            begin.replace(tzinfo=BERLIN) - timedelta(hours=1), end.replace(tzinfo=BERLIN), inc=True
        )
        if one < end.replace(tzinfo=BERLIN) and one + timedelta(hours=1) > begin.replace(tzinfo=BERLIN)
    ]
    assert starts(series(rule), begin, end) == expected


@given(rules(), st.sets(st.integers(0, 15), max_size=6))
@settings(max_examples=80, deadline=None)
def test_exceptions_in_any_spelling_take_exactly_their_occurrence_out(rule: str, places: set[int]) -> None:
    begin, end = datetime(2027, 1, 1), datetime(2031, 1, 1)
    every = starts(series(rule), begin, end)[:16]
    assume(every)
    gone = [every[place] for place in places if place < len(every)]
    spellings = [_spelling(local, number) for number, local in enumerate(gone)]
    left = starts(series(rule), begin, end, tuple(spellings))
    assert left[: len(every) - len(gone)] == [one for one in every if one not in gone]


def _spelling(local: datetime, number: int) -> str:
    utc = local.replace(tzinfo=BERLIN).astimezone(UTC)
    tokyo = utc.astimezone(ZoneInfo("Asia/Tokyo"))
    forms = (f"{utc:%Y%m%dT%H%M%SZ}", f"Europe/Berlin:{local:%Y%m%dT%H%M%S}", f"Asia/Tokyo:{tokyo:%Y%m%dT%H%M%S}")
    return forms[number % 3]


def test_the_wall_clock_counts_over_daylight_saving() -> None:
    event = series("FREQ=DAILY", datetime(2027, 3, 27, 9))
    found = list(Recurrence.of(event).occurrences(ms(datetime(2027, 3, 27)), ms(datetime(2027, 3, 29, 12)), BERLIN))
    assert [one.start.epoch_ms(BERLIN) % 86_400_000 // 3_600_000 for one in found] == [8, 7, 7]
    assert [one.end.local.hour for one in found] == [10, 10, 10]


def test_end_in_another_zone_keeps_the_length() -> None:
    event = series("FREQ=WEEKLY;COUNT=3", datetime(2027, 3, 8, 9))
    event["endDate"] = {"value": "20270308T040000", "tzid": "America/New_York"}  # an hour later
    found = Recurrence.of(event).occurrences(ms(datetime(2027, 3, 1)), ms(datetime(2027, 4, 1)), BERLIN)
    assert {one.end.epoch_ms(BERLIN) - one.start.epoch_ms(BERLIN) for one in found} == {3_600_000}


def test_all_day_series_last_whole_days() -> None:
    event = {
        "startDate": {"value": "20270327"},
        "endDate": {"value": "20270329"},
        "rrule": "FREQ=WEEKLY;UNTIL=20270410",
    }
    recurrence = Recurrence.of(event)
    assert recurrence.rule is not None
    assert recurrence.rule.text == "FREQ=WEEKLY;UNTIL=20270410"
    found = list(recurrence.occurrences(ms(datetime(2027, 3, 1)), ms(datetime(2027, 5, 1)), BERLIN))
    assert [(one.start.value(), one.end.value()) for one in found] == [
        ("20270327", "20270329"),
        ("20270403", "20270405"),
        ("20270410", "20270412"),
    ]


@pytest.mark.parametrize(
    ("rule", "first", "last"),
    [
        ("FREQ=DAILY", ms(START), FOREVER_MS),
        ("FREQ=DAILY;COUNT=3", ms(START), ms(datetime(2027, 1, 6, 10, 30))),
        ("FREQ=WEEKLY;BYDAY=TU;COUNT=1", ms(datetime(2027, 1, 5, 9, 30)), ms(datetime(2027, 1, 5, 10, 30))),
    ],
)
def test_extent(rule: str, first: int, last: int) -> None:
    assert Recurrence.of(series(rule)).extent(BERLIN) == (first, last)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=999999999",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;INTERVAL=168;BYDAY=TU",
        "FREQ=MINUTELY;INTERVAL=999999999",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=DAILY;UNTIL=99991231T235959Z",
        "FREQ=DAILY;COUNT=900000000",
    ],
)
def test_no_rule_takes_long(rule: str) -> None:
    used = time.process_time()
    recurrence = Recurrence.of(series(rule))
    recurrence.extent(BERLIN)
    next(recurrence.occurrences(ms(datetime(1900, 1, 1)), ms(datetime(9000, 1, 1)), BERLIN), None)
    next(recurrence.occurrences(ms(datetime(8000, 1, 1)), ms(datetime(9000, 1, 1)), BERLIN), None)
    # Without limits these would take minutes or for ever; the bound leaves room for slow machines.
    assert time.process_time() - used < 20


@pytest.mark.parametrize("text", ["00010101T000000", "99991231T235959"])
def test_the_ends_of_time(text: str) -> None:
    value = parse_value(text, "Europe/Berlin")
    assert value is not None
    event = {"startDate": value.to_json(), "endDate": value.to_json(), "rrule": "FREQ=DAILY"}
    recurrence = Recurrence.of(event)
    extent = recurrence.extent(BERLIN)
    assert extent is None or extent[0] <= extent[1]
    assert from_ms(-(10**18)).year == 1
    assert from_ms(10**18).year == 9999


_WORDS = "FREQ= DAILY SECONDLY ; = COUNT BYDAY MO 1 - , UNTIL 2027 T Z ü \u0663"
_FRAGMENTS = st.sampled_from(_WORDS.split(" "))


@given(st.lists(_FRAGMENTS, max_size=12).map("".join) | st.text(max_size=40))
def test_any_text_is_a_rule_or_an_error(text: str) -> None:
    with suppress(OXError):
        next(parse_rule(text, When(START, "Europe/Berlin")).starts(START, START, datetime(2030, 1, 1)), None)


@given(st.text(max_size=30) | st.from_regex(r"([A-Z][a-z]+/[A-Z][a-z]+:)?[0-9]{8}(T[0-9]{6}Z?)?", fullmatch=True))
def test_any_text_is_a_recurrence_id_or_none(text: str) -> None:
    value = parse_recurrence_id(text)
    if value is not None:
        assert parse_recurrence_id(value.recurrence_id()) == value

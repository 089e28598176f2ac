"""Recurrences that name more than anybody can look at end soon: told, or refused."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mappings.calendar import instances, rules
from mappings.calendar.instances import expand, overlaps
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import BUDGET, Expansion, parse_rule
from mappings.calendar.times import event_times
from mappings.calendar.user import CalendarUser
from mappings.contentline import parse_tree
from mappings.errors import InvalidData, TooCostly

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
SIXTY = ",".join(map(str, range(60)))
EVERY_SECOND = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={SIXTY};BYSECOND={SIXTY}"
NEVER = "BYMONTH=2;BYMONTHDAY=30"
RULES = [
    *("FREQ=SECONDLY", "FREQ=SECONDLY;COUNT=1000000000", "FREQ=SECONDLY;UNTIL=99991231T000000Z"),
    *(f"FREQ={freq};{NEVER}{count}" for freq in ("YEARLY", "DAILY", "SECONDLY") for count in ("", ";COUNT=3")),
    *("FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6;COUNT=5", "FREQ=YEARLY;BYYEARDAY=366;BYDAY=MO;BYMONTH=1"),
    *("FREQ=DAILY;INTERVAL=999999999", "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=3;BYMINUTE=1;BYSECOND=1;COUNT=100000"),
    *(f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;{EVERY_SECOND};BYSETPOS=366", f"FREQ=MONTHLY;{EVERY_SECOND}"),
    *(f"FREQ=HOURLY;BYMINUTE={SIXTY};BYSECOND={SIXTY};BYSETPOS=1,-1", "FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 9999)),
]


def series(*lines: str) -> str:
    start = ("UID:1", "DTSTART;TZID=Europe/Berlin:20200101T090000", "DURATION:PT1H")
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *start, *lines, "END:VEVENT", "END:VCALENDAR"]
    )


def dates(count: int) -> str:
    first = datetime(2020, 1, 1)
    return ",".join(f"{first + timedelta(hours=number):%Y%m%dT%H%M%S}" for number in range(count))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many times a day and candidates were made, each time."""
    counts: list[int] = []

    def counting(*parts: list[object]) -> list[tuple[object, ...]]:
        found = list(itertools.product(*parts))
        counts.append(len(found))
        return found

    monkeypatch.setattr(rules, "product", counting)
    return counts


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    "work",
    [
        lambda text: plan([], read(text.encode()), ALICE),
        lambda text: overlaps(parse_tree(text), START, END, UTC, "VEVENT"),
        lambda text: overlaps(parse_tree(text), START, None, UTC, "VEVENT"),
        lambda text: expand(parse_tree(text), START, END, UTC),
        lambda text: event_times(parse_tree(text), START, END, UTC),
    ],
    ids=["put", "month", "open", "expand", "times"],
)
def test_no_more_is_made_than_is_paid_for(rule: str, work: Callable[[str], object], made: list[int]) -> None:
    with contextlib.suppress(InvalidData):
        work(series(f"RRULE:{rule}"))
    assert sum(made) <= 3 * BUDGET


def alarms(*triggers: str) -> str:
    """A series with these alarms, of which some have more lines."""
    lines = [line for each in triggers for line in ("BEGIN:VALARM", *each.split("\n"), "END:VALARM")]
    return series("RRULE:FREQ=DAILY", *lines)


REPEATED = "TRIGGER:-PT10H\nREPEAT:1000\nDURATION:PT1M"


@pytest.mark.parametrize(
    ("triggers", "goes_off"),
    [
        (["TRIGGER:-P99999D"] * 50, False),
        (["TRIGGER:P999999999D\nREPEAT:999999\nDURATION:P999999999D"], False),
        (["TRIGGER:-P36500DT9H"], True),  # 2026-12-31 at 23:00
        ([REPEATED] * 50, True),
    ],
    ids=["far before", "outside of the calendar", "a hundred years before", "repeated"],
)
def test_distant_alarms_are_looked_for_where_they_belong(
    triggers: list[str], goes_off: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0
    original = Recurrence.occurrences

    def occurrences(self: Recurrence, *args: object) -> Iterator[object]:
        nonlocal looked_at
        for occurrence in original(self, *args):  # type: ignore[arg-type]
            looked_at += 1
            yield occurrence

    monkeypatch.setattr(Recurrence, "occurrences", occurrences)
    hour = timedelta(hours=1)
    assert overlaps(parse_tree(alarms(*triggers)), START - 2 * hour, START, UTC, "VALARM") is goes_off
    assert looked_at < 10


def test_masses_of_alarms_are_not_followed() -> None:
    text = alarms("TRIGGER:-PT1H", "TRIGGER:-P99999D")
    with pytest.raises(TooCostly):
        overlaps(parse_tree(text), START, START + timedelta(seconds=1), UTC, "VALARM")


def test_too_many_instances_are_refused_before_any_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(instances, "as_expanded")
    for rule in ("FREQ=MINUTELY", "FREQ=HOURLY;BYMINUTE=1,2,3,4"):
        with pytest.raises(TooCostly):
            expand(parse_tree(series(f"RRULE:{rule}")), START, END, UTC)


def test_rules_that_match_rarely_take_one_step_for_each_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    original = Expansion._spend

    def spend(self: Expansion, number: int) -> None:
        nonlocal steps
        steps += number
        original(self, number)

    monkeypatch.setattr(Expansion, "_spend", spend)
    text = series("RRULE:FREQ=MINUTELY;INTERVAL=7;BYHOUR=3;BYMINUTE=1,2", "EXDATE;TZID=Europe/Berlin:" + dates(1))
    assert expand(parse_tree(text), START, END, UTC).components
    assert steps < 31 * 60
    steps = 0
    assert read_and_plan(series("RRULE:FREQ=HOURLY", "EXDATE;TZID=Europe/Berlin:" + dates(3000)))
    assert steps < 2 * 3100


def test_a_rule_that_is_longer_than_any_is_refused() -> None:
    with pytest.raises(TooCostly):
        read_and_plan(series("RRULE:FREQ=DAILY;BYDAY=" + ",".join(["MO"] * 9999)))
    every_day = ",".join(map(str, range(1, 367)))
    assert len(parse_rule(f"FREQ=YEARLY;BYYEARDAY={every_day};{EVERY_SECOND}").by_year_day) == 366


def read_and_plan(text: str) -> object:
    return plan([], read(text.encode()), ALICE)


@pytest.mark.parametrize(("name", "most"), [("RDATE", 1000), ("EXDATE", 3000)])
def test_masses_of_dates_are_refused(name: str, most: int) -> None:
    line = f"{name};TZID=Europe/Berlin:"
    assert read_and_plan(series("RRULE:FREQ=HOURLY", line + dates(most)))
    with pytest.raises(TooCostly):
        read(series("RRULE:FREQ=HOURLY", line + dates(most), line + dates(1)).encode())


def test_deleted_instances_of_a_counted_series_are_found_in_one_walk(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = 0
    original = Expansion.between

    def between(self: Expansion, first: datetime, last: datetime) -> object:
        nonlocal walks
        walks += 1
        return original(self, first, last)

    monkeypatch.setattr(Expansion, "between", between)
    days = [datetime(2020, 1, 1, 9) + timedelta(days=number) for number in range(500)]
    excluded = ",".join(f"{day:%Y%m%dT%H%M%S}" for day in days)
    assert read_and_plan(series("RRULE:FREQ=DAILY;COUNT=1000", f"EXDATE;TZID=Europe/Berlin:{excluded}"))
    assert walks < 10


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=DAILY;COUNT=90", "FREQ=WEEKLY;UNTIL=20270601T000000Z", None])
def test_moments_are_found_together_as_each_alone(rule: str | None) -> None:
    start = datetime(2027, 3, 20, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    moments = [start + timedelta(hours=12 * number) for number in range(-4, 200)]
    recurrence = Recurrence(
        start, parse_rule(rule) if rule else None, (moments[7], moments[9]), (moments[6], moments[9], moments[40])
    )
    assert len(recurrence.among(moments)) == sum(recurrence.contains(moment) for moment in moments)
    for moment in moments:
        assert bool(recurrence.among([moment])) is recurrence.contains(moment)

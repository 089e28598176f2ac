"""A series with many overrides is planned in one walk over its rule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from mappings.calendar.desired import as_events, desired
from mappings.calendar.effects import occurring, occurs
from mappings.calendar.plan import plan
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.rules import Expansion
from mappings.calendar.user import CalendarUser

ALICE = CalendarUser(3, 1, "Alice", frozenset(["alice@example.org"]), "Europe/Berlin")
FIRST = datetime(2027, 1, 1, 9)


def component(start: datetime, *lines: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        "UID:many",
        f"DTSTART;TZID=Europe/Berlin:{start:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Berlin:{start + timedelta(hours=1):%Y%m%dT%H%M%S}",
        *lines,
        "END:VEVENT",
    ]


def series(overrides: int) -> CalendarObject:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *component(FIRST, f"RRULE:FREQ=DAILY;COUNT={overrides + 5}")]
    for number in range(overrides):
        day = FIRST + timedelta(days=number)
        instance = f"RECURRENCE-ID;TZID=Europe/Berlin:{day:%Y%m%dT%H%M%S}"
        lines += component(day + timedelta(hours=2), instance, f"SUMMARY:{number}")
    return read("\r\n".join([*lines, "END:VCALENDAR", ""]).encode())


def test_an_unchanged_series_is_not_walked_for_each_override(monkeypatch: pytest.MonkeyPatch) -> None:
    held = as_events(desired(series(100), ALICE), "many")
    walks: list[Any] = []

    def counted(*args: Any) -> Expansion:
        walks.append(args)
        return Expansion(*args)

    obj = series(100)
    wanted = desired(obj, ALICE)
    monkeypatch.setattr("mappings.calendar.recurrence.Expansion", counted)
    assert desired(obj, ALICE) == wanted
    alone = len(walks)
    walks.clear()
    assert plan(held, obj, ALICE) == ()
    assert len(walks) <= alone + 1


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;BYDAY=FR,SA", "FREQ=DAILY;UNTIL=20270103T080000Z"])
@pytest.mark.parametrize("start", [{"value": "20270101T090000", "tzid": "Europe/Berlin"}, {"value": "20270101"}])
def test_found_together_is_what_is_found_one_by_one(rule: str, start: dict[str, str]) -> None:
    event = {"startDate": start, "rrule": rule, "recurrenceDates": ["20270110T080000Z"]}
    days = [f"202701{day:02}" for day in range(1, 12)]
    spellings = [*days, *(f"{day}T080000Z" for day in days), *(f"Europe/Berlin:{day}T090000" for day in days)]
    assert occurring(event, spellings) == [occurs(event, each) for each in spellings]
    assert any(occurring(event, spellings))

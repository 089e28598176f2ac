"""free-busy-query: when somebody is busy, and nothing else about it."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, DECLARATIONS, Answer, child, event


async def busy(alice: DAV, calendar: str, start: str, end: str) -> Answer:
    time_range = f'<C:time-range start="{start}" end="{end}"/>'
    return await alice.report(calendar, f"<C:free-busy-query {DECLARATIONS}>{time_range}</C:free-busy-query>")


def periods(answer: Answer) -> list[str]:
    answer.expect(200)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return [line for line in answer.text.split("\r\n") if line.startswith("FREEBUSY")]


async def test_busy_time_of_a_calendar(alice: DAV, calendar: str) -> None:
    objects = {
        "daily": event("daily", lines=["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20270302T090000"]),
        "meets": event("meets", start="20270301T100000"),
        "maybe": event("maybe", start="20270303T150000", lines=["STATUS:TENTATIVE"]),
        "free": event("free", start="20270302T120000", lines=["TRANSP:TRANSPARENT"]),
        "off": event("off", start="20270302T140000", lines=["STATUS:CANCELLED"]),
    }
    for name, text in objects.items():
        (await alice.put(child(calendar, f"{name}.ics"), text)).expect(201)
    answer = await busy(alice, calendar, "20270301T083000Z", "20270304T000000Z")
    assert periods(answer) == [
        "FREEBUSY;FBTYPE=BUSY:20270301T083000Z/20270301T100000Z",
        "FREEBUSY;FBTYPE=BUSY:20270303T080000Z/20270303T090000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270303T140000Z/20270303T150000Z",
    ]
    assert "SUMMARY" not in answer.text
    assert periods(await busy(alice, calendar, "20280101T000000Z", "20280102T000000Z")) == []


@pytest.mark.parametrize(("start", "end"), [("20270302T000000Z", "20270301T000000Z"), ("20270301", "20270302")])
async def test_odd_ranges_are_refused(alice: DAV, calendar: str, start: str, end: str) -> None:
    (await busy(alice, calendar, start, end)).expect(400)


async def test_a_range_is_required(alice: DAV, calendar: str) -> None:
    (await alice.report(calendar, f"<C:free-busy-query {DECLARATIONS}/>")).expect(400)

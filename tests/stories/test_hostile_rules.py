"""Recurrences that nobody can expand: a client gets an answer, and the other events of the calendar stay readable."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.davclient import DAV, child, event

SIXTY = ",".join(map(str, range(60)))
EVERY_SECOND = f"BYHOUR={','.join(map(str, range(24)))};BYMINUTE={SIXTY};BYSECOND={SIXTY}"
HOURS = ",".join(f"{datetime(2027, 3, 1) + timedelta(hours=n):%Y%m%dT%H%M%S}" for n in range(10_000))
HOSTILE = {
    "secondly": ["RRULE:FREQ=SECONDLY"],
    "counted": ["RRULE:FREQ=SECONDLY;COUNT=1000000000"],
    "never": ["RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"],
    "positions": [f"RRULE:FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;{EVERY_SECOND};BYSETPOS=366"],
    "far apart": ["RRULE:FREQ=DAILY;INTERVAL=999999999"],
    "many rules": [f"RRULE:FREQ=DAILY;INTERVAL={number}" for number in range(1, 101)],
}
RANGE = 'start="20270301T000000Z" end="20270401T000000Z"'
QUERY = (
    '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
    f"<C:time-range {RANGE}/></C:comp-filter></C:comp-filter>"
)
EXPANDED = f"<C:calendar-data><C:expand {RANGE}/></C:calendar-data>"


@pytest.mark.parametrize("name", HOSTILE)
async def test_other_events_stay_readable(alice: DAV, calendar: str, name: str) -> None:
    usual, hostile = child(calendar, "usual.ics"), child(calendar, "hostile.ics")
    (await alice.put(usual, event("usual"))).expect(201, 204)
    stored = (await alice.put(hostile, event("hostile", lines=HOSTILE[name]))).expect(201, 403, 409)
    for _ in range(2):  # the second time from what is kept
        for props in (("D:getetag",), ("D:getetag", EXPANDED)):
            found = (await alice.query(calendar, QUERY, *props)).responses
            assert found[usual].has("D:getetag")
            assert set(found) <= {usual, hostile}
    if stored.status == 201:
        (await alice.get(hostile)).expect(200)
        (await alice.delete(hostile)).expect(204)


@pytest.mark.parametrize("name", ["RDATE", "EXDATE"])
async def test_masses_of_dates_are_refused(alice: DAV, calendar: str, name: str) -> None:
    lines = ["RRULE:FREQ=HOURLY", f"{name};TZID=Europe/Berlin:{HOURS}"]
    answer = await alice.put(child(calendar, "masses.ics"), event("masses", lines=lines))
    assert answer.expect(403).precondition("C:max-instances")
    (await alice.get(child(calendar, "masses.ics"))).expect(404)

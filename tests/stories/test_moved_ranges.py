"""A range that moves with the clock: what is kept of whole months says what the events say now."""

from __future__ import annotations

import re

from tests.davclient import DAV, child, event


async def test_a_change_between_two_ranges_of_one_month_is_seen(alice: DAV, calendar: str) -> None:
    href = child(calendar, "moved.ics")
    (await alice.put(href, event("moved", start="20270405T090000"))).expect(201)
    found = []
    for number, start in enumerate(("20270405T090000", "20270407T120000", "20270502T120000")):
        if number:
            (await alice.put(href, event("moved", start=start))).expect(204)
        span = f'start="202704{number + 1:02}T000000Z" end="202704{number + 20}T000000Z"'
        data = f"<C:calendar-data><C:expand {span}/></C:calendar-data>"
        filtered = '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter>'
        answer = (await alice.query(calendar, filtered, data)).expect(207)
        found.append(re.findall(r"DTSTART:(\S+?)(?:&#13;)?\n", answer.body.decode()))
    assert found == [["20270405T070000Z"], ["20270407T100000Z"], []]

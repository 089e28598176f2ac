"""What calcurse-caldav sends (calcurse 4.7.1, recorded): no Depth, no DTSTAMP, durations, a DELETE for each change."""

from __future__ import annotations

from tests.davclient import DAV
from tests.stories.conftest import BOTH

GENERATIONS = BOTH
XML = {"Content-Type": "application/xml; charset=utf-8"}
LIST = (
    '<?xml version="1.0" encoding="utf-8" ?><C:calendar-query xmlns:D="DAV:"                   '
    'xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag /></D:prop><C:filter>'
    '<C:comp-filter name="VCALENDAR" /></C:filter></C:calendar-query>'
)
LOAD = (
    '<?xml version="1.0" encoding="utf-8" ?><C:calendar-multiget xmlns:D="DAV:"                      '
    'xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag /><C:calendar-data /></D:prop>'
    "<D:href>{href}</D:href></C:calendar-multiget>"
)


def an_object(kind: str, uid: str, *lines: str) -> str:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calcurse//NONSGML v4.7.1//EN", f"BEGIN:{kind}", f"UID:{uid}"]
    return "\n".join([*head, *lines, f"END:{kind}", "END:VCALENDAR"])


async def exchanged(dav: DAV, collection: str, uid: str, text: str) -> str:
    """Push an object, list, load it again; its text."""
    href = f"{collection}{uid}.ics"
    kind = {"Content-Type": "text/calendar; charset=utf-8"}
    (await dav.request("PUT", href, text, kind)).expect(201)
    etag = (await dav.request("REPORT", collection, LIST, XML)).responses[href].text("D:getetag")
    loaded = (await dav.request("REPORT", collection, LOAD.replace("{href}", href), XML)).only
    assert loaded.text("D:getetag") == etag
    (await dav.request("DELETE", href, None, {**XML, "If-Match": etag})).expect(204)
    return loaded.text("C:calendar-data")


async def test_appointments(alice: DAV, calendar: str) -> None:
    uid = "23738a2810a5a8db70316c3c0fed27ee97906c52"
    lines = ("DTSTART:20261204T100000", "DURATION:P0DT1H0M0S", "RRULE:FREQ=WEEKLY;UNTIL=20261225T100000")
    shown = await exchanged(alice, calendar, uid, an_object("VEVENT", uid, *lines, "SUMMARY:calcurse weekly"))
    assert set(lines) <= set(shown.splitlines())


async def test_todos(alice: DAV, tasklist: str) -> None:
    uid = "5487857ef47c4f8bff4b64b43cbbfc12d06d5894"
    shown = await exchanged(alice, tasklist, uid, an_object("VTODO", uid, "PRIORITY:5", "SUMMARY:Buy bread"))
    assert {"PRIORITY:5", "SUMMARY:Buy bread"} <= set(shown.splitlines())

"""Time zones by reference (RFC 7809)."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, DECLARATIONS, child, event


@pytest.fixture
async def zoned(alice: DAV, calendar: str) -> str:
    """The href of an event that was sent without the VTIMEZONE of its zone."""
    href = child(calendar, "zoned.ics")
    text = event("zoned", "Zoned", start="20270701T090000").replace("Europe/Berlin", "America/New_York")
    (await alice.put(href, text)).expect(201, 204)
    return href


async def test_the_feature_is_announced(alice: DAV, calendar: str) -> None:
    answer = await alice.request("OPTIONS", calendar)
    assert "calendar-no-timezone" in answer.headers["DAV"].split(", ")
    home = calendar.rstrip("/").rpartition("/")[0] + "/"
    for href in (home, calendar):
        found = (await alice.propfind(href, "C:timezone-service-set")).only
        assert len(found.element("C:timezone-service-set")) == 0


async def test_get(alice: DAV, zoned: str) -> None:
    whole = (await alice.get(zoned)).expect(200)
    assert "BEGIN:VTIMEZONE\r\nTZID:America/New_York" in whole.text
    short = (await alice.request("GET", zoned, headers={"CalDAV-Timezones": "F"})).expect(200)
    assert "VTIMEZONE" not in short.text
    assert "DTSTART;TZID=America/New_York:20270701T090000" in short.text
    assert short.etag == whole.etag
    assert short.headers["Vary"] == "CalDAV-Timezones"
    (await alice.request("GET", zoned, headers={"CalDAV-Timezones": "no"})).expect(400)


@pytest.mark.parametrize(
    "data", ["<C:calendar-data/>", '<C:calendar-data><C:comp name="VCALENDAR"/></C:calendar-data>']
)
async def test_reports(alice: DAV, calendar: str, zoned: str, data: str) -> None:
    body = f"<C:calendar-multiget {DECLARATIONS}><D:prop>{data}</D:prop><D:href>{zoned}</D:href></C:calendar-multiget>"
    for flag, wanted in (("T", True), ("F", False)):
        answer = await alice.request("REPORT", calendar, body, {"Depth": "1", "CalDAV-Timezones": flag})
        text = answer.responses[zoned].text("C:calendar-data")
        assert ("VTIMEZONE" in text) == wanted
        assert "SUMMARY:Zoned" in text


async def test_what_was_sent_without_zones_is_kept_so(alice: DAV, zoned: str) -> None:
    short = (await alice.request("GET", zoned, headers={"CalDAV-Timezones": "F"})).text
    before = (await alice.get(zoned)).etag
    (await alice.put(zoned, short)).expect(204)
    assert (await alice.get(zoned)).etag == before


async def test_the_zone_of_a_calendar_by_name(alice: DAV, calendar: str) -> None:
    home = calendar.rstrip("/").rpartition("/")[0]
    zone = "<C:calendar-timezone-id>Asia/Tokyo</C:calendar-timezone-id>"
    (await alice.mkcalendar(f"{home}/tokyo/", "Tokyo", more=zone)).expect(201)
    found = (await alice.propfind(f"{home}/tokyo/", "C:calendar-timezone-id", "C:calendar-timezone")).only
    assert found.text("C:calendar-timezone-id") == "Asia/Tokyo"
    assert "TZID:Asia/Tokyo" in found.text("C:calendar-timezone")
    for name in ("UTC", "Europe/Paris"):
        change = f"<D:set><D:prop><C:calendar-timezone-id>{name}</C:calendar-timezone-id></D:prop></D:set>"
        assert (await alice.proppatch(f"{home}/tokyo/", change)).only.has("C:calendar-timezone-id")
        found = (await alice.propfind(f"{home}/tokyo/", "C:calendar-timezone-id", "C:calendar-timezone")).only
        assert found.text("C:calendar-timezone-id") == name
        assert f"TZID:{name}" in found.text("C:calendar-timezone")
    change = "<D:set><D:prop><C:calendar-timezone-id>Moon/Base</C:calendar-timezone-id></D:prop></D:set>"
    answer = await alice.proppatch(f"{home}/tokyo/", change)
    assert 403 in answer.only.by_status
    assert b"valid-timezone" in answer.body
    remove = "<D:remove><D:prop><C:calendar-timezone-id/></D:prop></D:remove>"
    (await alice.proppatch(f"{home}/tokyo/", remove)).expect(207)
    found = (await alice.propfind(f"{home}/tokyo/", "C:calendar-timezone-id")).only
    assert found.text("C:calendar-timezone-id") == "Europe/Berlin"


async def test_a_query_names_one_zone(alice: DAV, calendar: str) -> None:
    query = (
        f"<C:calendar-query {DECLARATIONS}><D:prop><D:getetag/></D:prop>"
        '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter>%s</C:calendar-query>'
    )
    named = "<C:timezone-id>%s</C:timezone-id>"
    (await alice.report(calendar, query % (named % "Europe/Berlin"))).expect(207)
    unknown = await alice.report(calendar, query % (named % "Moon/Base"))
    assert unknown.expect(403).precondition("C:valid-timezone")
    (await alice.report(calendar, query % (named % "UTC" + "<C:timezone/>"))).expect(400)

"""Whatever arrives, the answer is right, nothing is stored and the server lives."""

from __future__ import annotations

from contextlib import suppress

import pytest

from tests.davclient import DAV, card, child, event
from tests.oxclient import OX

BILLION = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    '<propfind xmlns="DAV:"><prop><displayname>&b;</displayname></prop></propfind>'
)


@pytest.mark.parametrize(
    "body", ["<not xml", BILLION, "<a/>", "\x00", "<propfind xmlns='DAV:'/>", "<x>" * 5000, "﻿garbage"]
)
@pytest.mark.parametrize("method", ["PROPFIND", "REPORT", "PROPPATCH"])
async def test_broken_xml_is_a_client_error(alice: DAV, calendar: str, method: str, body: str) -> None:
    answer = await alice.request(method, calendar, body.encode(), {"Depth": "0", "Content-Type": "application/xml"})
    assert 400 <= answer.status < 500, answer.body[:300]


@pytest.mark.parametrize(
    ("text", "precondition"),
    [
        ("no calendar at all", "C:valid-calendar-data"),
        ("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "C:valid-calendar-object-resource"),
        (event("two").replace("END:VCALENDAR\r\n", "") + event("other")[17:], "C:valid-calendar-object-resource"),
        (event("method").replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:REQUEST"), "C:valid-calendar-object-resource"),
        (event("nostart").replace("DTSTART;TZID=Europe/Berlin:20270301T090000\r\n", ""), "C:valid-calendar-data"),
        (event("todo").replace("VEVENT", "VTODO").replace("DTEND", "DUE"), "C:supported-calendar-component"),
    ],
)
async def test_bad_calendar_data_names_its_precondition(
    alice: DAV, alice_ox: OX, calendar: str, text: str, precondition: str
) -> None:
    before = len(await alice_ox.events())
    answer = (await alice.put(child(calendar, "bad.ics"), text)).expect(403, 409, 415)
    assert answer.precondition(precondition), answer.body
    (await alice.get(child(calendar, "bad.ics"))).expect(404)
    assert len(await alice_ox.events()) == before


async def test_bad_cards_and_wrong_media_types(alice: DAV, calendar: str, book: str) -> None:
    answer = (await alice.put(child(book, "bad.vcf"), "BEGIN:VCARD\r\nnothing")).expect(403)
    assert answer.precondition("CR:valid-address-data")
    old = card("old").replace("VERSION:3.0", "VERSION:2.0")
    answer = (await alice.put(child(book, "old.vcf"), old)).expect(403, 415)
    assert answer.precondition("CR:supported-address-data")
    answer = await alice.request("PUT", child(calendar, "a.ics"), event("a"), {"Content-Type": "text/html"})
    assert answer.expect(403, 415).precondition("C:supported-calendar-data")
    answer = await alice.request("PUT", child(book, "a.vcf"), card("a"), {"Content-Type": "text/calendar"})
    assert answer.expect(403, 415).precondition("CR:supported-address-data")


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/../etc/passwd",
        "/calendars/%2e%2e/x",
        "/calendars/3/%00/",
        "/calendars/3/31/a%2Fb.ics/c",
        "//calendars//",
        "/%ff%fe/",
        "/calendars/4/41/",
        "/nowhere/at/all",
        "/principals/users/999999/",
        "/calendars/3/999999/",
        "/calendars/3/31/" + "x" * 4000 + ".ics",
    ],
)
async def test_paths_that_lead_nowhere(alice: DAV, path: str) -> None:
    answer = await alice.propfind(path, "D:displayname")
    assert answer.status in (400, 403, 404, 414), answer.status
    answer = await alice.put(path, event("nowhere"))
    assert answer.status in (400, 403, 404, 405, 409, 414), answer.status


async def test_over_large_bodies(alice: DAV, calendar: str) -> None:
    huge = event("huge", lines=["DESCRIPTION:" + "x" * (17 * 1024 * 1024)])
    answer = (await alice.put(child(calendar, "huge.ics"), huge)).expect(403, 413)
    assert answer.status == 413 or answer.precondition("C:max-resource-size")
    monster = b"x" * (25 * 1024 * 1024)
    with suppress(OSError):  # the connection may be closed before all of it was sent
        (await alice.put(child(calendar, "monster.ics"), monster)).expect(413)
    (await alice.propfind(calendar, "D:displayname")).expect(207)


async def test_unknown_methods_and_methods_out_of_place(alice: DAV, calendar: str) -> None:
    assert "Allow" in (await alice.request("POST", "/")).expect(405, 501).headers
    assert "Allow" in (await alice.request("PATCH", calendar)).expect(405, 501).headers
    (await alice.request("LOCK", calendar)).expect(405, 501)
    (await alice.put(calendar, event("on-collection"))).expect(405, 409, 403)
    (await alice.mkcalendar("/somewhere/", "X")).expect(403, 409, 405)
    (await alice.delete("/")).expect(403, 405)


async def test_hostile_recurrences_end_soon(alice: DAV, calendar: str) -> None:
    lines = ["RRULE:FREQ=SECONDLY", "RDATE;TZID=Europe/Berlin:20280101T000000"]
    answer = await alice.put(child(calendar, "hostile.ics"), event("hostile", lines=lines))
    assert answer.status in (201, 403, 409)
    filters = (
        '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        '<C:time-range start="20991231T000000Z" end="21000101T000000Z"/></C:comp-filter></C:comp-filter>'
    )
    answer = await alice.query(calendar, filters)
    assert answer.status in (207, 403, 507)

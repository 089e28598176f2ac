"""What iOS and macOS send, as published in reports of other servers: account setup, lists, colours, sync, free-busy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from tests.clients.recorded import Client
from tests.davclient import Answer, clark, event, todo
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
IOS = "iOS/18.1.1 (22B91) dataaccessd/1.0"
MACOS = "macOS/14.5 (23F79) CalendarAgent/995.4.1"
HEADERS = {"Accept": "*/*", "Accept-Language": "fr-FR,fr;q=0.9", "Brief": "t", "Prefer": "return=minimal"}
CALDAV, CS = "urn:ietf:params:xml:ns:caldav", "http://calendarserver.org/ns/"
ICAL, ME, CARDDAV = "http://apple.com/ns/ical/", "http://me.com/_namespace/", "urn:ietf:params:xml:ns:carddav"
PREFIXES = {"B": CALDAV, "C": CS, "D": ICAL, "E": ME, "F": CARDDAV}

WHO_AM_I = "current-user-principal principal-URL resourcetype"
PRINCIPAL = (
    "B:calendar-home-set B:calendar-user-address-set current-user-principal displayname C:dropbox-home-URL "
    "C:email-address-set B:max-attendees-per-instance C:notification-URL principal-collection-set principal-URL "
    "resource-id B:schedule-inbox-URL B:schedule-outbox-URL supported-report-set"
)
CALENDARS = (
    "add-member C:allowed-sharing-modes D:autoprovisioned E:bulk-requests B:calendar-alarm D:calendar-color "
    "B:calendar-description B:calendar-free-busy-set D:calendar-order B:calendar-timezone current-user-privilege-set "
    "B:default-alarm-vevent-date B:default-alarm-vevent-datetime displayname C:getctag C:invite D:language-code "
    "D:location-code B:max-attendees-per-instance owner C:pre-publish-url C:publish-url C:push-transports C:pushkey "
    "quota-available-bytes quota-used-bytes D:refreshrate resource-id resourcetype B:schedule-calendar-transp "
    "B:schedule-default-calendar-URL C:source C:subscribed-strip-alarms C:subscribed-strip-attachments "
    "C:subscribed-strip-todos B:supported-calendar-component-set B:supported-calendar-component-sets "
    "supported-report-set sync-token"
)
BOOKS = (
    "add-member E:bulk-requests current-user-privilege-set displayname F:max-image-size F:max-resource-size "
    "C:me-card owner C:push-transports C:pushkey quota-available-bytes quota-used-bytes resource-id resourcetype "
    "supported-report-set sync-token"
)
SEARCH_SET = '<A:principal-search-property-set xmlns:A="DAV:"/>'
SYNC = (
    '<A:sync-collection xmlns:A="DAV:">\n  <A:sync-token>{token}</A:sync-token>\n  <A:sync-level>1</A:sync-level>\n'
    "  <A:prop>\n    <A:getcontenttype/>\n    <A:getetag/>\n  </A:prop>\n</A:sync-collection>\n"
)
MULTIGET = (
    '<B:calendar-multiget xmlns:B="urn:ietf:params:xml:ns:caldav">\n  <A:prop xmlns:A="DAV:">\n'
    '    <C:created-by xmlns:C="http://calendarserver.org/ns/"/>\n    <A:getetag/>\n    <B:schedule-tag/>\n'
    '    <C:updated-by xmlns:C="http://calendarserver.org/ns/"/>\n    <B:calendar-data/>\n  </A:prop>\n'
    '  <A:href xmlns:A="DAV:">{href}</A:href>\n</B:calendar-multiget>\n'
)
CARDS = (
    '<C:addressbook-multiget xmlns:C="urn:ietf:params:xml:ns:carddav">\n  <A:prop xmlns:A="DAV:">\n    <A:getetag/>\n'
    '    <C:address-data/>\n  </A:prop>\n  <A:href xmlns:A="DAV:">{href}</A:href>\n</C:addressbook-multiget>\n'
)
REMINDERS = f"""<B:mkcalendar xmlns:B="{CALDAV}">
  <A:set xmlns:A="DAV:">
    <A:prop>
      <D:calendar-color xmlns:D="{ICAL}" symbolic-color="purple">#CC73E1</D:calendar-color>
      <B:calendar-free-busy-set><NO/></B:calendar-free-busy-set>
      <D:calendar-order xmlns:D="{ICAL}">6</D:calendar-order>
      <B:calendar-timezone>BEGIN:VCALENDAR&#13;
VERSION:2.0&#13;
PRODID:-//Apple Inc.//iPhone OS 18.1//EN&#13;
CALSCALE:GREGORIAN&#13;
BEGIN:VTIMEZONE&#13;
TZID:America/Chicago&#13;
BEGIN:DAYLIGHT&#13;
TZOFFSETFROM:-0600&#13;
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU&#13;
DTSTART:20070311T020000&#13;
TZNAME:CDT&#13;
TZOFFSETTO:-0500&#13;
END:DAYLIGHT&#13;
BEGIN:STANDARD&#13;
TZOFFSETFROM:-0500&#13;
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU&#13;
DTSTART:20071104T020000&#13;
TZNAME:CST&#13;
TZOFFSETTO:-0600&#13;
END:STANDARD&#13;
END:VTIMEZONE&#13;
END:VCALENDAR&#13;
</B:calendar-timezone>
      <A:displayname>Shopping</A:displayname>
      <B:supported-calendar-component-set><B:comp name="VTODO"/></B:supported-calendar-component-set>
    </A:prop>
  </A:set>
</B:mkcalendar>
"""
ALARM = f"""<A:propertyupdate xmlns:A="DAV:">
  <A:set>
    <A:prop>
      <B:default-alarm-vevent-datetime xmlns:B="{CALDAV}">BEGIN:VALARM&#13;
X-WR-ALARMUID:5F1E7C4E-0E40-4F0F-9D9A-0C4F9F9C9E2D&#13;
TRIGGER:-PT15M&#13;
ACTION:DISPLAY&#13;
END:VALARM&#13;
</B:default-alarm-vevent-datetime>
    </A:prop>
  </A:set>
</A:propertyupdate>
"""
ORDER_AND_COLOR = f"""<A:propertyupdate xmlns:A="DAV:">
  <A:set>
    <A:prop>
      <D:calendar-order xmlns:D="{ICAL}">2</D:calendar-order>
    </A:prop>
  </A:set>
  <A:set>
    <A:prop>
      <D:calendar-color xmlns:D="{ICAL}" symbolic-color="custom">#0E61B9FF</D:calendar-color>
    </A:prop>
  </A:set>
</A:propertyupdate>
"""


def propfind(names: str) -> str:
    """As Apple's programs write it: every property declares its own namespace."""
    lines = []
    for name in names.split():
        prefix, _, local = name.rpartition(":")
        lines.append(f'    <{name} xmlns:{prefix}="{PREFIXES[prefix]}"/>' if prefix else f"    <A:{local}/>")
    return '<A:propfind xmlns:A="DAV:">\n  <A:prop>\n{}\n  </A:prop>\n</A:propfind>\n'.format("\n".join(lines))


class Apple(Client):
    prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'
    headers: ClassVar = {**HEADERS, "Content-Type": "text/xml"}

    async def found(self, href: str, names: str, depth: int = 0) -> Answer:
        return await self.ask("PROPFIND", href, propfind(names), depth)


@pytest.fixture(params=[IOS, MACOS], ids=["iOS", "macOS"])
async def apple(world: World, request: pytest.FixtureRequest) -> AsyncIterator[Apple]:
    async with world.dav("alice", agent=request.param) as dav:
        yield Apple(dav)


async def test_setting_up_an_account(apple: Apple) -> None:
    moved = (await apple.found("/.well-known/caldav", WHO_AM_I)).expect(301).headers["Location"]
    principal = (await apple.found(moved, WHO_AM_I)).only.href_in("D:current-user-principal")
    features = (await apple.dav.request("OPTIONS", principal, None, HEADERS)).expect(200).headers["DAV"]
    assert {"calendar-access", "calendar-auto-schedule", "extended-mkcol"} <= {
        one.strip() for one in features.split(",")
    }
    one = (await apple.found(principal, PRINCIPAL)).only
    assert set(one.by_status) == {200}, "return=minimal: what is missing is left out"
    assert one.href_in("D:principal-URL") == principal
    collections = one.href_in("D:principal-collection-set")
    (await apple.ask("REPORT", collections, SEARCH_SET)).expect(200)
    addresses = [href.text or "" for href in one.element("C:calendar-user-address-set")]
    assert {"mailto:alice@example.com", principal} <= set(addresses)
    home = (await apple.found(one.href_in("C:calendar-home-set"), CALENDARS, depth=1)).responses
    kinds = {
        response.text("D:displayname"): [
            comp.get("name") for comp in response.element("C:supported-calendar-component-set")
        ]
        for response in home.values()
        if response.has("C:supported-calendar-component-set")
    }
    assert kinds["Calendar"] == ["VEVENT"]
    assert kinds["Tasks"] == ["VTODO"], "without a list for them it makes one at every refresh"
    for box in ("C:schedule-inbox-URL", "C:schedule-outbox-URL"):
        (await apple.found(one.href_in(box), "displayname resourcetype sync-token C:getctag", depth=1)).expect(207)


async def test_setting_up_contacts(apple: Apple) -> None:
    moved = (await apple.found("/.well-known/carddav", WHO_AM_I)).expect(301).headers["Location"]
    principal = (await apple.found(moved, WHO_AM_I)).only.href_in("D:current-user-principal")
    asked = "F:addressbook-home-set F:directory-gateway displayname C:email-address-set principal-collection-set"
    home = (await apple.found(principal, asked)).only.href_in("CR:addressbook-home-set")
    books = (await apple.found(home, BOOKS, depth=1)).responses
    (book,) = [
        href for href, one in books.items() if one.has("D:displayname") and one.text("D:displayname") == "Contacts"
    ]
    href = f"{book}7F4B.vcf"
    lines = ["BEGIN:VCARD", "VERSION:3.0", "N:Apple;Ann;;;", "FN:Ann Apple", "UID:7F4B", "item1.EMAIL:a@x.example"]
    label = "item1.X-ABLabel:_$!<Work>!$_"
    text = "\r\n".join([*lines, label, "END:VCARD", ""])
    put = {**HEADERS, "Content-Type": "text/vcard", "If-None-Match": "*"}
    (await apple.dav.request("PUT", href, text, put)).expect(201)
    assert href in (await apple.found(book, "getetag", depth=1)).responses
    card = (await apple.ask("REPORT", book, CARDS, href=href)).only.text("CR:address-data")
    assert {"VERSION:3.0", label} <= set(card.splitlines())
    (await apple.dav.delete(href)).expect(204)


async def test_a_list_of_reminders(apple: Apple) -> None:
    href = "/calendars/3/0D2B6A3C-5A0E-4A2B-8A57-0B3C3F1E5D11/"
    (await apple.ask("MKCALENDAR", href, REMINDERS, None)).expect(201)
    made = (await apple.found(href, CALENDARS)).only
    assert made.text("D:displayname") == "Shopping"
    assert made.text("A:calendar-color").startswith("#CC73E1")
    assert made.text("A:calendar-order") == "6"
    assert "America/Chicago" in made.text("C:calendar-timezone")
    assert [comp.get("name") for comp in made.element("C:supported-calendar-component-set")] == ["VTODO"]
    item = f"{href}9C1E.ics"
    put = {**HEADERS, "Content-Type": "text/calendar", "If-None-Match": "*"}
    (await apple.dav.request("PUT", item, todo("9C1E", "Milk", "X-APPLE-SORT-ORDER:625"), put)).expect(201)
    got = (await apple.ask("REPORT", href, MULTIGET, None, href=item)).only
    assert "X-APPLE-SORT-ORDER:625" in got.text("C:calendar-data")
    (await apple.dav.request("DELETE", href, None, HEADERS)).expect(204)


async def test_order_colour_and_default_alarm(apple: Apple, calendar: str) -> None:
    for change in (ORDER_AND_COLOR, ALARM):
        (await apple.ask("PROPPATCH", calendar, change, None)).expect(200, 207)
    one = (await apple.found(calendar, CALENDARS)).only
    assert one.text("A:calendar-order") == "2"
    assert one.text("A:calendar-color").startswith("#0E61B9")
    alarm = one.by_status[200][f"{{{CALDAV}}}default-alarm-vevent-datetime"]
    assert "TRIGGER:-PT15M" in (alarm.text or "")


async def test_keeping_a_calendar_in_step(apple: Apple, calendar: str) -> None:
    first = await apple.ask("REPORT", calendar, SYNC, token="")
    href = f"{calendar}6E3A.ics"
    put = {**HEADERS, "Content-Type": "text/calendar", "If-None-Match": "*"}
    text = event("6E3A", "Apple", lines=["X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC"])
    (await apple.dav.request("PUT", href, text, put)).expect(201)
    second = await apple.ask("REPORT", calendar, SYNC, token=first.sync_token)
    assert set(second.responses) == {href}
    got = (await apple.ask("REPORT", calendar, MULTIGET, 1, href=href)).only
    assert "X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC" in got.text("C:calendar-data")
    etag = got.text("D:getetag")
    (await apple.dav.request("DELETE", href, None, {**HEADERS, "If-Match": etag})).expect(204)
    third = await apple.ask("REPORT", calendar, SYNC, token=second.sync_token)
    assert third.responses[href].status == 404


async def test_moving_an_event_by_move(apple: Apple, world: World, calendar: str) -> None:
    other = "/calendars/3/B0C4/"
    (await apple.dav.mkcalendar(other, "Other")).expect(201)
    (await apple.dav.put(f"{calendar}mv.ics", event("apple-mv"))).expect(201)
    to = {**HEADERS, "Destination": f"{world.url.rstrip('/')}{other}mv.ics", "Overwrite": "F"}
    (await apple.dav.request("MOVE", f"{calendar}mv.ics", None, to)).expect(201, 204)
    (await apple.dav.get(f"{calendar}mv.ics")).expect(404)
    assert "UID:apple-mv" in (await apple.dav.get(f"{other}mv.ics")).text
    (await apple.dav.delete(other)).expect(204)


async def test_free_busy_of_a_guest(apple: Apple) -> None:
    request = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "VERSION:2.0", "METHOD:REQUEST"),
            *("PRODID:-//Apple Inc.//iPhone OS 18.1//EN", "BEGIN:VFREEBUSY", "UID:3F6A", "DTSTAMP:20261122T164729Z"),
            *("ATTENDEE:mailto:bob@example.com", "DTSTART:20261201T000000Z", "DTEND:20261208T000000Z"),
            *("X-CALENDARSERVER-MASK-UID:none", "ORGANIZER:mailto:alice@example.com"),
            *("END:VFREEBUSY", "END:VCALENDAR", ""),
        ]
    )
    kind = {"Content-Type": "text/calendar", "Originator": "mailto:alice@example.com"}
    answer = await apple.dav.request(
        "POST", "/calendars/3/outbox/", request, {**HEADERS, **kind, "Recipient": "mailto:bob@example.com"}
    )
    statuses = answer.expect(200).xml.iter(clark("C:request-status"))
    assert [(status.text or "")[:3] for status in statuses] == ["2.0"]

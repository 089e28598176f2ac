"""What Thunderbird sends (140, recorded): finding calendars and books, its sync, its way to move an event."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.davclient import DAV, Answer
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.12.0"
CALENDAR_HEADERS = {
    "Accept": "text/xml",
    "Accept-Language": "en-US,en;q=0.5",
    "Accept-Charset": "utf-8,*;q=0.1",
    "Sec-Fetch-Dest": "empty",
    "Sec-Fetch-Mode": "no-cors",
    "Sec-Fetch-Site": "same-origin",
    "Pragma": "no-cache",
    "Cache-Control": "no-cache",
}
XML = {"Content-Type": "text/xml; charset=utf-8"}
PROLOG = '<?xml version="1.0" encoding="UTF-8"?>\n'
WHAT_IS_THERE = (
    "<D:propfind xmlns:D='DAV:' xmlns:A='http://apple.com/ns/ical/' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop>"
    "<D:resourcetype/><D:owner/><D:displayname/><D:current-user-principal/><D:current-user-privilege-set/>"
    "<A:calendar-color/><C:calendar-home-set/></D:prop></D:propfind>"
)
HOME = (
    "<D:propfind xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-home-set/></D:prop>"
    "</D:propfind>"
)
CALENDARS = (
    "<D:propfind xmlns:D='DAV:' xmlns:A='http://apple.com/ns/ical/'><D:prop><D:resourcetype/><D:displayname/>"
    "<D:current-user-privilege-set/><A:calendar-color/></D:prop></D:propfind>"
)
ONE_CALENDAR = (
    "<D:propfind xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav' xmlns:CS='http://calendarserver.org/ns/'>"
    "<D:prop><D:resourcetype/><D:owner/><D:current-user-principal/><D:current-user-privilege-set/>"
    "<D:supported-report-set/><C:supported-calendar-component-set/><CS:getctag/></D:prop></D:propfind>"
)
SCHEDULING = (
    "<D:propfind xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-home-set/>"
    "<C:calendar-user-address-set/><C:schedule-inbox-URL/><C:schedule-outbox-URL/></D:prop></D:propfind>"
)
SYNC = (
    '<sync-collection xmlns="DAV:"><sync-token>{token}</sync-token><sync-level>1</sync-level><prop><getcontenttype/>'
    "<getetag/></prop></sync-collection>"
)
MULTIGET = (
    '<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><D:getetag/>'
    "<C:calendar-data/></D:prop><D:href>{href}</D:href></C:calendar-multiget>"
)
BOOKS = """<?xml version="1.0" encoding="utf-8"?>
      <propfind xmlns="DAV:">
        <prop>
          <resourcetype/>
          <displayname/>
          <current-user-privilege-set/>
        </prop>
      </propfind>"""
CARDS = 'xmlns:card="urn:ietf:params:xml:ns:carddav" xmlns:cs="http://calendarserver.org/ns/" xmlns:d="DAV:">\n      '
BOOK_SYNC = (
    f'<sync-collection xmlns="DAV:" {CARDS}<sync-token>{{token}}</sync-token>\n      <sync-level>1</sync-level>\n'
    "      <prop>\n        <getetag/>\n        <card:address-data/>\n      </prop>\n    </sync-collection>"
)
BOOK_TOKEN = (
    f'<propfind xmlns="DAV:" {CARDS}<prop>\n         <displayname/>\n         <cs:getctag/>\n         <sync-token/>\n'
    "      </prop>\n    </propfind>"
)
BOOK_MULTIGET = (
    f"<card:addressbook-multiget {CARDS}<d:prop>\n        <d:getetag/>\n        <card:address-data/>\n"
    "      </d:prop>\n      <d:href>{href}</d:href>\n    </card:addressbook-multiget>"
)


class Thunderbird:
    def __init__(self, dav: DAV) -> None:
        self.dav = dav

    async def propfind(self, href: str, body: str, depth: int = 0) -> Answer:
        headers = {**CALENDAR_HEADERS, **XML, "Depth": str(depth)}
        return await self.dav.request("PROPFIND", href, PROLOG + body, headers)

    async def report(self, href: str, body: str) -> Answer:
        return await self.dav.request("REPORT", href, PROLOG + body, {**CALENDAR_HEADERS, **XML, "Depth": "1"})

    async def save(self, href: str, text: str, **conditions: str) -> Answer:
        kind = {"Content-Type": "text/calendar; charset=utf-8"}
        return await self.dav.request("PUT", href, text, {**CALENDAR_HEADERS, **kind, **conditions})

    async def contacts(self, method: str, href: str, body: str, depth: int) -> Answer:
        """The address book asks with headers of its own."""
        headers = {"Accept": "*/*", "Depth": str(depth), "Content-Type": "text/xml"}
        return await self.dav.request(method, href, body, headers)


@pytest.fixture
async def thunderbird(world: World) -> AsyncIterator[Thunderbird]:
    async with world.dav("alice", agent=AGENT) as dav:
        yield Thunderbird(dav)


def an_event(uid: str, *lines: str) -> str:
    """As Thunderbird writes it: the properties in its order."""
    return "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN", "VERSION:2.0"),
            *("BEGIN:VEVENT", "CREATED:20261122T100000Z", "LAST-MODIFIED:20261122T100000Z"),
            *("DTSTAMP:20261122T100000Z", f"UID:{uid}", *lines),
            *("DTSTART:20261203T090000Z", "DTEND:20261203T100000Z", "END:VEVENT", "END:VCALENDAR", ""),
        ]
    )


async def test_it_finds_calendars(thunderbird: Thunderbird, world: World) -> None:
    async with DAV(world.url, "", "", agent=AGENT) as nobody:
        found = await nobody.request("PROPFIND", "/.well-known/caldav", WHAT_IS_THERE, {**XML, "Depth": "0"})
        assert found.expect(301).headers["Location"] == "/"
    assert (await thunderbird.dav.request("PUT", "/", "", CALENDAR_HEADERS)).status == 405, "its probe for plain files"
    principal = (await thunderbird.propfind("/", WHAT_IS_THERE)).only.href_in("D:current-user-principal")
    home = (await thunderbird.propfind(principal, HOME)).only.href_in("C:calendar-home-set")
    names = {
        one.text("D:displayname"): href
        for href, one in (await thunderbird.propfind(home, CALENDARS, depth=1)).responses.items()
        if href.count("/") == 4 and one.has("D:displayname")
    }
    assert set(names) == {"Calendar", "Tasks"}
    kinds = [
        (await thunderbird.propfind(href, ONE_CALENDAR)).only.element("C:supported-calendar-component-set")[0]
        for href in names.values()
    ]
    assert {kind.get("name") for kind in kinds} == {"VEVENT", "VTODO"}
    features = (await thunderbird.dav.request("OPTIONS", home, None, CALENDAR_HEADERS)).expect(200).headers["DAV"]
    assert "calendar-auto-schedule" in features
    addresses = (await thunderbird.propfind(principal, SCHEDULING)).only.element("C:calendar-user-address-set")
    assert "mailto:alice@example.com" in [href.text for href in addresses]


async def test_it_keeps_a_calendar_in_step(thunderbird: Thunderbird, calendar: str) -> None:
    token = (await thunderbird.report(calendar, SYNC.replace("{token}", ""))).sync_token
    href = f"{calendar}tb-1.ics"
    rich = (
        "SUMMARY:TB one",
        'DESCRIPTION;ALTREP="data:text/html,%3Cb%3Ebold%3C%2Fb%3E":bold',
        "CATEGORIES:Work",
        "CATEGORIES:Fun",
        "X-MOZ-GENERATION:1",
        "X-MOZ-LASTACK:20261201T084600Z",
        "X-MOZ-SNOOZE-TIME:20261201T085500Z",
    )
    (await thunderbird.save(href, an_event("tb-1", *rich), **{"If-None-Match": "*"})).expect(201)
    answer = await thunderbird.report(calendar, SYNC.replace("{token}", token))
    assert set(answer.responses) == {href}
    assert answer.responses[href].text("D:getcontenttype").startswith("text/calendar")
    shown = (await thunderbird.report(calendar, MULTIGET.replace("{href}", href))).only.text("C:calendar-data")
    for line in (*rich[:2], *rich[4:]):
        assert line in shown.splitlines()
    assert "CATEGORIES:Work,Fun" in shown
    etag = answer.responses[href].text("D:getetag")
    (await thunderbird.save(href, shown.replace("TB one", "TB two"), **{"If-Match": etag})).expect(204)
    (await thunderbird.save(href, shown.replace("TB one", "TB old"), **{"If-Match": etag})).expect(412)
    (await thunderbird.dav.request("DELETE", href, None, CALENDAR_HEADERS)).expect(204)
    gone = (await thunderbird.report(calendar, SYNC.replace("{token}", answer.sync_token))).responses
    assert gone[href].status == 404


async def test_it_moves_an_event_to_another_calendar(thunderbird: Thunderbird, calendar: str) -> None:
    (await thunderbird.dav.mkcalendar("/calendars/3/second/", "Second")).expect(201)
    there, here = f"{calendar}tb-mv.ics", "/calendars/3/second/tb-mv.ics"
    (await thunderbird.save(there, an_event("tb-mv", "SUMMARY:Move"), **{"If-None-Match": "*"})).expect(201)
    etag = (await thunderbird.dav.get(there)).etag or ""
    (await thunderbird.save(here, an_event("tb-mv", "SUMMARY:Move"), **{"If-None-Match": "*"})).expect(201)
    (await thunderbird.dav.request("DELETE", there, None, {**CALENDAR_HEADERS, "If-Match": etag})).expect(204)
    moved = (await thunderbird.report("/calendars/3/second/", MULTIGET.replace("{href}", here))).only
    assert "UID:tb-mv\r\n" in moved.text("C:calendar-data")


CARD = [
    *("BEGIN:VCARD", "VERSION:4.0", "UID:tb-card", "FN:TB Person", "N:Person;TB;;;"),
    *("EMAIL;PREF=1;TYPE=work:tb@x.example", "TEL;TYPE=cell;VALUE=TEXT:+49 1", "BDAY;VALUE=DATE:19800203"),
    *("ANNIVERSARY;VALUE=DATE:20010101", "TZ;VALUE=TEXT:Europe/Berlin", "X-CUSTOM1;VALUE=TEXT:cust", "END:VCARD", ""),
]


async def test_cards_come_back_in_its_version(thunderbird: Thunderbird, book: str) -> None:
    home = book.rsplit("/", 2)[0] + "/"
    listed = (await thunderbird.contacts("PROPFIND", home, BOOKS, 1)).responses
    assert listed[book].text("D:displayname") == "Contacts"
    token = (await thunderbird.contacts("PROPFIND", book, BOOK_TOKEN, 0)).only.text("D:sync-token")
    href = f"{book}tb-card.vcf"
    (await thunderbird.dav.request("PUT", href, "\r\n".join(CARD), {"Content-Type": "text/vcard"})).expect(201)
    (await thunderbird.dav.put(f"{book}phone.vcf", FROM_A_PHONE)).expect(201)
    synced = (await thunderbird.contacts("REPORT", book, BOOK_SYNC.replace("{token}", token), 1)).responses
    got = (await thunderbird.contacts("REPORT", book, BOOK_MULTIGET.replace("{href}", href), 1)).only
    assert got.text("CR:address-data") == synced[href].text("CR:address-data")
    assert {"VERSION:4.0", "ANNIVERSARY:20010101"} <= set(got.text("CR:address-data").splitlines())
    lines = synced[f"{book}phone.vcf"].text("CR:address-data").splitlines()
    assert [line[-9:] for line in lines if line.startswith("ANNIVERSARY")] == [":20020202"]


FROM_A_PHONE = "\r\n".join(
    [
        *("BEGIN:VCARD", "VERSION:3.0", "UID:phone", "N:Phone;From;;;", "FN:From Phone"),
        *("item1.X-ABDATE;type=pref:2002-02-02", "item1.X-ABLabel:_$!<Anniversary>!$_", "END:VCARD", ""),
    ]
)


@pytest.mark.parametrize("agent", ["Thunderbird/91.0", "dataaccessd/1.0", ""])
async def test_others_get_vcard_3(world: World, book: str, agent: str) -> None:
    async with world.dav("alice", agent=agent) as dav:
        href = f"{book}any.vcf"
        (await dav.put(href, "\r\n".join(CARD).replace("tb-card", "any"))).expect(201, 204)
        assert "VERSION:3.0" in (await dav.multiget(book, [href], card=True)).only.text("CR:address-data")

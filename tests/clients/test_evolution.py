"""What Evolution sends (evolution-data-server 3.46, recorded): discovery, a calendar, a book, free-busy times."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.davclient import DAV, Answer, clark
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
XML = 'application/xml; charset="utf-8"'
EVERY_REQUEST = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Accept-Language": "en"}

FIND_CALENDARS = (
    '<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><resourcetype/><current-user-principal/>'
    "<principal-URL/><c:calendar-home-set/><c:calendar-user-address-set/></prop></propfind>"
)
HOME_OF_CALENDARS = (
    '<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><prop><c:calendar-home-set/>'
    "<c:calendar-user-address-set/></prop></propfind>"
)
CALENDARS = (
    '<propfind xmlns="DAV:" xmlns:CS="http://calendarserver.org/ns/" xmlns:C="urn:ietf:params:xml:ns:caldav" '
    'xmlns:IC="http://apple.com/ns/ical/"><prop><resourcetype/><CS:source/><C:supported-calendar-component-set/>'
    "<displayname/><getetag/><CS:getctag/><getcontenttype/><getcontentlength/><creationdate/><getlastmodified/>"
    "<C:calendar-description/><IC:calendar-color/><IC:calendar-order/></prop></propfind>"
)
NOTES = '<propfind xmlns="DAV:"><prop><resourcetype/><current-user-principal/><principal-URL/></prop></propfind>'
FIND_BOOKS = (
    '<propfind xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><prop><resourcetype/><current-user-principal/>'
    "<principal-URL/><c:addressbook-home-set/></prop></propfind>"
)
BOOKS = (
    '<propfind xmlns="DAV:" xmlns:A="urn:ietf:params:xml:ns:carddav"><prop><resourcetype/><displayname/><getetag/>'
    "<getcontenttype/><getcontentlength/><creationdate/><getlastmodified/><A:addressbook-description/></prop>"
    "</propfind>"
)
PRIVILEGES = '<propfind xmlns="DAV:"><prop><current-user-privilege-set/></prop></propfind>'
CTAG = '<propfind xmlns="DAV:" xmlns:CS="http://calendarserver.org/ns/"><prop><CS:getctag/></prop></propfind>'
ETAGS = '<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>'
EVENTS = (
    '<calendar-query xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/></D:prop><filter>'
    '<comp-filter name="VCALENDAR"><comp-filter name="VEVENT">{range}</comp-filter></comp-filter></filter>'
    "</calendar-query>"
)
OUTBOX = (
    '<propfind xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><prop><C:schedule-outbox-URL/></prop></propfind>'
)
RANGE = '<time-range start="20261018T165113Z" end="20261227T165113Z"/>'
BOB_IS = (
    '<principal-property-search xmlns="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">'
    "<apply-to-principal-collection-set/><property-search><prop><c:calendar-user-address-set/></prop>"
    "<match>mailto:bob@example.com</match></property-search><prop><displayname/></prop></principal-property-search>"
)


class Evolution:
    def __init__(self, dav: DAV) -> None:
        self.dav = dav

    async def propfind(self, href: str, body: str, depth: int = 0) -> Answer:
        return await self._send("PROPFIND", href, body, {"Content-Type": XML, "Depth": str(depth)})

    async def report(self, href: str, body: str, depth: int | None = 1) -> Answer:
        headers = {"Content-Type": XML, **({} if depth is None else {"Depth": str(depth)})}
        return await self._send("REPORT", href, body, headers)

    async def multiget_events(self, calendar: str, *hrefs: str) -> Answer:
        wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
        body = (
            '<calendar-multiget xmlns="urn:ietf:params:xml:ns:caldav" xmlns:D="DAV:"><D:prop><D:getetag/>'
            f"<calendar-data/></D:prop>{wanted}</calendar-multiget>"
        )
        return await self.report(calendar, body, depth=None)

    async def save(self, href: str, text: str, conditions: dict[str, str]) -> Answer:
        kind = "text/vcard" if href.endswith(".vcf") else "text/calendar"
        headers = {"Content-Type": f'{kind}; charset="utf-8"', "Prefer": "return=minimal", **conditions}
        return await self._send("PUT", href, text, headers)

    async def post(self, href: str, text: str) -> Answer:
        return await self._send("POST", href, text, {"Content-Type": 'text/calendar; charset="utf-8"'})

    async def _send(self, method: str, href: str, body: str, headers: dict[str, str]) -> Answer:
        return await self.dav.request(method, href, body, {**EVERY_REQUEST, **headers})


@pytest.fixture
async def evolution(world: World) -> AsyncIterator[Evolution]:
    async with world.dav("alice", agent="Evolution/3.46.4") as dav:
        yield Evolution(dav)


def zone() -> list[str]:
    return [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "X-LIC-LOCATION:Europe/Berlin",
        *("BEGIN:DAYLIGHT", "TZNAME:CEST", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "DTSTART:19810329T020000"),
        *("RRULE:FREQ=YEARLY;UNTIL=20370329T010000Z;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT"),
        *("BEGIN:STANDARD", "TZNAME:CET", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "DTSTART:19961027T030000"),
        *("RRULE:FREQ=YEARLY;UNTIL=20361026T010000Z;BYDAY=-1SU;BYMONTH=10", "END:STANDARD"),
        "END:VTIMEZONE",
    ]


def calendar_object(*components: list[str]) -> str:
    head = ["BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "PRODID:-//Ximian//NONSGML Evolution Calendar//EN", "VERSION:2.0"]
    inside = [line for component in components for line in component]
    return "\r\n".join([*head, *zone(), *inside, "END:VCALENDAR", ""])


def series(*lines: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        "UID:evo-r",
        "DTSTAMP:20261122T164722Z",
        "CREATED:20261122T164722Z",
        "LAST-MODIFIED:20261122T164722Z",
        "SEQUENCE:2",
        *lines,
        "END:VEVENT",
    ]


MASTER = (
    "DTSTART;TZID=Europe/Berlin:20261202T100000",
    "DTEND;TZID=Europe/Berlin:20261202T110000",
    "RRULE;X-EVOLUTION-ENDDATE=20270106T090000Z:FREQ=WEEKLY;COUNT=6",
    "EXDATE;TZID=Europe/Berlin:20261216T100000",
    "SUMMARY:Evo series",
)
MOVED = (
    "DTSTART;TZID=Europe/Berlin:20261209T130000",
    "DTEND;TZID=Europe/Berlin:20261209T140000",
    "RECURRENCE-ID;TZID=Europe/Berlin:20261209T100000",
    "SUMMARY:Evo moved once",
)


async def test_it_finds_calendars_and_books(evolution: Evolution) -> None:
    principal = (await evolution.propfind("/", FIND_CALENDARS)).only.href_in("D:current-user-principal")
    home = (await evolution.propfind(principal, HOME_OF_CALENDARS)).only.href_in("C:calendar-home-set")
    listed = (await evolution.propfind(home, CALENDARS, depth=1)).responses
    kinds = {
        one.text("D:displayname"): [comp.get("name") for comp in one.element("C:supported-calendar-component-set")]
        for one in listed.values()
        if one.has("C:supported-calendar-component-set")
    }
    assert kinds == {"Calendar": ["VEVENT"], "Tasks": ["VTODO"]}
    (await evolution.propfind("/.well-known/webdav/Notes/", NOTES)).expect(404)
    (await evolution.propfind("/", FIND_BOOKS)).expect(207)
    found = await evolution.dav.address_books()
    assert {"Contacts"} <= set(found)
    books = (await evolution.propfind(found["Contacts"].rsplit("/", 2)[0] + "/", BOOKS, depth=1)).responses
    assert books[found["Contacts"]].text("D:displayname") == "Contacts"


async def test_it_opens_and_polls_a_calendar(evolution: Evolution, calendar: str) -> None:
    privileges = (await evolution.propfind(calendar, PRIVILEGES)).only.element("D:current-user-privilege-set")
    assert clark("D:write") in {one[0].tag for one in privileges}
    before = (await evolution.propfind(calendar, CTAG)).only.text("CS:getctag")
    href = f"{calendar}evo-r.ics"
    saved = await evolution.save(href, calendar_object(series(*MASTER), series(*MOVED)), {"If-None-Match": "*"})
    assert saved.expect(201).body == b""
    shown = (await evolution.dav.get(href)).text
    for line in (*MASTER[:3], *MOVED):
        assert line in shown
    assert (await evolution.propfind(calendar, CTAG)).only.text("CS:getctag") != before
    for limits in (RANGE, ""):
        found = (await evolution.report(calendar, EVENTS.replace("{range}", limits))).responses
        assert found[href].text("D:getetag")
    got = (await evolution.multiget_events(calendar, href)).only
    assert got.text("C:calendar-data") == shown
    assert got.text("D:getetag") == found[href].text("D:getetag")


async def test_it_saves_over_what_it_has_not_seen_only_when_told_to(evolution: Evolution, calendar: str) -> None:
    href, text = f"{calendar}evo-c.ics", calendar_object(series(*MASTER)).replace("evo-r", "evo-c")
    (await evolution.save(href, text, {"If-None-Match": "*"})).expect(201)
    stale = (await evolution.dav.get(href)).etag or ""
    (await evolution.dav.put(href, text.replace("Evo series", "Changed elsewhere"))).expect(204)
    mine = text.replace("Evo series", "Changed here")
    (await evolution.save(href, mine, {"If-Match": stale})).expect(412)
    assert "Changed elsewhere" in (await evolution.dav.get(href)).text
    (await evolution.save(href, mine, {})).expect(204)
    assert "Changed here" in (await evolution.dav.get(href)).text
    (await evolution.dav.delete(href)).expect(204)


LIST = [
    "BEGIN:VCARD",
    "VERSION:3.0",
    "UID:evo-list",
    "FN:Evo List",
    "N:;Evo List;;;",
    "X-EVOLUTION-FILE-AS:Evo List",
    "X-EVOLUTION-LIST:TRUE",
    "X-EVOLUTION-LIST-SHOW-ADDRESSES:FALSE",
    "EMAIL;X-EVOLUTION-DEST-NAME=Other;X-EVOLUTION-DEST-EMAIL=other@x.example;X-EV",
    " OLUTION-DEST-HTML-MAIL=FALSE:Other <other@x.example>",
    "END:VCARD",
    "",
]


async def test_its_contact_lists_come_back_as_they_were(evolution: Evolution, book: str) -> None:
    href = f"{book}evo-list.vcf"
    (await evolution.save(href, "\r\n".join(LIST), {"If-None-Match": "*"})).expect(201)
    shown = (await evolution.dav.get(href)).text.replace("\r\n ", "")
    for line in ("X-EVOLUTION-LIST:TRUE", "X-EVOLUTION-DEST-EMAIL=other@x.example", ":Other <other@x.example>"):
        assert line in shown
    names = (await evolution.propfind(book, ETAGS, depth=1)).responses
    assert names[href].text("D:getetag")


async def test_it_asks_for_busy_times_in_the_name_of_its_login(evolution: Evolution, calendar: str, bob: DAV) -> None:
    busy = (await bob.calendars())["Calendar"] + "busy.ics"
    (await bob.put(busy, calendar_object(series(*MASTER)).replace("evo-r", "bob-busy"))).expect(201)
    owner = (await evolution.propfind(calendar, '<propfind xmlns="DAV:"><prop><owner/></prop></propfind>')).only
    outbox = (await evolution.propfind(owner.href_in("D:owner"), OUTBOX)).only.href_in("C:schedule-outbox-URL")
    request = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "CALSCALE:GREGORIAN", "PRODID:-//Ximian//NONSGML Evolution Calendar//EN"),
            *("VERSION:2.0", "METHOD:REQUEST", "BEGIN:VFREEBUSY", "UID:802f34cd01d2ed8416e8de499363cebfe5fc8c01"),
            *("DTSTAMP:20261122T164729Z", "DTSTART:20261201T000000Z", "DTEND:20261208T000000Z"),
            "ORGANIZER:mailto:alice",
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=CHAIR;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:",
            " mailto:bob@example.com",
            *("END:VFREEBUSY", "END:VCALENDAR", ""),
        ]
    )
    answer = (await evolution.post(outbox, request)).expect(200)
    assert "FREEBUSY;FBTYPE=BUSY:20261202T090000Z/20261202T100000Z" in answer.text
    (await evolution.report(calendar, BOB_IS, depth=0)).expect(207)
    (await bob.delete(busy)).expect(204)

"""What DAVx5 sends, as its source and published logs tell: discovery, new collections, sync in multigets of ten."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from tests.clients.recorded import Client
from tests.davclient import Answer, card, clark, event
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
AGENT = "DAVx5/4.4.5-ose (dav4jvm; okhttp/4.12.0) Android/14"
NAMES = 'xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CARD="urn:ietf:params:xml:ns:carddav"'
COLLECTIONS = (
    "<propfind {names}><prop><resourcetype /><displayname /><owner /><current-user-privilege-set />"
    "<CARD:addressbook-description /><CAL:calendar-description />"
    '<n0:calendar-color xmlns:n0="http://apple.com/ns/ical/" /><CAL:calendar-timezone /><CAL:calendar-timezone-id />'
    '<CAL:supported-calendar-component-set /><n1:source xmlns:n1="http://calendarserver.org/ns/" />'
    '<n2:Topic xmlns:n2="https://bitfire.at/webdav-push" /></prop></propfind>'
)
STATE = (
    "<propfind {names}><prop><CARD:max-resource-size /><CARD:supported-address-data /><supported-report-set />"
    '<n0:getctag xmlns:n0="http://calendarserver.org/ns/" /><sync-token /></prop></propfind>'
)
EVENTS = (
    '<CAL:calendar-query {names}><prop><getetag /></prop><CAL:filter><CAL:comp-filter name="VCALENDAR">'
    '<CAL:comp-filter name="VEVENT"><CAL:time-range start="20260822T000000Z" /></CAL:comp-filter></CAL:comp-filter>'
    "</CAL:filter></CAL:calendar-query>"
)
SYNC = (
    "<sync-collection {names}><sync-token>{token}</sync-token><sync-level>1</sync-level>"
    "<limit><nresults>5000</nresults></limit><prop><getetag /></prop></sync-collection>"
)
MULTIGET = (
    "<CAL:calendar-multiget {names}><prop><getcontenttype /><getetag /><CAL:schedule-tag /><CAL:calendar-data />"
    "</prop>{hrefs}</CAL:calendar-multiget>"
)
CARDS = (
    "<CARD:addressbook-multiget {names}><prop><getcontenttype /><getetag />"
    '<CARD:address-data content-type="text/vcard" version="4.0" /></prop>{hrefs}</CARD:addressbook-multiget>'
)
ZONE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:+//IDN bitfire.at//ical4android\r\nBEGIN:VTIMEZONE\r\n"
    "TZID:Europe/Vienna\r\nBEGIN:DAYLIGHT\r\nTZNAME:CEST\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "DTSTART:19810329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\n"
    "TZNAME:CET\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nDTSTART:19961027T030000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nEND:VCALENDAR\r\n"
).replace("\r", "&#13;")
NEW_CALENDAR = (
    "<CAL:mkcalendar {names}><set><prop><resourcetype><collection /><CAL:calendar /></resourcetype>"
    "<displayname>From Android</displayname><CAL:calendar-description>Mine</CAL:calendar-description>"
    '<n0:calendar-color xmlns:n0="http://apple.com/ns/ical/">#8BC34AFF</n0:calendar-color>'
    "<CAL:calendar-timezone-id>Europe/Vienna</CAL:calendar-timezone-id>"
    f"<CAL:calendar-timezone>{ZONE}</CAL:calendar-timezone>{{components}}</prop></set></CAL:mkcalendar>"
)
NEW_BOOK = (
    "<mkcol {names}><set><prop><resourcetype><collection /><CARD:addressbook /></resourcetype>"
    "<displayname>From Android</displayname><CARD:addressbook-description>Mine</CARD:addressbook-description>"
    "</prop></set></mkcol>"
)


class DAVx5(Client):
    prolog = "<?xml version='1.0' encoding='UTF-8' ?>"
    headers: ClassVar = {"Content-Type": "application/xml; charset=utf-8"}

    async def ask(self, method: str, href: str, body: str, depth: int | None = 0, /, **filled_in: str) -> Answer:
        return await super().ask(method, href, body, depth, names=NAMES, **filled_in)


@pytest.fixture
async def davx5(world: World) -> AsyncIterator[DAVx5]:
    async with world.dav("alice", agent=AGENT) as dav:
        yield DAVx5(dav)


async def test_it_finds_what_can_be_synced(davx5: DAVx5) -> None:
    who = "<propfind {names}><prop><resourcetype /><displayname /><current-user-principal /></prop></propfind>"
    for service in ("caldav", "carddav"):
        moved = (await davx5.ask("PROPFIND", f"/.well-known/{service}", who)).expect(301).headers["Location"]
        principal = (await davx5.ask("PROPFIND", moved, who)).only.href_in("D:current-user-principal")
    homes = (
        "<propfind {names}><prop><displayname /><CAL:calendar-proxy-read-for /><CAL:calendar-home-set />"
        "<CARD:addressbook-home-set /><group-membership /></prop></propfind>"
    )
    found = (await davx5.ask("PROPFIND", principal, homes)).only
    names = set()
    for home in ("C:calendar-home-set", "CR:addressbook-home-set"):
        for one in (await davx5.ask("PROPFIND", found.href_in(home), COLLECTIONS, 1)).responses.values():
            granted = {privilege[0].tag for privilege in one.element("D:current-user-privilege-set")}
            assert clark("D:read") in granted
            types = {kind.tag for kind in one.element("D:resourcetype")}
            if types & {clark("C:calendar"), clark("CR:addressbook")}:
                names.add(one.text("D:displayname"))
                writable = clark("D:write-content") in granted
                assert writable == (one.text("D:displayname") in {"Calendar", "Tasks", "Contacts"})
    assert {"Calendar", "Tasks", "Contacts"} <= names


@pytest.mark.parametrize("kind", ["", "VEVENT", "VTODO"])
async def test_new_calendars(davx5: DAVx5, kind: str) -> None:
    """It names the components only when the user wants less than all of VEVENT, VTODO and VJOURNAL."""
    href = "/calendars/3/1f0c8f1e-9d0b-4a53-8a5e-0f6f3f7d2c10/"
    one = f'<CAL:comp name="{kind}" />'
    wanted = f"<CAL:supported-calendar-component-set>{one}</CAL:supported-calendar-component-set>" if kind else ""
    (await davx5.ask("MKCALENDAR", href, NEW_CALENDAR, None, components=wanted)).expect(201)
    made = (await davx5.ask("PROPFIND", href, COLLECTIONS)).only
    assert made.text("D:displayname") == "From Android"
    assert made.text("A:calendar-color").startswith("#8BC34A")
    assert made.text("C:calendar-description") == "Mine"
    assert made.text("C:calendar-timezone-id") == "Europe/Vienna"
    assert [comp.get("name") for comp in made.element("C:supported-calendar-component-set")] == [kind or "VEVENT"]
    (await davx5.dav.request("DELETE", href)).expect(204)


async def test_a_new_address_book(davx5: DAVx5) -> None:
    href = "/addressbooks/3/5b1d0c7a-6b40-4c8b-a2a0-0d7d1c6e9f21/"
    (await davx5.ask("MKCOL", href, NEW_BOOK, None)).expect(201)
    assert (await davx5.ask("PROPFIND", href, COLLECTIONS)).only.text("CR:addressbook-description") == "Mine"
    (await davx5.dav.request("DELETE", href)).expect(204)


async def test_events_in_multigets_of_ten(davx5: DAVx5, calendar: str) -> None:
    assert (await davx5.ask("PROPFIND", calendar, STATE)).only.text("D:sync-token")
    for number in range(12):
        href = f"{calendar}android-{number}.ics"
        sent = {"Content-Type": "text/calendar; charset=utf-8", "If-None-Match": "*"}
        (await davx5.dav.request("PUT", href, event(f"android-{number}"), sent)).expect(201)
    listed = [href for href in (await davx5.ask("REPORT", calendar, EVENTS, 1)).responses if "android" in href]
    assert len(listed) == 12
    etags: dict[str, str] = {}
    for start in (0, 10):
        some = listed[start : start + 10]
        hrefs = "".join(f"<href>{href}</href>" for href in some)
        answer = (await davx5.ask("REPORT", calendar, MULTIGET, None, hrefs=hrefs)).responses
        assert list(answer) == some
        etags |= {href: one.text("D:getetag") for href, one in answer.items()}
        assert all("BEGIN:VEVENT" in one.text("C:calendar-data") for one in answer.values())
    for href, etag in etags.items():
        (await davx5.dav.request("DELETE", href, None, {"If-Match": etag})).expect(204)


async def test_contacts_by_sync_collection(davx5: DAVx5, book: str) -> None:
    state = (await davx5.ask("PROPFIND", book, STATE)).only
    versions = {(each.get("content-type"), each.get("version")) for each in state.element("CR:supported-address-data")}
    assert ("text/vcard", "4.0") in versions
    token = state.text("D:sync-token")
    href = f"{book}android.vcf"
    text = card("android", "Andy Roid", "TEL;TYPE=CELL:+43 1").replace("VERSION:3.0", "VERSION:4.0")
    sent = {"Content-Type": "text/vcard; charset=utf-8; version=4.0", "If-None-Match": "*"}
    (await davx5.dav.request("PUT", href, text, sent)).expect(201)
    changed = await davx5.ask("REPORT", book, SYNC, 0, token=token)
    assert set(changed.responses) == {href}
    got = (await davx5.ask("REPORT", book, CARDS, None, hrefs=f"<href>{href}</href>")).only
    assert "VERSION:4.0" in got.text("CR:address-data")
    (await davx5.dav.request("DELETE", href, None, {"If-Match": got.text("D:getetag")})).expect(204)
    gone = await davx5.ask("REPORT", book, SYNC, 0, token=changed.sync_token)
    assert gone.responses[href].status == 404

"""What KDE's DAV groupware resource sends (kdepim-runtime 22.12, KDAV 5.103, recorded)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.davclient import DAV, Answer, clark
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
AGENT = "Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 akonadi_davgroupware_resource_0/5.22.3 (22.12.3)"
ACCEPT = "text/html, text/*;q=0.9, image/jpeg;q=0.9, image/png;q=0.9, image/*;q=0.9, */*;q=0.8"
PROLOG = '<?xml version="1.0" encoding="utf-8"?>\n'
FIND = """<propfind xmlns="DAV:">
 <prop xmlns="DAV:">
  <{set} xmlns="{namespace}"/>
  <current-user-principal xmlns="DAV:"/>
  <principal-URL xmlns="DAV:"/>
 </prop>
</propfind>
"""
CALENDARS = """<propfind xmlns="DAV:">
 <prop xmlns="DAV:">
  <displayname xmlns="DAV:"/>
  <resourcetype xmlns="DAV:"/>
  <calendar-color xmlns="http://apple.com/ns/ical/"/>
  <supported-calendar-component-set xmlns="urn:ietf:params:xml:ns:caldav"/>
  <current-user-privilege-set xmlns="DAV:"/>
  <getctag xmlns="http://calendarserver.org/ns/"/>
 </prop>
</propfind>
"""
BOOKS = """<propfind xmlns="DAV:">
 <prop xmlns="DAV:">
  <displayname xmlns="DAV:"/>
  <resourcetype xmlns="DAV:"/>
  <getctag xmlns="http://calendarserver.org/ns/"/>
 </prop>
</propfind>
"""
CARDS = """<propfind xmlns="DAV:">
 <prop xmlns="DAV:">
  <displayname xmlns="DAV:"/>
  <resourcetype xmlns="DAV:"/>
  <getetag xmlns="DAV:"/>
 </prop>
</propfind>
"""
EVENTS = """<calendar-query xmlns="urn:ietf:params:xml:ns:caldav">
 <prop xmlns="DAV:">
  <getetag xmlns="DAV:"/>
  <resourcetype xmlns="DAV:"/>
 </prop>
 <filter xmlns="urn:ietf:params:xml:ns:caldav">
  <comp-filter xmlns="urn:ietf:params:xml:ns:caldav" name="VCALENDAR">
   <comp-filter xmlns="urn:ietf:params:xml:ns:caldav" name="VEVENT">
    <time-range xmlns="urn:ietf:params:xml:ns:caldav" start="20260822T000800Z"/>
   </comp-filter>
  </comp-filter>
 </filter>
</calendar-query>
"""
LOAD_EVENTS = """<calendar-multiget xmlns="urn:ietf:params:xml:ns:caldav">
 <prop xmlns="DAV:">
  <getetag xmlns="DAV:"/>
  <calendar-data xmlns="urn:ietf:params:xml:ns:caldav"/>
 </prop>
 <href xmlns="DAV:">{href}</href>
</calendar-multiget>
"""
LOAD_CARDS = """<addressbook-multiget xmlns="urn:ietf:params:xml:ns:carddav">
 <prop xmlns="DAV:">
  <getetag xmlns="DAV:"/>
  <address-data xmlns="urn:ietf:params:xml:ns:carddav">
   <allprop xmlns="DAV:"/>
  </address-data>
 </prop>
 <href xmlns="DAV:">{href}</href>
</addressbook-multiget>
"""
EVENT = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "PRODID:-//K Desktop Environment//NONSGML libkcal 4.3//EN", "VERSION:2.0"),
        *("X-KDE-ICAL-IMPLEMENTATION-VERSION:1.0", "BEGIN:VEVENT", "DTSTAMP:20261122T174423Z"),
        *("CREATED:20261122T174423Z", "UID:637d040b-e247-4c50-9649-77c00ec75043", "LAST-MODIFIED:20261122T174423Z"),
        *("DESCRIPTION:from kde", "SUMMARY:KDE event", "LOCATION:Berlin", "DTSTART:20261201T100000Z"),
        *("DTEND:20261201T110000Z", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR", "", ""),
    ]
)


class KDE:
    def __init__(self, dav: DAV) -> None:
        self.dav = dav

    async def ask(self, method: str, href: str, body: str, depth: int) -> Answer:
        headers = {"Accept": ACCEPT, "Depth": str(depth), "Content-Type": "text/xml; charset=utf-8"}
        return await self.dav.request(method, href, PROLOG + body, headers)


@pytest.fixture
async def kde(world: World) -> AsyncIterator[KDE]:
    async with world.dav("alice", agent=AGENT) as dav:
        yield KDE(dav)


async def test_it_finds_calendars_and_books(kde: KDE) -> None:
    expected = {
        "calendar-home-set": ("urn:ietf:params:xml:ns:caldav", CALENDARS, {"Calendar", "Tasks"}),
        "addressbook-home-set": ("urn:ietf:params:xml:ns:carddav", BOOKS, {"Contacts"}),
    }
    for name, (namespace, listing, names) in expected.items():
        find = FIND.replace("{set}", name).replace("{namespace}", namespace)
        root = (await kde.ask("PROPFIND", "/", find, 0)).only
        home_set = f"{{{namespace}}}{name}"
        assert home_set not in root.by_status.get(200, {}), "asked of the principal next"
        principal = (await kde.ask("PROPFIND", root.href_in("D:current-user-principal"), find, 0)).only
        home = principal.by_status[200][home_set].findtext(clark("D:href")) or ""
        listed = (await kde.ask("PROPFIND", home, listing, 1)).responses
        found = {one.text("D:displayname") for one in listed.values() if one.has("CS:getctag")}
        assert names <= found


async def test_it_stores_and_loads_events(kde: KDE, calendar: str) -> None:
    """It lists by a range without end, and loads with Depth 0."""
    href = f"{calendar}1795369463.R520.ics"
    conditions = {"Content-Type": "text/calendar", "If-None-Match": "*"}
    (await kde.dav.request("PUT", href, EVENT, conditions)).expect(201)
    etag = (await kde.dav.get(href)).etag or ""
    listed = (await kde.ask("REPORT", calendar, EVENTS, 1)).responses
    assert listed[href].text("D:getetag") == etag
    loaded = (await kde.ask("REPORT", calendar, LOAD_EVENTS.replace("{href}", href), 0)).only
    assert "SUMMARY:KDE event" in loaded.text("C:calendar-data")
    changed = EVENT.replace("KDE event", "KDE changed")
    conditions = {"Content-Type": "text/calendar", "If-Match": etag}
    (await kde.dav.request("PUT", href, changed, conditions)).expect(204)
    (await kde.dav.request("DELETE", href, None, {"If-Match": etag})).expect(412)
    (await kde.dav.request("DELETE", href, None, {"If-Match": (await kde.dav.get(href)).etag or ""})).expect(204)


async def test_it_loads_cards_by_whole_addresses(kde: KDE, world: World, book: str) -> None:
    href = f"{book}kde.vcf"
    (await kde.dav.put(href, "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:kde\r\nFN:Kay\r\nN:;Kay;;;\r\nEND:VCARD\r\n")).expect(
        201
    )
    assert href in (await kde.ask("PROPFIND", book, CARDS, 1)).responses
    whole = world.url.rstrip("/") + href
    loaded = (await kde.ask("REPORT", book, LOAD_CARDS.replace("{href}", whole), 0)).only
    assert "FN:Kay" in loaded.text("CR:address-data")

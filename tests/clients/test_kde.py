"""What KDE's DAV groupware resource sends (kdepim-runtime 22.12, KDAV 5.103, recorded)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

import pytest

from tests.clients.recorded import Client
from tests.davclient import NAMESPACES, card
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
AGENT = "Mozilla/5.0 (X11; Linux x86_64) KIO/5.103 akonadi_davgroupware_resource_0/5.22.3 (22.12.3)"


def propfind(*names: str) -> str:
    """As KDE writes it: every element declares its namespace."""
    properties = [
        f'  <{local} xmlns="{NAMESPACES[prefix]}"/>\n' for prefix, local in (name.split(":") for name in names)
    ]
    return f'<propfind xmlns="DAV:">\n <prop xmlns="DAV:">\n{"".join(properties)} </prop>\n</propfind>\n'


CALENDARS = propfind(
    *("D:displayname", "D:resourcetype", "A:calendar-color", "C:supported-calendar-component-set"),
    *("D:current-user-privilege-set", "CS:getctag"),
)
BOOKS = propfind("D:displayname", "D:resourcetype", "CS:getctag")
CARDS = propfind("D:displayname", "D:resourcetype", "D:getetag")
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


class KDE(Client):
    prolog = '<?xml version="1.0" encoding="utf-8"?>\n'
    headers: ClassVar = {
        "Accept": "text/html, text/*;q=0.9, image/jpeg;q=0.9, image/png;q=0.9, image/*;q=0.9, */*;q=0.8",
        "Content-Type": "text/xml; charset=utf-8",
    }


@pytest.fixture
async def kde(world: World) -> AsyncIterator[KDE]:
    async with world.dav("alice", agent=AGENT) as dav:
        yield KDE(dav)


async def test_it_finds_calendars_and_books(kde: KDE) -> None:
    expected = {
        "C:calendar-home-set": (CALENDARS, {"Calendar", "Tasks"}),
        "CR:addressbook-home-set": (BOOKS, {"Contacts"}),
    }
    for home_set, (listing, names) in expected.items():
        find = propfind(home_set, "D:current-user-principal", "D:principal-URL")
        root = (await kde.ask("PROPFIND", "/", find)).only
        assert not root.has(home_set), "asked of the principal next"
        home = (await kde.ask("PROPFIND", root.href_in("D:current-user-principal"), find)).only.href_in(home_set)
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
    loaded = (await kde.ask("REPORT", calendar, LOAD_EVENTS, href=href)).only
    assert "SUMMARY:KDE event" in loaded.text("C:calendar-data")
    changed = EVENT.replace("KDE event", "KDE changed")
    conditions = {"Content-Type": "text/calendar", "If-Match": etag}
    (await kde.dav.request("PUT", href, changed, conditions)).expect(204)
    (await kde.dav.request("DELETE", href, None, {"If-Match": etag})).expect(412)
    (await kde.dav.request("DELETE", href, None, {"If-Match": (await kde.dav.get(href)).etag or ""})).expect(204)


async def test_it_loads_cards_by_whole_addresses(kde: KDE, world: World, book: str) -> None:
    href = f"{book}kde.vcf"
    (await kde.dav.put(href, card("kde", "Kay"))).expect(201)
    assert href in (await kde.ask("PROPFIND", book, CARDS, 1)).responses
    whole = world.url.rstrip("/") + href
    loaded = (await kde.ask("REPORT", book, LOAD_CARDS, href=whole)).only
    assert "FN:Kay" in loaded.text("CR:address-data")

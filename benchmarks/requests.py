"""The requests that are timed, as clients send them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from benchmarks.connection import Request
from benchmarks.objects import MONTH, TEXT

_NAMESPACES = (
    'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:CR="urn:ietf:params:xml:ns:carddav" '
    'xmlns:CS="http://calendarserver.org/ns/" xmlns:A="http://apple.com/ns/ical/"'
)
_XML = ("Content-Type", "application/xml; charset=utf-8")
_DATA = "<C:calendar-data/>"


def poll(collection: str) -> Request:
    """Has anything changed?"""
    return _propfind(collection, "0", "<CS:getctag/><D:sync-token/>")


def home(path: str) -> Request:
    """Which calendars are there, and has anything changed in one of them?"""
    props = "<D:resourcetype/><D:displayname/><A:calendar-color/><CS:getctag/><D:sync-token/>"
    return _propfind(path, "1", props)


def listing(collection: str) -> Request:
    return _propfind(collection, "1", "<D:getetag/>")


def sync(collection: str, token: str = "") -> Request:
    body = (
        f"<D:sync-collection {_NAMESPACES}><D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>"
        "<D:prop><D:getetag/></D:prop></D:sync-collection>"
    )
    return Request("REPORT", collection, body.encode(), (_XML, ("Depth", "0")))


def multiget(collection: str, hrefs: Sequence[str]) -> Request:
    wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    body = f"<C:calendar-multiget {_NAMESPACES}><D:prop><D:getetag/>{_DATA}</D:prop>{wanted}</C:calendar-multiget>"
    return Request("REPORT", collection, body.encode(), (_XML, ("Depth", "1")))


def card_multiget(collection: str, hrefs: Sequence[str]) -> Request:
    wanted = "".join(f"<D:href>{href}</D:href>" for href in hrefs)
    body = (
        f"<CR:addressbook-multiget {_NAMESPACES}><D:prop><D:getetag/><CR:address-data/></D:prop>{wanted}"
        "</CR:addressbook-multiget>"
    )
    return Request("REPORT", collection, body.encode(), (_XML, ("Depth", "1")))


def month(collection: str, *, later: int = 0) -> Request:
    """``later``: by so many minutes, as for a client that asks for a month from now on."""
    return _query(collection, "", _bounds(later))


def month_data(collection: str, *, later: int = 0) -> Request:
    return _query(collection, _DATA, _bounds(later))


def month_expanded(collection: str, *, later: int = 0) -> Request:
    bounds = _bounds(later)
    return _query(collection, f"<C:calendar-data><C:expand {bounds}/></C:calendar-data>", bounds)


def since(collection: str) -> Request:
    """All ETags from a day on, without an end."""
    body = (
        f"<C:calendar-query {_NAMESPACES}><D:prop><D:getetag/></D:prop><C:filter>"
        '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f'<C:time-range start="{MONTH[0]}"/></C:comp-filter></C:comp-filter></C:filter></C:calendar-query>'
    )
    return Request("REPORT", collection, body.encode(), (_XML, ("Depth", "1")))


def search(book: str, text: str = TEXT) -> Request:
    condition = (
        '<CR:filter><CR:prop-filter name="FN"><CR:text-match collation="i;unicode-casemap" match-type="contains">'
        f"{text}</CR:text-match></CR:prop-filter></CR:filter>"
    )
    body = (
        f"<CR:addressbook-query {_NAMESPACES}><D:prop><D:getetag/><CR:address-data/></D:prop>{condition}"
        "</CR:addressbook-query>"
    )
    return Request("REPORT", book, body.encode(), (_XML, ("Depth", "1")))


def homes(path: str) -> Request:
    """Where are my calendars and address books?"""
    return _propfind(path, "0", "<C:calendar-home-set/><CR:addressbook-home-set/>")


def principal(path: str) -> Request:
    """Who am I?"""
    return _propfind(path, "0", "<D:current-user-principal/>")


def get(href: str) -> Request:
    return Request("GET", href)


def delete(href: str) -> Request:
    return Request("DELETE", href)


def put(href: str, text: str, *conditions: tuple[str, str]) -> Request:
    return Request("PUT", href, text.encode(), (("Content-Type", "text/calendar; charset=utf-8"), *conditions))


def _propfind(path: str, depth: str, props: str) -> Request:
    body = f"<D:propfind {_NAMESPACES}><D:prop>{props}</D:prop></D:propfind>"
    return Request("PROPFIND", path, body.encode(), (_XML, ("Depth", depth)))


def _bounds(later: int) -> str:
    """The attributes of a range."""
    moments = [datetime.strptime(text, "%Y%m%dT%H%M%SZ") + timedelta(minutes=later) for text in MONTH]
    start, end = (f"{moment:%Y%m%dT%H%M%SZ}" for moment in moments)
    return f'start="{start}" end="{end}"'


def _query(collection: str, data: str, bounds: str) -> Request:
    condition = (
        '<C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">'
        f"<C:time-range {bounds}/></C:comp-filter></C:comp-filter></C:filter>"
    )
    body = f"<C:calendar-query {_NAMESPACES}><D:prop><D:getetag/>{data}</D:prop>{condition}</C:calendar-query>"
    return Request("REPORT", collection, body.encode(), (_XML, ("Depth", "1")))

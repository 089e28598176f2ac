"""calendar-multiget (RFC 4791 7.9) and addressbook-multiget (RFC 6352 8.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, tzinfo
from itertools import islice

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest
from gateway.dav.headers import preferences
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus, status_response
from gateway.dav.names import caldav, carddav, dav
from gateway.dav.paths import InvalidPath, are_plain
from gateway.dav.ports import TOGETHER, AddressBook, Calendar, ObjectCollection
from gateway.dav.properties.members import Members
from gateway.dav.reports.objects import members
from gateway.dav.reports.report import Report
from gateway.dav.reports.zone import zone_of_calendar
from gateway.dav.turns import Turn
from gateway.dav.xml import Element, text_of


class CalendarMultiget(Report[Calendar]):
    name = caldav("calendar-multiget")
    kind = Calendar

    async def answer(self, context: Context, resource: Calendar, element: Element) -> Response:
        return await _answer(context, resource, element, zone_of_calendar(resource))


class AddressBookMultiget(Report[AddressBook]):
    name = carddav("addressbook-multiget")
    kind = AddressBook

    async def answer(self, context: Context, resource: AddressBook, element: Element) -> Response:
        return await _answer(context, resource, element)


async def _answer(context: Context, collection: ObjectCollection, element: Element, floating: tzinfo = UTC) -> Response:
    """One response for each href, in their order; one that names no member of this collection is 404."""
    writer = await members(collection, element, context, floating)
    wanted = await _wanted(context, collection, element)
    return await multistatus(_responses(writer, wanted), headers=preferences(context.request).applied)


async def _wanted(context: Context, collection: ObjectCollection, element: Element) -> dict[str, str]:
    """The names that are asked for, with the hrefs as the client wrote them. A member may be spelled in several ways;
    it is answered once. An href that means nothing in this collection stands for itself, behind a line feed, which no
    name has."""
    turn = Turn()
    wanted: dict[str, str] = {}
    hrefs = map(text_of, element.iterchildren(dav("href")))
    while some := list(islice(hrefs, TOGETHER)):
        for name, href in zip(_names(context, collection, some), some, strict=True):
            wanted.setdefault(name, href)
        await turn.may_end()
    if not wanted:
        raise BadRequest("a multiget names at least one href")
    return wanted


def _names(context: Context, collection: ObjectCollection, hrefs: Sequence[str]) -> Sequence[str]:
    """What each href means, mostly the rest of the collection's own path."""
    prefix = context.href(collection.path)
    names = [href[len(prefix) :] if href.startswith(prefix) else "/" for href in hrefs]
    if are_plain(names):
        return names
    return [_member(context, collection, href) or f"\n{href}" for href in hrefs]


def _member(context: Context, collection: ObjectCollection, href: str) -> str | None:
    try:
        path = context.request.base.path_of(href)
    except InvalidPath:
        return None
    inside = len(path) > 0 and path[:-1] in (collection.path, context.request.path)
    return path[-1] if inside else None


async def _responses(writer: Members, wanted: Mapping[str, str]) -> AsyncIterator[str]:
    hrefs = iter(wanted.values())
    async for responses in writer.named(list(wanted)):
        found = zip(responses, hrefs, strict=False)
        yield "".join([response or status_response(href, 404) for response, href in found])

"""calendar-multiget (RFC 4791 7.9) and addressbook-multiget (RFC 6352 8.7)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, tzinfo

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest
from gateway.dav.headers import preferences
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus, status_response
from gateway.dav.names import caldav, carddav, dav
from gateway.dav.paths import InvalidPath, is_plain
from gateway.dav.ports import AddressBook, Calendar, ObjectCollection
from gateway.dav.properties.members import Members
from gateway.dav.reports.objects import in_turns, members
from gateway.dav.reports.report import Report
from gateway.dav.reports.zone import zone_of_calendar
from gateway.dav.xml import Element, text_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """``href`` as the client wrote it; ``name`` of the member it means, None when it lies elsewhere."""

    href: str
    name: str | None


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
    wanted = _wanted(context, collection, element)
    responses = _with_bodies(writer, wanted) if writer.needs_body else _without_bodies(writer, wanted)
    return await multistatus(responses, headers=preferences(context.request).applied)


def _wanted(context: Context, collection: ObjectCollection, element: Element) -> list[Wanted]:
    hrefs = [text_of(child) for child in element.findall(dav("href"))]
    if not hrefs:
        raise BadRequest("a multiget names at least one href")
    wanted: dict[tuple[str | None, str | None], Wanted] = {}
    prefix = context.href(collection.path)
    for href in hrefs:
        rest = href[len(prefix) :] if href.startswith(prefix) else ""
        name = rest if is_plain(rest) else _member(context, collection, href)
        # A member may be spelled in several ways; it is answered once.
        wanted.setdefault((name, None if name else href), Wanted(href, name))
    return list(wanted.values())


def _member(context: Context, collection: ObjectCollection, href: str) -> str | None:
    try:
        path = context.request.base.path_of(href)
    except InvalidPath:
        return None
    inside = len(path) > 0 and path[:-1] in (collection.path, context.request.path)
    return path[-1] if inside else None


async def _without_bodies(writer: Members, wanted: Sequence[Wanted]) -> AsyncIterator[str]:
    for item in wanted:
        entry = None if item.name is None else await writer.collection.entry(item.name)
        yield status_response(item.href, 404) if entry is None else writer.response(entry)


async def _with_bodies(writer: Members, wanted: Sequence[Wanted]) -> AsyncIterator[str]:
    """``bodies`` comes in the order of the names and leaves out what is not there: walk along both."""
    bodies = in_turns(writer.collection.bodies([item.name for item in wanted if item.name is not None]))
    body = await anext(bodies, None)
    for item in wanted:
        if body is None or body.entry.name != item.name:
            yield status_response(item.href, 404)
            continue
        yield writer.response(body.entry, body)
        body = await anext(bodies, None)

"""sync-collection (RFC 6578) on calendars and address books, and on the homes that they are in."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, Forbidden
from gateway.dav.headers import INFINITY, depth, preferences
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus, status_response
from gateway.dav.names import dav
from gateway.dav.ports import Calendar, HomeChanges, ObjectCollection, Synced, SyncedHome
from gateway.dav.properties.asked import Asked, Kind, asked
from gateway.dav.properties.evaluate import resource_response
from gateway.dav.properties.members import Members
from gateway.dav.reports.objects import limit_of, members, truncated
from gateway.dav.reports.report import Report
from gateway.dav.reports.zone import zone_of_calendar
from gateway.dav.turns import Turn
from gateway.dav.values import Changes
from gateway.dav.xml import Element, text_of


class SyncCollection(Report[Synced]):
    name = dav("sync-collection")
    kind = Synced

    async def answer(self, context: Context, resource: Synced, element: Element) -> Response:
        """What changed since a token. Inside, only 404 (removed) and 507 (truncated) stand as a response's status."""
        _check_level(context, element)
        token = _token(element)
        limit = limit_of(element, dav("limit"), dav("nresults"))
        wishes = preferences(context.request)
        responses: AsyncIterator[str]
        if isinstance(resource, SyncedHome):
            wanted = asked(element, Asked(Kind.PROP))
            listed = await resource.home_changes(token, limit)
            new_token = listed.token
            responses = _of_home(listed, resource, wanted, context, minimal=wishes.minimal)
        else:
            assert isinstance(resource, ObjectCollection)
            writer = await _writer(resource, element, context)
            changes = await resource.changes(token, limit)
            new_token = changes.token
            responses = _responses(changes, writer, context.href_of(resource))
        return await multistatus(responses, token=new_token, headers=wishes.applied)


async def _writer(collection: ObjectCollection, element: Element, context: Context) -> Members:
    if isinstance(collection, Calendar):
        return await members(collection, element, context, zone_of_calendar(collection))
    return await members(collection, element, context)


async def _of_home(
    changes: HomeChanges, home: SyncedHome, wanted: Asked, context: Context, *, minimal: bool
) -> AsyncIterator[str]:
    """Changed collections, removed ones, and whether there is more."""
    for collection in changes.changed:
        yield await resource_response(collection, wanted, context, minimal=minimal)
    for segment in changes.removed:
        yield status_response(context.href((*home.path, segment)), 404)
    if changes.truncated:
        yield truncated(context.href_of(home))


def _check_level(context: Context, element: Element) -> None:
    """Only level 1: there is nothing below the members. RFC 6578 wants Depth 0, clients send 1, too;
    clients of the drafts send no level and mean 1."""
    if depth(context.request, "0") == INFINITY:
        raise BadRequest("Depth is 0 for sync-collection")
    level = element.find(dav("sync-level"))
    text = "1" if level is None else text_of(level)
    if text == "infinite":
        raise Forbidden("only sync-level 1 is supported", precondition=dav("sync-traversal-supported"))
    if text != "1":
        raise BadRequest("sync-level is 1 or infinite")


def _token(element: Element) -> str | None:
    found = element.find(dav("sync-token"))
    if found is None:
        raise BadRequest("sync-collection takes a sync-token, empty at first")
    return text_of(found) or None


async def _responses(changes: Changes, writer: Members, collection_href: str) -> AsyncIterator[str]:
    """Changed members, removed ones, and whether there is more."""
    if writer.needs_body:
        async for response in _with_bodies(changes, writer):
            yield response
    elif changes.whole:
        async for responses in writer.listing():
            yield responses
    else:
        turn = Turn()
        for responses in writer.responses(changes.changed):
            yield responses
            await turn.may_end()
    for name in changes.removed:
        yield status_response(writer.href(name), 404)
    if changes.truncated:
        yield truncated(collection_href)


async def _with_bodies(changes: Changes, writer: Members) -> AsyncIterator[str]:
    """A member that went away since the changes were asked for is reported as removed."""
    names = [entry.name for entry in (await writer.collection.entries() if changes.whole else changes.changed)]
    remaining = iter(names)
    async for responses in writer.with_bodies(names):
        for response, name in zip(responses, remaining, strict=False):
            yield response or status_response(writer.href(name), 404)

"""PROPFIND (RFC 4918 9.1)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import lru_cache, partial

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, PropfindFiniteDepth
from gateway.dav.headers import INFINITY, Preferences, depth, preferences
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.multistatus import multistatus
from gateway.dav.names import dav
from gateway.dav.ports import Container, ObjectCollection, Resource
from gateway.dav.properties.asked import Asked, Kind, asked
from gateway.dav.properties.evaluate import resource_response
from gateway.dav.properties.members import Members
from gateway.dav.values import Entry
from gateway.dav.xml import SMALL, parse


async def propfind(context: Context) -> Response:
    """Depth 0 and 1. Members of calendars and address books are listed from the index, without their bodies
    unless schedule-tag is asked for."""
    wanted = _asked(context.request.body)
    level = depth(context.request, INFINITY)
    if level == INFINITY:
        raise PropfindFiniteDepth("Depth is 0 or 1")
    wishes = preferences(context.request)
    found = await locate(context.tree, context.request.path)
    return await multistatus(_responses(found, wanted, context, wishes, members=level == "1"), headers=wishes.applied)


def _asked(body: bytes) -> Asked:
    """What a body asks for; a client sends the same one all day."""
    return _asked_once(body) if len(body) <= SMALL else _read(body)


def _read(body: bytes) -> Asked:
    root = parse(body)
    if root is None:
        return Asked(Kind.ALLPROP)
    if root.tag != dav("propfind"):
        raise BadRequest("PROPFIND takes a DAV:propfind element")
    return asked(root)


_asked_once = lru_cache(maxsize=256)(_read)


async def _responses(
    found: Resource | Member, wanted: Asked, context: Context, wishes: Preferences, *, members: bool
) -> AsyncIterator[str]:
    if isinstance(found, Member):
        writer = await Members.prepare(found.collection, wanted, context, minimal=wishes.minimal)
        if not writer.needs_body:
            yield writer.response(found.entry)
            return
        async for response in _with_bodies(writer, [found.entry]):
            yield response
        return
    if members and isinstance(found, Container) and not isinstance(found, ObjectCollection):
        form = (wanted, wishes, context.request.base)
        yield await found.overview(form, partial(_overview, found, wanted, context, wishes))
        return
    if not (members and wishes.no_root):
        yield await resource_response(found, wanted, context, minimal=wishes.minimal)
    if members and isinstance(found, ObjectCollection):
        writer = await Members.prepare(found, wanted, context, minimal=wishes.minimal)
        if writer.needs_body:
            async for responses in _with_bodies(writer, await found.entries()):
                yield responses
            return
        async for responses in writer.listing():
            yield responses


async def _overview(found: Container, wanted: Asked, context: Context, wishes: Preferences) -> str:
    """A collection of collections and what is in it."""
    shown = [*(() if wishes.no_root else (found,)), *await found.members()]
    return "".join([await resource_response(each, wanted, context, minimal=wishes.minimal) for each in shown])


async def _with_bodies(writer: Members, entries: Sequence[Entry]) -> AsyncIterator[str]:
    """For properties that are made of the text, which costs upstream calls."""
    async for responses in writer.with_bodies([entry.name for entry in entries]):
        yield "".join(filter(None, responses))

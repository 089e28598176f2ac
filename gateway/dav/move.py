"""MOVE and COPY of the members of collections (RFC 4918 9.8, 9.9)."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.dav.conditions import check
from gateway.dav.context import Context
from gateway.dav.errors import (
    BadGateway,
    BadRequest,
    Forbidden,
    NotFound,
    PreconditionFailed,
    SupportedAddressData,
    SupportedCalendarData,
)
from gateway.dav.headers import overwrite
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.paths import InvalidPath
from gateway.dav.ports import Calendar, ObjectCollection
from gateway.dav.rights import require, require_on
from gateway.dav.schedule_tag import check_schedule_tag, headers_after_write
from gateway.dav.values import Entry, Privilege


@dataclass(frozen=True, slots=True)
class _Target:
    collection: ObjectCollection
    name: str
    entry: Entry | None
    """What is there already."""


async def move(context: Context) -> Response:
    """201 when the destination is new, 204 when something was replaced."""
    source, target = await _ends(context)
    require_on(source.collection, source.entry, Privilege.UNBIND)
    created = await source.collection.move(source.entry.name, source.entry, target.collection, target.name)
    return Response(201 if created else 204, await _headers(context, target))


async def copy(context: Context) -> Response:
    """A PUT of what a GET answers: where a UID must be unique, OX refuses the copy."""
    source, target = await _ends(context)
    async for body in source.collection.bodies([source.entry.name]):
        stored = await target.collection.put(target.name, body.text.encode(), target.entry)
        return Response(201 if stored.created else 204, await _headers(context, target))
    raise NotFound("nothing is here any more")


async def _headers(context: Context, target: _Target) -> list[tuple[str, str]]:
    location = ("Location", context.href((*target.collection.path, target.name), collection=False))
    return [location, *await headers_after_write(context, target.collection, target.name)]


async def _ends(context: Context) -> tuple[Member, _Target]:
    """Source and destination, with all preconditions checked."""
    source = await locate(context.tree, context.request.path)
    if not isinstance(source, Member):
        raise Forbidden("only members of calendars and address books are moved and copied")
    check(context.request, source.entry)
    await check_schedule_tag(context, source.collection, source.entry)
    replace = overwrite(context.request)
    target = await _target(context)
    if target.entry is not None and target.entry == source.entry and target.collection.path == source.collection.path:
        raise Forbidden("source and destination are the same")
    if target.entry is not None and not replace:
        raise PreconditionFailed("the destination exists and Overwrite is F")
    if target.collection.content_type != source.collection.content_type:
        wrong = SupportedCalendarData if isinstance(target.collection, Calendar) else SupportedAddressData
        raise wrong(f"members of the destination are {target.collection.content_type}")
    if target.entry is None:
        require(target.collection, Privilege.BIND)
    else:
        require_on(target.collection, target.entry, Privilege.WRITE_CONTENT)
    return source, target


async def _target(context: Context) -> _Target:
    destination = context.request.header("destination")
    if destination is None:
        raise BadRequest("a Destination header is needed")
    try:
        path = context.request.base.path_of(destination)
    except InvalidPath:
        raise BadGateway("the destination is not on this server") from None
    if not path:
        raise Forbidden("the destination is no member of a collection")
    parent, name = await context.tree.find_parent(path)
    if not isinstance(parent, ObjectCollection):
        raise Forbidden("the destination is no member of a calendar or address book")
    return _Target(parent, name, await parent.entry(name))

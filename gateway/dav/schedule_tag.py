"""Schedule tags (RFC 6638 3.2.10, 8): conditions and headers. They are made of the text, so asking costs the body."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from gateway.dav.context import Context
from gateway.dav.errors import DAVError, PreconditionFailed
from gateway.dav.names import caldav
from gateway.dav.ports import Calendar, ObjectCollection
from gateway.dav.properties.asked import Asked
from gateway.dav.properties.model import OfBody
from gateway.dav.values import Body, Entry
from gateway.dav.xml import escape
from mappings.calendar.schedule_tag import merged, schedule_tag
from mappings.contentline import decode
from mappings.errors import InvalidData

NAME = caldav("schedule-tag")


async def own_addresses(context: Context) -> frozenset[str]:
    """The signed-in user's mail addresses in lower case."""
    return frozenset(map(str.lower, (await context.principal()).mail_addresses))


async def computed(collection: ObjectCollection, asked: Asked, context: Context) -> Mapping[str, OfBody]:
    """The property CALDAV:schedule-tag, if it is asked for and there can be one."""
    if NAME not in asked.names or not isinstance(collection, Calendar):
        return {}
    own = await own_addresses(context)
    return {NAME: OfBody(" ".join(sorted(own)), partial(_property, own))}


def _property(own: frozenset[str], body: Body) -> str | None:
    tag = schedule_tag(body.text, own)
    return None if tag is None else escape(tag)


async def headers(context: Context, collection: ObjectCollection, body: Body | None) -> list[tuple[str, str]]:
    """``Schedule-Tag`` of a member, where it has one."""
    if body is None or not isinstance(collection, Calendar):
        return []
    tag = schedule_tag(body.text, await own_addresses(context))
    return [] if tag is None else [("Schedule-Tag", tag)]


async def headers_after_write(context: Context, collection: ObjectCollection, name: str) -> list[tuple[str, str]]:
    """As ``headers``, of what was just stored: its text is at hand. A failure now must not hide the success."""
    try:
        return await headers(context, collection, await _body(collection, name))
    except DAVError:
        return []


async def check_schedule_tag(context: Context, collection: ObjectCollection, entry: Entry | None) -> bytes:
    """Evaluate If-Schedule-Tag-Match. The request's body, with the answers that others have given since the state
    with this tag that the client knows. Raises PreconditionFailed."""
    request = context.request
    wanted = request.header("if-schedule-tag-match")
    if wanted is None:
        return request.body
    body = await _body(collection, entry.name) if entry is not None and isinstance(collection, Calendar) else None
    own = await own_addresses(context)
    tag = None if body is None else schedule_tag(body.text, own)
    if body is None or tag is None or wanted.strip().strip('"') != tag.strip('"'):
        raise PreconditionFailed("If-Schedule-Tag-Match does not hold")
    try:
        text = merged(decode(request.body), body.text, own) if request.method == "PUT" else None
    except InvalidData:
        return request.body  # for the account to refuse
    return request.body if text is None else text.encode()


async def _body(collection: ObjectCollection, name: str) -> Body | None:
    if isinstance(collection, Calendar):
        async for body in collection.bodies([name]):
            return body
    return None

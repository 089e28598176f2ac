"""POST to a calendar or address book: a new member whose name the server chooses (RFC 5995)."""

from __future__ import annotations

from uuid import uuid4

from gateway.dav.context import Context
from gateway.dav.errors import MethodNotAllowed
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.objects import check_body
from gateway.dav.ports import Calendar, ObjectCollection, Privilege
from gateway.dav.rights import require


async def post(context: Context) -> Response:
    """201 with Location, and the ETag under the same condition as with PUT."""
    found = await locate(context.tree, context.request.path)
    if isinstance(found, Member) or not isinstance(found, ObjectCollection):
        raise MethodNotAllowed("POST is for calendars and address books: it adds a member")
    require(found, Privilege.BIND)
    check_body(context, found)
    stored = await found.put(
        f"{uuid4()}{'.ics' if isinstance(found, Calendar) else '.vcf'}", context.request.body, None
    )
    headers = [("Location", context.href((*found.path, stored.name), collection=False))]
    return Response(201, headers if stored.etag is None else [*headers, ("ETag", stored.etag)])

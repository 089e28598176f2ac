"""POST to a calendar or address book: a new member whose name the server chooses (RFC 5995)."""

from __future__ import annotations

from uuid import uuid4

from gateway.dav.context import Context
from gateway.dav.messages import Response
from gateway.dav.objects import check_body
from gateway.dav.ports import Calendar, ObjectCollection
from gateway.dav.rights import require
from gateway.dav.values import Privilege


async def add_member(context: Context, found: ObjectCollection) -> Response:
    """201 with Location, and the ETag under the same condition as with PUT."""
    require(found, Privilege.BIND)
    check_body(context, found)
    stored = await found.put(
        f"{uuid4()}{'.ics' if isinstance(found, Calendar) else '.vcf'}", context.request.body, None
    )
    headers = [("Location", context.href((*found.path, stored.name), collection=False))]
    return Response(201, headers if stored.etag is None else [*headers, ("ETag", stored.etag)])

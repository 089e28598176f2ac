"""GET, HEAD, PUT and DELETE (RFC 9110 9.3, RFC 4791 5.3.2, RFC 6352 6.3.2)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.dav.attachments import get_attachment
from gateway.dav.card_version import accepted_version
from gateway.dav.conditions import check, not_modified
from gateway.dav.context import Context
from gateway.dav.errors import (
    BadRequest,
    DAVError,
    Forbidden,
    MaxAddressResourceSize,
    MaxResourceSize,
    MethodNotAllowed,
    NeedPrivileges,
    NotFound,
    NoUidConflict,
    PreconditionFailed,
    SupportedAddressData,
    SupportedCalendarData,
)
from gateway.dav.headers import INFINITY, depth, schedule_reply, with_timezones
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Request, Response
from gateway.dav.ports import AddressBook, Attachment, Calendar, Deletable, ObjectCollection
from gateway.dav.properties.objects import http_date
from gateway.dav.rights import require, require_on
from gateway.dav.schedule_tag import check_schedule_tag, headers_after_write
from gateway.dav.schedule_tag import headers as tag_headers
from gateway.dav.values import Body, Entry, Privilege
from mappings.calendar.vtimezone import without_definitions
from mappings.vcard.versions import in_version

_ABOUT = "This is a collection of a CalDAV and CardDAV server; a calendar or contacts program can connect to it.\n"

_MEDIA_TYPES = {
    Calendar: frozenset({"text/calendar"}),
    AddressBook: frozenset({"text/vcard", "text/x-vcard", "text/directory"}),
}


async def get(context: Context) -> Response:
    """A member with its ETag; a collection answers a line of text for people.

    A card comes in the vCard version that Accept prefers, else in the one it was written in. Its ETag names the state
    of the resource in any version, as clients compare it with that of reports; Vary keeps caches right.
    """
    found = await locate(context.tree, context.request.path)
    if isinstance(found, Attachment):
        return await get_attachment(context, found)
    if not isinstance(found, Member):
        return Response(200, [("Content-Type", "text/plain; charset=utf-8")], _ABOUT.encode())
    if not_modified(context.request, found.entry):
        return Response(304, _validators(found.entry))
    body = await _body(found)
    content_type = _with_charset(body.entry.content_type)
    version = accepted_version(context.request.header("accept")) if _is_card(body.entry) else None
    if version is None:
        text = body.text if _is_card(body.entry) or with_timezones(context.request) else without_definitions(body.text)
    else:
        text, content_type = in_version(body.text, version), f"{content_type}; version={version}"
    headers = [
        *_validators(body.entry),
        ("Content-Type", content_type),
        *await tag_headers(context, found.collection, body),
    ]
    return Response(200, headers, text.encode())


def _validators(entry: Entry) -> list[tuple[str, str]]:
    varies = ("Vary", "Accept" if _is_card(entry) else "CalDAV-Timezones")
    return [("ETag", entry.etag), ("Last-Modified", http_date(entry.modified)), varies]


def _is_card(entry: Entry) -> bool:
    return entry.component == "VCARD"


def _with_charset(content_type: str) -> str:
    return content_type if "charset=" in content_type else f"{content_type}; charset=utf-8"


async def _body(member: Member) -> Body:
    async for body in member.collection.bodies([member.entry.name]):
        return body
    raise NotFound("nothing is here any more")


async def put(context: Context) -> Response:
    """Create or replace a member. The ETag is answered only if a GET returns the very octets that were sent."""
    return await _trusting(context, _put)


async def _trusting(context: Context, write: Callable[[Context], Awaitable[Response]]) -> Response:
    """Write on what is known; if that turns out to be out of date, nothing was written, and all is looked at anew."""
    if context.tree.trust():
        try:
            return await write(context)
        except (PreconditionFailed, NotFound, NoUidConflict, NeedPrivileges):
            context.tree.distrust()
    return await write(context)


async def _put(context: Context) -> Response:
    request = context.request
    collection, name = await _target(context)
    entry = await collection.entry(name)
    check(request, entry)
    if entry is None:
        require(collection, Privilege.BIND)
    else:
        require_on(collection, entry, Privilege.WRITE_CONTENT)
    check_body(context, collection)
    data = await check_schedule_tag(context, collection, entry)
    _tell(request, collection)
    stored = await collection.put(name, data, entry)
    headers = [] if stored.etag is None or data is not request.body else [("ETag", stored.etag)]
    headers += await headers_after_write(context, collection, stored.name)
    if stored.name != name:
        headers.append(("Location", context.href((*collection.path, stored.name), collection=False)))
    return Response(201 if stored.created else 204, headers)


def _tell(request: Request, collection: ObjectCollection) -> None:
    """Whether others are told, as the request says."""
    if isinstance(collection, Calendar):
        collection.schedule_reply = schedule_reply(request)


async def _target(context: Context) -> tuple[ObjectCollection, str]:
    """The calendar or address book a PUT goes to, and the name in it."""
    path = context.request.path
    if not path or await _exists(context):
        raise MethodNotAllowed("PUT is for the members of calendars and address books")
    parent, name = await context.tree.find_parent(path)
    if not isinstance(parent, ObjectCollection):
        raise Forbidden("objects live in calendars and address books only")
    return parent, name


async def _exists(context: Context) -> bool:
    try:
        await context.tree.find(context.request.path)
    except NotFound:
        return False
    return True


def check_body(context: Context, collection: ObjectCollection) -> None:
    """The preconditions of PUT and POST that need no look into the data. Raises DAVError."""
    request = context.request
    if "content-range" in request.headers:
        raise BadRequest("objects are sent whole, not in ranges")
    calendar = isinstance(collection, Calendar)
    declared = (request.header("content-type") or "").split(";")[0].strip().lower()
    allowed = _MEDIA_TYPES[Calendar if calendar else AddressBook]
    if declared not in allowed | {"", "application/octet-stream"}:
        wrong: type[DAVError] = SupportedCalendarData if calendar else SupportedAddressData
        raise wrong(f"members of this collection are {collection.content_type}")
    if len(request.body) > collection.max_resource_size:
        large: type[DAVError] = MaxResourceSize if calendar else MaxAddressResourceSize
        raise large(f"an object has at most {collection.max_resource_size} bytes")


async def delete(context: Context) -> Response:
    """Delete a member, or a calendar or address book with all it holds (Depth is infinity, RFC 4918 9.6.1)."""
    return await _trusting(context, _delete)


async def _delete(context: Context) -> Response:
    found = await locate(context.tree, context.request.path)
    if isinstance(found, Member):
        check(context.request, found.entry)
        await check_schedule_tag(context, found.collection, found.entry)
        require_on(found.collection, found.entry, Privilege.UNBIND)
        _tell(context.request, found.collection)
        await found.collection.remove(found.entry.name, found.entry)
        return Response(204)
    if depth(context.request, INFINITY) != INFINITY:
        raise BadRequest("a collection is deleted with all it holds: Depth is infinity")
    if not isinstance(found, Deletable):
        raise MethodNotAllowed("this cannot be deleted")
    await found.delete()
    return Response(204)

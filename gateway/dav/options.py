"""OPTIONS (RFC 9110 9.3.7, RFC 4918 10.1): what can be done here, derived from the ports of the resource."""

from __future__ import annotations

from gateway.dav.context import Context
from gateway.dav.errors import Conflict, NotFound
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.ports import (
    Attachable,
    Attachment,
    Deletable,
    Makeable,
    ObjectCollection,
    Patchable,
    Resource,
    ScheduleOutbox,
)

DAV_CLASSES = (
    "1, 3, extended-mkcol, access-control, calendar-access, calendar-auto-schedule, calendar-no-timezone, addressbook, "
    "calendarserver-principal-property-search"
)
"""The ``DAV`` header, the same everywhere: clients ask principals, homes and collections alike.

Not class 2 (no locking). ``calendar-auto-schedule`` because OX sends invitations and answers by itself: without it
clients would send them a second time."""

_FILES = "calendar-managed-attachments"
"""RFC 8607 2.1; instances of a series can have files of their own, so nothing is said of ``-no-recurrence``."""

_READING = ("OPTIONS", "GET", "HEAD", "PROPFIND", "REPORT")
_MEMBER = (*_READING, "PUT", "DELETE", "MOVE", "COPY")


def methods_of(found: Resource | Member) -> tuple[str, ...]:
    """The methods that make sense on what exists."""
    if isinstance(found, Member):
        files = isinstance(found.collection, Attachable)
        return (*_MEMBER, "POST") if files else _MEMBER
    if isinstance(found, Attachment):
        return ("OPTIONS", "GET", "HEAD")
    methods = list(_READING)
    if isinstance(found, Patchable):
        methods.append("PROPPATCH")
    if isinstance(found, ObjectCollection | ScheduleOutbox):
        methods.append("POST")
    if isinstance(found, Deletable):
        methods.append("DELETE")
    if isinstance(found, Makeable):
        methods += ["MKCALENDAR", "MKCOL"]
    return tuple(methods)


async def allow(context: Context) -> tuple[str, str]:
    """The ``Allow`` header of the request's resource; of a path without one, what could create it."""
    return ("Allow", ", ".join(await _methods(context)))


async def _methods(context: Context) -> tuple[str, ...]:
    try:
        return methods_of(await locate(context.tree, context.request.path))
    except NotFound:
        pass
    try:
        parent, _ = await context.tree.find_parent(context.request.path)
    except (NotFound, Conflict):
        return ("OPTIONS",)
    if isinstance(parent, ObjectCollection):
        return ("OPTIONS", "PUT")
    if isinstance(parent, Makeable):
        return ("OPTIONS", "MKCALENDAR", "MKCOL")
    return ("OPTIONS",)


async def options(context: Context) -> Response:
    """Answered for every path: clients ask before they know what is there."""
    classes = f"{DAV_CLASSES}, {_FILES}" if context.tree.keeps_files else DAV_CLASSES
    return Response(200, [await allow(context), ("DAV", classes)])

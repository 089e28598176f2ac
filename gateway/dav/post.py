"""POST: what it does depends on the resource."""

from __future__ import annotations

from gateway.dav.add_member import add_member
from gateway.dav.attachment_actions import attachment_action
from gateway.dav.context import Context
from gateway.dav.errors import MethodNotAllowed
from gateway.dav.locate import Member, locate
from gateway.dav.messages import Response
from gateway.dav.outbox import ask_free_busy
from gateway.dav.ports import ObjectCollection, ScheduleOutbox


async def post(context: Context) -> Response:
    """Add a member to a collection, attach a file to one, or ask through the outbox when others are busy. Raises
    MethodNotAllowed."""
    found = await locate(context.tree, context.request.path)
    if isinstance(found, ScheduleOutbox):
        return await ask_free_busy(context, found)
    if isinstance(found, Member) and "action" in context.request.query:
        return await attachment_action(context, found)
    if isinstance(found, Member) or not isinstance(found, ObjectCollection):
        raise MethodNotAllowed("POST is for calendars, address books and the outbox")
    return await add_member(context, found)

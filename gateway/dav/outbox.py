"""POST to the outbox: when are others busy (RFC 6638 5)."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

from gateway.dav import clients
from gateway.dav.context import Context
from gateway.dav.errors import (
    MaxAttendeesPerInstance,
    MaxResourceSize,
    OrganizerAllowed,
    SupportedCalendarData,
    ValidCalendarData,
    ValidSchedulingMessage,
)
from gateway.dav.messages import Response
from gateway.dav.names import caldav, dav
from gateway.dav.paths import InvalidPath
from gateway.dav.ports import ScheduleOutbox
from gateway.dav.rights import require
from gateway.dav.values import Availability, Privilege
from gateway.dav.xml import CONTENT_TYPE, document, element, escape
from mappings.calendar.busy_request import FreeBusyRequest, read_request, reply
from mappings.contentline import Property
from mappings.errors import InvalidData, InvalidSchedulingMessage

_MOST_ATTENDEES = 200


async def ask_free_busy(context: Context, outbox: ScheduleOutbox) -> Response:
    """A schedule-response with the busy times of each attendee, or why they are not known. Costs what
    ``ScheduleOutbox.availability`` costs. Raises ValidSchedulingMessage for everything but a request for free-busy
    times: invitations are sent by storing the event (RFC 6638 3)."""
    require(outbox, Privilege.SCHEDULE_SEND_FREEBUSY)
    request = _read(context, outbox)
    if not await _is_own(context, request.organizer.value):
        raise OrganizerAllowed("the ORGANIZER is not the user of this outbox")
    if len(request.attendees) > _MOST_ATTENDEES:
        raise MaxAttendeesPerInstance(f"at most {_MOST_ATTENDEES} attendees are asked at once")
    known = await outbox.availability(request)
    now = datetime.now(UTC)
    responses = [_response(request, *pair, now) for pair in zip(request.attendees, known, strict=True)]
    content = document(caldav("schedule-response"), "".join(responses))
    return Response(200, [("Content-Type", CONTENT_TYPE), ("Cache-Control", "no-store")], content)


def _read(context: Context, outbox: ScheduleOutbox) -> FreeBusyRequest:
    request = context.request
    declared = (request.header("content-type") or "").split(";")[0].strip().lower()
    if declared not in ("text/calendar", "application/octet-stream", ""):
        raise SupportedCalendarData("scheduling messages are text/calendar")
    if len(request.body) > outbox.max_resource_size:
        raise MaxResourceSize(f"a scheduling message has at most {outbox.max_resource_size} bytes")
    try:
        return read_request(request.body)
    except InvalidSchedulingMessage as error:
        raise ValidSchedulingMessage(error.reason) from None
    except InvalidData as error:
        raise ValidCalendarData(error.reason) from None


async def _is_own(context: Context, address: str) -> bool:
    """Whether an address is one of the signed-in user's calendar user addresses."""
    principal = await context.principal()
    address = address.strip()
    if address.lower().startswith("mailto:"):
        address = unquote(address[len("mailto:") :])
        if clients.is_login_name(address):
            return True
    if address.lower() in (mail.lower() for mail in principal.mail_addresses):
        return True
    try:
        return context.request.base.path_of(address) == principal.path
    except InvalidPath:
        return False


def _response(request: FreeBusyRequest, attendee: Property, known: Availability, now: datetime) -> str:
    content = element(caldav("recipient"), element(dav("href"), escape(attendee.value.strip())))
    content += element(caldav("request-status"), escape(known.status))
    if known.busy is not None:
        content += element(caldav("calendar-data"), escape(reply(request, attendee, known.busy, now)))
    return element(caldav("response"), content)

"""free-busy-query (RFC 4791 7.10): the busy time of one calendar, without what fills it."""

from __future__ import annotations

from datetime import UTC, datetime

from gateway.dav.context import Context
from gateway.dav.errors import BadRequest
from gateway.dav.filters.time_range import InvalidTimeRange, decode_bounded_range
from gateway.dav.messages import Response
from gateway.dav.names import caldav
from gateway.dav.ports import Calendar
from gateway.dav.reports.objects import unusable
from gateway.dav.reports.report import Report
from gateway.dav.reports.zone import zone_of_calendar
from gateway.dav.rights import require
from gateway.dav.turns import in_turns
from gateway.dav.values import Privilege, QueryHint
from gateway.dav.xml import Element
from mappings.calendar.busy import Busy, busy_times, free_busy
from mappings.contentline import parse_tree
from mappings.errors import InvalidData


class FreeBusyQuery(Report[Calendar]):
    name = caldav("free-busy-query")
    kind = Calendar

    async def answer(self, context: Context, resource: Calendar, element: Element) -> Response:
        """One VFREEBUSY, whatever the depth: a calendar's members have no members. A calendar that is transparent for
        scheduling is asked explicitly here, so it counts. Costs the bodies of what may be in the range."""
        require(resource, Privilege.READ_FREE_BUSY)
        start, end = _range(element)
        zone = zone_of_calendar(resource)
        names = (await resource.candidates(QueryHint("VEVENT", start, end))).names
        times: list[Busy] = []
        async for body in in_turns(resource.bodies(names)):
            try:
                times += busy_times(parse_tree(body.text), start, end, zone)
            except InvalidData as error:
                raise unusable(error) from None
        text = free_busy(times, start, end, datetime.now(UTC))
        return Response(200, [("Content-Type", "text/calendar; charset=utf-8")], text.encode())


def _range(element: Element) -> tuple[datetime, datetime]:
    given = element.find(caldav("time-range"))
    if given is None:
        raise BadRequest("a free-busy-query names a time-range")
    try:
        return decode_bounded_range(given)
    except InvalidTimeRange as error:
        raise BadRequest(str(error)) from None

"""The zone in which a report reads floating times and dates (RFC 4791 7.3, RFC 7809 3.2)."""

from __future__ import annotations

from datetime import UTC, tzinfo

from gateway.dav.errors import BadRequest, ValidCalendarData, ValidTimezone
from gateway.dav.names import caldav
from gateway.dav.ports import Calendar
from gateway.dav.xml import Element, text_of
from mappings.calendar.timezones import zone
from mappings.calendar.zones import Zones
from mappings.contentline import parse_tree
from mappings.errors import InvalidData


def zone_of_calendar(calendar: Calendar) -> tzinfo:
    """The calendar's own zone."""
    return zone(calendar.zone) or UTC


def zone_of_query(element: Element, calendar: Calendar) -> tzinfo:
    """The zone a query names by CALDAV:timezone-id or CALDAV:timezone, else the calendar's own.

    Raises ValidTimezone for an unknown id, ValidCalendarData for what is no time zone, BadRequest for both elements.
    """
    named, given = (element.find(caldav(name)) for name in ("timezone-id", "timezone"))
    if named is not None and given is not None:
        raise BadRequest("a query names one time zone")
    if named is not None:
        found = zone(text_of(named))
        if found is None:
            raise ValidTimezone("the time zone is not known")
        return found
    return zone_of_calendar(calendar) if given is None else _defined_by(given.text or "") or zone_of_calendar(calendar)


def _defined_by(text: str) -> tzinfo | None:
    """The zone that the one VTIMEZONE of an iCalendar object stands for, None if it resembles no known one."""
    try:
        calendar = parse_tree(text.strip())
    except InvalidData:
        raise ValidCalendarData("the time zone is not valid iCalendar data") from None
    tzids = [component.text("TZID") for component in calendar.components if component.name == "VTIMEZONE"]
    if calendar.name != "VCALENDAR" or len(tzids) != 1 or tzids[0] is None:
        raise ValidCalendarData("the time zone is one VCALENDAR with one VTIMEZONE")
    return Zones(calendar).zone(tzids[0])

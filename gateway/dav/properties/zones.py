"""Values of CALDAV:calendar-timezone (RFC 4791 5.2.2) and CALDAV:calendar-timezone-id (RFC 7809 5.2)."""

from __future__ import annotations

from gateway.dav.errors import ValidCalendarData, ValidTimezone
from gateway.dav.xml import Element, text_of
from mappings.calendar.timezones import resolve
from mappings.calendar.vtimezone import zone_calendar
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

_MAX_LENGTH = 256 * 1024


def timezone_text(value: Element) -> str:
    """The time zone as sent. Raises ValidCalendarData unless it is a VCALENDAR that holds one VTIMEZONE only."""
    text = text_of(value)
    try:
        calendar = parse_tree(text) if len(text) <= _MAX_LENGTH else None
    except InvalidData:
        calendar = None
    inner = [] if calendar is None else [component.name for component in calendar.components]
    if calendar is None or calendar.name != "VCALENDAR" or inner != ["VTIMEZONE"]:
        raise ValidCalendarData("calendar-timezone is a VCALENDAR with one VTIMEZONE")
    return text


def timezone_of_id(value: Element) -> str:
    """The time zone with that name as calendar-timezone has it: both properties are one setting. Raises ValidTimezone
    for a name that means no zone of IANA."""
    name = resolve(text_of(value))
    if name is None:
        raise ValidTimezone("the time zone is not known")
    return zone_calendar(name)

"""The value of CALDAV:calendar-timezone (RFC 4791 5.2.2): an iCalendar object with one VTIMEZONE."""

from __future__ import annotations

import re

from gateway.dav.errors import ValidCalendarData
from gateway.dav.xml import Element, text_of

_COMPONENT = re.compile(r"^BEGIN:([A-Za-z-]+)[ \t]*\r?$", re.MULTILINE)
_MAX_LENGTH = 256 * 1024


def timezone_text(value: Element) -> str:
    """The time zone as sent. Raises ValidCalendarData unless it is a VCALENDAR that holds one VTIMEZONE only."""
    text = text_of(value)
    components = [name.upper() for name in _COMPONENT.findall(text)]
    zones = components.count("VTIMEZONE")
    known = {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    if len(text) > _MAX_LENGTH or components[:1] != ["VCALENDAR"] or zones != 1 or not known.issuperset(components):
        raise ValidCalendarData("calendar-timezone is a VCALENDAR with one VTIMEZONE")
    return text

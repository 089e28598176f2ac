"""Dates and times of an iCalendar object as instants, found without the gateway's own translation.

A TZID is the IANA zone of that name if there is one, else what the VTIMEZONE beside it defines, else the zone
that Windows calls so.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil import tz
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from mappings.contentline import Component, Property

Moment = date | datetime

MAX_LINES = 2_000
"""A longer VTIMEZONE is not evaluated."""

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.IGNORECASE)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)


def parse_moment(text: str) -> Moment:
    """DATE or DATE-TIME without its zone; UTC is aware. Raises ValueError."""
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise ValueError("not a date or time")
    day = date(int(match[1]), int(match[2]), int(match[3]))
    if match[4] is None:
        return day
    second = min(int(match[6]), 59)  # 60 is a leap second
    moment = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), second)
    return moment.replace(tzinfo=UTC) if match[7] else moment


def parse_duration(text: str) -> timedelta:
    """A DURATION; raises ValueError."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise ValueError("not a duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if match[1] == "-" else length


class TimeZones:
    """The time zones that one VCALENDAR speaks of."""

    def __init__(self, calendar: Component) -> None:
        self._definitions = {
            (definition.text("TZID") or "").strip(): definition
            for definition in calendar.components
            if definition.name == "VTIMEZONE"
        }
        self._known: dict[str, tzinfo | None] = {}

    def zone(self, tzid: str) -> tzinfo | None:
        """None for a name that tells nothing."""
        tzid = tzid.strip()
        if tzid not in self._known:
            self._known[tzid] = _iana(tzid) or self._defined(tzid) or _windows(tzid)
        return self._known[tzid]

    def moment(self, prop: Property, text: str | None = None) -> Moment:
        """The value in its zone; a zone that tells nothing leaves it floating. Raises ValueError."""
        moment = parse_moment(prop.value if text is None else text)
        tzid = prop.param("TZID")
        if not tzid or not isinstance(moment, datetime) or moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=self.zone(tzid))

    def _defined(self, tzid: str) -> tzinfo | None:
        definition = self._definitions.get(tzid)
        return _evaluate(definition) if definition is not None else None


def _iana(tzid: str) -> tzinfo | None:
    """By name, also behind a prefix as in ``/example.org/20050126_1/Europe/Berlin``."""
    parts = tzid.strip("/").split("/")
    for start in range(len(parts)):
        name = "/".join(parts[start:])
        if name in _names() and (start == 0 or "/" in name):
            return UTC if name in ("UTC", "Etc/UTC") else ZoneInfo(name)
    return None


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _windows(tzid: str) -> tzinfo | None:
    name = WINDOWS_TO_OLSON.get(tzid)
    return ZoneInfo(name) if name in _names() else None


def _evaluate(definition: Component) -> tzinfo | None:
    """The zone that a VTIMEZONE defines; None when it cannot be evaluated at a fair price."""
    lines = ["BEGIN:VTIMEZONE", "TZID:defined"]
    for observance in definition.components:
        lines.append(f"BEGIN:{observance.name}")
        for prop in observance.properties:
            if prop.name == "RRULE" and "FREQ=YEARLY" not in prop.value.upper():
                return None
            if prop.name == "DTSTART" or (prop.name in ("RRULE", "RDATE", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME")):
                lines.append(f"{prop.name}:{prop.value.strip()}")
        lines.append(f"END:{observance.name}")
    lines.append("END:VTIMEZONE")
    if len(lines) > MAX_LINES:
        return None
    try:
        found: tzinfo | None = tz.tzical(io.StringIO("\n".join(lines))).get("defined")
        if found is not None:
            found.utcoffset(datetime(2000, 1, 1))
    except (ValueError, OverflowError, AttributeError, TypeError):  # what dateutil raises for odd definitions
        return None
    return found


def key(moment: Moment) -> tuple[str, int]:
    """Equal for equal instants, days or local times."""
    if not isinstance(moment, datetime):
        return "day", moment.toordinal()
    if moment.tzinfo is None:
        return "local", _seconds(moment)
    offset = moment.utcoffset() or timedelta()
    return "instant", _seconds(moment.replace(tzinfo=None)) - int(offset.total_seconds())


def _seconds(moment: datetime) -> int:
    return int((moment - datetime(1970, 1, 1)).total_seconds())


def offsets(moment: Moment) -> tuple[int, ...]:
    """What the moment's zone says at that moment and twice a month for ten years after it, in seconds."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return ()
    local = moment.replace(tzinfo=None)
    years = range(moment.year, min(moment.year + 10, 2037))
    points = [datetime(year, month, day, 12) for year in years for month in range(1, 13) for day in (1, 15)]
    return tuple(offset(moment.tzinfo, point) for point in [local, *(point for point in points if point > local)])


def offset(zone: tzinfo, local: datetime) -> int:
    return int((local.replace(tzinfo=zone).utcoffset() or timedelta()).total_seconds())

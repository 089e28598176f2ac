"""Time zones that only the VTIMEZONE beside an event defines: the IANA zone with the same clock.

A definition is evaluated for two years around the event only, with counted steps, never unrolled.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from mappings.calendar.moments import later, parse_moment
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.calendar.timezones import candidate_zones, resolve
from mappings.calendar.vtimezone import offset_changes
from mappings.contentline import Component
from mappings.errors import InvalidCalendarData, InvalidData

_YEARS = range(1990, 2037)

# UTC offset at the begin of a year, and the changes (UTC time, new offset) in this and the next year.
Clock = tuple[timedelta, tuple[tuple[datetime, timedelta], ...]]


def matching_zone(definition: Component, year: int) -> str | None:
    """The IANA name of a zone that keeps the clock of this VTIMEZONE in this year and the next; of several the best
    known. None when there is none or the definition is unreadable."""
    location = definition.text("X-LIC-LOCATION")
    if location and (name := resolve(location)):
        return name
    year = min(max(year, _YEARS[0]), _YEARS[-1])
    clock = _clock(definition, year)
    return None if clock is None else _zones_by_clock(year).get(clock)


def defined_offset(definition: Component, local: datetime) -> timedelta | None:
    """The UTC offset this VTIMEZONE gives a local time; None when the definition is unreadable."""
    clock = _clock(definition, local.year)
    if clock is None:
        return None
    offset, changes = clock
    for at, after in changes:
        if local - offset >= at.replace(tzinfo=None):
            offset = after
    return offset


@lru_cache(maxsize=8)
def _zones_by_clock(year: int) -> dict[Clock, str]:
    found: dict[Clock, str] = {}
    start = datetime(year, 1, 1, tzinfo=UTC)
    for name in candidate_zones():
        info = ZoneInfo(name)
        offset = start.astimezone(info).utcoffset() or timedelta()
        changes = (*offset_changes(info, year), *offset_changes(info, year + 1))
        found.setdefault((offset, changes), name)
    return found


def _clock(definition: Component, year: int) -> Clock | None:
    try:
        onsets = sorted(
            onset
            for observance in definition.components
            if observance.name in ("STANDARD", "DAYLIGHT")
            for onset in _onsets(observance, year)
        )
    except InvalidData:
        return None
    begin, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    before = [after for at, after, _ in onsets if at <= begin]
    later = [(at, after) for at, after, _ in onsets if begin < at < end]
    if not onsets:
        return None
    offset = before[-1] if before else onsets[0][2]
    changes: list[tuple[datetime, timedelta]] = []
    for at, after in later:
        if after != (changes[-1][1] if changes else offset):
            changes.append((at, after))
    return offset, tuple(changes)


def _onsets(observance: Component, year: int) -> list[tuple[datetime, timedelta, timedelta]]:
    """(UTC time, offset after, offset before) of the last onset before the year and all in this and the next."""
    start_property, rule = observance.first("DTSTART"), observance.first("RRULE")
    start = parse_moment(start_property.value.strip()) if start_property else None
    if not isinstance(start, datetime):
        raise InvalidCalendarData("malformed VTIMEZONE")
    before, after = (_offset(observance.text(name) or "") for name in ("TZOFFSETFROM", "TZOFFSETTO"))
    dates = [parse_moment(text.strip()) for prop in observance.all("RDATE") for text in prop.value.split(",") if text]
    recurrence = Recurrence(
        start.replace(tzinfo=None), parse_rule(rule.value) if rule else None, (start.replace(tzinfo=None), *dates)
    )
    # Yearly rules have an onset in any two years; a start or dates long ago are fixed anyway.
    window = datetime(max(year - 2, 1), 1, 1, tzinfo=UTC), datetime(year + 2, 1, 1, tzinfo=UTC)
    found = [moment for moment in recurrence.occurrences(*window) if isinstance(moment, datetime)]
    older = [moment for moment in (start, *dates) if isinstance(moment, datetime) and moment.year < year - 2]
    if older:
        found.append(max(older))
    return [(later(moment.replace(tzinfo=UTC), -before), after, before) for moment in found]


def _offset(text: str) -> timedelta:
    text = text.strip()
    digits = text[1:]
    if text[:1] not in ("+", "-") or len(digits) not in (4, 6) or not (digits.isascii() and digits.isdigit()):
        raise InvalidCalendarData("malformed UTC offset")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:] or 0))
    return -offset if text[0] == "-" else offset

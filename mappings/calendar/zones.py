"""Dates and times of one calendar object, with its TZIDs resolved."""

from datetime import UTC, datetime, timedelta, tzinfo

from mappings.calendar.definitions import defined_offset, matching_zone
from mappings.calendar.moments import Moment, add_duration, duration_between, later, parse_duration, parse_moment
from mappings.calendar.timezones import fixed_zone, is_offset, offset_in_name, zone
from mappings.contentline import Component, Property
from mappings.errors import InvalidCalendarData

_YEARS = range(2, 9998)  # a margin for what is computed from them

_REFERENCE_YEAR = 2025  # for definitions without events beside them


class Zones:
    """Resolves the TZIDs of one VCALENDAR: by name, else by the VTIMEZONE beside the events. `fallback` stands for
    those that cannot be resolved at all."""

    def __init__(self, calendar: Component, fallback: tzinfo = UTC) -> None:
        self.fallback = fallback
        self._calendar = calendar
        self._matches: dict[str, tzinfo | None] = {}

    def zone(self, tzid: str) -> tzinfo | None:
        """The zone a TZID means by its name or by the VTIMEZONE beside it; None when neither tells. A name that is a
        fixed offset counts less than a definition that has daylight saving."""
        if tzid not in self._matches:
            by_name = zone(tzid)
            doubtful = is_offset(tzid) and self._has_daylight(tzid)
            self._matches[tzid] = (doubtful and self._matching(tzid)) or by_name or self._matching(tzid)
        return self._matches[tzid]

    def _has_daylight(self, tzid: str) -> bool:
        definition = self._definition(tzid)
        return definition is not None and any(each.name == "DAYLIGHT" for each in definition.components)

    def local(self, moment: datetime, tzid: str) -> datetime:
        """A local time in the zone a TZID means; at a fixed offset when only that is known."""
        match = self.zone(tzid)
        if match is not None:
            return moment.replace(tzinfo=match)
        definition = self._definition(tzid)
        offset = defined_offset(definition, moment) if definition is not None else None
        if offset is None:
            return moment.replace(tzinfo=zone(offset_in_name(tzid) or "") or self.fallback)
        fixed = fixed_zone(offset)
        return moment.replace(tzinfo=fixed) if fixed else later(moment.replace(tzinfo=UTC), -offset)

    def _matching(self, tzid: str) -> tzinfo | None:
        definition = self._definition(tzid)
        if definition is None:
            return None
        years = [
            int(start.value[:4])
            for component in self._calendar.components
            if component.name != "VTIMEZONE" and (start := component.first("DTSTART")) and start.value[:4].isdecimal()
        ]
        name = matching_zone(definition, min(years, default=_REFERENCE_YEAR))
        return zone(name) if name else None

    def _definition(self, tzid: str) -> Component | None:
        for component in self._calendar.components:
            if component.name == "VTIMEZONE" and component.text("TZID") == tzid:
                return component
        return None

    def moment(self, prop: Property) -> Moment:
        """The value of a date or date-time property; raises InvalidCalendarData."""
        return self._value(prop, prop.value)

    def moments(self, prop: Property) -> list[tuple[Moment, timedelta | None]]:
        """The values of RDATE or EXDATE; periods give their duration, too."""
        values: list[tuple[Moment, timedelta | None]] = []
        for text in prop.value.split(","):
            if not text.strip():
                continue
            start_text, _, end_text = text.partition("/")
            start = self._value(prop, start_text)
            if not end_text:
                values.append((start, None))
            elif end_text.lstrip().upper().startswith(("P", "+P", "-P")):
                values.append((start, parse_duration(end_text)))
            else:
                values.append((start, duration_between(start, self._value(prop, end_text))))
        return values

    def _value(self, prop: Property, text: str) -> Moment:
        moment = parse_moment(text.strip())
        if moment.year not in _YEARS:
            raise InvalidCalendarData("year out of range")
        tzid = prop.param("TZID")
        if not tzid or not isinstance(moment, datetime) or moment.tzinfo is not None:
            return moment
        return self.local(moment, tzid)

    def span(self, component: Component) -> tuple[Moment, Moment]:
        """Start and exclusive end of a VEVENT: DTEND, DURATION, or what RFC 5545 3.6.1 says without both.

        Ends of another kind than the start are brought into its kind; raises InvalidCalendarData for ends before
        the start.
        """
        start_property = component.first("DTSTART")
        if start_property is None:
            raise InvalidCalendarData("DTSTART is missing")
        start = self.moment(start_property)
        end_property, duration = component.first("DTEND"), component.first("DURATION")
        if end_property is not None:
            end = _like_start(self.moment(end_property), start)
        elif duration is not None:
            end = add_duration(start, parse_duration(duration.value))
        else:
            end = start
        if not isinstance(start, datetime) and end == start:
            end = start + timedelta(days=1)
        if duration_between(start, end) < timedelta():
            raise InvalidCalendarData("DTEND is before DTSTART")
        return start, end


def _like_start(end: Moment, start: Moment) -> Moment:
    if not isinstance(start, datetime):
        return end.date() if isinstance(end, datetime) else end
    if not isinstance(end, datetime):
        return datetime(end.year, end.month, end.day, tzinfo=start.tzinfo)
    if start.tzinfo is None:
        return end.replace(tzinfo=None)
    return end if end.tzinfo is not None else end.replace(tzinfo=start.tzinfo)

"""Whether an iCalendar object matches a calendar filter (RFC 4791 9.7, 9.9)."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from gateway.dav.filters.calendar import CompFilter, PropFilter
from gateway.dav.filters.elements import ParamFilter
from gateway.dav.filters.time_range import TimeRange
from mappings.calendar.instances import overlaps
from mappings.calendar.moments import Moment, add_duration, instant, is_all_day
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, unescape_text
from mappings.errors import InvalidCalendarData


def matches(calendar_filter: CompFilter, calendar: Component, floating: tzinfo) -> bool:
    """Whether the VCALENDAR ``calendar`` fulfils the filter; ``floating`` is the zone of floating times and dates.

    Raises mappings.errors.TooCostly for a recurrence that cannot be followed into the asked time.
    """
    return calendar_filter.defined and _Match(calendar, floating).inside(calendar_filter, calendar)


class _Match:
    """The match on one object: its components, and the zones its times are in."""

    def __init__(self, calendar: Component, floating: tzinfo) -> None:
        self._calendar = calendar
        self._zones = Zones(calendar)
        self._floating = floating

    def inside(self, comp: CompFilter, component: Component) -> bool:
        """All that is demanded of what stands inside of a component."""
        return all(self._has_prop(prop, component) for prop in comp.props) and all(
            self._has_comp(inner, component) for inner in comp.comps
        )

    def _has_comp(self, comp: CompFilter, parent: Component) -> bool:
        named = [child for child in parent.components if child.name == comp.name]
        if not comp.defined:
            return not named
        fulfilling = [child for child in named if self.inside(comp, child)]
        if not fulfilling or comp.time is None:
            return bool(fulfilling)
        if comp.name == "VALARM":
            fulfilling = [Component(child.name, child.properties, fulfilling) for child in self._apart([parent])]
        else:
            fulfilling = self._apart(fulfilling)
        return self._takes_place(fulfilling, comp.time, comp.name)

    def _takes_place(self, components: list[Component], time: TimeRange, name: str) -> bool:
        zones = [child for child in self._calendar.components if child.name == "VTIMEZONE"]
        calendar = Component(self._calendar.name, self._calendar.properties, zones + components)
        return overlaps(calendar, time.start, time.end, self._floating, name)

    def _apart(self, chosen: list[Component]) -> list[Component]:
        """``chosen`` for themselves: where an overridden instance is not among them, its series leaves it out."""
        ids = {id(component) for component in chosen}
        replaced = [
            Property("EXDATE", recurrence_id.params, recurrence_id.value)
            for component in self._calendar.components
            if id(component) not in ids and (recurrence_id := component.first("RECURRENCE-ID")) is not None
        ]
        return [
            component
            if not replaced or component.first("RECURRENCE-ID") is not None
            else Component(component.name, component.properties + replaced, component.components)
            for component in chosen
        ]

    def _has_prop(self, prop: PropFilter, component: Component) -> bool:
        named = component.all(prop.name)
        if not prop.defined:
            return not named
        return any(self._fulfils(prop, candidate) for candidate in named)

    def _fulfils(self, prop: PropFilter, candidate: Property) -> bool:
        if prop.text is not None and not prop.text.holds(unescape_text(candidate.value)):
            return False
        if prop.time is not None and not self._is_within(prop.time, candidate):
            return False
        return all(_has_param(param, candidate) for param in prop.params)

    def _is_within(self, time: TimeRange, candidate: Property) -> bool:
        """Whether a value of the property lies in the range; what is no time does not."""
        try:
            return any(
                _overlap(time, instant(start, self._floating), instant(_end(start, duration), self._floating))
                for start, duration in self._zones.moments(candidate)
            )
        except (InvalidCalendarData, OverflowError):
            return False


def _has_param(param: ParamFilter, candidate: Property) -> bool:
    present = any(name == param.name for name, _ in candidate.params)
    if not param.defined or param.text is None:
        return present is param.defined
    return any(param.text.holds(value) for value in candidate.param_values(param.name))


def _end(start: Moment, duration: timedelta | None) -> Moment:
    """The end of a period, of a day, or of a moment (which is itself)."""
    if duration is not None:
        return add_duration(start, duration)
    return start + timedelta(days=1) if is_all_day(start) else start


def _overlap(time: TimeRange, start: datetime, end: datetime) -> bool:
    if time.end is not None and start >= time.end:
        return False
    return time.start is None or start >= time.start or end > time.start

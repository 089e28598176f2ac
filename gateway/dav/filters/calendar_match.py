"""Whether an iCalendar object matches a calendar filter (RFC 4791 9.7, 9.9): pure functions on its tree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta, tzinfo

from gateway.dav.filters.calendar import CompFilter, ParamFilter, PropFilter
from gateway.dav.filters.time_range import TimeRange
from mappings.calendar.moments import Moment, in_zone, instant, is_all_day, parse_duration, parse_moment
from mappings.contentline import Component, Property, unescape_text
from mappings.errors import InvalidCalendarData


def matches(calendar_filter: CompFilter, calendar: Component, floating: tzinfo) -> bool:
    """Whether the VCALENDAR ``calendar`` fulfils the filter; ``floating`` is the zone of floating times and dates.

    Raises mappings.errors.TooCostly for a recurrence that cannot be followed into the asked time.
    """
    if not calendar_filter.defined:
        return False
    return _inner_holds(calendar_filter, calendar, floating)


def _inner_holds(comp: CompFilter, component: Component, floating: tzinfo) -> bool:
    """All that is demanded of what stands inside of the component."""
    return all(_prop_holds(prop, component, floating) for prop in comp.props) and all(
        _comp_holds(inner, component, floating) for inner in comp.comps
    )


def _comp_holds(comp: CompFilter, parent: Component, floating: tzinfo) -> bool:
    named = [child for child in parent.components if child.name == comp.name]
    if not comp.defined:
        return not named
    fulfilling = [child for child in named if _inner_holds(comp, child, floating)]
    if not fulfilling or comp.time is None:
        return bool(fulfilling)
    from mappings.calendar.instances import overlaps

    others = [child for child in parent.components if child not in named]
    return overlaps(
        Component(parent.name, parent.properties, others + _apart(fulfilling, named)),
        comp.time.start,
        comp.time.end,
        floating,
    )


def _apart(fulfilling: list[Component], named: list[Component]) -> list[Component]:
    """``fulfilling`` for themselves: where an overridden instance is not among them, its series leaves it out."""
    replaced = [
        Property("EXDATE", recurrence_id.params, recurrence_id.value)
        for component in named
        if component not in fulfilling and (recurrence_id := component.first("RECURRENCE-ID")) is not None
    ]
    if not replaced:
        return fulfilling
    return [
        component
        if component.first("RECURRENCE-ID") is not None
        else Component(component.name, component.properties + replaced, component.components)
        for component in fulfilling
    ]


def _prop_holds(prop: PropFilter, component: Component, floating: tzinfo) -> bool:
    named = component.all(prop.name)
    if not prop.defined:
        return not named
    return any(_fulfils(prop, candidate, floating) for candidate in named)


def _fulfils(prop: PropFilter, candidate: Property, floating: tzinfo) -> bool:
    if prop.text is not None and not prop.text.holds(unescape_text(candidate.value)):
        return False
    if prop.time is not None and not _is_within(candidate, prop.time, floating):
        return False
    return all(_param_holds(param, candidate) for param in prop.params)


def _param_holds(param: ParamFilter, candidate: Property) -> bool:
    present = any(name == param.name for name, _ in candidate.params)
    if not param.defined or param.text is None:
        return present is param.defined
    return any(param.text.holds(value) for value in candidate.param_values(param.name))


# -- properties in time --------------------------------------------------------------------------------------------


def _is_within(candidate: Property, time: TimeRange, floating: tzinfo) -> bool:
    """Whether a value of the property lies in the range; one that is no time does not."""
    return any(_value_is_within(value, candidate.param("TZID"), time, floating) for value in _values(candidate))


def _values(candidate: Property) -> Iterable[str]:
    return candidate.value.split(",")


def _value_is_within(value: str, tzid: str | None, time: TimeRange, floating: tzinfo) -> bool:
    first, _, last = value.strip().partition("/")
    try:
        start = in_zone(parse_moment(first), tzid)
        end = _end(start, last, tzid)
        begins, ends = instant(start, floating), instant(end, floating)
    except (InvalidCalendarData, OverflowError):
        return False
    if time.end is not None and begins >= time.end:
        return False
    return time.start is None or ends > time.start or begins >= time.start


def _end(start: Moment, text: str, tzid: str | None) -> Moment:
    """The end of a period, of a day, or of a moment (which is itself)."""
    if not text:
        return start + timedelta(days=1) if is_all_day(start) else start
    if text[0] in "+-P":
        return start + parse_duration(text)
    return in_zone(parse_moment(text), tzid)

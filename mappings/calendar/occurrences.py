"""The occurrences of the components of a VCALENDAR, overrides in place of what they override."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from mappings.calendar.moments import (
    Moment,
    add_duration,
    duration_between,
    instant,
    like,
    moment_key,
    parse_duration,
    to_utc,
)
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rrule import is_foreign
from mappings.calendar.rules import parse_rule
from mappings.calendar.zones import Zones
from mappings.contentline import Component

RECURRING = frozenset(["VEVENT", "VTODO", "VJOURNAL"])


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One instance: the component that describes it and its own times.

    `end` is the exclusive end of an event or the due time of a task, None when there is none; `recurrence_id` is
    None for what does not recur.
    """

    component: Component
    start: Moment | None
    end: Moment | None
    recurrence_id: Moment | None


@dataclass(frozen=True, slots=True)
class Timing:
    """When a component itself takes place. `anchor` is what recurs: the start, or the due time of a task without."""

    start: Moment | None
    end: Moment | None
    nominal: timedelta | None

    @property
    def anchor(self) -> Moment | None:
        return self.start if self.start is not None else self.end

    def length(self) -> timedelta:
        if self.start is None or self.end is None:
            return timedelta()
        return duration_between(self.start, self.end)

    def at(self, anchor: Moment, length: timedelta | None = None) -> tuple[Moment | None, Moment | None]:
        """Start and end of the occurrence at an anchor: DTEND gives all the same exact length, DURATION the same
        nominal one (RFC 5545 3.8.5.3)."""
        if self.start is None:
            return None, anchor
        if length is not None or self.nominal is not None:
            return anchor, add_duration(anchor, length if length is not None else self.nominal or timedelta())
        if self.end is None:
            return anchor, None
        exact = self.length()
        if isinstance(anchor, datetime) and anchor.tzinfo is not None:
            return anchor, to_utc(anchor) + exact
        return anchor, add_duration(anchor, exact)


def timing(component: Component, zones: Zones) -> Timing:
    """The times of a VEVENT, VTODO or VJOURNAL; raises InvalidCalendarData."""
    duration = component.first("DURATION")
    nominal = parse_duration(duration.value) if duration is not None else None
    if component.name == "VEVENT":
        start, end = zones.span(component)
        return Timing(start, end, nominal if component.first("DTEND") is None else None)
    start_property, due_property = component.first("DTSTART"), component.first("DUE")
    begin = zones.moment(start_property) if start_property else None
    if component.name == "VTODO" and due_property is not None:
        return Timing(begin, zones.moment(due_property), None)
    if component.name == "VTODO" and begin is not None and nominal is not None:
        return Timing(begin, add_duration(begin, nominal), nominal)
    return Timing(begin, None, None)


class Group:
    """Master and overrides of one UID."""

    def __init__(self, components: list[Component], zones: Zones) -> None:
        self.zones = zones
        self.overrides = [component for component in components if component.first("RECURRENCE-ID") is not None]
        self.masters = [component for component in components if component.first("RECURRENCE-ID") is None]
        self._timings: dict[int, Timing] = {}
        """By the identity of the component."""

    def between(self, first: datetime | None, last: datetime | None, floating: tzinfo) -> Iterator[Occurrence]:
        """All overrides, and the occurrences whose anchor is in [first, last). Raises TooCostly when it has to
        look too far."""
        for override in self.overrides:
            times = self.timing(override)
            yield Occurrence(override, times.start, times.end, self.recurrence_id(override))
        for master in self.masters:
            yield from self._of_master(master, first, last, floating)

    def timing(self, component: Component) -> Timing:
        """See ``timing``; worked out once for each component."""
        found = self._timings.get(id(component))
        if found is None:
            found = self._timings[id(component)] = timing(component, self.zones)
        return found

    def longest(self) -> timedelta:
        """How long before its end an occurrence may start."""
        lengths = [self.timing(master).length() for master in self.masters]
        periods = [length for master in self.masters for _, length in self._dates(master, "RDATE") if length]
        return max([*lengths, *periods, timedelta()])

    def recurrence_id(self, override: Component) -> Moment:
        prop = override.first("RECURRENCE-ID")
        moment = self.zones.moment(prop) if prop is not None else datetime.min
        anchor = self.timing(self.masters[0]).anchor if self.masters else None
        return moment if anchor is None else like(moment, anchor)

    def recurrence(self, master: Component) -> Recurrence | None:
        """The recurrence set without the overridden occurrences, with DTSTART even where the rule does not give it;
        None for what does not recur."""
        anchor, rule = self.timing(master).anchor, master.first("RRULE")
        if rule is not None and is_foreign(rule.value):
            rule = None  # nobody here can expand it; OX, too, holds the first occurrence only
        additional = [moment for moment, _ in self._dates(master, "RDATE")]
        if anchor is None or (rule is None and not additional and not self.overrides):
            return None
        additional.append(anchor)
        excluded = [moment for moment, _ in self._dates(master, "EXDATE")]
        excluded += [self.recurrence_id(override) for override in self.overrides]
        return Recurrence(anchor, parse_rule(rule.value) if rule else None, tuple(additional), tuple(excluded))

    def _of_master(
        self, master: Component, first: datetime | None, last: datetime | None, floating: tzinfo
    ) -> Iterator[Occurrence]:
        times, recurrence = self.timing(master), self.recurrence(master)
        if recurrence is None:
            yield Occurrence(master, times.start, times.end, None)
            return
        periods = {
            moment_key(like(moment, recurrence.start)): length
            for moment, length in self._dates(master, "RDATE")
            if length is not None
        }
        for anchor in recurrence.occurrences(first, last, floating):
            start, end = times.at(anchor, periods.get(moment_key(anchor)) if periods else None)
            yield Occurrence(master, start, end, anchor)

    def _dates(self, master: Component, name: str) -> list[tuple[Moment, timedelta | None]]:
        return [date for prop in master.all(name) for date in self.zones.moments(prop)]


def groups(calendar: Component, zones: Zones, names: frozenset[str] = RECURRING) -> list[Group]:
    """The recurring kinds of components of a calendar by UID."""
    found: dict[tuple[str, str], list[Component]] = {}
    for component in calendar.components:
        if component.name in names:
            found.setdefault((component.name, component.text("UID") or ""), []).append(component)
    return [Group(components, zones) for components in found.values()]


def in_utc(moment: Moment | None, floating: tzinfo) -> datetime | None:
    return None if moment is None else instant(moment, floating)

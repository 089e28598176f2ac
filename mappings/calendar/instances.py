"""Time ranges over parsed calendar objects, for the CalDAV reports (RFC 4791 sections 9.6.5 to 9.6.7 and 9.9).

All functions take a VCALENDAR tree, a range of aware times in UTC (None: open) and the zone in which floating and
all-day times take place. They raise TooCostly instead of expanding without bound, InvalidCalendarData for
unreadable values.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from mappings.calendar.moments import (
    Moment,
    add_duration,
    instant,
    is_all_day,
    to_utc,
    write_moment,
)
from mappings.calendar.occurrences import RECURRING, Group, Occurrence, groups, in_utc
from mappings.calendar.overlap import (
    Range,
    event_overlaps,
    free_busy_overlaps,
    journal_overlaps,
    task_overlaps,
)
from mappings.calendar.triggers import alarm_in
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property
from mappings.errors import TooCostly

MAX_INSTANCES = 2000

_SECOND = timedelta(seconds=1)
_SET = frozenset(["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"])


def overlaps(
    calendar: Component, start: datetime | None, end: datetime | None, floating: tzinfo, component: str | None = None
) -> bool:
    """Whether any instance of a component of this type (None: any but VALARM; "VALARM": an alarm of any instance)
    takes place in the range."""
    zones, span = Zones(calendar, floating), Range.of(start, end)
    if component == "VALARM":
        return any(alarm_in(group, span, floating) for group in groups(calendar, zones))
    if component in (None, "VFREEBUSY") and any(
        _free_busy_in(inner, zones, span) for inner in calendar.components if inner.name == "VFREEBUSY"
    ):
        return True
    names = RECURRING if component is None else RECURRING & {component}
    return any(_in_range(group, span, floating) for group in groups(calendar, zones, names))


def expand(calendar: Component, start: datetime | None, end: datetime | None, floating: tzinfo) -> Component:
    """The instances in the range instead of recurring components: each with its times in UTC and, if it recurs, its
    RECURRENCE-ID; floating and all-day times stay as they are. Time zones go, as nothing refers to them any more."""
    span = Range.of(start, end)
    found = list(islice(instances(calendar, span, floating), MAX_INSTANCES + 1))
    if len(found) > MAX_INSTANCES:
        raise TooCostly("too many instances")
    expanded = [
        (in_utc(occurrence.start or occurrence.end, floating) or span.start, as_expanded(occurrence))
        for occurrence in found
    ]
    expanded.sort(key=lambda pair: pair[0])
    others = [inner for inner in calendar.components if inner.name not in RECURRING and inner.name != "VTIMEZONE"]
    return Component(calendar.name, calendar.properties, [component for _, component in expanded] + others)


def instances(calendar: Component, span: Range, floating: tzinfo) -> Iterator[Occurrence]:
    """The instances in a range; not in order."""
    for group in groups(calendar, Zones(calendar, floating)):
        yield from occurrences_in(group, span, floating)


def limit_recurrence_set(
    calendar: Component, start: datetime | None, end: datetime | None, floating: tzinfo
) -> Component:
    """Masters and only those overrides that touch the range: by their own time or by the time they override."""
    zones, span = Zones(calendar, floating), Range.of(start, end)
    kept = {
        id(override)
        for group in groups(calendar, zones)
        for override in group.overrides
        if not group.masters or _touches(group, override, span, floating)
    }
    components = [
        inner
        for inner in calendar.components
        if inner.name not in RECURRING or inner.first("RECURRENCE-ID") is None or id(inner) in kept
    ]
    return Component(calendar.name, calendar.properties, components)


def limit_freebusy_set(calendar: Component, start: datetime | None, end: datetime | None) -> Component:
    """Only the FREEBUSY periods that overlap the range."""
    zones, span = Zones(calendar), Range.of(start, end)

    def limited(component: Component) -> Component:
        properties = []
        for prop in component.properties:
            if prop.name == "FREEBUSY":
                values = [text for text in prop.value.split(",") if _period_in(prop, text, zones, span)]
                if not values:
                    continue
                prop = Property(prop.name, prop.params, ",".join(values), prop.group)
            properties.append(prop)
        return Component(component.name, properties, component.components)

    components = [limited(inner) if inner.name == "VFREEBUSY" else inner for inner in calendar.components]
    return Component(calendar.name, calendar.properties, components)


def _in_range(group: Group, span: Range, floating: tzinfo) -> bool:
    return next(occurrences_in(group, span, floating), None) is not None


def occurrences_in(group: Group, span: Range, floating: tzinfo) -> Iterator[Occurrence]:
    first, last = span.widened(group.longest(), _SECOND)
    for occurrence in group.between(first, last, floating):
        if _takes_place(occurrence, span, group.zones, floating):
            yield occurrence


def _takes_place(occurrence: Occurrence, span: Range, zones: Zones, floating: tzinfo) -> bool:
    start, end = in_utc(occurrence.start, floating), in_utc(occurrence.end, floating)
    component = occurrence.component
    if component.name == "VEVENT":
        return start is not None and event_overlaps(span, start, end or start)
    if component.name == "VJOURNAL":
        return journal_overlaps(span, start, occurrence.start is not None and is_all_day(occurrence.start))
    stamps = [component.first(name) for name in ("COMPLETED", "CREATED")]
    completed, created = (instant(zones.moment(prop), floating) if prop else None for prop in stamps)
    by_duration = component.first("DUE") is None and end is not None
    return task_overlaps(span, start, end, by_duration, completed, created)


def _touches(group: Group, override: Component, span: Range, floating: tzinfo) -> bool:
    recurrence_id = group.recurrence_id(override)
    replaced = instant(recurrence_id, floating)
    if event_overlaps(span, replaced, replaced + group.longest()):
        return True
    return any(
        occurrence.component is override and _takes_place(occurrence, span, group.zones, floating)
        for occurrence in Group([override], group.zones).between(None, None, floating)
    )


def as_expanded(occurrence: Occurrence) -> Component:
    """The component that stands for an instance in an expansion."""
    component = occurrence.component
    properties = []
    for prop in component.properties:
        if prop.name in _SET:
            continue
        if prop.name == "DTSTART" and occurrence.start is not None:
            prop = _moment_property("DTSTART", occurrence.start)
        elif prop.name in ("DTEND", "DUE") and occurrence.end is not None:
            prop = _moment_property(prop.name, occurrence.end)
        elif prop.name == "DURATION" and occurrence.recurrence_id is not None and occurrence.end is not None:
            prop = _moment_property("DUE" if component.name == "VTODO" else "DTEND", occurrence.end)
        properties.append(prop)
    if occurrence.recurrence_id is not None:
        properties.append(_moment_property("RECURRENCE-ID", occurrence.recurrence_id))
    return Component(component.name, properties, component.components)


def _moment_property(name: str, moment: Moment) -> Property:
    if not isinstance(moment, datetime):
        return Property(name, (("VALUE", ("DATE",)),), write_moment(moment))
    return Property(name, (), write_moment(to_utc(moment) if moment.tzinfo else moment))


def _free_busy_in(component: Component, zones: Zones, span: Range) -> bool:
    bounds = [component.first(name) for name in ("DTSTART", "DTEND")]
    start, end = (instant(zones.moment(prop), UTC) if prop else None for prop in bounds)
    return free_busy_overlaps(span, start, end, _periods(component, zones))


def _periods(component: Component, zones: Zones) -> Iterator[tuple[datetime, datetime]]:
    for prop in component.all("FREEBUSY"):
        for start, length in zones.moments(prop):
            yield instant(start, UTC), instant(add_duration(start, length or timedelta()), UTC)


def _period_in(prop: Property, text: str, zones: Zones, span: Range) -> bool:
    single = Component("VFREEBUSY", [Property(prop.name, prop.params, text)])
    return any(span.start < end and span.end > start for start, end in _periods(single, zones))

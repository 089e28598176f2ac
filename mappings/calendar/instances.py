"""Time ranges over parsed calendar objects, for the CalDAV reports (RFC 4791 sections 9.6.5 to 9.6.7 and 9.9).

All functions take a VCALENDAR tree, a range of aware times in UTC (None: open) and the zone in which floating and
all-day times take place. They raise TooCostly instead of expanding without bound, InvalidCalendarData for
unreadable values.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from mappings.calendar.moments import (
    Moment,
    add_duration,
    instant,
    is_all_day,
    later,
    parse_duration,
    to_utc,
    write_moment,
)
from mappings.calendar.occurrences import RECURRING, Group, Occurrence, groups, in_utc
from mappings.calendar.overlap import (
    Range,
    alarm_overlaps,
    event_overlaps,
    free_busy_overlaps,
    journal_overlaps,
    task_overlaps,
)
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property
from mappings.errors import TooCostly

MAX_INSTANCES = 4000
MAX_REPETITIONS = 1000
MAX_TRIGGERS = 4000

_SECOND = timedelta(seconds=1)
_SET = frozenset(["RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"])


def overlaps(
    calendar: Component, start: datetime | None, end: datetime | None, floating: tzinfo, component: str | None = None
) -> bool:
    """Whether any instance of a component of this type (None: any but VALARM; "VALARM": an alarm of any instance)
    takes place in the range."""
    zones, span = Zones(calendar, floating), Range.of(start, end)
    if component == "VALARM":
        return any(_alarm_in(group, span, floating) for group in groups(calendar, zones))
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
    expanded: list[tuple[datetime, Component]] = []
    for occurrence, component in expansion(calendar, span, floating):
        at = in_utc(occurrence.start or occurrence.end, floating) or span.start
        expanded.append((at, component))
        if len(expanded) > MAX_INSTANCES:
            raise TooCostly("too many instances")
    expanded.sort(key=lambda pair: pair[0])
    others = [inner for inner in calendar.components if inner.name not in RECURRING and inner.name != "VTIMEZONE"]
    return Component(calendar.name, calendar.properties, [component for _, component in expanded] + others)


def expansion(calendar: Component, span: Range, floating: tzinfo) -> Iterator[tuple[Occurrence, Component]]:
    """The instances in a range, each with the component that it is in an expansion; not in order."""
    zones = Zones(calendar, floating)
    for group in groups(calendar, zones):
        for occurrence in occurrences_in(group, span, floating):
            yield occurrence, _expanded(occurrence, zones)


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


def _expanded(occurrence: Occurrence, zones: Zones) -> Component:
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


def _alarm_in(group: Group, span: Range, floating: tzinfo) -> bool:
    """Whether any alarm of any instance goes off in the range; absolute alarms go off once, whatever recurs."""
    alarms = [alarm for component in (*group.masters, *group.overrides) for alarm in _alarms(component)]
    relative = [alarm for alarm in alarms if _is_relative(alarm)]
    absolute = (
        trigger
        for alarm in alarms
        if alarm not in relative
        for trigger in _triggers(alarm, None, None, group.zones, floating)
    )
    if alarm_overlaps(span, _bounded(absolute)):
        return True
    if not relative:
        return False
    reach = max(map(_reach, relative))
    first, last = span.widened(reach + group.longest(), reach + _SECOND)
    return alarm_overlaps(
        span,
        _bounded(
            trigger
            for occurrence in group.between(first, last, floating)
            for alarm in _alarms(occurrence.component)
            if _is_relative(alarm)
            for trigger in _triggers(alarm, occurrence.start, occurrence.end, group.zones, floating)
        ),
    )


def _bounded(triggers: Iterable[datetime]) -> Iterator[datetime]:
    for number, trigger in enumerate(triggers):
        if number == MAX_TRIGGERS:
            raise TooCostly("too many alarms")
        yield trigger


def _alarms(component: Component) -> list[Component]:
    return [inner for inner in component.components if inner.name == "VALARM"]


def _is_relative(alarm: Component) -> bool:
    trigger = alarm.first("TRIGGER")
    return trigger is not None and trigger.value.strip().upper().lstrip("+-").startswith("P")


def _repetition(alarm: Component) -> tuple[int, timedelta]:
    repeat, duration = (alarm.text("REPEAT") or "").strip(), alarm.first("DURATION")
    if duration is None or not (repeat.isascii() and repeat.isdigit()):
        return 0, timedelta()
    return min(int(repeat[:9]), MAX_REPETITIONS), parse_duration(duration.value)


def _reach(alarm: Component) -> timedelta:
    """How far from its event a relative alarm may go off."""
    trigger, (repeat, interval) = alarm.first("TRIGGER"), _repetition(alarm)
    offset = parse_duration(trigger.value) if trigger is not None else timedelta()
    return abs(offset) + abs(interval) * repeat


def _triggers(
    alarm: Component, start: Moment | None, end: Moment | None, zones: Zones, floating: tzinfo
) -> Iterator[datetime]:
    """When an alarm goes off for an instance with these times, repetitions included."""
    trigger = alarm.first("TRIGGER")
    if trigger is None:
        return
    if _is_relative(alarm):
        base = end if start is None or (trigger.param("RELATED") or "").upper() == "END" else start
        if base is None:
            return
        first = later(instant(base, floating), parse_duration(trigger.value))
    else:
        first = instant(zones.moment(trigger), floating)
    repeat, interval = _repetition(alarm)
    for number in range(repeat + 1):
        yield later(first, number * interval)

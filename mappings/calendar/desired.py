"""What OX should hold for a calendar object, in OX JSON."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any

from mappings.calendar.extended import to_extended
from mappings.calendar.fields import event_fields
from mappings.calendar.identity import recurrence_instant
from mappings.calendar.moments import (
    Moment,
    add_duration,
    duration_between,
    from_ox,
    like,
    moment_key,
    shift,
    to_ox,
    to_recurrence_id,
)
from mappings.calendar.people import is_user
from mappings.calendar.read import CalendarObject, sequence
from mappings.calendar.recurrence import Key, Recurrence
from mappings.calendar.rrule import PLACEHOLDER, is_foreign, ox_rule
from mappings.calendar.rules import parse_rule
from mappings.calendar.timezones import zone
from mappings.calendar.user import CalendarUser
from mappings.calendar.zones import Zones
from mappings.contentline import Component
from mappings.errors import TooCostly, UnsupportedCalendarComponent

Event = dict[str, Any]

_OF_SERIES = frozenset(["rrule", "recurrenceDates", "uid", "sequence"])


@dataclass(frozen=True, slots=True)
class Override:
    """One overridden instance: its recurrence id as OX takes it, and all fields of the instance."""

    recurrence_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class Series:
    """The events of one resource. `master` (or the single event) is None when it consists of detached instances
    only; `deleted` are the recurrence ids of deleted occurrences (`deleteExceptionDates`)."""

    master: Event | None
    overrides: tuple[Override, ...] = ()
    deleted: tuple[str, ...] = ()


def desired(obj: CalendarObject, user: CalendarUser) -> Series:
    """The OX events a calendar object stands for; raises InvalidCalendarData or UnsupportedCalendarComponent.

    Times keep their zones, unknown zones become the user's. OX holds no RDATE without RRULE safely (one such event,
    deleted, breaks the `updates` of its folder), so additional dates without a rule get the rule PLACEHOLDER, which
    rendering leaves out again. Overrides of what is no occurrence of the rule become additional dates.
    """
    if obj.component != "VEVENT":
        raise UnsupportedCalendarComponent("not an event")
    zones = Zones(obj.tree, zone(user.timezone) or UTC)
    if obj.master is None:
        return _detached(obj, zones, user)
    return _series(_event(obj.master, zones) | {"uid": obj.uid}, obj.master, obj.overrides, zones)


def as_events(series: Series, uid: str) -> list[Event]:
    """The events OX would have of a series, as far as a client can see."""
    common = {"uid": uid, "seriesId": "1"}
    events = [
        {**override.event, **common, "id": f"1-{number}", "recurrenceId": override.recurrence_id}
        for number, override in enumerate(series.overrides)
    ]
    if series.master is not None:
        own = common if series.master.get("rrule") else {"uid": uid}
        events.append({**series.master, **own, "id": "1", "deleteExceptionDates": list(series.deleted)})
    return events


def _event(component: Component, zones: Zones) -> Event:
    event = event_fields(component, zones)
    if number := sequence(component):
        event["sequence"] = number
    return event


def _series(event: Event, master: Component, components: Iterable[Component], zones: Zones) -> Series:
    rule = _take_rule(event, master, zones)
    start = from_ox(event["startDate"])
    overrides = {moment_key(moment): (moment, component) for moment, component in _ids(components, start, zones)}
    dates = {moment_key(moment): (moment, duration) for moment, duration in _dates(master, "RDATE", start, zones)}
    additional = {key: moment for key, (moment, _) in dates.items() if key != moment_key(start)}
    if rule is None and (additional or overrides):
        rule = PLACEHOLDER
    if rule is None:
        return Series(event)
    known = Recurrence(start, parse_rule(rule), tuple(additional.values()))
    occurring = _occurring(known, [moment for moment, _ in overrides.values()])
    additional |= {key: moment for key, (moment, _) in overrides.items() if key not in occurring}
    recurrence = Recurrence(start, parse_rule(rule), tuple(additional.values()))
    event["rrule"] = rule
    if additional:
        event["recurrenceDates"] = [to_recurrence_id(additional[key]) for key in sorted(additional)]
    excluded = {moment_key(moment): moment for moment, _ in _dates(master, "EXDATE", start, zones)}
    occurring = _occurring(recurrence, excluded.values())
    deleted = {
        key: to_recurrence_id(moment) for key, moment in excluded.items() if key not in overrides and key in occurring
    }
    found = [Override(to_recurrence_id(moment), _event(each, zones)) for moment, each in overrides.values()]
    found += _longer_dates(event, [date for key, date in dates.items() if key not in overrides and key not in deleted])
    found.sort(key=lambda override: recurrence_instant(override.recurrence_id))
    return Series(event, tuple(found), tuple(deleted[key] for key in sorted(deleted)))


def _take_rule(event: Event, master: Component, zones: Zones) -> str | None:
    """The rule as OX takes it. Further rules and those OX cannot hold stay extended properties.

    A start that is no occurrence is moved to the first one, as OX would do by itself.
    """
    properties = master.all("RRULE")
    rule = None
    if properties and not is_foreign(properties[0].value):
        start = from_ox(event["startDate"])
        rule = ox_rule(properties.pop(0).value, start, zones.fallback)
        first = _first_occurrence(Recurrence(start, parse_rule(rule))) or start
        event["endDate"] = to_ox(shift(from_ox(event["endDate"]), start, first))
        event["startDate"] = to_ox(first)
    if properties:
        event["extendedProperties"] = event.get("extendedProperties", {}) | to_extended(properties)
    return rule


def _first_occurrence(recurrence: Recurrence) -> Moment | None:
    try:
        return next(recurrence.occurrences(), None)
    except TooCostly:
        return None


def _occurring(recurrence: Recurrence, moments: Collection[Moment]) -> frozenset[Key]:
    """The keys of those that are occurrences; what is too costly to find out is left to OX."""
    try:
        return recurrence.among(moments)
    except TooCostly:
        return frozenset(map(moment_key, moments))


def _ids(components: Iterable[Component], start: Moment, zones: Zones) -> Iterator[tuple[Moment, Component]]:
    for component in components:
        recurrence_id = component.first("RECURRENCE-ID")
        if recurrence_id is not None:
            yield like(zones.moment(recurrence_id), start), component


def _dates(master: Component, name: str, start: Moment, zones: Zones) -> Iterator[tuple[Moment, timedelta | None]]:
    for prop in master.all(name):
        for moment, duration in zones.moments(prop):
            yield like(moment, start), duration


def _longer_dates(event: Event, dates: Iterable[tuple[Moment, timedelta | None]]) -> Iterator[Override]:
    """RDATE periods of another length than the series: OX holds them as overridden instances."""
    start, end = from_ox(event["startDate"]), from_ox(event["endDate"])
    copied = {name: value for name, value in event.items() if name not in _OF_SERIES}
    for moment, duration in dates:
        if duration is not None and duration != duration_between(start, end):
            times = {"startDate": to_ox(moment), "endDate": to_ox(add_duration(moment, duration))}
            yield Override(to_recurrence_id(moment), copied | times)


def _detached(obj: CalendarObject, zones: Zones, user: CalendarUser) -> Series:
    """Instances without a master. OX takes those of other people's meetings as they are; others become a series of
    additional dates that consists of just these instances."""
    events = [_event(component, zones) for component in obj.overrides]
    ids = [moment for moment, _ in _ids(obj.overrides, from_ox(events[0]["startDate"]), zones)]
    organizer = events[0].get("organizer")
    overrides = tuple(Override(to_recurrence_id(moment), event) for moment, event in zip(ids, events, strict=True))
    if organizer is not None and not is_user(organizer, user):
        return Series(None, overrides)
    start, end = from_ox(events[0]["startDate"]), from_ox(events[0]["endDate"])
    master = {name: value for name, value in events[0].items() if name not in _OF_SERIES}
    master |= {"uid": obj.uid, "startDate": to_ox(ids[0]), "endDate": to_ox(shift(end, start, ids[0]))}
    master["rrule"] = PLACEHOLDER
    if len(ids) > 1:
        master["recurrenceDates"] = [to_recurrence_id(moment) for moment in ids[1:]]
    return Series(master, overrides)

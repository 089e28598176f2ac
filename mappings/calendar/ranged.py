"""RECURRENCE-ID with RANGE=THISANDFUTURE (RFC 5545 3.8.4.4), which OX would only take by splitting the series in two
resources: instance by instance instead. A series without end cannot be told that way and is refused.
"""

from collections.abc import Iterator
from itertools import islice

from mappings.calendar.moments import Moment, instant, like, moment_key, shift, write_moment
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rrule import is_foreign
from mappings.calendar.rules import parse_rule
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property
from mappings.errors import TooCostly

MAX_INSTANCES = 100
"""Each costs a write upstream."""

_MOVING = ("RECURRENCE-ID", "DTSTART", "DTEND", "DUE")


def is_ranged(component: Component) -> bool:
    prop = component.first("RECURRENCE-ID")
    return prop is not None and (prop.param("RANGE") or "").upper() == "THISANDFUTURE"


def without_ranges(tree: Component) -> Component:
    """The calendar object with an override for each instance that an override with a range is for.

    Instances with an override of their own, or in the range of a later one, keep that. Raises TooCostly for more
    than 100 instances, InvalidData. An object without a master stays as it is.
    """
    main = [component for component in tree.components if component.name != "VTIMEZONE"]
    master = next((component for component in main if component.first("RECURRENCE-ID") is None), None)
    ranged = [component for component in main if is_ranged(component)]
    if master is None or not ranged:
        return tree
    zones = Zones(tree)
    start = zones.moment(master.first("DTSTART") or _required(master, "DUE"))
    ids = {id(each): like(zones.moment(_required(each, "RECURRENCE-ID")), start) for each in main if each is not master}
    own = {moment_key(ids[id(each)]) for each in main if each is not master and each not in ranged}
    ranged.sort(key=lambda each: moment_key(ids[id(each)]))
    found: list[Component] = []
    for component, following in zip(ranged, [*ranged[1:], None], strict=True):
        first = ids[id(component)]
        found.append(_moved(component, first, first, zones))
        for moment in _following(master, start, first, zones, None if following is None else ids[id(following)]):
            if moment_key(moment) not in own:
                found.append(_moved(component, first, moment, zones))
        if len(found) > MAX_INSTANCES:
            raise TooCostly("RANGE=THISANDFUTURE of too many instances")
    others = [component for component in tree.components if component not in ranged]
    return Component(tree.name, tree.properties, [*others, *found])


def _required(component: Component, name: str) -> Property:
    return component.first(name) or Property(name, (), "")


def _following(master: Component, start: Moment, first: Moment, zones: Zones, end: Moment | None) -> Iterator[Moment]:
    """The occurrences after the first one and before the end; one more than allowed at most."""
    rule = master.first("RRULE")
    if rule is not None and is_foreign(rule.value):
        raise TooCostly("RANGE=THISANDFUTURE of a rule that cannot be expanded")
    recurrence = Recurrence(
        start,
        parse_rule(rule.value) if rule is not None else None,
        tuple(moment for prop in master.all("RDATE") for moment, _ in zones.moments(prop)),
        tuple(moment for prop in master.all("EXDATE") for moment, _ in zones.moments(prop)),
    )
    at, key = instant(first, zones.fallback), moment_key(first)
    last = None if end is None else instant(end, zones.fallback)
    moments = islice(recurrence.occurrences(at, last, zones.fallback), MAX_INSTANCES + 1)
    return (moment for moment in moments if moment_key(moment) != key)


def _moved(component: Component, first: Moment, moment: Moment, zones: Zones) -> Component:
    """The override for another instance: as far away from its regular time, and everything else the same."""
    properties = []
    for prop in component.properties:
        if prop.name == "RECURRENCE-ID":
            params = tuple(param for param in prop.params if param[0] != "RANGE")
            prop = Property(prop.name, params, prop.value, prop.group)
        if prop.name in _MOVING:
            prop = _shifted(prop, shift(zones.moment(prop), first, moment))
        properties.append(prop)
    return Component(component.name, properties, component.components)


def _shifted(prop: Property, moment: Moment) -> Property:
    """The property with another time, in the spelling it has."""
    text = write_moment(moment).removesuffix("Z")
    zulu = "Z" if prop.value.strip().upper().endswith("Z") and len(text) > 8 else ""
    return Property(prop.name, prop.params, text + zulu, prop.group)

"""The client's wording of a family of properties, as it is kept and read again."""

import hashlib
import json
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from mappings.calendar.families import Family, family_of
from mappings.calendar.moments import Moment, like, moment_key, zone_name
from mappings.calendar.timezones import resolve
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, parse_property, property_line, write_tree
from mappings.errors import InvalidData

CALENDAR, MASTER = "calendar", "master"
_TIMES = frozenset(["DTSTART", "DTEND", "DUE", "RDATE", "EXDATE", "RECURRENCE-ID"])


@dataclass(frozen=True, slots=True)
class Wording:
    """The client's wording of one family. ``component``: which one of the resource. ``shown``: digest of what OX
    shows in its place. ``lines``: unfolded content lines, inner components with BEGIN and END; empty hides."""

    component: str
    family: str
    shown: str
    lines: tuple[str, ...]


def to_json(residue: Iterable[Wording]) -> str:
    return json.dumps([[each.component, each.family, each.shown, each.lines] for each in residue], ensure_ascii=False)


def from_json(text: str) -> tuple[Wording, ...]:
    """Raises ValueError for anything that ``to_json`` did not write."""
    return tuple(Wording(key, family, shown, tuple(lines)) for key, family, shown, lines in json.loads(text))


class Parts:
    """The components of a calendar object by what they stand for: the calendar, the master, each instance."""

    def __init__(self, tree: Component) -> None:
        self.zones = Zones(tree)
        self.components: dict[str, Component] = {CALENDAR: tree}
        masters = [each for each in tree.components if each.name != "VTIMEZONE" and not each.first("RECURRENCE-ID")]
        start_property = masters[0].first("DTSTART") if masters else None
        start = None if start_property is None else self.zones.moment(start_property)
        for component in tree.components:
            if component.name == "VTIMEZONE":
                continue
            recurrence_id = component.first("RECURRENCE-ID")
            if recurrence_id is None:
                self.components[MASTER] = component
                continue
            moment = self.zones.moment(recurrence_id)
            self.components[instance_key(moment if start is None else like(moment, start))] = component


def instance_key(recurrence_id: Moment) -> str:
    """What ``Parts`` calls the instance of that moment, which is of the kind of the series' start."""
    kind, value = moment_key(recurrence_id)
    return f"{kind}:{value:.0f}"


def digest(value: Hashable) -> str:
    """Of a meaning; frozen sets have no order of their own."""
    return hashlib.blake2b(_stable(value).encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _stable(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(_stable, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ",".join(map(_stable, value)) + ")"
    return repr(value)


def lines_of(family: Family, zones: Zones) -> tuple[str, ...] | None:
    """A family as it is kept; None when it needs a time zone that only the client can explain."""
    properties = [_in_known_zone(prop, zones) for prop in family.properties]
    components = [_component_in_known_zones(inner, zones) for inner in family.components]
    lines = [property_line(prop) for prop in properties if prop is not None]
    for inner in components:
        if inner is not None:
            lines.extend(write_tree(inner).replace("\r\n ", "").split("\r\n")[:-1])
    return None if None in properties or None in components else tuple(lines)


def _component_in_known_zones(component: Component, zones: Zones) -> Component | None:
    properties = [prop for each in component.properties if (prop := _in_known_zone(each, zones)) is not None]
    known = len(properties) == len(component.properties)
    return Component(component.name, properties, component.components) if known else None


def _in_known_zone(prop: Property, zones: Zones) -> Property | None:
    """The property with the IANA name of its zone; None when there is none. What is no time may name any zone."""
    tzid = prop.param("TZID")
    if tzid is None or prop.name not in _TIMES:
        return prop
    known = _zone_name(prop, zones) or resolve(tzid)
    if known is None:
        return None
    params = tuple((key, (known,)) if key == "TZID" else (key, values) for key, values in prop.params)
    return Property(prop.name, params, prop.value, prop.group)


def _zone_name(prop: Property, zones: Zones) -> str | None:
    """The one zone all values of a property are in."""
    try:
        names = {zone_name(moment) for moment, _ in zones.moments(prop)}
    except InvalidData:
        return None
    return names.pop() if len(names) == 1 else None


def read_lines(lines: Sequence[str]) -> Family:
    """The members of a family from kept lines."""
    family = Family()
    open_: list[Component] = []
    for line in lines:
        upper = line.upper()
        if upper.startswith("BEGIN:"):
            component = Component(upper[6:])
            (open_[-1].components if open_ else family.components).append(component)
            open_.append(component)
        elif upper.startswith("END:") and open_:
            open_.pop()
        else:
            (open_[-1].properties if open_ else family.properties).append(parse_property(line))
    return family


def put_family(component: Component, name: str, family: Family) -> None:
    """Let a family stand in the place of the one the component has."""
    places = [index for index, prop in enumerate(component.properties) if family_of(prop, component) == name]
    others = [prop for prop in component.properties if family_of(prop, component) != name]
    place = places[0] if places else len(others)
    component.properties[:] = [*others[:place], *family.properties, *others[place:]]
    if family.components or any(inner.name == name for inner in component.components):
        component.components[:] = [inner for inner in component.components if inner.name != name] + family.components

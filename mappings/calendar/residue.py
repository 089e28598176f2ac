"""What OX cannot hold of an event: found when a client writes, merged back when the event is read.

The residue is the client's own wording of single families of properties (see ``families``), each beside a digest of
what OX showed in its place when it was written. On reading, a wording stands for what OX shows as long as OX still
shows the same; once somebody changes that in OX, the wording no longer counts. An empty wording hides what OX adds by
itself. A client that sends a wording back unchanged has changed nothing.

All functions are pure; the caller keeps the JSON text.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mappings.calendar.families import OF_ORGANIZER, RECURRENCE, TIME, Family, families, family_of, meaning
from mappings.calendar.moments import like, moment_key
from mappings.calendar.timezones import resolve
from mappings.calendar.vtimezone import vtimezone
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, parse_property, parse_tree, property_line, write_tree
from mappings.errors import InvalidData

_CALENDAR, _MASTER = "calendar", "master"
_OF_CALENDAR = frozenset(["VERSION", "PRODID", "CALSCALE", "METHOD"])


@dataclass(frozen=True, slots=True)
class Wording:
    """The client's wording of one family. ``component``: which one of the resource. ``shown``: digest of what OX
    shows in its place. ``lines``: unfolded content lines, inner components with BEGIN and END; empty hides."""

    component: str
    family: str
    shown: str
    lines: tuple[str, ...]


def find(sent: Component, shown: Component, *, organizer: bool) -> tuple[Wording, ...]:
    """The residue of what a client sent, when OX now shows ``shown``. ``organizer``: whether the user may change
    the event; others keep wordings only of what OX has no field for."""
    theirs, ours = _Parts(sent), _Parts(shown)
    return tuple(
        wording
        for key, component in ours.components.items()
        if key in theirs.components
        for wording in _differences(key, theirs, ours, component, organizer)
    )


def _differences(key: str, theirs: "_Parts", ours: "_Parts", shown: Component, organizer: bool) -> Iterator[Wording]:
    component = theirs.components[key]
    wanted, there = _families(key, component), _families(key, shown)
    for name in dict.fromkeys((*wanted, *there)):
        if not organizer and name in OF_ORGANIZER:
            continue
        mine = meaning(name, there.get(name), shown, ours.zones)
        if meaning(name, wanted.get(name), component, theirs.zones) == mine:
            continue
        lines = _lines(wanted.get(name), name)
        if lines is not None:
            yield Wording(key, name, _digest(mine), lines)


def merge(text: str, residue: Sequence[Wording]) -> str:
    """The iCalendar text of what OX holds, with the wordings that still count."""
    if not residue:
        return text
    tree = parse_tree(text)
    parts = _Parts(tree)
    for wording in residue:
        component = parts.components.get(wording.component)
        if component is not None and _counts(wording, component, parts.zones):
            _put(component, wording.family, _read(wording.lines))
    _add_timezones(tree)
    return write_tree(tree)


def as_changed(sent: Component, shown: Component, residue: Sequence[Wording]) -> Component:
    """What a client sent, with wordings that it merely sent back replaced by what OX shows in their place."""
    theirs, ours = _Parts(sent), _Parts(shown)
    for wording in residue:
        there, component = ours.components.get(wording.component), theirs.components.get(wording.component)
        if there is None or component is None or not _counts(wording, there, ours.zones):
            continue
        own = Component(there.name, list(there.properties), list(there.components))
        _put(own, wording.family, _read(wording.lines))
        kept = meaning(wording.family, _families(wording.component, own).get(wording.family), own, ours.zones)
        said = _families(wording.component, component).get(wording.family)
        if meaning(wording.family, said, component, theirs.zones) == kept:
            _put(component, wording.family, _families(wording.component, there).get(wording.family, Family()))
    return sent


def to_json(residue: Iterable[Wording]) -> str:
    return json.dumps([[each.component, each.family, each.shown, each.lines] for each in residue], ensure_ascii=False)


def from_json(text: str) -> tuple[Wording, ...]:
    """Raises ValueError for anything that ``to_json`` did not write."""
    return tuple(Wording(key, family, shown, tuple(lines)) for key, family, shown, lines in json.loads(text))


class _Parts:
    """The components of a calendar object by what they stand for: the calendar, the master, each instance."""

    def __init__(self, tree: Component) -> None:
        self.zones = Zones(tree)
        self.components: dict[str, Component] = {_CALENDAR: tree}
        masters = [each for each in tree.components if each.name != "VTIMEZONE" and not each.first("RECURRENCE-ID")]
        start_property = masters[0].first("DTSTART") if masters else None
        start = None if start_property is None else self.zones.moment(start_property)
        for component in tree.components:
            if component.name == "VTIMEZONE":
                continue
            recurrence_id = component.first("RECURRENCE-ID")
            if recurrence_id is None:
                self.components[_MASTER] = component
                continue
            moment = self.zones.moment(recurrence_id)
            kind, value = moment_key(moment if start is None else like(moment, start))
            self.components[f"{kind}:{value:.0f}"] = component


def _families(key: str, component: Component) -> dict[str, Family]:
    found = families(component)
    if key != _CALENDAR:
        return found
    return {name: family for name, family in found.items() if name not in _OF_CALENDAR and not family.components}


def _counts(wording: Wording, component: Component, zones: Zones) -> bool:
    there = _families(wording.component, component).get(wording.family)
    return _digest(meaning(wording.family, there, component, zones)) == wording.shown


def _digest(value: object) -> str:
    """Of a meaning; frozen sets have no order of their own."""
    return hashlib.blake2b(_stable(value).encode(), digest_size=9).hexdigest()


def _stable(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(map(_stable, value))) + "}"
    if isinstance(value, tuple):
        return "(" + ",".join(map(_stable, value)) + ")"
    return repr(value)


def _lines(family: Family | None, name: str) -> tuple[str, ...] | None:
    """A family as it is kept; None when it needs a time zone that only the client can explain."""
    if family is None:
        return ()
    lines = []
    for prop in family.properties:
        tzid = prop.param("TZID")
        if tzid is not None and name in (TIME, RECURRENCE):
            known = resolve(tzid)
            if known is None:
                return None
            params = tuple((key, (known,)) if key == "TZID" else (key, values) for key, values in prop.params)
            prop = Property(prop.name, params, prop.value, prop.group)
        lines.append(property_line(prop))
    for inner in family.components:
        lines.extend(write_tree(inner).replace("\r\n ", "").split("\r\n")[:-1])
    return tuple(lines)


def _read(lines: Sequence[str]) -> Family:
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


def _put(component: Component, name: str, family: Family) -> None:
    """Let a family stand in the place of the one the component has."""
    places = [index for index, prop in enumerate(component.properties) if family_of(prop.name) == name]
    others = [prop for prop in component.properties if family_of(prop.name) != name]
    place = places[0] if places else len(others)
    component.properties[:] = [*others[:place], *family.properties, *others[place:]]
    if family.components or any(inner.name == name for inner in component.components):
        component.components[:] = [inner for inner in component.components if inner.name != name] + family.components


def _add_timezones(tree: Component) -> None:
    """Explain the zones that wordings brought in."""
    known = {each.text("TZID") for each in tree.components if each.name == "VTIMEZONE"}
    wanted: dict[str, int] = {}
    for component in tree.components:
        for prop in component.properties:
            tzid = prop.param("TZID")
            if tzid and tzid not in known and prop.value[:4].isdecimal():
                wanted[tzid] = min(wanted.get(tzid, 9999), int(prop.value[:4]))
    for tzid, year in wanted.items():
        try:
            tree.components[:0] = parse_tree(f"BEGIN:X\r\n{vtimezone(tzid, year, None)}END:X\r\n").components
        except InvalidData:
            continue

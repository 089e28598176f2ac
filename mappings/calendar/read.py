"""What a client PUTs, read and checked: one calendar object resource (RFC 4791 section 4.1)."""

from dataclasses import dataclass

from mappings.calendar.moments import like, moment_key
from mappings.calendar.ranged import without_ranges
from mappings.calendar.vcalendar import is_icalendar
from mappings.calendar.zones import Zones
from mappings.contentline import Component, decode, parse_tree
from mappings.errors import (
    InvalidCalendarData,
    InvalidCalendarObject,
    InvalidData,
    TooCostly,
    UnsupportedCalendarComponent,
)

_MOST_DATES = {"RDATE": 1000, "EXDATE": 3000}
"""More than anybody has; each has to be compared with the series."""
_SUPPORTED = frozenset(["VEVENT", "VTODO", "VJOURNAL"])


@dataclass(frozen=True, slots=True)
class CalendarObject:
    """A calendar object resource: its components of one type ("VEVENT", "VTODO", "VJOURNAL") and one UID.

    `master` is None for an object that consists of single instances only; `overrides` are the components with
    RECURRENCE-ID, one an instance, in the order of their instances.
    """

    uid: str
    component: str
    master: Component | None
    overrides: tuple[Component, ...]
    tree: Component


def read(data: bytes) -> CalendarObject:
    """Read the body of a PUT.

    Tolerated, as the meaning is clear: byte order marks, Windows-1252, bare LF or CR, folds inside characters, any
    case of names, control characters (dropped), no VERSION or 1.0 (``vcalendar``). The tree is read by `contentline`
    and not by the icalendar library, which evaluates a client's VTIMEZONEs without limit and rewrites values of unknown
    properties; values are typed later, property by property. Overrides for this and all future instances become one for
    each (``ranged``). Raises InvalidCalendarData, UnsupportedCalendarComponent, InvalidCalendarObject, TooCostly.
    """
    try:
        tree = parse_tree(decode(data))
    except InvalidData as error:
        raise InvalidCalendarData(error.reason) from error
    if tree.name != "VCALENDAR":
        raise InvalidCalendarData("not a VCALENDAR")
    if not is_icalendar(tree):
        raise InvalidCalendarData("not iCalendar 2.0")
    scale = tree.text("CALSCALE")
    if scale is not None and scale.strip().upper() != "GREGORIAN":
        raise InvalidCalendarData("unsupported calendar scale")
    if tree.first("METHOD") is not None:
        raise InvalidCalendarObject("METHOD is not allowed in stored objects")
    _refuse_masses_of_dates(tree)
    tree = without_ranges(tree)
    components = [component for component in tree.components if component.name != "VTIMEZONE"]
    kind = _kind(components)
    uid = _uid(components)
    masters = [component for component in components if component.first("RECURRENCE-ID") is None]
    if len(masters) > 1:
        raise InvalidCalendarObject("several components without RECURRENCE-ID")
    master = masters[0] if masters else None
    return CalendarObject(uid, kind, master, _overrides(tree, components, master), tree)


def _refuse_masses_of_dates(tree: Component) -> None:
    for component in tree.components:
        for name, most in _MOST_DATES.items():
            if sum(prop.value.count(",") + 1 for prop in component.all(name)) > most:
                raise TooCostly("too many dates in a series")


def _kind(components: list[Component]) -> str:
    kinds = {component.name for component in components}
    if not kinds:
        raise InvalidCalendarObject("no calendar component")
    if len(kinds) > 1:
        raise InvalidCalendarObject("several types of components")
    kind = kinds.pop()
    if kind not in _SUPPORTED:
        raise UnsupportedCalendarComponent("unsupported type of component")
    return kind


def _uid(components: list[Component]) -> str:
    uids = {(component.text("UID") or "").strip() for component in components}
    if len(uids) > 1:
        raise InvalidCalendarObject("several UIDs")
    uid = uids.pop()
    if not uid:
        raise InvalidCalendarObject("UID is missing")
    return uid


def _overrides(tree: Component, components: list[Component], master: Component | None) -> tuple[Component, ...]:
    """One override an instance: of several, the one with the highest SEQUENCE, of these the last."""
    zones = Zones(tree)
    start = None if master is None else master.first("DTSTART")
    found: dict[tuple[str, float], Component] = {}
    for component in components:
        recurrence_id = component.first("RECURRENCE-ID")
        if recurrence_id is None:
            continue
        moment = zones.moment(recurrence_id)
        key = moment_key(moment if start is None else like(moment, zones.moment(start)))
        if key not in found or sequence(component) >= sequence(found[key]):
            found[key] = component
    return tuple(found[key] for key in sorted(found))


def sequence(component: Component) -> int:
    """SEQUENCE, 0 when it is missing or no number."""
    value = (component.text("SEQUENCE") or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0

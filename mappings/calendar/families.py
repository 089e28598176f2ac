"""The properties of a component in families: what must be kept or dropped together, and when two say the same.

A family is one name, except that start, end and duration are one, and rule, additional and deleted dates are one. Of a
task all of these are one, because they say together which occurrence is due, and so are status, percentage and time of
completion. Files that OX keeps, or will, are another family than links to elsewhere. Inner components form a family for
each name.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC

from mappings.calendar.attachments import OF_SERVER as OF_FILE
from mappings.calendar.attachments import is_file, reference
from mappings.calendar.moments import Moment, like, moment_key, zone_name
from mappings.calendar.occurrences import timing
from mappings.calendar.rrule import is_foreign, ox_rule, unkept_parts
from mappings.calendar.rules import parse_rule
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Parameters, Property, split_escaped, unescape_text
from mappings.errors import InvalidData

TIME, RECURRENCE, STATUS, FILES = "TIME", "RECURRENCE", "STATUS", "FILES"
_GROUPED = {
    **dict.fromkeys(("DTSTART", "DTEND", "DURATION"), TIME),
    **dict.fromkeys(("RRULE", "RDATE", "EXDATE", "EXRULE"), RECURRENCE),
}

_OF_TASK = {
    **dict.fromkeys(("DTSTART", "DUE", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE"), TIME),
    **dict.fromkeys(("STATUS", "PERCENT-COMPLETE", "COMPLETED"), STATUS),
}

OF_SERVER = frozenset(
    ["UID", "RECURRENCE-ID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "ORGANIZER", "ATTENDEE"]
)
"""What OX decides: identity, times of change, and who takes part with which answer (see ``participants``)."""

OF_ORGANIZER = frozenset(
    [
        *(TIME, RECURRENCE, "SUMMARY", "LOCATION", "DESCRIPTION", "CLASS", "STATUS", "TRANSP", "CATEGORIES"),
        *("URL", "GEO", "COLOR", "ATTACH", FILES, "CONFERENCE"),
    ]
)
"""What OX has fields for that attendees cannot change: what they write there is not kept."""

_DEFAULTS = {
    ("DTSTART", "VALUE"): "DATE-TIME",
    ("COMPLETED", "VALUE"): "DATE-TIME",
    ("TRIGGER", "VALUE"): "DURATION",
    ("TRIGGER", "RELATED"): "START",
    ("ATTACH", "VALUE"): "URI",
    ("CONFERENCE", "VALUE"): "URI",
    ("URL", "VALUE"): "URI",
}
_TEXTS = frozenset(["SUMMARY", "LOCATION", "DESCRIPTION", "COMMENT", "CONTACT", "COLOR", "ACTION"])
_TOKENS = frozenset(["CLASS", "STATUS", "TRANSP", "ACTION"])


@dataclass(slots=True)
class Family:
    """The members of one family of one component, in the order they were written."""

    properties: list[Property] = field(default_factory=list)
    components: list[Component] = field(default_factory=list)


def families(component: Component) -> dict[str, Family]:
    """All families of a component that the server does not decide on."""
    found: dict[str, Family] = {}
    for prop in component.properties:
        if prop.name not in OF_SERVER or component.name == "VCALENDAR":
            found.setdefault(family_of(prop, component), Family()).properties.append(prop)
    for inner in component.components:
        found.setdefault(inner.name, Family()).components.append(inner)
    return found


def family_of(prop: Property, component: Component) -> str:
    if prop.name == "ATTACH":
        return FILES if is_file(prop) else prop.name
    return (_OF_TASK if component.name == "VTODO" else _GROUPED).get(prop.name, prop.name)


def meaning(name: str, family: Family | None, component: Component, zones: Zones) -> Hashable:
    """Equal for two families that say the same. ``component`` is what they belong to."""
    if family is None:
        return ()
    try:
        if name == TIME and component.name == "VTODO":
            return _time_of_task(family, component, zones)
        if name == TIME:
            return _time(family, component, zones)
        if name == RECURRENCE:
            start_property = component.first("DTSTART")
            start = None if start_property is None else zones.moment(start_property)
            return _recurrence(family, start, zones)
        if name == "CATEGORIES":
            return frozenset(_categories(family.properties)), _own_parameters(family.properties)
        if name == "GEO":
            return tuple(tuple(round(float(part), 6) for part in prop.value.split(";")) for prop in family.properties)
    except (InvalidData, ValueError):
        pass  # what cannot be understood is compared as it is written
    return (
        tuple(sorted(map(said, family.properties))),
        tuple(sorted(repr(_component(inner)) for inner in family.components)),
    )


def _time(family: Family, component: Component, zones: Zones) -> Hashable:
    """That there is no end, or a duration, is told apart from an end that means the same: clients ask for it. So is an
    end in another zone than the start, which OX 7.8 does not hold."""
    first, last = zones.span(component)
    elsewhere = zone_name(last) if zone_name(last) != zone_name(first) else None
    span = moment_key(first), moment_key(last), elsewhere
    names = {prop.name for prop in family.properties}
    end = "DURATION" if "DURATION" in names and "DTEND" not in names else "DTEND" in names
    return span, end, _own_parameters(family.properties)


def _time_of_task(family: Family, component: Component, zones: Zones) -> Hashable:
    """Zones count, because OX keeps none; so does whether the end is told as such or as a duration."""
    times = timing(component, zones)
    moments = tuple(
        None if moment is None else (moment_key(moment), zone_name(moment)) for moment in (times.start, times.end)
    )
    return moments, times.nominal, _recurrence(family, times.anchor, zones)


def _own_parameters(properties: Iterable[Property]) -> Hashable:
    """The parameters of times and rules that do not belong to their values."""
    return tuple(
        sorted(
            (prop.name, name, values)
            for prop in properties
            for name, values in prop.params
            if name not in ("TZID", "VALUE", "RANGE")
        )
    )


def _recurrence(family: Family, start: Moment | None, zones: Zones) -> Hashable:
    rules, dates = [], set()
    for prop in family.properties:
        if prop.name in ("DTSTART", "DUE", "DURATION"):
            continue
        if start is not None and prop.name in ("RDATE", "EXDATE"):
            for moment, duration in zones.moments(prop):
                dates.add((prop.name, moment_key(like(moment, start)), duration))
        elif start is not None and prop.name == "RRULE" and not is_foreign(prop.value):
            rules.append(repr((parse_rule(ox_rule(prop.value, start, UTC)), *unkept_parts(prop.value))))
        else:
            rules.append(repr(said(prop)))
    return tuple(sorted(rules)), frozenset(dates), _own_parameters(family.properties)


def _categories(properties: Iterable[Property]) -> Iterable[str]:
    for prop in properties:
        for part in split_escaped(prop.value, ","):
            yield unescape_text(part).strip()


def said(prop: Property) -> tuple[str, Parameters, str]:
    """What one property says, in any spelling. Of a file that OX keeps, OX says most."""
    file = reference(prop.value) if prop.name == "ATTACH" else None
    params = sorted(
        (name, values)
        for name, values in prop.params
        if values and ",".join(values).upper() != _DEFAULTS.get((prop.name, name)) and not (file and name in OF_FILE)
    )
    value = prop.value.strip() if file is None else str(file.managed_id)
    if prop.name in _TEXTS:
        value = unescape_text(value)
    return prop.name, tuple(params), value.upper() if prop.name in _TOKENS else value


def _component(component: Component) -> tuple[Hashable, ...]:
    """Identity of alarms is not compared: OX gives them a UID of its own."""
    properties = sorted(said(prop) for prop in component.properties if prop.name != "UID")
    return component.name, tuple(properties), tuple(sorted(repr(_component(inner)) for inner in component.components))

"""Properties that OX has no field for, kept in `extendedProperties` of events and alarms, both ways.

OX holds {"X-FOO": {"value": "bar", "PARAM": "1"}}, several of one name as a list. Values are kept as written in the
content line, because the type of an unknown value is unknown; a parameter with several values is kept as a quoted
list.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mappings.contentline import Parameters, Property, property_line, same_text, without_forbidden

_NAME = re.compile(r"[A-Za-z0-9-]+")
_QUOTED_LIST = re.compile(r'"[^"]*"(?:,"[^"]*")+')

# Names with a field of their own: these would say a second, different thing.
RESERVED = frozenset(
    [
        *("BEGIN", "END", "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "RECURRENCE-ID"),
        *("DTSTART", "DTEND", "DURATION", "SUMMARY", "DESCRIPTION", "LOCATION", "CLASS", "STATUS", "TRANSP"),
        *("COLOR", "URL", "GEO", "CATEGORIES", "CONFERENCE", "EXDATE", "RDATE"),
    ]
)


def to_extended(properties: Iterable[Property]) -> dict[str, Any]:
    """The `extendedProperties` object for these properties."""
    found: dict[str, list[dict[str, str]]] = {}
    for prop in properties:
        entry = {"value": prop.value}
        for name, values in prop.params:
            entry[name] = values[0] if len(values) == 1 else ",".join(f'"{value}"' for value in values)
        found.setdefault(prop.name, []).append(entry)
    return {name: entries[0] if len(entries) == 1 else entries for name, entries in found.items()}


def from_extended(extended: Mapping[str, Any] | None, reserved: frozenset[str] = RESERVED) -> Iterator[Property]:
    """The properties an `extendedProperties` object stands for, in the order of their names."""
    for name in sorted(extended or {}):
        if not is_shown(name, reserved):
            continue
        for entry in entries(extended, name):
            yield Property(name.upper(), _parameters(entry), _one_line(str(entry.get("value") or "")))


def is_shown(name: str, reserved: frozenset[str] = RESERVED) -> bool:
    """Whether an extended property of this name appears in iCalendar at all."""
    return _NAME.fullmatch(name) is not None and name.upper() not in reserved


def entries(extended: Mapping[str, Any] | None, name: str) -> list[Mapping[str, Any]]:
    """All values of one name, whether OX holds one or several."""
    value = (extended or {}).get(name)
    return [entry for entry in (value if isinstance(value, list) else [value]) if isinstance(entry, Mapping)]


def extended_lines(extended: Mapping[str, Any] | None, reserved: frozenset[str] = RESERVED) -> Iterator[str]:
    """The unfolded content lines of an `extendedProperties` object."""
    return map(property_line, from_extended(extended, reserved))


def same_extended(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two objects say the same; the order of names and of the values of one name does not matter."""
    return sorted(map(_key, from_extended(one))) == sorted(map(_key, from_extended(other)))


def with_hidden(wanted: Mapping[str, Any], current: Mapping[str, Any] | None) -> dict[str, Any]:
    """The wanted object together with what a client could not see of the current one."""
    return {name: value for name, value in (current or {}).items() if not is_shown(name)} | dict(wanted)


def _key(prop: Property) -> tuple[str, str, list[tuple[str, tuple[str, ...]]]]:
    return prop.name, prop.value, sorted(prop.params)


def _parameters(entry: Mapping[str, Any]) -> Parameters:
    return tuple(
        (name.upper(), _values(same_text(value) or ""))
        for name, value in entry.items()
        if name != "value" and value is not None and _NAME.fullmatch(name)
    )


def _values(text: str) -> tuple[str, ...]:
    if _QUOTED_LIST.fullmatch(text):
        return tuple(text[1:-1].split('","'))
    return (text,)


def _one_line(value: str) -> str:
    value = without_forbidden(value)
    return value.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")

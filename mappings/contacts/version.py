"""vCard 4.0 (RFC 6350) properties in the spelling of vCard 3.0 (RFC 2426).

The mapping works on one spelling only. What 3.0 has no words for keeps its name and parameters: 3.0 readers skip
them, and nothing is lost.
"""

from collections.abc import Iterable, Iterator

from mappings.contacts import dates, values
from mappings.contentline import Property, escape_text, parse_property, unescape_text


def as_version_3(properties: Iterable[Property]) -> tuple[Property, ...]:
    """The properties of a 4.0 card as a 3.0 card would write them, in their order."""
    return tuple(converted for prop in properties for converted in _convert(prop))


def _convert(prop: Property) -> Iterator[Property]:
    prop = _preference(prop)
    match prop.name:
        case "TEL":
            yield _telephone(prop)
        case "ADR":
            yield from _address(prop)
        case "BDAY" | "ANNIVERSARY":
            yield _day(prop)
        case _:
            yield prop


def _preference(prop: Property) -> Property:
    """PREF=1 as TYPE=PREF; weaker preferences have no 3.0 spelling and stay."""
    if prop.param("PREF") != "1":
        return prop
    params = tuple((name, listed) for name, listed in prop.params if name != "PREF")
    return _with(prop, params=(*params, ("TYPE", ("PREF",))))


def _telephone(prop: Property) -> Property:
    number = values.number(unescape_text(prop.value))
    if (prop.param("VALUE") or "").lower() != "uri" or number == unescape_text(prop.value):
        return prop
    return _with(prop, params=_without(prop, "VALUE"), value=escape_text(number or ""))


def _address(prop: Property) -> Iterator[Property]:
    """ADR, and its LABEL parameter as the LABEL property of 3.0."""
    label = prop.param("LABEL")
    if label is None:
        yield prop
        return
    yield _with(prop, params=_without(prop, "LABEL"))
    types = tuple((name, listed) for name, listed in prop.params if name in ("TYPE", "ALTID", "LANGUAGE"))
    yield Property("LABEL", types, escape_text(unescape_text(label)), prop.group)


def _day(prop: Property) -> Property:
    """A plain day as 3.0 writes it; one with a time, without a complete day or with other parameters stays."""
    day = dates.parse(prop.value) if "T" not in prop.value.upper() else None
    if day is None or any(name != "VALUE" for name, _ in prop.params):
        return prop
    written = parse_property(dates.line(prop.name, day))
    return _with(prop, params=written.params, value=written.value)


def _without(prop: Property, name: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(pair for pair in prop.params if pair[0] != name)


def _with(
    prop: Property,
    *,
    params: tuple[tuple[str, tuple[str, ...]], ...],
    value: str | None = None,
) -> Property:
    return Property(prop.name, params, prop.value if value is None else value, prop.group)

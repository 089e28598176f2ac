"""One property in the other version, with its own wording carried along where that version would lose a part of it.

The wording travels in a parameter, percent-encoded so that no parser stumbles over it. It counts only as long as the
line still says what it was made of: an edited line is never undone.
"""

from urllib.parse import quote, unquote

from mappings.contentline import Property, parse_property, property_line
from mappings.errors import InvalidData
from mappings.vcard import single
from mappings.vcard.spelling import CARRIED_3, CARRIED_4, said, types_of, without

LONGEST = 2000
"""Characters of a value beyond which nothing is carried: pictures are never sent twice."""


OF_WHOLE_CARDS = frozenset({
    "ANNIVERSARY", "X-ANNIVERSARY", "X-MS-ANNIVERSARY", "X-EVOLUTION-ANNIVERSARY", "X-KADDRESSBOOK-X-ANNIVERSARY",
    "X-ABDATE", "LABEL", "SORT-STRING",
})  # fmt: skip
"""What `anniversary`, `addresses` and `sorting` look for in 3.0. A 4.0 card may have such lines, too: then that
is carried."""


def to_version_3(prop: Property) -> Property:
    """A 4.0 property in 3.0 spelling."""
    original = of_version_3(prop)
    if original is not None:
        return original
    prop = _plain(prop)
    converted = single.to_version_3(prop)
    exact = not _is_dropped(prop) and said(single.to_version_4(converted)) == said(prop)
    return converted if exact else carrying(converted, CARRIED_4, prop)


def _is_dropped(prop: Property) -> bool:
    """Whether a 4.0 card has what only a 3.0 card is expected to have."""
    return prop.name in OF_WHOLE_CARDS or (prop.name == "EMAIL" and "INTERNET" in types_of(prop)) or _is_sorted(prop)


def _is_sorted(prop: Property) -> bool:
    """Whether `sorting` would take it for something else on the way back."""
    return prop.name == "N" and prop.param("SORT-AS") is not None


def _is_borrowed(prop: Property) -> bool:
    """Whether a 3.0 card has what only a 4.0 card is expected to have."""
    return prop.param("LABEL") is not None or _is_sorted(prop)


def to_version_4(prop: Property) -> Property:
    """A 3.0 property in 4.0 spelling."""
    original = of_version_4(prop)
    if original is not None:
        return original
    prop = _plain(prop)
    converted = single.to_version_4(prop)
    exact = not _is_borrowed(prop) and said(single.to_version_3(converted)) == said(prop)
    return converted if exact else carrying(converted, CARRIED_3, prop)


def of_version_3(prop: Property) -> Property | None:
    """The 3.0 line a 4.0 property was made of, None when it does not say so or says something else by now."""
    original = carried_by(prop, CARRIED_3)
    return original if original is not None and said(single.to_version_4(original)) == said(prop) else None


def of_version_4(prop: Property) -> Property | None:
    """The 4.0 line a 3.0 property was made of."""
    original = carried_by(prop, CARRIED_4)
    return original if original is not None and said(single.to_version_3(original)) == said(prop) else None


def carrying(prop: Property, parameter: str, original: Property) -> Property:
    """The property with another one in a parameter."""
    if len(original.value) > LONGEST:
        return prop
    line = quote(property_line(original), safe=" /@+!$()*")
    return Property(prop.name, (*prop.params, (parameter, (line,))), prop.value, prop.group)


def carried_by(prop: Property, parameter: str) -> Property | None:
    """The property in a parameter; None for nothing that can be read."""
    line = prop.param(parameter)
    if not line:
        return None
    try:
        return _plain(parse_property(unquote(line)))
    except InvalidData:
        return None


def _plain(prop: Property) -> Property:
    return without(prop, CARRIED_3, CARRIED_4)

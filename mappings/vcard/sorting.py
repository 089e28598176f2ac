"""How a name is sorted: the property SORT-STRING in 3.0 (RFC 2426 3.6.5), the parameter SORT-AS of N in 4.0."""

from collections.abc import Sequence

from mappings.contentline import Property, escape_text, unescape_text
from mappings.vcard import carried
from mappings.vcard.spelling import changed, without

_NAME = "SORT-STRING"
_PARAMETER = "SORT-AS"


def to_version_3(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 3.0 for N at its place in a 4.0 card, if it says how to sort. Several keys stay a parameter."""
    place = _only(properties, "N")
    if place is None or any(prop.name == _NAME for prop in properties):
        return {}
    name = properties[place]
    keys = [values for key, values in name.params if key == _PARAMETER]
    if len(keys) != 1 or len(keys[0]) != 1 or not keys[0][0] or carried.of_version_3(name) is not None:
        return {}
    plain = carried.to_version_3(without(name, _PARAMETER))
    return {place: (plain, Property(_NAME, (), escape_text(keys[0][0])))}


def to_version_4(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 4.0 for N and SORT-STRING at their places in a 3.0 card."""
    name, key = _only(properties, "N"), _only(properties, _NAME)
    if name is None or key is None or properties[name].param(_PARAMETER) is not None:
        return {}
    sorting = properties[key]
    text = unescape_text(sorting.value)
    if sorting.params or sorting.group or not text or escape_text(text) != sorting.value:
        return {}
    converted = carried.to_version_4(properties[name])
    if converted.param(_PARAMETER) is not None or carried.of_version_4(properties[name]) is not None:
        return {}
    return {name: (changed(converted, params=(*converted.params, (_PARAMETER, (text,)))),), key: ()}


def _only(properties: Sequence[Property], name: str) -> int | None:
    """The place of the one property of that name, None if there are several or none."""
    places = [place for place, prop in enumerate(properties) if prop.name == name]
    return places[0] if len(places) == 1 else None

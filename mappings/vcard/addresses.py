"""LABEL: a property beside ADR in 3.0, a parameter of ADR in 4.0."""

import zlib
from collections import Counter
from collections.abc import Hashable, Sequence

from mappings.contentline import Property, escape_text, unescape_text
from mappings.vcard import carried
from mappings.vcard.spelling import ADDRESS, CARRIED_4, changed, types_of, without

_EMPTY = ";;;;;;"


def to_version_3(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 3.0 for the ADR with labels at some places of a 4.0 card."""
    keys = Counter(_key(prop) for prop in properties if prop.name == "ADR")
    found: dict[int, tuple[Property, ...]] = {}
    for place, prop in enumerate(properties):
        label = prop.param("LABEL")
        if prop.name != "ADR" or label is None or carried.of_version_3(prop) is not None:
            continue
        address = carried.to_version_3(without(prop, "LABEL"))
        types = tuple(pair for pair in address.params if pair[0] == "TYPE")
        which = ((ADDRESS, (_mark(address),)),) if keys[_key(prop)] > 1 else ()
        written = Property("LABEL", (*types, *which), _text(label), prop.group)
        if _parameter(written) != label:
            written = carried.carrying(written, CARRIED_4, Property("ADR", (("LABEL", (label,)),), ""))
        found[place] = (address, written) if prop.value.strip(" ;") else (written,)
    return found


def to_version_4(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 4.0 for ADR and LABEL at some places of a 3.0 card; a LABEL alone becomes an empty ADR."""
    found: dict[int, tuple[Property, ...]] = {}
    taken: set[int] = set()
    for place, label in enumerate(properties):
        if label.name != "LABEL" or not _is_plain(label) or carried.of_version_4(label) is not None:
            continue
        address = _address_of(properties, place, taken)
        if address is None:
            alone = Property("ADR", without(label, ADDRESS, CARRIED_4).params, _EMPTY, label.group)
            found[place] = (_with_label(alone, label),)
        else:
            taken.add(address)
            found[address] = (_with_label(properties[address], label),)
            found[place] = ()
    return found


def _with_label(address: Property, label: Property) -> Property:
    converted = carried.to_version_4(address)
    return changed(converted, params=(*converted.params, ("LABEL", (_parameter(label),))))


def _text(parameter: str) -> str:
    """The value of LABEL for a parameter; clients write line breaks there as in values, too."""
    return escape_text(unescape_text(parameter))


def _parameter(label: Property) -> str:
    original = carried.carried_by(label, CARRIED_4)
    wording = None if original is None else original.param("LABEL")
    if wording is not None and _text(wording) == label.value:
        return wording
    return unescape_text(label.value).replace("\\", "\\\\")


def _address_of(properties: Sequence[Property], label: int, taken: set[int]) -> int | None:
    """The ADR a LABEL belongs to: the one it names, else the nearest before it of its types, else one after it."""
    wanted = _key(properties[label])
    open_to = [
        place
        for place, prop in enumerate(properties)
        if prop.name == "ADR" and place not in taken and prop.param("LABEL") is None and _key(prop) == wanted
    ]
    mark = properties[label].param(ADDRESS)
    named = [place for place in open_to if mark is not None and _mark(properties[place]) == mark]
    before = [place for place in open_to if place < label]
    return next(iter([*named, *reversed(before), *open_to]), None)


def _key(prop: Property) -> Hashable:
    types = types_of(prop) - {""}
    return (types | {"PREF"} if prop.param("PREF") == "1" else types), (prop.group or "").upper()


def _is_plain(label: Property) -> bool:
    known = ("TYPE", ADDRESS, CARRIED_4)
    return bool(label.value) and all(name in known or not listed for name, listed in label.params)


def _mark(address: Property) -> str:
    return f"{zlib.crc32(address.value.encode('utf-8', 'surrogatepass')):08x}"

"""ANNIVERSARY of 4.0 and the labelled date that Apple made of it for 3.0, which most 3.0 clients read."""

from collections.abc import Iterable, Sequence

from mappings.contentline import Property, unescape_text
from mappings.vcard import days
from mappings.vcard.carried import carried_by, carrying, of_version_4
from mappings.vcard.spelling import CARRIED_3, changed, said, without

LABEL = "_$!<Anniversary>!$_"
_NAME = "ANNIVERSARY"
_OTHER_NAMES = (
    _NAME,
    "X-ANNIVERSARY",
    "X-MS-ANNIVERSARY",
    "X-EVOLUTION-ANNIVERSARY",
    "X-KADDRESSBOOK-X-ANNIVERSARY",
)


def free_group(used: Iterable[str | None]) -> str:
    """The first of `item1`, `item2`, ... that no property is in."""
    taken = {(group or "").lower() for group in used}
    return next(name for number in range(1, len(taken) + 2) if (name := f"item{number}") not in taken)


def to_version_3(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 3.0 for the property at a place, if it is the anniversary of the 4.0 card."""
    for place, prop in enumerate(properties):
        if prop.name != _NAME or prop.group or not _is_day(without(prop, CARRIED_3)):
            continue
        original = carried_by(prop, CARRIED_3)
        if original is not None and _day_of(original) == prop.value:
            return {place: _labelled(original) if original.name == "X-ABDATE" else (original,)}
        date = _dated(prop.value, free_group(other.group for other in properties))
        return {place: _labelled(date)}
    return {}


def to_version_4(properties: Sequence[Property]) -> dict[int, tuple[Property, ...]]:
    """What stands in 4.0 for the properties at some places, if they are the anniversary of the 3.0 card."""
    labelled = _labelled_date(properties)
    if labelled:
        date, label = labelled
        prop = properties[date]
        group = free_group(other.group for place, other in enumerate(properties) if place not in labelled)
        day = _day_of(prop)
        plain = said(prop) == said(_dated(day, group))
        return {date: (_anniversary(day, None if plain else prop),), label: ()}
    for name in _OTHER_NAMES:
        for place, prop in enumerate(properties):
            if prop.name == name and not prop.group and _day_of(prop) and of_version_4(prop) is None:
                return {place: (_anniversary(_day_of(prop), prop),)}
    return {}


def _labelled_date(properties: Sequence[Property]) -> tuple[int, int] | None:
    if any(prop.name == _NAME and of_version_4(prop) is None for prop in properties):
        return None
    groups: dict[str, list[int]] = {}
    for place, prop in enumerate(properties):
        if prop.group:
            groups.setdefault(prop.group.upper(), []).append(place)
    for places in groups.values():
        date, *rest = sorted(places, key=lambda place: properties[place].name)
        if len(rest) != 1 or properties[date].name != "X-ABDATE" or of_version_4(properties[date]) is not None:
            continue
        if _day_of(properties[date]) and _says_anniversary(properties[rest[0]]):
            return date, rest[0]
    return None


def _says_anniversary(prop: Property) -> bool:
    return prop.name == "X-ABLABEL" and not prop.params and unescape_text(prop.value) == LABEL


def _labelled(date: Property) -> tuple[Property, ...]:
    return date, Property("X-ABLABEL", (), LABEL, date.group)


def _dated(day: str, group: str) -> Property:
    return days.to_version_3(Property("X-ABDATE", (), day, group))


def _anniversary(day: str, original: Property | None) -> Property:
    prop = Property(_NAME, (), day)
    return prop if original is None else carrying(prop, CARRIED_3, original)


def _is_day(prop: Property) -> bool:
    plain = all(name == "VALUE" and [value.lower() for value in listed] == ["date"] for name, listed in prop.params)
    return plain and _day_of(prop) == prop.value


def _day_of(prop: Property) -> str:
    """The day in 4.0 spelling, "" for anything else; other parameters than those of days do not matter."""
    params = tuple(pair for pair in prop.params if pair[0] in ("VALUE", days.OMITTED))
    value = days.to_version_4(changed(prop, params=params)).value
    if any(value.lower() not in ("date", "date-and-or-time") for value in prop.param_values("VALUE")):
        return ""
    return value if value.replace("-", "").isdigit() and len(value) in (6, 8) else ""

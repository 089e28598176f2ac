"""vCard 3.0 ⇄ 4.0, without loss in either direction: what one version has no words for the other carries along."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from mappings.contentline import Component, Property, parse_tree, write_tree
from mappings.vcard import addresses, anniversary, carried, sorting
from mappings.vcard.spelling import ADDRESS, CARRIED_4, without

VERSIONS = ("3.0", "4.0")

_APPLE = {"X-ABLABEL": "X-ABLabel", "X-ABSHOWAS": "X-ABShowAs"}

Replaced = Mapping[int, tuple[Property, ...]]


def as_version_3(properties: Iterable[Property]) -> tuple[Property, ...]:
    """The properties of a 4.0 card as a 3.0 card has them. `as_version_4` gives back what they were."""
    listed = tuple(properties)
    replaced = {**addresses.to_version_3(listed), **anniversary.to_version_3(listed), **sorting.to_version_3(listed)}
    return _converted(listed, replaced, carried.to_version_3)


def as_version_4(properties: Iterable[Property]) -> tuple[Property, ...]:
    """The properties of a 3.0 card as a 4.0 card has them. `as_version_3` gives back what they were."""
    listed = tuple(properties)
    replaced = {**addresses.to_version_4(listed), **anniversary.to_version_4(listed), **sorting.to_version_4(listed)}
    return _converted(listed, replaced, carried.to_version_4)


def _converted(
    properties: Sequence[Property], replaced: Replaced, convert: Callable[[Property], Property]
) -> tuple[Property, ...]:
    return tuple(
        converted
        for place, prop in enumerate(properties)
        for converted in (replaced[place] if place in replaced else (convert(prop),))
    )


def shown(properties: Iterable[Property]) -> tuple[Property, ...]:
    """3.0 properties without what they carry for 4.0."""
    return tuple(without(prop, CARRIED_4, ADDRESS) for prop in properties)


def in_version(text: str, version: str) -> str:
    """The one card of a text in version 3.0 or 4.0; the same text if it is in that version. Raises InvalidData."""
    if text.startswith(f"BEGIN:VCARD\r\nVERSION:{version}\r\n"):
        return text
    card = parse_tree(text)
    if (card.text("VERSION") or "").strip() == version:
        return text
    properties = [prop for prop in card.properties if prop.name != "VERSION"]
    converted = as_version_4(properties) if version == "4.0" else shown(as_version_3(properties))
    return write_card([Property("VERSION", (), version), *converted])


def write_card(properties: Iterable[Property]) -> str:
    """A card as text, Apple's names in Apple's letters: other clients compare them literally."""
    return write_tree(Component("VCARD", [spelled(prop) for prop in properties]))


def spelled(prop: Property) -> Property:
    """The property with its name as it is usually written."""
    name = _APPLE.get(prop.name)
    return prop if name is None else Property(name, prop.params, prop.value, prop.group)

"""vCards as clients send them."""

import re

from mappings.contacts import groups
from mappings.contacts.card import Card
from mappings.contentline import Component, Property, decode, parse_trees, unescape_text
from mappings.errors import InvalidAddressData, InvalidData, UnsupportedAddressData
from mappings.vcard import version_2
from mappings.vcard.mended import mended
from mappings.vcard.versions import VERSIONS

__all__ = ["Card", "read"]

_ONLY = "only vCard 2.1, 3.0 and 4.0 are supported"
_VERSION_2 = re.compile(rb"^VERSION:2\.1\s*$", re.IGNORECASE | re.MULTILINE)


def read(data: bytes) -> Card:
    """The one card in what a client PUTs: vCard 3.0 (RFC 2426) or 4.0 (RFC 6350); one of 2.1 is taken as 3.0.

    Tolerates a BOM, bare LF, Windows-1252 octets and a missing FN or N. Raises InvalidAddressData for what is no
    vCard, UnsupportedAddressData for other versions and for several cards at once (RFC 6352 5.1).

    The project's own content lines are used instead of vobject, because the card must be kept as it was written:
    vobject ends a `data:` URI at its first comma, ignores RFC 6868, refuses escaped quotes in parameters,
    decodes values by its vCard 3.0 rules in any version and does not keep their original form.
    """
    card = _single(data)
    properties = tuple(card.properties)
    return Card(
        uid=_text(card, "UID"),
        version=_version(card),
        kind=(_kind(card) or "individual"),
        properties=tuple(prop for prop in properties if prop.name != "VERSION"),
        members=tuple(unescape_text(prop.value).strip() for prop in properties if prop.name in groups.MEMBER_NAMES),
        kind_said=_kind(card) is not None,
    )


def _single(data: bytes) -> Component:
    try:
        cards = _cards(version_2.as_version_3(data) if _VERSION_2.search(data) else decode(data))
    except (InvalidAddressData, UnsupportedAddressData):
        raise
    except InvalidData as error:
        raise InvalidAddressData(error.reason) from error
    if not cards or any(card.name != "VCARD" for card in cards):
        raise InvalidAddressData("no vCard")
    if len(cards) > 1:
        raise UnsupportedAddressData("several vCards in one resource")
    if cards[0].components:
        raise InvalidAddressData("a component inside a vCard")
    return cards[0]


def _cards(text: str) -> list[Component]:
    try:
        return parse_trees(text)
    except InvalidData:
        return parse_trees(mended(text))


def _version(card: Component) -> str:
    versions: list[Property] = card.all("VERSION")
    if len(versions) != 1:
        raise InvalidAddressData("a vCard needs one VERSION")
    version = versions[0].value.strip()
    if version not in VERSIONS:
        raise UnsupportedAddressData(_ONLY)
    return version


def _kind(card: Component) -> str | None:
    said = [prop.value.strip().lower() for prop in card.properties if prop.name in groups.KIND_NAMES]
    return "group" if "group" in said else next(iter(said), None)


def _text(card: Component, name: str) -> str | None:
    return (card.text(name) or "").strip() or None

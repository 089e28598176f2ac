"""Writing contacts as vCard 3.0."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from middleware.contacts.model import Contact, Picture
from middleware.content_lines import Component, Property, escaped
from middleware.ical.writing import PRODUCT
from middleware.vcard.numbers import TYPES
from middleware.vcard.reading import contact_body

_VALUES: Final[Mapping[str, str]] = {
    "NICKNAME": "nickname",
    "TITLE": "position",
    "ROLE": "profession",
    "NOTE": "note",
    "URL": "url",
}
_MAILS: Final = {"email1": "work", "email2": "home", "email3": "other"}
_ADDRESSES: Final = {"business": "work", "home": "home", "other": "other"}
_ADDRESS: Final = ("street", "city", "state", "postal_code", "country")
_NAMES: Final = ("last_name", "first_name", "second_name", "title", "suffix")
# Properties that are always written anew.
_RENEWED: Final = frozenset({"VERSION", "PRODID", "REV", "UID", "PHOTO", "URL"})


def card_text(contact: Contact, picture: Picture | None, original: Component | None = None) -> str:
    """The vCard of a contact. Lines of `original`, its imported vCard, stay as far as they still say what it says."""
    lines = list(_properties(contact.fields))
    kept: list[Property] = []
    if original is not None:
        kept = [one for one in map(_tidy, original.properties) if _still_true(one, contact.fields)]
        lines = [one for one in lines if not any(_same_property(one, old) for old in kept)]
        lines = [_in_group(one, original) for one in lines]
    names = [one for one in lines if one.name in ("FN", "N")]
    others = [one for one in lines if one.name not in ("FN", "N", "URL")]
    links = [one for one in lines if one.name == "URL"]
    late = [] if contact.fields.get("display_name") else [one for one in names if one.name == "N"]
    written = [
        Property("BEGIN", "VCARD"),
        Property("VERSION", "3.0"),
        *kept,
        *(one for one in names if one not in late),
        *others,
        *_photo(picture),
        Property("PRODID", PRODUCT),
        *links,
        Property("REV", datetime.fromtimestamp(contact.modified // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")),
        *late,
        Property("END", "VCARD"),
    ]
    return "".join(map(str, written))


def _properties(fields: Mapping[str, Any]) -> Iterator[Property]:
    if fields.get("display_name"):
        yield Property("FN", escaped(str(fields["display_name"])))
    if any(fields.get(name) for name in _NAMES):
        yield Property("N", _structured([str(fields.get(name) or "") for name in _NAMES]))
    if fields.get("company") or fields.get("department"):
        yield Property("ORG", _structured([str(fields.get(name) or "") for name in ("company", "department")]))
    if fields.get("categories"):
        yield Property("CATEGORIES", ",".join(map(escaped, str(fields["categories"]).split(","))))
    for name, member in _VALUES.items():
        if fields.get(member):
            yield Property(name, escaped(str(fields[member])))
    for member, kind in _MAILS.items():
        if fields.get(member):
            yield Property("EMAIL", escaped(str(fields[member])), {"TYPE": (kind,)})
    for member, kinds in TYPES.items():
        if fields.get(member):
            yield Property("TEL", escaped(str(fields[member])), {"TYPE": kinds})
    for suffix, kind in _ADDRESSES.items():
        parts = [str(fields.get(f"{name}_{suffix}") or "") for name in _ADDRESS]
        if any(parts):
            yield Property("ADR", ";".join(map(escaped, ("", "", *parts))), {"TYPE": (kind,)})
    for number in (1, 2):
        if fields.get(f"instant_messenger{number}"):
            yield Property("IMPP", escaped(str(fields[f"instant_messenger{number}"])))
    for name, member in (("BDAY", "birthday"), ("X-ANNIVERSARY", "anniversary")):
        if fields.get(member) is not None:
            day = datetime.fromtimestamp(fields[member] / 1000, UTC)
            yield Property(name, f"{day.year:04d}-{day:%m-%d}")
    for member_of_list in fields.get("distribution_list") or ():
        if member_of_list.get("mail"):
            yield Property("EMAIL", escaped(str(member_of_list["mail"])))
    if fields.get("mark_as_distributionlist"):
        yield Property("X-OPEN-XCHANGE-CTYPE", "dlist")


def _structured(parts: list[str]) -> str:
    while parts and not parts[-1]:
        parts = parts[:-1]
    return ";".join(map(escaped, parts))


def _tidy(found: Property) -> Property:
    return replace(found, value=found.value.rstrip(";")) if found.name == "N" else found


def _still_true(found: Property, fields: Mapping[str, Any]) -> bool:
    """Whether every value that the line gives to a contact is still in it; lines that give none are true."""
    if found.name in _RENEWED:
        return False
    given = contact_body(Component("VCARD", [found]))
    return all(str(value) in map(str, fields.values()) for value in given.values())


def _same_property(one: Property, old: Property) -> bool:
    if one.name in ("EMAIL", "TEL", "ADR", "IMPP"):
        return one.name == old.name and one.text in old.text
    return one.name == old.name


def _in_group(found: Property, original: Component) -> Property:
    """The line in the group that it has in the imported vCard."""
    old = original.first(found.name)
    return found if old is None else replace(found, group=old.group)


def _photo(picture: Picture | None) -> Iterator[Property]:
    if picture is not None:
        kind = picture.content_type.partition("/")[2].partition(";")[0] or "jpeg"
        data = base64.b64encode(picture.data).decode("ascii")
        yield Property("PHOTO", data, {"ENCODING": ("b",), "TYPE": (kind,)})

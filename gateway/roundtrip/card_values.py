"""What the properties of a vCard mean, in version 3.0 (RFC 2426) and 4.0 (RFC 6350, 6474, 6715, 9554) alike."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from urllib.parse import unquote, unquote_to_bytes

from gateway.roundtrip.findings import Meaning
from mappings.contentline import Component, Property, property_line, split_escaped, unescape_text, without_forbidden

IGNORED = frozenset(["VERSION", "PRODID", "REV"])
"""Bookkeeping of whoever wrote the card last."""

ONCE = frozenset(["FN", "N", "BDAY", "ANNIVERSARY", "GENDER", "KIND", "UID"])
NAMES = {"X-ADDRESSBOOKSERVER-KIND": "KIND", "X-ADDRESSBOOKSERVER-MEMBER": "MEMBER"}
"""vCard 4 properties as vCard 3 spells them."""

STRUCTURED = frozenset(["N", "ADR", "ORG", "GENDER"])
LISTS = frozenset(["NICKNAME", "CATEGORIES"])
DATES = frozenset(["BDAY", "ANNIVERSARY", "DEATHDATE", "X-ANNIVERSARY", "X-ABDATE"])
BINARIES = frozenset(["PHOTO", "LOGO", "SOUND", "KEY"])
COMPANIONS = frozenset(["X-ABLABEL", "X-ABADR"])
"""What only describes the other property of its group."""

ANNIVERSARY_LABEL = "_$!<Anniversary>!$_"

_TYPED = (
    STRUCTURED | LISTS | DATES | BINARIES | {"TEL", "EMAIL", "UID", "MEMBER", "GEO", "TZ", "URL", "IMPP", "RELATED"}
)
_DEFAULT_TYPES = {"EMAIL": {"INTERNET"}, "TEL": {"VOICE"}, "ADR": {"INTL", "POSTAL", "PARCEL"}}
_ENCODINGS = frozenset(["BASE64", "QUOTED-PRINTABLE"])
_POSITION = re.compile(r"(?:geo:)?([+-]?[\d.]*\d)[;,]([+-]?[\d.]*\d)")
_DATE = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:T.*)?")


def meanings(card: Component) -> list[Meaning]:
    """All that a card says, apart from bookkeeping and defaults."""
    found: list[Meaning] = []
    seen: set[str] = set()
    for prop, companions in _with_companions(card.properties):
        name, companions = _name(prop, companions)
        if name in IGNORED:
            continue
        fault = "may stand only once" if name in seen & ONCE and not prop.param("ALTID") else ""
        if without_forbidden(prop.value) != prop.value:
            fault = "a control character, which XML cannot carry"
        seen.add(name)
        found.extend(_read(name, prop, companions, fault))
    return [one for one in found if not _says_nothing(one)]


def _name(prop: Property, companions: list[Property]) -> tuple[str, list[Property]]:
    """The name in vCard 4; a date that Apple labels as the anniversary is one."""
    if prop.name == "X-ABDATE" and any(one.value == ANNIVERSARY_LABEL for one in companions):
        return "ANNIVERSARY", [one for one in companions if one.value != ANNIVERSARY_LABEL]
    return NAMES.get(prop.name, prop.name), companions


def _with_companions(properties: Sequence[Property]) -> Iterator[tuple[Property, list[Property]]]:
    """Every property with what its group says of it."""
    groups: dict[str, list[Property]] = {}
    for prop in properties:
        if prop.group:
            groups.setdefault(prop.group.upper(), []).append(prop)
    described = {
        group: members for group, members in groups.items() if any(one.name not in COMPANIONS for one in members)
    }
    for prop in properties:
        members = described.get((prop.group or "").upper(), [])
        if prop.name in COMPANIONS and members:
            continue
        yield prop, [one for one in members if one.name in COMPANIONS]


def _says_nothing(meaning: Meaning) -> bool:
    return meaning.value in ("", ()) or (meaning.name, meaning.value) == ("KIND", "individual")


def _read(name: str, prop: Property, companions: Iterable[Property], fault: str) -> Iterator[Meaning]:
    params = _parameters(name, prop, companions)
    line = property_line(prop)
    if name in LISTS:
        for item in split_escaped(prop.value, ","):
            yield Meaning(name, unescape_text(item).strip(), params, line, fault)
        return
    try:
        yield Meaning(name, _value(name, prop), params, line, fault)
    except ValueError as error:
        yield Meaning(name, ("raw", prop.value), params, line, fault or str(error))


def _value(name: str, prop: Property) -> Hashable:
    text = unescape_text(prop.value).replace("\r\n", "\n").replace("\r", "\n")
    if name in STRUCTURED:
        return _parts(prop.value)
    if name in DATES:
        return _date(prop, text.strip())
    if name in BINARIES:
        return _binary(prop, text)
    if name == "TEL":
        return text.strip().removeprefix("tel:")
    if name == "MEMBER" and text.lower().startswith("mailto:"):
        return unquote(text[len("mailto:") :]).strip()
    if name in ("UID", "MEMBER", "EMAIL"):
        return text.strip().removeprefix("urn:uuid:").removeprefix("mailto:")
    if name == "KIND":
        return text.strip().lower()
    if name == "GEO":
        return _position(text)
    return text


def _parts(value: str) -> Hashable:
    """The parts of a structured value, each a list; without empty ones at the end."""
    parts = [
        tuple(item for one in split_escaped(part, ",") if (item := unescape_text(one).strip()))
        for part in split_escaped(value, ";")
    ]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(parts)


def _date(prop: Property, text: str) -> Hashable:
    """A day, without its year where that is to be left out; any other date as it stands."""
    match = _DATE.fullmatch(text)
    if match is None or ("T" in text and not text.upper().split("T")[1].startswith("00")):
        return text
    year = match[1]
    if year == prop.param("X-APPLE-OMIT-YEAR") or year == "1604":
        year = "--"
    return year, match[2], match[3]


def _binary(prop: Property, text: str) -> Hashable:
    encoding = (prop.param("ENCODING") or "").upper()
    if encoding in ("B", "BASE64") or prop.param("BASE64") is not None:
        return _digest("".join(text.split()))
    if text[:5].lower() == "data:":
        head, _, body = text[5:].partition(",")
        if head.lower().endswith(";base64"):
            return _digest(body)
        return hashlib.sha256(unquote_to_bytes(body)).hexdigest()
    return text


def _digest(encoded: str) -> str:
    try:
        return hashlib.sha256(base64.b64decode(encoded, validate=True)).hexdigest()
    except binascii.Error:
        raise ValueError("not base64") from None


def _position(text: str) -> Hashable:
    match = _POSITION.match(text.strip().lower())
    if match is None:
        raise ValueError("not a position")
    return round(float(match[1]), 6), round(float(match[2]), 6)


def _parameters(name: str, prop: Property, companions: Iterable[Property]) -> tuple[tuple[str, Hashable], ...]:
    found: dict[str, Hashable] = {}
    for key, values in prop.params:
        if key in ("TYPE", "") or not values:
            continue
        if key in ("ENCODING", "X-APPLE-OMIT-YEAR") or (key == "MEDIATYPE" and name in BINARIES):
            continue
        if key == "VALUE" and (name in _TYPED or values[0].upper() == "TEXT"):
            continue
        found[key] = frozenset(unescape_text(value) if key == "LABEL" else value for value in values if value)
    types = {one.upper() for value in prop.param_values("TYPE") for one in value.split(",") if one}
    types |= {key for key, values in prop.params if not values and key not in _ENCODINGS}
    if "PREF" in types:
        types.discard("PREF")
        found.setdefault("PREF", frozenset(["1"]))
    types -= _DEFAULT_TYPES.get(name, set())
    if types and name not in BINARIES:
        found["TYPE"] = frozenset(types)
    for companion in companions:
        found[companion.name] = unescape_text(companion.value)
    return tuple(sorted((key, value) for key, value in found.items() if value))

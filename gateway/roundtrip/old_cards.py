"""vCard 2.1, as old telephones write it, in the words of 3.0 so that it can be compared."""

from __future__ import annotations

import quopri
import re

from mappings.contentline import Component, Parameters, Property, parse_tree

_VERSION = re.compile(r"^VERSION:2\.1\s*$", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"^[^:\n]*QUOTED-PRINTABLE[^:\n]*:(?:.*=\n)*.*$", re.IGNORECASE | re.MULTILINE)
_BREAK = re.compile(r"=\n[ \t]?")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_LITERAL = re.compile(r"\\(?!;)")
"""A backslash escapes nothing but a semicolon."""

_LISTS = frozenset(["N", "ADR", "ORG"])


def is_old(text: str) -> bool:
    return _VERSION.search(text) is not None


def with_uid(text: str, uid: str) -> str:
    """The card with a UID where it has none."""
    if re.search(r"^UID[;:]", text, re.IGNORECASE | re.MULTILINE):
        return text
    return re.sub(r"^(?=END:VCARD)", f"UID:{uid}\n", text, count=1, flags=re.IGNORECASE | re.MULTILINE)


def read(text: str) -> Component:
    """The card with its values decoded; raises InvalidData."""
    joined = _QUOTED.sub(lambda match: _BREAK.sub("", match[0]), text)
    card = parse_tree(joined)
    return Component(card.name, [_decoded(prop) for prop in card.properties], card.components)


def _decoded(prop: Property) -> Property:
    names = {name for name, values in prop.params if not values}
    encoding = (prop.param("ENCODING") or "").upper()
    value = _LITERAL.sub(r"\\\\", prop.value)
    if encoding == "QUOTED-PRINTABLE" or "QUOTED-PRINTABLE" in names:
        value = _text(value, prop.param("CHARSET") or "utf-8")
    if prop.name in _LISTS:
        value = re.sub(r"(?<!\\),", r"\\,", value)
    return Property(prop.name, _without_coding(prop.params), value, prop.group)


def _without_coding(params: Parameters) -> Parameters:
    return tuple(
        (name, values)
        for name, values in params
        if name not in ("CHARSET", "QUOTED-PRINTABLE")
        and not (name == "ENCODING" and values and values[0].upper() in ("QUOTED-PRINTABLE", "8BIT", "7BIT"))
    )


def _text(value: str, charset: str) -> str:
    octets = quopri.decodestring(value.encode())
    try:
        text = octets.decode(charset)
    except (LookupError, UnicodeDecodeError):
        text = octets.decode("latin-1")
    return _LINE_ENDS.sub(r"\\n", text)

"""Reading a vCard (2.1, 3.0 or 4.0) into the body of a contact."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from middleware.contacts.fields import BY_NAME
from middleware.content_lines import Component, Property
from middleware.vcard.numbers import number_field

JSON = dict[str, Any]

_TEXTS: Final[Mapping[str, str]] = {
    "FN": "display_name",
    "NICKNAME": "nickname",
    "TITLE": "position",
    "ROLE": "profession",
    "NOTE": "note",
    "URL": "url",
    "UID": "uid",
}
_NAMES: Final = ("last_name", "first_name", "second_name", "title", "suffix")
_ADDRESS: Final = ("", "", "street", "city", "state", "postal_code", "country")
_DATES: Final = {"BDAY": "birthday", "ANNIVERSARY": "anniversary", "X-ANNIVERSARY": "anniversary"}
_DATE: Final = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")


def contact_body(card: Component) -> JSON:
    """The members of a contact that a vCard fills; texts that are too long for OX are cut."""
    body: JSON = {}
    for one in card.properties:
        found = _decoded(one)
        if found.name in _TEXTS:
            body.setdefault(_TEXTS[found.name], found.text)
        elif found.name in _DATES:
            _put(body, _DATES[found.name], _date(found.value))
        elif found.name == "TEL":
            _put(body, number_field(found.types(), body), found.text)
        else:
            _read_structured(body, found)
    return {name: _fitting(name, value) for name, value in body.items() if value not in (None, "")}


def _put(body: JSON, name: str | None, value: object) -> None:
    if name is not None and value is not None:
        body.setdefault(name, value)


def _read_structured(body: JSON, found: Property) -> None:
    match found.name:
        case "N":
            body.update(zip(_NAMES, found.fields(), strict=False))
        case "ORG":
            company, *units = found.fields()
            body["company"] = company
            body["department"] = ", ".join(unit for unit in units if unit)
        case "EMAIL":
            _put(body, _mail_field(found.types(), body), found.text)
        case "ADR":
            kind = _kind(found.types())
            for name, value in zip(_ADDRESS, found.fields(), strict=False):
                if name:
                    _put(body, f"{name}_{kind}", value or None)
        case "CATEGORIES":
            body["categories"] = ",".join(found.fields(","))
        case "IMPP":
            free = (name for name in ("instant_messenger1", "instant_messenger2") if name not in body)
            _put(body, next(free, None), found.text)
        case "PHOTO":
            body.update(_picture(found))


def _kind(types: frozenset[str]) -> str:
    if "WORK" in types:
        return "business"
    return "home" if "HOME" in types else "other"


def _mail_field(types: frozenset[str], body: JSON) -> str | None:
    wished = {"WORK": "email1", "HOME": "email2", "OTHER": "email3"}
    names = [*(name for kind, name in wished.items() if kind in types), "email1", "email2", "email3"]
    return next((name for name in names if name not in body), None)


def _date(text: str) -> int | None:
    found = _DATE.match(text.strip())
    if found is None:
        return None
    try:
        day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC)
    except ValueError:
        return None
    return int(day.timestamp() * 1000)


def _picture(found: Property) -> JSON:
    kind = found.param("TYPE").lower()
    data = found.value
    if data.lower().startswith("data:"):
        head, _, data = data.partition(",")
        kind = head[5:].partition(";")[0]
    elif found.param("ENCODING").upper() not in ("B", "BASE64"):
        return {}
    text = re.sub(r"\s", "", data)
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return {}
    content_type = kind if "/" in kind else f"image/{kind or 'jpeg'}"
    return {"image1": text, "image1_content_type": content_type}


def _fitting(name: str, value: Any) -> Any:
    field = BY_NAME.get(name)
    return value[: field.limit] if field is not None and isinstance(value, str) else value


def _decoded(found: Property) -> Property:
    """A property of vCard 2.1 without quoted-printable, and with its bare parameters as types."""
    bare = tuple(name for name, values in found.params.items() if name.isalpha() and values in ((), ("",)))
    params = {**found.params, "TYPE": (*found.params.get("TYPE", ()), *bare)} if bare else found.params
    value = found.value
    if found.param("ENCODING").upper() == "QUOTED-PRINTABLE":
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    return Property(found.name, value, params, found.group)

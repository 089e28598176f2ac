"""What OX refuses of a contact, field by field, so that the rest can be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.ox.contact_columns import COLUMNS, COLUMNS_7_8
from gateway.ox.errors import InvalidValue

PICTURE = "image1"

_PICTURE_CODES = frozenset({"CON-0101", "CON-0108", "CON-0136", "CON-0158", "CON-0170", "CON-0172"})
_NAMES = frozenset({"display_name", "last_name", "first_name", "second_name", "title", "suffix", "company"})
"""Fields without which nobody would find the contact: they are never left out."""

_BY_COLUMN = {number: name for columns in (COLUMNS_7_8, COLUMNS) for name, number in columns.items()}


def at_fault(error: InvalidValue, fields: Mapping[str, Any], *, with_picture: bool) -> frozenset[str]:
    """The fields of a write that OX's error speaks of; empty when it cannot be told, or when nothing may be left out.

    OX names a column or the length of the text (CON-0154), or it repeats the value (CON-0100).
    """
    if with_picture and error.code in _PICTURE_CODES:
        return frozenset({PICTURE})
    texts = {name: value for name, value in fields.items() if isinstance(value, str)}
    named = {_BY_COLUMN.get(_number(item.get("id"))) or str(item.get("name")) for item in error.problematic}
    found = texts.keys() & named
    if not found:
        lengths = {_number(item.get("length")) for item in error.problematic} - {0}
        found = {name for name, value in texts.items() if not lengths.isdisjoint(_lengths(value))}
    if not found:
        values = {param for param in error.params if isinstance(param, str)}
        found = {name for name, value in texts.items() if value in values}
    return frozenset() if found & _NAMES else frozenset(found)


def _lengths(text: str) -> Iterable[int]:
    return len(text), len(text.encode("utf-16-le", "surrogatepass")) // 2


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0

"""Reading untrusted JSON: each function returns the value in the expected shape or raises ``Malformed``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.ox.errors import Malformed


def an_object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no object")
    return value


def an_array(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed(f"{what} is no array")
    return value


def an_id(value: Any, what: str) -> str:
    """Ids come as strings or, from older modules, as numbers."""
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise Malformed(f"{what} is no id")
    return str(value)


def optional_id(value: Any, what: str) -> str | None:
    return None if value is None else an_id(value, what)


def a_stamp(value: Any, what: str) -> int:
    """Epoch milliseconds; some modules send numbers as strings."""
    if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit() and len(value) < 20:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed(f"{what} is no timestamp")
    return value


def optional_stamp(value: Any, what: str) -> int | None:
    return None if value is None else a_stamp(value, what)


def optional_text(value: Any, what: str) -> str | None:
    """None and the empty string mean the same in OX."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Malformed(f"{what} is no text")
    return value


def a_flag(value: Any) -> bool:
    """Booleans that may come as ``"true"``; anything unknown is false."""
    return value is True or value == "true"


def rows(value: Any, names: Sequence[str], what: str) -> list[dict[str, Any]]:
    """Column-addressed answers as objects, unset (null) members left out."""
    return [named(row, names, what) for row in an_array(value, what)]


def named(row: Any, names: Sequence[str], what: str) -> dict[str, Any]:
    """One row. OX leaves unknown columns out without a word, which shifts the rest: such a row is refused."""
    cells = an_array(row, what)
    if len(cells) != len(names):
        raise Malformed(f"a row of {what} has {len(cells)} columns instead of {len(names)}")
    return {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}


def with_ids(value: Mapping[str, Any], names: Sequence[str], what: str) -> dict[str, Any]:
    """A copy in which the members ``names``, if present, are ids as strings."""
    copy = dict(value)
    for name in names:
        if copy.get(name) is not None:
            copy[name] = an_id(copy[name], f"{name} of {what}")
    return copy

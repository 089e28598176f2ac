"""Reading untrusted JSON: each function returns the value in the expected shape or raises ``Malformed``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from gateway.ox.errors import Malformed, MalformedObjects

T = TypeVar("T")


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


def sorted_out(entries: Iterable[Any], read: Callable[[Any], T]) -> tuple[tuple[T, ...], tuple[str, ...]]:
    """What ``read`` makes of each entry of a list, and the ids of those for which it raises Malformed, empty for one
    that has none: a malformed object costs itself, not the others of the answer."""
    readable, unreadable = [], []
    for entry in entries:
        try:
            readable.append(read(entry))
        except Malformed:
            unreadable.append(_id_in(entry))
    return tuple(readable), tuple(unreadable)


def all_readable(entries: Iterable[Any], read: Callable[[Any], T]) -> tuple[T, ...]:
    """As ``sorted_out``, of objects that were asked for by id. Raises MalformedObjects; what has no id is left out."""
    readable, unreadable = sorted_out(entries, read)
    known = [each for each in unreadable if each]
    if known:
        raise MalformedObjects(known)
    return readable


def _id_in(entry: Any) -> str:
    try:
        return an_id(an_object(entry, "object").get("id"), "id")
    except Malformed:
        return ""


def with_ids(value: Mapping[str, Any], names: Sequence[str], what: str) -> dict[str, Any]:
    """A copy in which the members ``names``, if present, are ids as strings."""
    copy = dict(value)
    for name in names:
        if copy.get(name) is not None:
            copy[name] = an_id(copy[name], f"{name} of {what}")
    return copy

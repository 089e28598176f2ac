"""What OX finds too long in a task, cut to what fits; the whole text stays in the residue."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from gateway.account.event_repair import cut_text, length_of, number_of
from gateway.ox.errors import TooLong
from gateway.ox.task_columns import COLUMNS

T = TypeVar("T")

_BY_COLUMN = {number: name for name, number in COLUMNS.items()}


async def repaired(fields: Mapping[str, Any], write: Callable[[Mapping[str, Any]], Awaitable[T]]) -> T:
    """Write; what OX finds too long is cut and the rest is sent again. The whole text stays in the residue."""
    while True:
        try:
            return await write(fields)
        except TooLong as error:
            shorter = shortened(fields, error)
            if shorter is None:
                raise
            fields = shorter


def shortened(fields: Mapping[str, Any], error: TooLong) -> dict[str, Any] | None:
    """The fields with the value that OX's error speaks of cut, None when it cannot be told which (TSK-0041 names the
    column, the length of the value and its limit)."""
    for item in error.problematic:
        limit = number_of(item.get("max_size"))
        name = _BY_COLUMN.get(number_of(item.get("id")))
        value = fields.get(name) if name is not None else None
        if name is not None and isinstance(value, str) and 0 < limit < length_of(value):
            return {**fields, name: cut_text(value, limit)}
    return None

"""What OX finds too long in an event, cut to what fits; the whole text stays in the residue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.ox.errors import TooLong
from mappings.calendar.steps import Create, Override, Step, Update

_NAMES = ("uid", "filename")
"""Cut, they would be those of another event."""


def shortened(step: Step, error: TooLong) -> Step | None:
    """The step with the value that OX's error speaks of cut, None when it cannot be told which.

    OX names the length of the value and its limit (CAL-5070); for categories, which it joins, the limit only.
    """
    if not isinstance(step, Create | Override | Update):
        return None
    fields = step.fields if isinstance(step, Update) else step.event
    for item in error.problematic:
        limit, length = number_of(item.get("max_size")), number_of(item.get("length"))
        name = _at_fault(fields, limit, length)
        if name is None:
            continue
        cut = dict(fields) | {name: _cut(fields[name], limit)}
        return replace(step, fields=cut) if isinstance(step, Update) else replace(step, event=cut)
    return None


def _at_fault(fields: Mapping[str, Any], limit: int, length: int) -> str | None:
    texts = {name: length_of(value) for name, value in fields.items() if isinstance(value, str) and name not in _NAMES}
    name = next((name for name, size in texts.items() if size == length > limit > 0), None)
    if name is None and limit > 0 and len(",".join(fields.get("categories") or ())) > limit:
        return "categories"
    return name


def _cut(value: Any, limit: int) -> Any:
    if isinstance(value, str):
        return cut_text(value, limit)
    kept: list[str] = []
    for category in value:
        if len(",".join([*kept, category])) > limit:
            break
        kept.append(category)
    return kept


def cut_text(text: str, limit: int) -> str:
    """The beginning of a text; OX counts UTF-16 units."""
    return text.encode("utf-16-le", "surrogatepass")[: 2 * limit].decode("utf-16-le", "ignore")


def length_of(text: str) -> int:
    """As OX counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def number_of(value: object) -> int:
    """Of a member of an error; 0 for what is none."""
    try:
        return int(str(value))
    except ValueError:
        return 0

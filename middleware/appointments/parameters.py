"""Parameters that the actions of appointments share."""

from __future__ import annotations

from typing import Any

from middleware.appointments.columns import START_DATE, name_of
from middleware.appointments.times import FIRST_MS, LAST_MS, from_time
from middleware.call import Call
from middleware.chronos.event import JSON
from middleware.chronos.parameters import Range
from middleware.errors import invalid_parameter


def requested_range(call: Call) -> Range:
    """The range of the required parameters `start` and `end`, which are read as Time."""
    for name in ("start", "end"):
        call.require(name)
    zone = call.timezone()
    begin, end = (min(max(from_time(call.integer(name), zone), FIRST_MS), LAST_MS) for name in ("start", "end"))
    return Range(begin, end, zone)


def optional_range(call: Call) -> Range | None:
    """The same when both parameters are there, else None."""
    return requested_range(call) if {"start", "end"} <= call.params.keys() else None


def in_order(call: Call, found: list[JSON], *, by_start: bool) -> list[JSON]:
    """Appointments by the column of `sort`, in the direction of `order`; without it by start, or as they are."""
    column = call.integer("sort", START_DATE if by_start else 0)
    name = name_of(column)
    if not column:
        return found
    if name is None:
        raise invalid_parameter("sort", column)
    return sorted(found, key=lambda one: _key(one.get(name)), reverse=call.text("order").lower() == "desc")


def _key(value: Any) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    if isinstance(value, int | float):
        return (1, float(value), "")
    return (2, 0.0, str(value).lower())


def limited(call: Call, found: list[JSON]) -> list[JSON]:
    """The part from `left_hand_limit` (included) to `right_hand_limit` (excluded)."""
    left = max(call.integer("left_hand_limit", 0), 0)
    right = call.integer("right_hand_limit", call.integer("limit", 0))
    return found[left:right] if right > 0 else found[left:]

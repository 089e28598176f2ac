"""The recurrence of tasks: when the next one of a series is to be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import islice
from typing import Any, Final, Literal

from dateutil.rrule import DAILY, FR, MO, MONTHLY, SA, SU, TH, TU, WE, WEEKLY, YEARLY, rrule

from middleware.tasks import errors


class Type(IntEnum):
    """The values of `recurrence_type`."""

    NONE = 0
    DAILY = 1
    WEEKLY = 2
    MONTHLY = 3
    YEARLY = 4


RULE_FIELDS: Final = ("days", "day_in_month", "month", "interval", "until", "occurrences")
_COLUMNS: Final = {"days": 212, "day_in_month": 213, "month": 214, "interval": 215, "start_time": 316, "end_time": 317}
_NEEDED: Final = {
    Type.DAILY: ("interval",),
    Type.WEEKLY: ("interval", "days"),
    Type.MONTHLY: ("interval", "day_in_month"),
    Type.YEARLY: ("day_in_month", "month"),
}
_FREQUENCIES: Final[Mapping[Type, Literal[0, 1, 2, 3]]] = {
    Type.DAILY: DAILY,
    Type.WEEKLY: WEEKLY,
    Type.MONTHLY: MONTHLY,
    Type.YEARLY: YEARLY,
}
_WEEKDAYS: Final = (SU, MO, TU, WE, TH, FR, SA)  # bit 0 is Sunday
_LAST_WEEK: Final = 5  # also written -1: the last of these weekdays in the month
_SHORTEST_MONTH: Final = 28
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def check(fields: Mapping[str, Any]) -> None:
    """TSK-0036 for an unknown type, TSK-0037 (with the column) for a value that the type needs and that is not there,
    or that no calendar has."""
    number = fields.get("recurrence_type") or 0
    if number not in set(Type):
        raise errors.unknown_recurrence(number)
    kind = Type(number)
    if kind is Type.NONE:
        return
    for name in ("start_time", "end_time", *_NEEDED[kind]):
        if fields.get(name) is None:
            raise errors.incomplete_recurrence(_COLUMNS[name])
    _check_numbers(fields)


def _check_numbers(fields: Mapping[str, Any]) -> None:
    days, day, month = fields.get("days"), fields.get("day_in_month"), fields.get("month")
    weeks = (-1, *range(1, _LAST_WEEK + 1))
    if fields.get("interval") is not None and not 1 <= fields["interval"] <= 999:
        raise errors.incomplete_recurrence(_COLUMNS["interval"])
    if days is not None and not 1 <= days < 1 << len(_WEEKDAYS):
        raise errors.incomplete_recurrence(_COLUMNS["days"])
    if day is not None and day not in (weeks if days is not None else range(1, 32)):
        raise errors.incomplete_recurrence(_COLUMNS["day_in_month"])
    if month is not None and not 0 <= month <= 11:
        raise errors.incomplete_recurrence(_COLUMNS["month"])


def first(fields: Mapping[str, Any]) -> dict[str, int]:
    """Start and end moved to the first date of the rule; nothing when the rule has none."""
    return next(islice(_dates(fields), 1), {})


def following(fields: Mapping[str, Any]) -> dict[str, Any] | None:
    """Start, end and remaining occurrences of the task after this one; None when the series is over."""
    left = fields.get("occurrences")
    if left is not None and left <= 1:
        return None
    found = next((dates for dates in islice(_dates(fields), 2) if dates["start_time"] > fields["start_time"]), None)
    if found is None:
        return None
    return found if left is None else {**found, "occurrences": left - 1}


def _dates(fields: Mapping[str, Any]) -> Iterator[dict[str, int]]:
    """Start and end of every date of the rule, from the start of the task on, in order."""
    length = fields["end_time"] - fields["start_time"]
    for moment in _rule(fields):
        start = (moment - _EPOCH) // timedelta(milliseconds=1)
        yield {"start_time": start, "end_time": start + length}


def _rule(fields: Mapping[str, Any]) -> rrule:
    """The rule in UTC: a task has no zone."""
    kind = Type(fields["recurrence_type"])
    parts: dict[str, Any] = {}
    if kind is Type.YEARLY:
        parts["bymonth"] = fields["month"] + 1
    if fields.get("days") is not None and kind is not Type.DAILY:
        parts["byweekday"] = [day for bit, day in enumerate(_WEEKDAYS) if fields["days"] >> bit & 1]
    if kind in (Type.MONTHLY, Type.YEARLY):
        parts |= _of_the_month(fields["day_in_month"], by_weekday="byweekday" in parts)
    if fields.get("until") is not None:
        day = _EPOCH + timedelta(milliseconds=fields["until"])
        parts["until"] = day.replace(hour=23, minute=59, second=59)
    start = _EPOCH + timedelta(milliseconds=fields["start_time"])
    return rrule(_FREQUENCIES[kind], dtstart=start, interval=fields.get("interval") or 1, **parts)


def _of_the_month(day: int, *, by_weekday: bool) -> dict[str, Any]:
    if by_weekday:
        return {"bysetpos": -1 if day == _LAST_WEEK else day}
    if day <= _SHORTEST_MONTH:
        return {"bymonthday": day}
    # A day that a month does not have means its last one.
    return {"bymonthday": list(range(_SHORTEST_MONTH, day + 1)), "bysetpos": -1}

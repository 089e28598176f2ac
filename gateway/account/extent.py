"""From when to when something happens, for time ranges of queries."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mappings.calendar.moments import Moment, duration_between, from_ox, from_recurrence_id, instant, is_all_day, later
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.errors import InvalidData

Extent = tuple[int | None, int | None]
"""Epoch milliseconds; None is without limit. Floating times are taken as UTC."""

_COUNTABLE = 2000
_UNKNOWN: Extent = (None, None)


def extent_of(event: Mapping[str, Any]) -> Extent:
    """Of an OX event, with all its occurrences when it is a series; without limit when that cannot be told."""
    try:
        start = from_ox(event["startDate"])
        end = from_ox(event["endDate"]) if event.get("endDate") else start
        if event.get("rrule") and event.get("id") == event.get("seriesId"):
            return _of_series(event, start, duration_between(start, end))
        return _of_single(start, end)
    except (InvalidData, KeyError, TypeError, AttributeError, ValueError):
        return _UNKNOWN


def is_exact(event: Mapping[str, Any]) -> bool:
    """Whether the extent is just when it takes place: a single event with a time zone."""
    if event.get("rrule") or event.get("recurrenceDates") or event.get("seriesId"):
        return False
    return all(isinstance(event.get(name), Mapping) and event[name].get("tzid") for name in ("startDate", "endDate"))


def _of_single(start: Moment, end: Moment) -> Extent:
    """Until the end; for an end before the start, or equal all-day dates, until that of the first day."""
    first, last = instant(start, UTC), instant(end, UTC)
    if last <= first:
        last = later(first, timedelta(days=is_all_day(start)))
    return _milliseconds(first, last)


def _of_series(event: Mapping[str, Any], start: Moment, duration: timedelta) -> Extent:
    rule = parse_rule(event["rrule"])
    if rule.until is None and (rule.count is None or rule.count > _COUNTABLE):
        return (_milliseconds(instant(start, UTC), instant(start, UTC))[0], None)
    additional = tuple(from_recurrence_id(text) for text in event.get("recurrenceDates") or ())
    first, last = Recurrence(start, rule, additional).extent(max(duration, timedelta(days=is_all_day(start))))
    return (first * 1000, None if last is None else last * 1000)


def _milliseconds(first: datetime, last: datetime) -> Extent:
    return (int(first.timestamp() * 1000), int(last.timestamp() * 1000))

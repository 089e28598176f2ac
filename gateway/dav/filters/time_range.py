"""Time ranges of filters and of calendar-data (RFC 4791 9.9, 9.6.5 to 9.6.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from gateway.dav.xml import Element

_UTC_DATE_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z")


class InvalidTimeRange(ValueError):
    """The attributes name no range; the text says why, without repeating them."""


@dataclass(frozen=True, slots=True)
class TimeRange:
    """``[start, end)`` in UTC; None is unbounded, at least one of both is given."""

    start: datetime | None
    end: datetime | None


def decode_time_range(element: Element) -> TimeRange:
    """Read ``start`` and ``end``, "date with UTC time" each; end must be after start. Raises InvalidTimeRange."""
    start = _instant(element.get("start"))
    end = _instant(element.get("end"))
    if start is None and end is None:
        raise InvalidTimeRange("a time-range needs start or end")
    if start is not None and end is not None and end <= start:
        raise InvalidTimeRange("the end of a time-range must be after its start")
    return TimeRange(start, end)


def decode_bounded_range(element: Element) -> tuple[datetime, datetime]:
    """As ``decode_time_range`` where both ends are required (expand, limit-recurrence-set, limit-freebusy-set)."""
    decoded = decode_time_range(element)
    if decoded.start is None or decoded.end is None:
        raise InvalidTimeRange("start and end are required")
    return decoded.start, decoded.end


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    if not _UTC_DATE_TIME.fullmatch(text):
        raise InvalidTimeRange("a time-range is given as date with UTC time")
    # 60 is a leap second (RFC 5545 3.3.12), which datetime does not know.
    text = text[:-3] + "59Z" if text.endswith("60Z") else text
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise InvalidTimeRange("a time-range names no existing time") from None

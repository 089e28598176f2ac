"""Whether something takes place in a time range: the tables of RFC 4791 section 9.9, on times in UTC.

A range is half open; None means that a side is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mappings.calendar.moments import later

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Range:
    """A CALDAV:time-range; `start` and `end` are aware times in UTC."""

    start: datetime = _FIRST
    end: datetime = _LAST

    @classmethod
    def of(cls, start: datetime | None, end: datetime | None) -> "Range":
        return cls(start or _FIRST, end or _LAST)

    def widened(self, before: timedelta, after: timedelta) -> tuple[datetime | None, datetime | None]:
        """The range grown on both sides; None for a side that is open."""
        start = None if self.start - _FIRST <= before else self.start - before
        end = None if _LAST - self.end <= after else self.end + after
        return start, end


def event_overlaps(span: Range, start: datetime, end: datetime) -> bool:
    """VEVENT; an event without length counts at its start."""
    if end <= start:
        return span.start <= start < span.end
    return span.start < end and span.end > start


def journal_overlaps(span: Range, start: datetime | None, all_day: bool) -> bool:
    """VJOURNAL; without DTSTART never."""
    if start is None:
        return False
    return event_overlaps(span, start, later(start, _DAY) if all_day else start)


def task_overlaps(
    span: Range,
    start: datetime | None,
    due: datetime | None,
    by_duration: bool,
    completed: datetime | None,
    created: datetime | None,
) -> bool:
    """VTODO; `due` is DUE, or DTSTART plus DURATION when `by_duration`."""
    if start is not None and due is not None:
        if by_duration:
            return span.start <= due and (span.end > start or span.end >= due)
        return (span.start < due or span.start <= start) and (span.end > start or span.end >= due)
    if start is not None:
        return span.start <= start < span.end
    if due is not None:
        return span.start < due <= span.end
    if completed is not None and created is not None:
        return (span.start <= created or span.start <= completed) and (span.end >= created or span.end >= completed)
    if completed is not None:
        return span.start <= completed <= span.end
    return created is None or span.end > created


def free_busy_overlaps(
    span: Range, start: datetime | None, end: datetime | None, periods: Iterable[tuple[datetime, datetime]]
) -> bool:
    """VFREEBUSY; by its own bounds when it has both, else by its periods."""
    if start is not None and end is not None:
        return span.start <= end and span.end > start
    return any(span.start < period_end and span.end > period_start for period_start, period_end in periods)

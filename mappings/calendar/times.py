"""When the instances of an event take place: enough to answer time ranges that are asked again and again, each a little
later than the last one, without a look at the text."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from mappings.calendar.instances import occurrences_in
from mappings.calendar.moments import later
from mappings.calendar.occurrences import groups, in_utc
from mappings.calendar.overlap import Range, event_overlaps
from mappings.calendar.zones import Zones
from mappings.contentline import Component

_EVENTS = frozenset({"VEVENT"})
_MOST = 64


@dataclass(frozen=True, slots=True)
class Times:
    """``spans``: start and end of the instances in ``covered``, in UTC; of all of them if ``complete``."""

    covered: Range
    spans: tuple[tuple[datetime, datetime], ...]
    complete: bool

    @classmethod
    def unknown(cls) -> Times:
        """What tells nothing."""
        return cls(Range(), (), complete=False)

    def overlap(self, start: datetime | None, end: datetime | None) -> bool | None:
        """Whether an instance takes place in the range (RFC 4791 9.9), None when that cannot be told from this."""
        span = Range.of(start, end)
        if any(event_overlaps(span, *each) for each in self.spans):
            return True
        known = self.complete and self.covered.start <= span.start and span.end <= self.covered.end
        return False if known else None

    def __sizeof__(self) -> int:
        """With the spans, about."""
        return 200 + len(self.spans) * (56 + 2 * sys.getsizeof(self.covered.start))


def event_times(calendar: Component, start: datetime, end: datetime, floating: tzinfo) -> Times:
    """The instances of the VEVENTs that touch a range of aware times in UTC. ``floating``: the zone of floating times.

    Raises TooCostly, InvalidCalendarData.
    """
    zones, covered = Zones(calendar, floating), Range.of(start, end)
    spans: list[tuple[datetime, datetime]] = []
    for group in groups(calendar, zones, _EVENTS):
        for occurrence in occurrences_in(group, covered, floating):
            begin = in_utc(occurrence.start, floating)
            if begin is None:
                continue
            if len(spans) == _MOST:
                return Times(covered, tuple(spans), complete=False)
            spans.append((begin, in_utc(occurrence.end, floating) or begin))
    return Times(covered, tuple(spans), complete=True)


def months_around(start: datetime, end: datetime | None) -> tuple[datetime, datetime]:
    """Whole months around a range, so that a range that moves with the clock is mostly in the same ones; of a range
    without an end the first three."""
    first = start.replace(day=1, hour=0, minute=0, second=0)
    last = later(start, timedelta(days=62)) if end is None else end
    return first, later(last.replace(day=1, hour=0, minute=0, second=0), timedelta(days=31))

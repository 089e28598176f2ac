"""The instances of an event as text, each with its time: enough to expand it in ranges that are asked for again and
again, each a little later than the last one, without a look at the event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import islice

from mappings.calendar.instances import as_expanded, instances
from mappings.calendar.occurrences import in_utc
from mappings.calendar.overlap import Range
from mappings.contentline import Component, write_tree

_MOST = 64
_KINDS = frozenset({"VEVENT", "VTIMEZONE"})


@dataclass(frozen=True, slots=True)
class Expanded:
    """The text of a range is ``opening``, the ``instances`` that take place in it (RFC 4791 9.9) in their order, and
    ``closing``. Of each instance: start and end in UTC, and its text."""

    opening: str
    instances: tuple[tuple[datetime, datetime, str], ...]
    closing: str


def expanded_events(calendar: Component, start: datetime, end: datetime, floating: tzinfo) -> Expanded | None:
    """What ``expand`` makes of a VCALENDAR of VEVENTs, for all ranges of aware times in UTC within this one. None for
    too many instances, and for other components.

    Raises TooCostly, InvalidCalendarData.
    """
    if any(component.name not in _KINDS for component in calendar.components):
        return None
    occurrences = list(islice(instances(calendar, Range.of(start, end), floating), _MOST + 1))
    if len(occurrences) > _MOST:
        return None
    found: list[tuple[datetime, datetime, str]] = []
    for occurrence in occurrences:
        begin = in_utc(occurrence.start, floating)
        if begin is not None:
            found.append((begin, in_utc(occurrence.end, floating) or begin, write_tree(as_expanded(occurrence))))
    found.sort(key=lambda instance: instance[0])
    closing = f"END:{calendar.name}\r\n"
    opening = write_tree(Component(calendar.name, calendar.properties)).removesuffix(closing)
    return Expanded(opening, tuple(found), closing)

"""Whether alarms go off in a time range (RFC 5545 3.8.6.3, RFC 4791 9.9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from mappings.calendar.moments import instant, later, parse_duration
from mappings.calendar.occurrences import Group, Occurrence
from mappings.calendar.overlap import Range
from mappings.contentline import Component
from mappings.errors import TooCostly

MAX_REPETITIONS = 1000
MAX_TRIGGERS = 3000
"""Of relative alarms, repetitions not counted."""

_NOTHING = timedelta()
_EVER = timedelta(days=4_000_000)
"""Longer than the calendar."""
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Repetition:
    """An alarm goes off again ``times`` times, each ``interval`` after the last time."""

    times: int = 0
    interval: timedelta = _EVER

    @classmethod
    def of(cls, alarm: Component) -> _Repetition:
        repeat, duration = (alarm.text("REPEAT") or "").strip(), alarm.first("DURATION")
        interval = _NOTHING if duration is None else _bounded(parse_duration(duration.value))
        if interval <= _NOTHING or not (repeat.isascii() and repeat.isdigit()):
            return cls()
        return cls(min(int(repeat[:9]), MAX_REPETITIONS, _EVER // interval), interval)

    def falls_into(self, span: Range, first: datetime) -> bool:
        """Whether the first time or another lies in the range."""
        if span.start <= first < span.end:
            return True
        needed = -((first - span.start) // self.interval)
        return first < span.start and needed <= self.times and later(first, needed * self.interval) < span.end


@dataclass(frozen=True, slots=True)
class _Relative:
    """An alarm some time before or after the start of what it belongs to, or its end."""

    offset: timedelta
    from_end: bool
    repetition: _Repetition

    def goes_off(self, span: Range, occurrence: Occurrence, floating: tzinfo) -> bool:
        start, end = occurrence.start, occurrence.end
        base = end if start is None or self.from_end else start
        return base is not None and self.repetition.falls_into(span, later(instant(base, floating), self.offset))


def alarm_in(group: Group, span: Range, floating: tzinfo) -> bool:
    """Whether any alarm of any instance goes off in the range; absolute alarms go off once, whatever recurs.

    Raises TooCostly, InvalidCalendarData.
    """
    relative: dict[int, list[_Relative]] = {}
    for component in (*group.masters, *group.overrides):
        for alarm in component.components:
            trigger = alarm.first("TRIGGER")
            if alarm.name != "VALARM" or trigger is None:
                continue
            if trigger.value.strip().upper().lstrip("+-").startswith("P"):
                from_end = (trigger.param("RELATED") or "").upper() == "END"
                offset = _bounded(parse_duration(trigger.value))
                relative.setdefault(id(component), []).append(_Relative(offset, from_end, _Repetition.of(alarm)))
            elif _Repetition.of(alarm).falls_into(span, instant(group.zones.moment(trigger), floating)):
                return True
    triggers = _triggers(group, relative, span, floating) if relative else iter(())
    for number, (alarm_, occurrence) in enumerate(triggers):
        if number == MAX_TRIGGERS:
            raise TooCostly("too many alarms")
        if alarm_.goes_off(span, occurrence, floating):
            return True
    return False


def _triggers(
    group: Group, relative: dict[int, list[_Relative]], span: Range, floating: tzinfo
) -> Iterator[tuple[_Relative, Occurrence]]:
    """The alarms of all instances that are as far from the range as an alarm may be."""
    alarms = [alarm for each in relative.values() for alarm in each]
    earliest = min(alarm.offset for alarm in alarms)
    latest = max(alarm.offset + alarm.repetition.times * alarm.repetition.interval for alarm in alarms)
    first = later(span.start, -latest - min(group.longest(), _EVER) - _MARGIN)
    last = later(span.end, -earliest + _MARGIN)
    for occurrence in group.between(first, last, floating):
        for alarm in relative.get(id(occurrence.component), ()):
            yield alarm, occurrence


def _bounded(duration: timedelta) -> timedelta:
    return max(-_EVER, min(duration, _EVER))

"""The occurrences of a series: rule, additional dates and exceptions together."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from middleware.chronos.dates import (
    DAY_MS,
    When,
    from_ms,
    parse_recurrence_id,
    stored,
    zone_info,
)
from middleware.chronos.rules import Rule, in_zone_of, parse_rule

_UTC = ZoneInfo("UTC")
_FIRST, _LAST = datetime(1, 1, 3), datetime(9999, 12, 28)
_MARGIN = timedelta(days=2)
# The end of a series that never ends.
FOREVER_MS = 253_402_300_799_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence by the rule: when it starts and ends."""

    start: When
    end: When


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A series: first start and end, rule (None: additional dates only), dates added and taken out (local)."""

    start: When
    end: When
    rule: Rule | None
    added: tuple[datetime, ...] = ()
    excluded: frozenset[datetime] = frozenset()

    @classmethod
    def of(cls, event: Mapping[str, Any], excluded: Iterable[str] = ()) -> Recurrence:
        """The recurrence of a master as JSON object; `excluded` are recurrence ids."""
        start = stored(event["startDate"])
        text = event.get("rrule")
        rule = parse_rule(text, start) if text else None
        added = tuple(sorted(_locals(event.get("recurrenceDates", ()), start)))
        return cls(start, stored(event["endDate"]), rule, added, frozenset(_locals(excluded, start)))

    def occurrences(self, from_instant: int, to_instant: int, viewer: tzinfo) -> Iterator[Occurrence]:
        """Occurrences that overlap [from, to) in ms, in order of their starts, exceptions left out."""
        length = timedelta(milliseconds=max(0, self.end.epoch_ms(viewer) - self.start.epoch_ms(viewer)))
        begin = _clamp(from_ms(from_instant), -(length + _MARGIN))
        end = _clamp(from_ms(to_instant), _MARGIN)
        for local in self._locals_between(begin, end):
            if local in self.excluded:
                continue
            occurrence = self.occurrence(local)
            starts = occurrence.start.epoch_ms(viewer)
            if starts >= to_instant:
                if starts >= to_instant + 2 * DAY_MS:
                    return
                continue
            if max(occurrence.end.epoch_ms(viewer), starts + 1) > from_instant:
                yield occurrence

    def occurrence(self, local: datetime) -> Occurrence:
        """The occurrence that starts at this wall-clock time; it lasts as long as the first one."""
        start = self.start.at(local)
        if self.end.zone == self.start.zone:
            return Occurrence(start, self.end.at(later(local, self.end.local - self.start.local)))
        length = self.end.epoch_ms(_UTC) - self.start.epoch_ms(_UTC)
        ends = from_ms(start.epoch_ms(_UTC) + length, self.end.zone or "UTC")
        return Occurrence(start, self.end.at(ends))

    def local_of(self, recurrence_id: When) -> datetime | None:
        """The wall-clock time that a recurrence id means on the clock of the series; None for another kind."""
        if not recurrence_id.same_kind(self.start):
            return None
        return in_zone_of(recurrence_id, self.start)

    def contains(self, local: datetime) -> bool:
        """Whether rule or additional dates have an occurrence at this time, excluded or not."""
        return next(self._locals_between(local, local), None) is not None

    def first(self) -> datetime | None:
        """The first occurrence, excluded or not; None when there is none in reach."""
        return next(self._locals_between(self.start.local, _LAST), None)

    def is_first(self, local: datetime) -> bool:
        """Whether no occurrence comes before this time."""
        first = self.first()
        return first is None or local <= first

    def is_last(self, local: datetime) -> bool:
        """Whether no occurrence comes after this time."""
        if self.rule is not None and self.rule.until is None and self.rule.count is None:
            return False
        return next(self._locals_between(local + timedelta(seconds=1), _LAST), None) is None

    def count_before(self, local: datetime) -> int:
        """How many occurrences come before this time."""
        if local <= self.start.local:
            return 0
        return sum(1 for _ in self._locals_between(self.start.local, local - timedelta(seconds=1)))

    def any_left(self) -> bool:
        """Whether at least one occurrence is not excluded."""
        return any(local not in self.excluded for local in self._locals_between(self.start.local, _LAST))

    def extent(self, viewer: tzinfo) -> tuple[int, int] | None:
        """First start and last end in ms (`FOREVER_MS` when it never ends); None without any occurrence."""
        first = self.first()
        if first is None:
            return None
        last = self._last()
        ends = FOREVER_MS if last is None else self.occurrence(last).end.epoch_ms(viewer)
        return self.start.at(first).epoch_ms(viewer), ends

    def _last(self) -> datetime | None:
        """The last occurrence, or a time not before it; None when the series never ends."""
        if self.rule is None:
            return max((self.start.local, *self.added))
        if self.rule.until is not None:
            return max((self.rule.until, *self.added))
        if self.rule.count is None:
            return None
        return max((*self.rule.starts(self.start.local, self.start.local, _LAST), *self.added))

    def _locals_between(self, begin: datetime, end: datetime) -> Iterator[datetime]:
        added = (local for local in self.added if begin <= local <= end)
        if self.rule is None:
            by_rule: Iterator[datetime] = iter([self.start.local] if begin <= self.start.local <= end else [])
        else:
            by_rule = self.rule.starts(self.start.local, begin, end)
        previous = None
        for local in heapq.merge(by_rule, added):
            if local != previous:
                yield local
            previous = local

    def describe(self, exceptions: Iterable[str] = ()) -> str:
        """How the server prints a series in its messages; `exceptions` are the recurrence ids to name."""
        instants = sorted(self.start.at(local).epoch_ms(_UTC) for local in _locals(exceptions, self.start))
        excluded = f"[{', '.join(map(str, instants))}]" if instants else "null"
        added = f"[{', '.join(str(self.start.at(date).epoch_ms(_UTC)) for date in self.added)}]"
        return (
            f"DefaultRecurrenceData [rrule={self.rule.text if self.rule else 'null'}, "
            f"start={self.start.value()}, timezone={self.start.zone or 'null'}, "
            f"exDates={excluded}, rDates={added if self.added else 'null'}]"
        )


def later(value: datetime, shift: timedelta) -> datetime:
    """The time so much later (or earlier), but within the years that dates can hold."""
    try:
        return value + shift
    except OverflowError:
        return datetime.min if shift < timedelta() else datetime.max.replace(microsecond=0)


def _clamp(value: datetime, shift: timedelta) -> datetime:
    return min(max(later(value, shift), _FIRST), _LAST)


def _locals(recurrence_ids: Iterable[str], start: When) -> list[datetime]:
    """The wall-clock times that recurrence ids mean on the clock of `start`; others are passed over."""
    found = []
    for text in recurrence_ids:
        value = parse_recurrence_id(text)
        if value is not None and value.same_kind(start):
            found.append(in_zone_of(value, start))
    return found


def instant_of(recurrence_id: str) -> int:
    """The instant of a stored recurrence id in ms, floating ones read as UTC: a key to compare ids by."""
    value = parse_recurrence_id(recurrence_id)
    if value is None:
        raise ValueError(f"stored recurrence id is damaged: {recurrence_id}")
    return value.epoch_ms(zone_info("UTC"))

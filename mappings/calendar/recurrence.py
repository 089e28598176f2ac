"""The recurrence set of an event: DTSTART, RRULE, RDATE and EXDATE, in the zone of DTSTART."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from heapq import merge

from mappings.calendar.moments import Moment, at_midnight, instant, later, like, local_time, moment_key
from mappings.calendar.rules import BUDGET, Expansion, Rule
from mappings.errors import TooCostly

_CLOCK_CHANGE = timedelta(hours=2)  # how far local time may jump: the window is taken wider by that

_STEPS_EACH = 20
"""Of a look at the occurrences around one moment."""

Key = tuple[str, float]
"""See ``moment_key``."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """When something recurs.

    `additional` and `excluded` may be spelled in any way; they are brought into the kind and zone of `start`.
    Occurrences are of the kind of `start` and in its zone. Without rule and additional dates there is one.
    """

    start: Moment
    rule: Rule | None = None
    additional: tuple[Moment, ...] = ()
    excluded: tuple[Moment, ...] = ()

    def occurrences(
        self, first: datetime | None = None, last: datetime | None = None, floating: tzinfo = UTC
    ) -> Iterator[Moment]:
        """The starts of the occurrences in [first, last) (aware times, None for open), in order.

        All-day and floating occurrences take place in the zone `floating`. Raises TooCostly after a bounded number
        of steps.
        """
        excluded = {moment_key(like(moment, self.start)) for moment in self.excluded}
        seen = None
        for local in merge(self._by_rule(first, last, floating), self._fixed()):
            moment = self._moment(local)
            at = instant(moment, floating)
            key = moment_key(moment)
            if (first is None or at >= first) and (last is None or at < last) and key != seen and key not in excluded:
                yield moment
            seen = key

    def contains(self, moment: Moment) -> bool:
        """Whether an occurrence starts at this moment, in any spelling; raises TooCostly."""
        own = like(moment, self.start)
        at, key = instant(own, UTC), moment_key(own)
        return any(moment_key(occurrence) == key for occurrence in self.occurrences(at, at + timedelta(seconds=1)))

    def among(self, moments: Iterable[Moment]) -> frozenset[Key]:
        """The keys of those moments at which an occurrence starts, in any spelling, all found together. Raises
        TooCostly."""
        own = {moment_key(moment): moment for moment in (like(moment, self.start) for moment in moments)}
        found = own.keys() & {moment_key(self._moment(local)) for local in self._fixed()}
        found |= own.keys() & set(self._around([moment for key, moment in own.items() if key not in found]))
        return frozenset(found.difference(moment_key(like(moment, self.start)) for moment in self.excluded))

    def _around(self, moments: Iterable[Moment]) -> Iterator[Key]:
        """The keys of occurrences of the rule around these moments, walking once over what has to be counted."""
        locals_ = sorted(at_midnight(moment).replace(tzinfo=None) for moment in moments)
        if self.rule is None or not locals_:
            return
        expansion = Expansion(self.rule, self._local_start(), max(BUDGET, _STEPS_EACH * len(locals_)))
        last = datetime.max if self.rule.until is None else self._until()
        for low, high in [(locals_[0], locals_[-1])] if self.rule.count else _close(locals_):
            for local in expansion.between(_moved(low, -_CLOCK_CHANGE), min(_moved(high, _CLOCK_CHANGE), last)):
                yield moment_key(self._moment(local))

    def extent(self, duration: timedelta) -> tuple[int, int | None]:
        """Epoch seconds that enclose all occurrences of this duration, floating ones taken as UTC; the end is None when
        there is none or it could not be found within the limit."""
        fixed = [instant(self._moment(local), UTC) for local in self._fixed()]
        first, last = min([instant(self.start, UTC), *fixed]), max([instant(self.start, UTC), *fixed])
        rule = self.rule
        if rule is not None and rule.count is None:
            if rule.until is None:
                return int(first.timestamp()), None
            last = max(last, instant(self._moment(self._until()), UTC))
        elif rule is not None:
            try:
                for moment in self.occurrences():
                    last = max(last, instant(moment, UTC))
            except TooCostly:
                return int(first.timestamp()), None
        return int(first.timestamp()), int(last.timestamp() + max(duration, timedelta()).total_seconds())

    def _by_rule(self, first: datetime | None, last: datetime | None, floating: tzinfo) -> Iterator[datetime]:
        if self.rule is None:
            return
        zone = self.start.tzinfo if isinstance(self.start, datetime) else None
        low = datetime.min if first is None else local_time(later(first, -_CLOCK_CHANGE), zone or floating)
        high = datetime.max if last is None else local_time(later(last, _CLOCK_CHANGE), zone or floating)
        if self.rule.until is not None:
            high = min(high, self._until())
        yield from Expansion(self.rule, self._local_start()).between(low, high)

    def _until(self) -> datetime:
        """UNTIL in the local time of the start; a date means the whole day."""
        until = self.rule.until if self.rule and self.rule.until else datetime.max
        if not isinstance(until, datetime):
            return datetime(until.year, until.month, until.day, 23, 59, 59)
        if not isinstance(self.start, datetime):
            return at_midnight(until.date())
        if until.tzinfo is not None and self.start.tzinfo is not None:
            return local_time(until, self.start.tzinfo)
        return until.replace(tzinfo=None)

    def _fixed(self) -> Iterator[datetime]:
        """The additional dates; the start itself, too, when no rule says whether it counts."""
        moments = [like(moment, self.start) for moment in self.additional]
        if self.rule is None:
            moments.append(self.start)
        return iter(sorted(at_midnight(moment).replace(tzinfo=None) for moment in moments))

    def _local_start(self) -> datetime:
        return at_midnight(self.start).replace(tzinfo=None)

    def _moment(self, local: datetime) -> Moment:
        if not isinstance(self.start, datetime):
            return local.date()
        return local.replace(tzinfo=self.start.tzinfo)


def _close(moments: Iterable[datetime]) -> Iterator[tuple[datetime, datetime]]:
    """The first and the last of moments, in order, that are so close that one walk finds what is around them."""
    low = high = None
    for moment in moments:
        if low is None or high is None:
            low = moment
        elif moment - high > 2 * _CLOCK_CHANGE:
            yield low, high
            low = moment
        high = moment
    if low is not None and high is not None:
        yield low, high


def _moved(local: datetime, by: timedelta) -> datetime:
    return later(local.replace(tzinfo=UTC), by).replace(tzinfo=None)

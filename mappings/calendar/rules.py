"""RRULE values: read, compared, and expanded as local times.

The expansion is our own because the libraries cannot be bounded: python-dateutil looks for the next occurrence of
a rule that has none until the year 9999, seconds of work for one small PUT. Here every step is counted, so that a
rule ends within its budget or raises TooCostly; python-dateutil is the oracle of its tests. It computes with local
times only; zones are the business of `recurrence`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

from icalendar.prop import vRecur

from mappings.calendar.moments import Moment, parse_moment
from mappings.errors import InvalidCalendarData, TooCostly

BUDGET = 12_000  # steps of about 5 microseconds
_LONGEST = 4096

FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNITS = {"HOURLY": timedelta(hours=1), "MINUTELY": timedelta(minutes=1), "SECONDLY": timedelta(seconds=1)}
_RANGES = {
    "BYMONTH": (1, 12),
    "BYWEEKNO": (-53, 53),
    "BYYEARDAY": (-366, 366),
    "BYMONTHDAY": (-31, 31),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 60),
    "BYSETPOS": (-366, 366),
}
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "RSCALE", "SKIP", *_RANGES}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A recurrence rule; `by_day` holds (ordinal or 0, weekday from Monday 0)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: Moment | None = None
    week_start: int = 0
    by_month: tuple[int, ...] = ()
    by_week_no: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[tuple[int, int], ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_pos: tuple[int, ...] = ()


@lru_cache(maxsize=4096)
def parse_rule(text: str) -> Rule:
    """An RRULE value; raises InvalidCalendarData when it is malformed or counts in another calendar (RSCALE), TooCostly
    when it is longer than any that names each of its numbers once."""
    if len(text) > _LONGEST:
        raise TooCostly("recurrence rule too long")
    text = text.replace(" ", "")
    try:
        parts: dict[str, list[Any]] = {name.upper(): values for name, values in vRecur.from_ical(text).items()}
    except ValueError as error:
        raise InvalidCalendarData("malformed recurrence rule") from error
    if "FREQ" not in parts or not parts.keys() <= _KNOWN | {name for name in parts if name.startswith("X-")}:
        raise InvalidCalendarData("malformed recurrence rule")
    if str(_first(parts, "RSCALE", "GREGORIAN")).upper() != "GREGORIAN":
        raise InvalidCalendarData("recurrence rule in another calendar")
    until = re.search(r"(?:^|;)UNTIL=([^;]*)", text, re.IGNORECASE)
    count = _first(parts, "COUNT", None)
    interval = int(_first(parts, "INTERVAL", 1))
    if interval < 1 or (count is not None and int(count) < 1):
        raise InvalidCalendarData("malformed recurrence rule")
    return Rule(
        freq=str(_first(parts, "FREQ", "")).upper(),
        interval=interval,
        count=None if count is None else int(count),
        until=parse_moment(until[1].strip()) if until else None,
        week_start=_WEEKDAYS[str(_first(parts, "WKST", "MO")).upper()],
        by_month=_numbers(parts, "BYMONTH"),
        by_week_no=_numbers(parts, "BYWEEKNO"),
        by_year_day=_numbers(parts, "BYYEARDAY"),
        by_month_day=_numbers(parts, "BYMONTHDAY"),
        by_day=_weekdays(parts.get("BYDAY", [])),
        by_hour=_numbers(parts, "BYHOUR"),
        by_minute=_numbers(parts, "BYMINUTE"),
        by_second=_numbers(parts, "BYSECOND"),
        by_set_pos=_numbers(parts, "BYSETPOS"),
    )


def _first(parts: dict[str, list[Any]], name: str, default: Any) -> Any:
    return parts[name][0] if parts.get(name) else default


def _numbers(parts: dict[str, list[Any]], name: str) -> tuple[int, ...]:
    low, high = _RANGES[name]
    numbers = tuple(sorted({int(value) for value in parts.get(name, [])}))
    if any(not low <= number <= high or (number == 0 and low < 0) for number in numbers):
        raise InvalidCalendarData("malformed recurrence rule")
    return numbers


def _weekdays(values: list[Any]) -> tuple[tuple[int, int], ...]:
    days = set()
    for value in values:
        match = _BYDAY.fullmatch(str(value).upper())
        if match is None:
            raise InvalidCalendarData("malformed recurrence rule")
        days.add((int(match[1] or 0), _WEEKDAYS[match[2]]))
    return tuple(sorted(days))


class Expansion:
    """The occurrences of a rule as local times, from a start in local time; each step costs of `budget`."""

    def __init__(self, rule: Rule, start: datetime, budget: int = BUDGET) -> None:
        self.rule = _with_defaults(rule, start)
        self.start = start
        self.budget = budget
        self._months = frozenset(self.rule.by_month)
        self._plain_days = frozenset(day for nth, day in self.rule.by_day if not self._counts(nth))
        self._nth_days = frozenset((nth, day) for nth, day in self.rule.by_day if self._counts(nth))
        if self.rule.freq in _UNITS:
            self._unit_start, self._offsets = self._of_units()
        self._times: list[tuple[int, int, int]] | None = None

    def _counts(self, nth: int) -> bool:
        """Ordinals count in months and years only."""
        return nth != 0 and self.rule.freq in ("YEARLY", "MONTHLY")

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Occurrences in [first, last], in order; COUNT is counted from the start. Raises TooCostly."""
        remaining = self.rule.count
        for occurrence in self._all(self.start if remaining is not None else max(first, self.start), last):
            if occurrence > last:
                return
            if occurrence >= first:
                yield occurrence
            if remaining is not None:
                remaining -= 1
                if remaining == 0:
                    return

    def _all(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """The occurrences of all periods from that of `first` to that of `last`."""
        index = self._index(first)
        while True:
            try:
                begin, candidates, following = self._period(index)
            except OverflowError:  # past the year 9999
                return
            if begin > last:
                return
            self._spend(1)
            positions = self.rule.by_set_pos
            if positions and candidates:
                size = len(candidates)
                chosen = {pos - 1 if pos > 0 else size + pos for pos in positions}
                candidates = [candidates[i] for i in sorted(chosen) if 0 <= i < size]
            yield from (candidate for candidate in candidates if candidate >= self.start)
            index = following

    def _spend(self, steps: int) -> None:
        self.budget -= steps
        if self.budget < 0:
            raise TooCostly("recurrence too costly to expand")

    def _index(self, moment: datetime) -> int:
        """The number of the period (0 holds the start) that `moment` falls into, or of the one before it."""
        start, interval = self.start, self.rule.interval
        match self.rule.freq:
            case "YEARLY":
                return (moment.year - start.year) // interval
            case "MONTHLY":
                return (moment.year * 12 + moment.month - start.year * 12 - start.month) // interval
            case "WEEKLY":
                return (moment.date() - self._week(start.date())).days // (7 * interval)
            case "DAILY":
                return (moment.date() - start.date()).days // interval
            case freq:
                return (moment - self._unit_start) // (_UNITS[freq] * interval)

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.rule.week_start) % 7)

    def _of_units(self) -> tuple[datetime, tuple[timedelta, ...]]:
        """Of a sub-daily rule: the start, cut to its unit, and how long after that of a unit it takes place."""
        start, freq = self.start, self.rule.freq
        minutes = self.rule.by_minute if freq == "HOURLY" else (0,)
        seconds = self.rule.by_second if freq != "SECONDLY" else (0,)
        if freq != "SECONDLY":
            start = start.replace(second=0) if freq == "MINUTELY" else start.replace(minute=0, second=0)
        return start, tuple(timedelta(minutes=m, seconds=s) for m in minutes for s in seconds)

    def _period(self, index: int) -> tuple[datetime, list[datetime], int]:
        """When a period begins, its candidates, and the number of the next period worth looking at."""
        freq, step = self.rule.freq, index * self.rule.interval
        if freq in _UNITS:
            return self._unit_period(index)
        if freq == "YEARLY":
            first = date(_year(self.start.year + step), 1, 1)
            days = self._year_days(first.year)
        elif freq == "MONTHLY":
            year, month = divmod(self.start.year * 12 + self.start.month - 1 + step, 12)
            first = date(_year(year), month + 1, 1)
            days = self._month_days(first.year, first.month)
        elif freq == "WEEKLY":
            first = self._week(self.start.date()) + timedelta(days=7 * step)
            days = [first + timedelta(days=offset) for offset in range(7)]
        else:
            first = self.start.date() + timedelta(days=step)
            days = [first]
        matching = [day for day in days if self._matches(day)]
        candidates = [datetime(day.year, day.month, day.day, *time) for day, time in self._on(matching)]
        return datetime(first.year, first.month, first.day), candidates, index + 1

    def _on(self, days: list[date]) -> Iterable[tuple[date, tuple[int, int, int]]]:
        """All times on these days. Paid for before they are made: a short rule can name millions."""
        rule = self.rule
        self._spend(len(days) * len(rule.by_hour) * len(rule.by_minute) * len(rule.by_second))
        if self._times is None and days:
            self._times = sorted(product(rule.by_hour, rule.by_minute, rule.by_second))
        return product(days, self._times or ())

    def _unit_period(self, index: int) -> tuple[datetime, list[datetime], int]:
        rule, unit = self.rule, _UNITS[self.rule.freq]
        at = self._unit_start + unit * rule.interval * index
        if not self._matches(at.date()):
            return at, [], self._index_from(datetime(at.year, at.month, at.day) + _DAY)
        if rule.by_hour and at.hour not in rule.by_hour:
            return at, [], self._index_from(at.replace(minute=0, second=0) + _UNITS["HOURLY"])
        if rule.freq != "HOURLY" and rule.by_minute and at.minute not in rule.by_minute:
            return at, [], self._index_from(at.replace(second=0) + _UNITS["MINUTELY"])
        if rule.freq == "SECONDLY" and rule.by_second and at.second not in rule.by_second:
            return at, [], index + 1
        self._spend(len(self._offsets) - 1)
        return at, [at + offset for offset in self._offsets], index + 1

    def _index_from(self, moment: datetime) -> int:
        """The number of the first period that starts at or after `moment`."""
        span = _UNITS[self.rule.freq] * self.rule.interval
        return -((self._unit_start - moment) // span)

    def _year_days(self, year: int) -> list[date]:
        if self.rule.by_year_day or self.rule.by_week_no or not (self._months or self.rule.by_month_day):
            first = date(year, 1, 1)
            self._spend(80)
            return [first + timedelta(days=offset) for offset in range(365 + _is_leap(year))]
        months = self.rule.by_month or range(1, 13)
        return [day for month in months for day in self._month_days(year, month)]

    def _month_days(self, year: int, month: int) -> list[date]:
        length = _month_length(year, month)
        if not self.rule.by_month_day:
            return [date(year, month, day) for day in range(1, length + 1)]
        days = {day if day > 0 else length + 1 + day for day in self.rule.by_month_day}
        return [date(year, month, day) for day in sorted(days) if 1 <= day <= length]

    def _matches(self, day: date) -> bool:
        rule = self.rule
        if self._months and day.month not in self._months:
            return False
        if rule.by_month_day:
            length = _month_length(day.year, day.month)
            if day.day not in rule.by_month_day and day.day - length - 1 not in rule.by_month_day:
                return False
        if rule.by_day and not self._weekday_matches(day):
            return False
        if rule.by_year_day:
            number = day.timetuple().tm_yday
            if number not in rule.by_year_day and number - 366 - _is_leap(day.year) not in rule.by_year_day:
                return False
        return not rule.by_week_no or self._week_matches(day)

    def _weekday_matches(self, day: date) -> bool:
        weekday = day.weekday()
        if weekday in self._plain_days:
            return True
        if not self._nth_days:
            return False
        if self.rule.freq == "YEARLY" and not self.rule.by_month:
            number, length = day.timetuple().tm_yday, 365 + _is_leap(day.year)
        else:
            number, length = day.day, _month_length(day.year, day.month)
        from_start, from_end = (number - 1) // 7 + 1, -((length - number) // 7 + 1)
        return (from_start, weekday) in self._nth_days or (from_end, weekday) in self._nth_days

    def _week_matches(self, day: date) -> bool:
        """Weeks belong to the year that has at least four of their days."""
        middle = self._week(day) + timedelta(days=3)
        number = (middle.timetuple().tm_yday - 1) // 7 + 1
        last = (self._week(date(middle.year, 12, 28)) + timedelta(days=3)).timetuple().tm_yday
        return number in self.rule.by_week_no or number - (last - 1) // 7 - 2 in self.rule.by_week_no


def _with_defaults(rule: Rule, start: datetime) -> Rule:
    """The rule with everything it takes from its start made explicit (RFC 5545 3.3.10)."""
    changes: dict[str, Any] = {}
    if not (rule.by_week_no or rule.by_year_day or rule.by_month_day or rule.by_day):
        if rule.freq == "YEARLY":
            changes = {"by_month": rule.by_month or (start.month,), "by_month_day": (start.day,)}
        elif rule.freq == "MONTHLY":
            changes = {"by_month_day": (start.day,)}
        elif rule.freq == "WEEKLY":
            changes = {"by_day": ((0, start.weekday()),)}
    elif rule.by_week_no and not (rule.by_year_day or rule.by_month_day or rule.by_day):
        changes = {"by_day": ((0, start.weekday()),)}
    rank = FREQUENCIES.index(rule.freq)
    if rank < FREQUENCIES.index("HOURLY"):
        changes["by_hour"] = rule.by_hour or (start.hour,)
    if rank < FREQUENCIES.index("MINUTELY"):
        changes["by_minute"] = rule.by_minute or (start.minute,)
    if rank < FREQUENCIES.index("SECONDLY"):
        changes["by_second"] = tuple(min(second, 59) for second in rule.by_second) or (start.second,)
    return replace(rule, **changes)


def _year(year: int) -> int:
    if year > 9999:
        raise OverflowError
    return year


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _month_length(year: int, month: int) -> int:
    if month == 2:
        return 28 + _is_leap(year)
    return 30 if month in (4, 6, 9, 11) else 31

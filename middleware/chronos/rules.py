"""Recurrence rules: parsing, what the server refuses, and local start times near a window.

Start times are wall-clock times. They are computed by python-dateutil, which has no limits of its own, so
every computation here starts close to the window asked for and looks at a bounded number of periods.
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from dateutil import rrule as dateutil_rrule

from middleware.chronos.data_errors import invalid_rrule
from middleware.chronos.dates import When, from_ms, parse_value, zone_info

FREQUENCIES: Final[Mapping[str, Any]] = {
    "YEARLY": dateutil_rrule.YEARLY,
    "MONTHLY": dateutil_rrule.MONTHLY,
    "WEEKLY": dateutil_rrule.WEEKLY,
    "DAILY": dateutil_rrule.DAILY,
    "HOURLY": dateutil_rrule.HOURLY,
    "MINUTELY": dateutil_rrule.MINUTELY,
    "SECONDLY": dateutil_rrule.SECONDLY,
}
_WEEKDAYS: Final = {name: getattr(dateutil_rrule, name) for name in ("MO", "TU", "WE", "TH", "FR", "SA", "SU")}
_UNITS: Final = {
    "WEEKLY": timedelta(weeks=1),
    "DAILY": timedelta(days=1),
    "HOURLY": timedelta(hours=1),
    "MINUTELY": timedelta(minutes=1),
    "SECONDLY": timedelta(seconds=1),
}
# How many occurrences one computation looks at; what comes later does not exist for it.
MAX_OCCURRENCES: Final = 20_000
_DAYS_TRIED: Final = 20_000
_RANGES: Final = {
    "BYSECOND": (0, 59, False),
    "BYMINUTE": (0, 59, False),
    "BYHOUR": (0, 23, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYMONTH": (1, 12, False),
    "BYSETPOS": (1, 366, True),
}
_BY_YEAR_DAY: Final = FREQUENCIES.keys() - {"DAILY", "WEEKLY", "MONTHLY"}
_NTH_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_LAST = datetime(9999, 12, 30)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A valid rule. `until` is a wall-clock time of the series; `by` holds the BY* parts for dateutil."""

    text: str
    freq: str
    interval: int
    count: int | None
    until: datetime | None
    wkst: str
    by: Mapping[str, Any]

    def starts(self, first: datetime, begin: datetime, end: datetime) -> Iterator[datetime]:
        """Start times from `begin` to `end` (both included) of the rule counted from `first`, in order."""
        if self._barren(first):
            return
        yield from self._found(first, begin, end)

    def _found(self, first: datetime, begin: datetime, end: datetime) -> Iterator[datetime]:
        anchor = first if self.count is not None else self._seek(first, begin)
        last = min(end, _LAST) if self.until is None else min(end, _LAST, self.until)
        if last < anchor:
            return
        found = itertools.islice(self._dateutil(first, anchor, last), self.count or MAX_OCCURRENCES)
        for start in itertools.islice(found, MAX_OCCURRENCES):
            if start >= begin:
                yield start

    def _dateutil(self, first: datetime, anchor: datetime, last: datetime) -> Iterator[datetime]:
        return iter(
            dateutil_rrule.rrule(
                FREQUENCIES[self.freq],
                dtstart=anchor,
                interval=self.interval,
                wkst=_WEEKDAYS[self.wkst],
                until=last,
                **self._explicit(first),
            )
        )

    def _barren(self, first: datetime) -> bool:
        """Whether the rule has no occurrence at all. dateutil would look for one up to the year 9999, every time."""
        return _is_barren(self, first)

    def _explicit(self, first: datetime) -> dict[str, Any]:
        """The BY* parts with those that RFC 5545 takes from DTSTART written out, so that DTSTART may be moved."""
        by = dict(self.by)
        if "byweekno" in by and not by.keys() & {"byweekday", "byyearday", "bymonthday"}:
            by["byweekday"] = (first.weekday(),)
        if not by.keys() & {"byweekno", "byyearday", "bymonthday", "byweekday"}:
            if self.freq == "YEARLY":
                by.setdefault("bymonth", (first.month,))
            if self.freq in {"YEARLY", "MONTHLY"}:
                by["bymonthday"] = (first.day,)
            elif self.freq == "WEEKLY":
                by["byweekday"] = (first.weekday(),)
        for name, value, finest in (
            ("byhour", first.hour, {"HOURLY", "MINUTELY", "SECONDLY"}),
            ("byminute", first.minute, {"MINUTELY", "SECONDLY"}),
            ("bysecond", first.second, {"SECONDLY"}),
        ):
            if self.freq not in finest:
                by.setdefault(name, (value,))
        return by

    def _seek(self, first: datetime, begin: datetime) -> datetime:
        """The start of the last whole period before `begin` in step with `first`, never before `first`."""
        if begin <= first:
            return first
        if self.freq in _UNITS:
            passed_units = (begin - first) // _UNITS[self.freq] // self.interval
            return first + _UNITS[self.freq] * (self.interval * max(0, passed_units - 1))
        step_months = self.interval * (12 if self.freq == "YEARLY" else 1)
        passed = (begin.year - first.year) * 12 + begin.month - first.month
        steps = passed // step_months - 1
        if steps < 1:
            return first
        anchor = _add_months(first.replace(day=1), steps * step_months)
        return anchor.replace(month=1) if self.freq == "YEARLY" else anchor


def _add_months(value: datetime, months: int) -> datetime:
    year, month = divmod(value.year * 12 + value.month - 1 + months, 12)
    day = min(value.day, calendar.monthrange(year, month + 1)[1])
    return value.replace(year=year, month=month + 1, day=day)


@functools.lru_cache(maxsize=4096)
def _is_barren(rule: Rule, first: datetime) -> bool:
    return not _reaches_a_day(rule, first) or next(rule._found(first, first, _LAST), None) is None


def _reaches_a_day(rule: Rule, first: datetime) -> bool:
    """Whether any day near enough has the month, month day, year day and weekday that the rule asks for.

    Cheap, and no for most rules that have no occurrence: February 30th, or every seventh day but on Tuesday.
    """
    wanted = {name: rule.by[name] for name in ("bymonth", "bymonthday", "byyearday", "byweekday") if name in rule.by}
    step = timedelta(days=1)
    if rule.freq in ("WEEKLY", "MONTHLY", "YEARLY"):
        wanted.pop("byweekday", None)
    elif _UNITS[rule.freq] * min(rule.interval, 86_400) > step:
        step = _UNITS[rule.freq] * min(rule.interval, 86_400)
    day = first
    for _ in range(_DAYS_TRIED):
        if _has(day, wanted):
            return True
        if day > _LAST - step:
            return False
        day += step
    return False


def _has(day: datetime, wanted: Mapping[str, Any]) -> bool:
    if "bymonth" in wanted and day.month not in wanted["bymonth"]:
        return False
    if "byweekday" in wanted and day.weekday() not in {one.weekday for one in wanted["byweekday"]}:
        return False
    if "bymonthday" in wanted:
        last = calendar.monthrange(day.year, day.month)[1]
        if not {day.day, day.day - last - 1} & set(wanted["bymonthday"]):
            return False
    if "byyearday" in wanted:
        number, length = day.timetuple().tm_yday, 366 if calendar.isleap(day.year) else 365
        return bool({number, number - length - 1} & set(wanted["byyearday"]))
    return True


@functools.lru_cache(maxsize=8192)
def parse_rule(text: str, start: When) -> Rule:
    """A rule for a series that starts at `start`; CAL-4002 when the server would refuse it.

    UNTIL is brought to the type of the start (a date becomes midnight UTC for a timed event).
    """
    parts = _split(text)
    freq = parts.pop("FREQ", "")
    if freq not in FREQUENCIES or ("COUNT" in parts and "UNTIL" in parts):
        raise invalid_rrule(text)
    rule = Rule(
        text=text,
        freq=freq,
        interval=_number(text, parts.pop("INTERVAL", "1")),
        count=_number(text, parts.pop("COUNT")) if "COUNT" in parts else None,
        until=None,
        wkst=parts.pop("WKST", "MO"),
        by={},
    )
    until = parts.pop("UNTIL", None)
    if rule.wkst not in _WEEKDAYS:
        raise invalid_rrule(text)
    rule = replace(rule, by=_by_parts(text, freq, parts))
    if until is not None:
        rule = _with_until(rule, until, start)
    try:
        rule._dateutil(start.local, start.local, start.local)
    except ValueError:
        raise invalid_rrule(text) from None
    return rule


def _split(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.strip().rstrip(";").split(";"):
        name, separator, value = part.partition("=")
        name = name.strip().upper()
        if not separator or not value or name in parts:
            raise invalid_rrule(text)
        parts[name] = value.strip().upper()
    return parts


def _number(text: str, value: str) -> int:
    if not value.isdecimal() or len(value) > 10 or not 0 < int(value) < 1_000_000_000:
        raise invalid_rrule(text)
    return int(value)


def _by_parts(text: str, freq: str, parts: Mapping[str, str]) -> dict[str, Any]:
    by: dict[str, Any] = {}
    for name, value in parts.items():
        if name == "BYDAY":
            by["byweekday"] = tuple(_weekday(text, freq, item) for item in value.split(","))
        elif name in _RANGES:
            by[name.lower()] = tuple(_in_range(text, name, item) for item in value.split(","))
        elif not name.startswith("X-"):
            raise invalid_rrule(text)
    if "bysetpos" in by and len(by) == 1:
        raise invalid_rrule(text)
    allowed = {"byweekno": {"YEARLY"}, "bymonthday": FREQUENCIES.keys() - {"WEEKLY"}, "byyearday": _BY_YEAR_DAY}
    if any(name in by and freq not in frequencies for name, frequencies in allowed.items()):
        raise invalid_rrule(text)
    return by


def _weekday(text: str, freq: str, item: str) -> Any:
    match = _NTH_WEEKDAY.fullmatch(item.strip())
    if match is None:
        raise invalid_rrule(text)
    number, day = match.groups()
    if number is None:
        return _WEEKDAYS[day]
    if freq not in {"MONTHLY", "YEARLY"} or not 1 <= abs(int(number)) <= 53:
        raise invalid_rrule(text)
    return _WEEKDAYS[day](int(number))


def _in_range(text: str, name: str, item: str) -> int:
    low, high, signed = _RANGES[name]
    try:
        number = int(item)
    except ValueError:
        raise invalid_rrule(text) from None
    if not low <= (abs(number) if signed else number) <= high:
        raise invalid_rrule(text)
    return number


def _with_until(rule: Rule, until: str, start: When) -> Rule:
    value = parse_value(until)
    if value is None:
        raise invalid_rrule(rule.text)
    if start.all_day:
        value = When(value.local.replace(hour=0, minute=0, second=0), None, True)
    elif value.all_day:
        value = When(value.local, None if start.floating else "UTC")
    if value.floating != start.floating:
        raise invalid_rrule(rule.text)
    text = re.sub(r"UNTIL=[^;]+", f"UNTIL={value.value()}", rule.text, flags=re.IGNORECASE)
    return replace(rule, text=text, until=in_zone_of(value, start))


def in_zone_of(value: When, start: When) -> datetime:
    """The wall-clock time of a value of the same kind on the clock of `start`."""
    if start.zone is None or value.zone is None or start.zone == value.zone:
        return value.local
    return from_ms(value.epoch_ms(zone_info("UTC")), start.zone)

"""VTIMEZONE components, made from Python's time zone database."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from middleware.content_lines import line

# The rules that hold now are told as if they had always held, as the server does.
_BEGINNING: Final = 1970
_YEARS: Final = 8
_DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Change:
    """A zone changes its offset: at a local time by the old offset, to `offset`."""

    local: datetime
    before: timedelta
    offset: timedelta
    name: str
    daylight: bool


@lru_cache(maxsize=64)
def timezone(name: str, year: int) -> str:
    """The VTIMEZONE of an Olson zone with the rules of the years from `year` on."""
    zone = ZoneInfo(name)
    by_year = [list(_changes(zone, one)) for one in range(year, year + _YEARS)]
    lines = [line("BEGIN", "VTIMEZONE"), line("TZID", name), line("X-LIC-LOCATION", name)]
    if len(by_year[0]) == 2 and all(len(changes) == 2 for changes in by_year):
        both = [[changes[at] for changes in by_year] for at in (0, 1)]
        for changes in sorted(both, key=lambda one: not one[0].daylight):
            lines += _yearly(changes)
    elif not any(by_year):
        lines += _fixed(zone, year)
    else:
        for change in _first_and(one for changes in by_year for one in changes):
            lines += _part(change, change.local, [])
    return "".join([*lines, line("END", "VTIMEZONE")])


def _first_and(changes: Iterator[Change]) -> Iterator[Change]:
    """All changes; the first one also as far back as the beginning, so that no time is before all of them."""
    for number, change in enumerate(changes):
        if number == 0:
            yield Change(datetime(_BEGINNING, 1, 1), change.before, change.before, "", not change.daylight)
        yield change


def _changes(zone: ZoneInfo, year: int) -> Iterator[Change]:
    moment, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        if _offset(moment, zone) != _offset(later, zone):
            yield _change_between(moment, later, zone)
        moment = later


def _change_between(moment: datetime, later: datetime, zone: ZoneInfo) -> Change:
    before = _offset(moment, zone)
    step = (later - moment) / 2
    while step >= timedelta(seconds=30):
        if _offset(moment + step, zone) == before:
            moment += step
        step /= 2
    exact = (moment + timedelta(minutes=1)).replace(second=0, microsecond=0)
    after = exact.astimezone(zone)
    local = (exact + before).replace(tzinfo=None)
    return Change(local, before, _offset(exact, zone), after.tzname() or "", bool(after.dst()))


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _yearly(changes: list[Change]) -> list[str]:
    """A change that comes every year; on dates of its own when no rule tells them."""
    first = changes[0]
    weeks = {_weeks(one.local) for one in changes}
    common = frozenset.intersection(*weeks)
    same = {(one.local.month, one.local.weekday(), one.local.time()) for one in changes}
    if len(same) > 1 or not common:
        return [text for one in changes for text in _part(one, one.local, [])]
    week = min(common)
    day = f"{week}{_DAYS[first.local.weekday()]}"
    rule = f"FREQ=YEARLY;BYMONTH={first.local.month};BYDAY={day}"
    begins = datetime.combine(_day_of(_BEGINNING, first.local, week), first.local.time())
    return _part(first, begins, [line("RRULE", rule)])


def _weeks(local: datetime) -> frozenset[int]:
    """By which numbers the weekday of a date can be counted in its month: from the begin, and -1 for the last."""
    last = local.day + 7 > calendar.monthrange(local.year, local.month)[1]
    return frozenset({(local.day - 1) // 7 + 1, -1} if last else {(local.day - 1) // 7 + 1})


def _day_of(year: int, like: datetime, week: int) -> datetime:
    days = [day for day in calendar.Calendar().itermonthdates(year, like.month) if day.month == like.month]
    same = [day for day in days if day.weekday() == like.weekday()]
    found = same[week - 1] if week > 0 else same[week]
    return datetime(found.year, found.month, found.day)


def _fixed(zone: ZoneInfo, year: int) -> list[str]:
    moment = datetime(year, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = moment.utcoffset() or timedelta()
    begins = datetime(_BEGINNING, 1, 1)
    return _part(Change(begins, offset, offset, moment.tzname() or "", False), begins, [])


def _part(change: Change, begins: datetime, rule: list[str]) -> list[str]:
    kind = "DAYLIGHT" if change.daylight else "STANDARD"
    return [
        line("BEGIN", kind),
        *([line("TZNAME", change.name)] if change.name else []),
        line("TZOFFSETFROM", _offset_text(change.before)),
        line("TZOFFSETTO", _offset_text(change.offset)),
        line("DTSTART", begins.strftime("%Y%m%dT%H%M%S")),
        *rule,
        line("END", kind),
    ]


def _offset_text(offset: timedelta) -> str:
    minutes = int(offset.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02d}{rest:02d}"

"""The recurrence fields of OX 7.8 appointments and tasks, and RRULE values.

The fields: `recurrence_type` (0 none, 1 daily, 2 weekly, 3 monthly, 4 yearly), `interval`, `days` (bits, Sunday 1 to
Saturday 64), `day_in_month` (a day; beside `days` the first to fourth of these days, 5 or -1 the last), `month` (from
0), and `until` (last day, its midnight UTC in epoch milliseconds) or `occurrences`.

What they mean is what OX computes, which is not in all cases what its documents say: a day that a month does not have
is skipped as in iCalendar, weeks begin on Monday.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from mappings.calendar.moments import Moment, like, local_time, parse_moment, to_recurrence_id
from mappings.calendar.rules import Rule, parse_rule
from mappings.errors import InvalidCalendarData
from mappings.legacy.values import day_ms, ms_day, number

RULE_FIELDS = ("recurrence_type", "interval", "days", "day_in_month", "month", "until", "occurrences")

DAILY, WEEKLY, MONTHLY, YEARLY = 1, 2, 3, 4
_ALL_DAYS, _WEEKDAYS, _WEEKEND = 127, 62, 65
_LAST = 5
_MOST_OCCURRENCES = 999  # OX computes no more
_NAMES = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_POSITIONS = frozenset([1, 2, 3, 4, -1])
_UNTIL = re.compile(r"UNTIL=(\d{8})(?=;|$)")
_LONGEST = {1: 29, 3: 30, 5: 30, 8: 30, 10: 30}  # days of the shorter months, from 0


def to_rrule(fields: Mapping[str, Any]) -> str | None:
    """The RRULE value of an appointment's or a task's recurrence fields; UNTIL is a date, the last day of the series.

    Numbers may be strings, missing fields have OX's defaults. None for what does not recur, and for fields without a
    meaning.
    """
    frequency = number(fields.get("recurrence_type")) or 0
    interval = number(fields.get("interval")) or 1
    days = number(fields.get("days")) or 0
    day = number(fields.get("day_in_month")) or 0
    month = number(fields.get("month"))
    if interval < 1 or not 0 <= days <= _ALL_DAYS:
        return None
    parts: list[str | None]
    match frequency:
        case 1:
            parts = ["FREQ=DAILY"]
        case 2:
            parts = ["FREQ=WEEKLY", f"BYDAY={_day_names(days or _ALL_DAYS)}"]
        case 3:
            parts = ["FREQ=MONTHLY", *_in_month(days, day)]
        case 4 if month is not None and 0 <= month <= 11 and (days or day <= _LONGEST.get(month, 31)):
            parts = ["FREQ=YEARLY", f"BYMONTH={month + 1}", *_in_month(days, day)]
        case _:
            return None
    if None in parts:
        return None
    if interval > 1:
        parts.insert(1, f"INTERVAL={interval}")
    return ";".join([str(part) for part in parts] + _end(fields))


def _day_names(days: int) -> str:
    """Monday first, as weeks begin."""
    return ",".join(_NAMES[bit % 7] for bit in range(1, 8) if days & 1 << bit % 7)


def _in_month(days: int, day: int) -> list[str | None]:
    """The parts for one day of a month; None among them when there is no such day."""
    if not days:
        return [f"BYMONTHDAY={day}" if 1 <= day <= 31 or day == -1 else None]
    if day not in (1, 2, 3, 4, _LAST, -1):
        return [None]
    position = -1 if day == _LAST else day
    if days == _ALL_DAYS and position == -1:
        return ["BYMONTHDAY=-1"]
    if days.bit_count() == 1:
        return [f"BYDAY={position}{_day_names(days)}"]
    return [f"BYDAY={_day_names(days)}", f"BYSETPOS={position}"]


def _end(fields: Mapping[str, Any]) -> list[str]:
    occurrences, until = number(fields.get("occurrences")), number(fields.get("until"))
    if occurrences:
        return [f"COUNT={occurrences}"]
    last = None if until is None else ms_day(until)
    return [] if last is None else [f"UNTIL={last.year:04}{last.month:02}{last.day:02}"]


def until_with_time(rule: str, start: Moment) -> str:
    """A rule whose UNTIL is a date, with the time of the start on that day instead, where that has one."""
    if not isinstance(start, datetime):
        return rule
    return _UNTIL.sub(lambda match: f"UNTIL={to_recurrence_id(like(parse_moment(match[1]), start))}", rule)


def from_rrule(rrule: str, start: Moment) -> dict[str, Any] | None:
    """The recurrence fields of a rule of what starts at `start`, in local time of its zone: the complete set of its
    type, without null. None when no fields mean exactly the same, and for malformed rules."""
    try:
        rule = parse_rule(rrule)
    except InvalidCalendarData:
        return None
    if rule.by_week_no or rule.by_year_day or rule.by_hour or rule.by_minute or rule.by_second:
        return None
    pattern, end = _pattern(rule, start), _end_fields(rule, start)
    if pattern is None or end is None:
        return None
    return {**pattern, "interval": rule.interval, **end}


def _pattern(rule: Rule, start: Moment) -> dict[str, Any] | None:
    match rule.freq:
        case "DAILY" | "WEEKLY" if not (rule.by_month or rule.by_month_day or rule.by_set_pos):
            return _by_weekdays(rule, start)
        case "MONTHLY" if not rule.by_month:
            chosen = _day_of_month(rule, start)
            return None if chosen is None else {"recurrence_type": MONTHLY, **chosen}
        case "YEARLY" if len(rule.by_month) == 1 or not (rule.by_month or rule.by_month_day or rule.by_day):
            month = (rule.by_month or (start.month,))[0] - 1
            chosen = _day_of_month(rule, start)
            if chosen is None or not _is_computed(month, chosen):
                return None
            return {"recurrence_type": YEARLY, "month": month, **chosen}
    return None


def _is_computed(month: int, chosen: Mapping[str, int]) -> bool:
    """Whether OX takes this day of a year, and finds it: days at the weekend it counts wrongly, but the last."""
    if "days" not in chosen:
        return chosen["day_in_month"] <= _LONGEST.get(month, 31)
    return chosen["days"] != _WEEKEND or chosen["day_in_month"] == _LAST


def _by_weekdays(rule: Rule, start: Moment) -> dict[str, Any] | None:
    days = {day for _, day in rule.by_day}
    if rule.freq == "DAILY" and not days:
        return {"recurrence_type": DAILY}
    if rule.freq == "DAILY" and rule.interval > 1:
        return None
    days = days or {start.weekday()}
    if rule.freq == "WEEKLY" and rule.interval > 1 and not _same_weeks(rule, start, days):
        return None
    return {"recurrence_type": WEEKLY, "days": _bits(days)}


def _same_weeks(rule: Rule, start: Moment, days: set[int]) -> bool:
    """Whether each day is in the same week, seen from the start, when weeks begin on Monday."""

    def week(day: int, first: int) -> int:
        return ((start.weekday() - first) % 7 + (day - start.weekday()) % 7) // 7

    return all(week(day, rule.week_start) == week(day, 0) for day in days)


def _bits(days: set[int]) -> int:
    return sum(1 << (day + 1) % 7 for day in days)


def _day_of_month(rule: Rule, start: Moment) -> dict[str, int] | None:
    if not rule.by_day:
        return _by_date(rule, start)
    ordinals = {nth for nth, _ in rule.by_day}
    positions = rule.by_set_pos if ordinals == {0} else tuple(ordinals)
    if rule.by_month_day or len(positions) != 1 or positions[0] not in _POSITIONS:
        return None
    if ordinals != {0} and (rule.by_set_pos or len(rule.by_day) > 1):
        return None
    days = _bits({day for _, day in rule.by_day})
    if days.bit_count() > 1 and days not in (_ALL_DAYS, _WEEKDAYS, _WEEKEND):
        return None
    return {"days": days, "day_in_month": _LAST if positions[0] == -1 else positions[0]}


def _by_date(rule: Rule, start: Moment) -> dict[str, int] | None:
    days = rule.by_month_day or (start.day,)
    if len(days) > 1 or rule.by_set_pos:
        return None
    if days[0] == -1:
        return {"days": _ALL_DAYS, "day_in_month": _LAST}
    return {"day_in_month": days[0]} if days[0] > 0 else None


def _end_fields(rule: Rule, start: Moment) -> dict[str, int] | None:
    if rule.count is not None:
        return {"occurrences": rule.count} if rule.count <= _MOST_OCCURRENCES else None
    if rule.until is None:
        return {}
    last = _last_day(rule.until, start)
    return None if last is None or last < _day(start) else {"until": day_ms(last)}


def _last_day(until: Moment, start: Moment) -> date | None:
    """The last day on which something at the time of the start is not after `until`."""
    if not isinstance(until, datetime):
        return until
    if until.tzinfo is not None and isinstance(start, datetime) and start.tzinfo is not None:
        until = local_time(until, start.tzinfo)
    at = start.time() if isinstance(start, datetime) else time()
    try:
        return until.date() if until.time() >= at else until.date() - timedelta(days=1)
    except OverflowError:
        return None


def _day(moment: Moment) -> date:
    return moment.date() if isinstance(moment, datetime) else moment

"""Recurrence as appointments say it (type, days, day in month, month ...) and as events do (RRULE)."""

from __future__ import annotations

import calendar
from datetime import timedelta
from typing import Any, Final

from middleware.appointments.errors import appointment_error, unsupported_rule
from middleware.appointments.times import FIRST_MS, LAST_MS
from middleware.chronos.dates import DAY_MS, When, from_ms, local_ms, naive_ms, utc_text, zone_info
from middleware.chronos.rules import Rule, parse_rule
from middleware.errors import unparsable_body
from middleware.generation import Generation

JSON = dict[str, Any]

NONE, DAILY, WEEKLY, MONTHLY, YEARLY = range(5)
MEMBERS: Final = ("interval", "days", "day_in_month", "month", "until", "occurrences")
_WEEKDAYS: Final = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
_ALL_DAYS: Final = 127
_LAST_WEEK: Final = 5
_NOT_IN: Final = {DAILY: ("days", "day_in_month", "month"), WEEKLY: ("day_in_month", "month"), MONTHLY: ("month",)}
# Days that not every month has: OX 7.8 takes the last one of a month that is too short, a rule leaves the month out.
_SURE_DAYS: Final = 28
_LONGEST: Final = 31
_FEBRUARY: Final = 2


def rule_of(sent: JSON, start: When, generation: Generation) -> str | None:
    """The rule that the members of a body mean for a series that starts there; None when it shall not recur.

    The set of members must be complete. Raises the errors APP-0042 to APP-0097 about members that are missing,
    wrong, or foreign to the type.
    """
    values = {name: _number(name, sent.get(name)) for name in ("recurrence_type", *MEMBERS)}
    kind = values["recurrence_type"]
    if kind == NONE:
        return None
    if kind not in (DAILY, WEEKLY, MONTHLY, YEARLY):
        raise appointment_error(92)
    parts = [f"FREQ={('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY')[kind - 1]}", *_frequency_parts(values)]
    for name in _NOT_IN.get(kind, ()):
        if values[name] is not None:
            raise appointment_error(97, name)
    parts += _day_parts(kind, values, generation)
    return ";".join([*parts, *_end_parts(values, start)])


def _number(name: str, value: Any) -> int | None:
    if value is None or value == "":
        return None
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise unparsable_body(f'JSONObject["{name}"] is not a number.') from None


def _frequency_parts(values: dict[str, int | None]) -> list[str]:
    interval = values["interval"]
    if interval is None:
        raise appointment_error(87)
    if not 1 <= interval < 1_000_000:
        raise appointment_error(55, interval)
    return [f"INTERVAL={interval}"] if interval > 1 else []


def _day_parts(kind: int, values: dict[str, int | None], generation: Generation) -> list[str]:
    if kind == DAILY:
        return []
    days, number = values["days"], values["day_in_month"]
    if kind == WEEKLY and days is None:
        raise appointment_error(89)
    if days is not None and not 1 <= days <= _ALL_DAYS:
        raise appointment_error(56, days)
    if kind == WEEKLY:
        return [_by_day(days or 0)]
    if number is None:
        raise appointment_error(90)
    month = _month(values["month"]) if kind == YEARLY else None
    parts = [] if month is None else [f"BYMONTH={month}"]
    if days is not None:
        week = _LAST_WEEK if number == -1 else number
        if not 1 <= week <= _LAST_WEEK:
            raise appointment_error(45 if kind == MONTHLY else 46, number)
        return [*parts, _by_day(days), f"BYSETPOS={-1 if week == _LAST_WEEK else week}"]
    longest = _LONGEST if month is None else calendar.monthrange(2024, month)[1]
    if not 1 <= number <= longest:
        raise appointment_error(42 if kind == MONTHLY else 46, number)
    if generation is Generation.SEVEN and number > _SURE_DAYS and (month is None or month == _FEBRUARY):
        return [*parts, f"BYMONTHDAY={','.join(map(str, range(_SURE_DAYS, number + 1)))}", "BYSETPOS=-1"]
    return [*parts, f"BYMONTHDAY={number}"]


def _month(number: int | None) -> int:
    """Months count from 0 in appointments, from 1 in rules."""
    if number is None or not 0 <= number <= 11:
        raise appointment_error(64, number)
    return number + 1


def _by_day(days: int) -> str:
    return "BYDAY=" + ",".join(name for place, name in enumerate(_WEEKDAYS) if days & 1 << place)


def _end_parts(values: dict[str, int | None], start: When) -> list[str]:
    until, occurrences = values["until"], values["occurrences"] or None
    if until is not None and occurrences is not None:
        raise appointment_error(95)
    if occurrences is not None:
        if not 1 <= occurrences < 1_000_000_000:
            raise appointment_error(55, occurrences)
        return [f"COUNT={occurrences}"]
    if until is None:
        return []
    if not FIRST_MS < until < LAST_MS:
        raise unparsable_body('JSONObject["until"] is not a date.')
    last = from_ms(until - until % DAY_MS).replace(hour=start.local.hour, minute=start.local.minute)
    last = last.replace(second=start.local.second)
    if last < start.local:
        raise appointment_error(86)
    if start.zone is None:
        return [f"UNTIL={start.at(last).value()}"]
    return [f"UNTIL={utc_text(local_ms(last, zone_info(start.zone)))}"]


def pattern_of(text: str, start: When) -> JSON:
    """The members of an appointment for the rule of a series.

    CAL-4223 for a rule that they cannot say; `day_in_month` is -1 for the last week of months.
    """
    rule = parse_rule(text, start)
    by = {name: tuple(values) for name, values in rule.by.items()}
    pattern: JSON = {"interval": rule.interval, **_days_of(rule, by, start)}
    if by:
        raise unsupported_rule(text, next(iter(by)).upper())
    if rule.count is not None:
        pattern["occurrences"] = rule.count
    elif rule.until is not None:
        pattern["until"] = _last_day(rule, start)
    pattern["recurrence_start"] = str(start.epoch_ms(zone_info("UTC")) // DAY_MS * DAY_MS)
    return pattern


def _days_of(rule: Rule, by: dict[str, tuple[Any, ...]], start: When) -> JSON:
    """Type, days, day in month and month; what they say is taken out of `by`."""
    weekdays = by.pop("byweekday", ())
    if rule.freq in ("DAILY", "WEEKLY"):
        if rule.freq == "DAILY" and not weekdays:
            return {"recurrence_type": DAILY}
        if rule.freq == "DAILY" and rule.interval > 1:
            raise unsupported_rule(rule.text, "BYDAY")
        return {"recurrence_type": WEEKLY, "days": _mask(weekdays) or 1 << start.local.isoweekday() % 7}
    if rule.freq not in ("MONTHLY", "YEARLY"):
        raise unsupported_rule(rule.text, "FREQ")
    found: JSON = {"recurrence_type": MONTHLY if rule.freq == "MONTHLY" else YEARLY}
    if rule.freq == "YEARLY":
        found["month"] = _only_month(rule, by, start, weekdays=bool(weekdays))
    if weekdays:
        week = _week(rule, by, weekdays)
        found.update(days=_mask(weekdays), day_in_month=-1 if week == -1 and rule.freq == "MONTHLY" else week)
        if found["day_in_month"] == -1 and rule.freq == "YEARLY":
            found["day_in_month"] = _LAST_WEEK
        return found
    found["day_in_month"] = _day(rule, by, start)
    return found


def _mask(weekdays: tuple[Any, ...]) -> int:
    return sum({1 << (day.weekday + 1) % 7 for day in weekdays})


def _only_month(rule: Rule, by: dict[str, tuple[Any, ...]], start: When, *, weekdays: bool) -> int:
    months = by.pop("bymonth", ())
    if not months and not weekdays and not by:
        return start.local.month - 1
    if len(months) != 1:
        raise unsupported_rule(rule.text, "BYMONTH")
    return int(months[0]) - 1


def _week(rule: Rule, by: dict[str, tuple[Any, ...]], weekdays: tuple[Any, ...]) -> int:
    """Which of the weekdays in the month: by number before the day, or by BYSETPOS."""
    numbers = {day.n or 0 for day in weekdays}
    positions = by.pop("bysetpos", ()) if numbers == {0} else tuple(numbers)
    if len(positions) != 1 or positions[0] not in (1, 2, 3, 4, -1) or (numbers != {0} and len(weekdays) > 1):
        raise unsupported_rule(rule.text, "BYDAY")
    return int(positions[0])


def _day(rule: Rule, by: dict[str, tuple[Any, ...]], start: When) -> int:
    days = by.pop("bymonthday", ())
    if not days and not by:
        return start.local.day
    if len(days) == 1 and days[0] > 0:
        return int(days[0])
    if days == tuple(range(_SURE_DAYS, _SURE_DAYS + len(days))) and by.pop("bysetpos", ()) == (-1,):
        return int(days[-1])
    raise unsupported_rule(rule.text, "BYMONTHDAY")


def _last_day(rule: Rule, start: When) -> int:
    """The last day of a series that ends at a time: the day before when that day has an occurrence after the time."""
    until = rule.until or start.local
    day = until.replace(hour=0, minute=0, second=0)
    if not start.all_day and until.time() < start.local.time():
        day -= timedelta(days=1)
    return naive_ms(day)

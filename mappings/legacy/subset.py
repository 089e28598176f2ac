"""Rules that OX 7.8 cannot say: as far as it can.

What OX gets is a rule each of whose occurrences is one of the client's, the first among them: its users may miss
occurrences, but never see one that nobody wrote. What is missing stays residue.
"""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from itertools import combinations, product

from mappings.calendar.moments import Moment, to_recurrence_id
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import Rule, parse_rule
from mappings.errors import InvalidCalendarData, TooCostly
from mappings.legacy.rules import from_rrule, to_rrule, until_with_time

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_AT_TIMES = ("BYHOUR", "BYMINUTE", "BYSECOND")

Parts = dict[str, str]


def held_rule(rrule: str, start: Moment, floating: tzinfo) -> str | None:
    """The rule OX 7.8 shows for this one once it is stored: the same in its own words, or a part of it. None when it
    can hold no more than the start, and for malformed rules. All-day series take place in the zone `floating`."""
    if (exact := _in_own_words(rrule, start)) is not None:
        return exact
    try:
        rule = parse_rule(rrule)
        parts = _parts(rrule, rule, start, floating)
    except (InvalidCalendarData, TooCostly):
        return None
    for candidate in _candidates(parts, rule, start):
        text = ";".join(f"{name}={value}" for name, value in candidate.items())
        held = _in_own_words(text, start)
        if held is not None and _begins_with(held, start, floating):
            return held
    return None


def _in_own_words(rrule: str, start: Moment) -> str | None:
    fields = from_rrule(rrule, start)
    text = None if fields is None else to_rrule(fields)
    return None if text is None else until_with_time(text, start)


def _begins_with(rrule: str, start: Moment, floating: tzinfo) -> bool:
    try:
        return next(Recurrence(start, parse_rule(rrule)).occurrences(floating=floating), None) == start
    except TooCostly:
        return False


def _parts(rrule: str, rule: Rule, start: Moment, floating: tzinfo) -> Parts:
    """The rule by its parts, with the last occurrence instead of a count, which part of a rule would not reach."""
    parts = {}
    for part in rrule.upper().replace(" ", "").split(";"):
        name, _, value = part.partition("=")
        if value and name != "COUNT":
            parts[name] = value
    if rule.count is not None:
        occurrences = Recurrence(start, rule).occurrences(floating=floating)
        parts["UNTIL"] = to_recurrence_id(max(occurrences, default=start))
    return parts


def _candidates(parts: Parts, rule: Rule, start: Moment) -> Iterator[Parts]:
    """The rule with fewer values in ever more of its parts. Of a rule with BYSETPOS only that may have fewer: its
    positions count in what the other parts select."""
    options = _set_positions(rule) if rule.by_set_pos else _smaller(rule, start)
    for size in range(len(options) + 1):
        for names in combinations(options, size):
            for values in product(*(options[name] for name in names)):
                chosen = parts | dict(zip(names, values, strict=True))
                yield {name: value for name, value in chosen.items() if value}


def _set_positions(rule: Rule) -> dict[str, list[str]]:
    return {"BYSETPOS": [str(position) for position in rule.by_set_pos]}


def _smaller(rule: Rule, start: Moment) -> dict[str, list[str]]:
    """By part, values that select less, the start among it; empty for a part that may be left out."""
    options: dict[str, list[str]] = {}
    if isinstance(start, datetime) and rule.freq in ("YEARLY", "MONTHLY", "WEEKLY", "DAILY"):
        at = dict(zip(_AT_TIMES, (start.hour, start.minute, start.second), strict=True))
        given = zip(_AT_TIMES, (rule.by_hour, rule.by_minute, rule.by_second), strict=True)
        options |= {name: [""] for name, values in given if at[name] in values}
    ordinals = any(nth for nth, _ in rule.by_day)
    if rule.freq == "MONTHLY" and rule.interval == 1 and not (ordinals or rule.by_month or rule.by_month_day):
        options["FREQ"] = ["WEEKLY"] if rule.by_day else []
    if rule.by_month_day:
        options["BYMONTHDAY"] = [str(day) for day in (start.day, -1) if day in rule.by_month_day]
    if start.month in rule.by_month or (rule.freq == "YEARLY" and not rule.by_month and not ordinals):
        options["BYMONTH"] = [str(start.month)]
    if rule.by_day:
        options["BYDAY"] = _fewer_days(rule, start)
    return {name: values for name, values in options.items() if values}


def _fewer_days(rule: Rule, start: Moment) -> list[str]:
    """The weekday of the start, in months with the number it has there."""
    weekday = start.weekday()
    name, nth = _WEEKDAYS[weekday], (start.day - 1) // 7 + 1
    if rule.freq not in ("MONTHLY", "YEARLY"):
        return [name]
    if (0, weekday) in rule.by_day:
        return [f"{nth}{name}", f"-1{name}"]
    if rule.freq == "YEARLY" and not rule.by_month:
        return []
    return [f"{ordinal}{name}" for ordinal in (nth, -1) if (ordinal, weekday) in rule.by_day]

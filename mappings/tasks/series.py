"""Recurring tasks. OX holds one occurrence and, if its few rules can say it, how it goes on."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mappings.calendar.moments import Moment, instant, like, moment_key
from mappings.calendar.occurrences import Timing, timing
from mappings.calendar.read import CalendarObject
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rrule import is_foreign
from mappings.calendar.rules import parse_rule
from mappings.calendar.zones import Zones
from mappings.contentline import Component
from mappings.errors import TooCostly
from mappings.legacy.rules import from_rrule
from mappings.tasks.progress import progress_of

_SETTLED = frozenset(["COMPLETED", "CANCELLED"])


@dataclass(frozen=True, slots=True)
class Current:
    """The occurrence OX is to hold: the first that is neither done, cancelled nor excluded.

    `component` describes it: the override of the occurrence, else the master. `rule` are OX's recurrence fields, None
    for what does not recur and for what OX could not continue exactly as the client says. `over`: every occurrence is
    settled, this is the last one.
    """

    component: Component
    start: Moment | None
    due: Moment | None
    rule: dict[str, Any] | None = None
    over: bool = False


def is_settled(override: Component, zones: Zones) -> bool:
    """Whether an overridden occurrence is done or cancelled."""
    return (override.text("STATUS") or "").strip().upper() in _SETTLED or progress_of(override, zones).done


def current(obj: CalendarObject, zones: Zones) -> Current:
    """Raises InvalidCalendarData. An object without a master stands for its first instance."""
    if obj.master is None:
        times = timing(obj.overrides[0], zones)
        return Current(obj.overrides[0], times.start, times.end)
    times = timing(obj.master, zones)
    recurrence = _recurrence(obj.master, times, zones)
    if recurrence is None:
        return Current(obj.master, times.start, times.end)
    overrides = {moment_key(_recurrence_id(each, recurrence.start, zones)): each for each in obj.overrides}
    settled = {key for key, each in overrides.items() if is_settled(each, zones)}
    passed, at, over = _first_open(recurrence, settled, zones)
    if at is None:
        return Current(obj.master, times.start, times.end)
    key = moment_key(at)
    if key in overrides and not over:
        own = timing(overrides[key], zones)
        return Current(overrides[key], own.start, own.end)
    start, due = times.at(at)
    if over:
        return Current(obj.master, start, due, over=True)
    plain = not any(other >= key for other in overrides) and not any(
        moment_key(like(moment, recurrence.start)) > key for moment in recurrence.excluded
    )
    rule = _fields(obj.master, at, passed, zones) if plain else None
    return Current(obj.master, start, due, rule)


def _recurrence(master: Component, times: Timing, zones: Zones) -> Recurrence | None:
    rule = master.first("RRULE")
    additional = tuple(moment for prop in master.all("RDATE") for moment, _ in zones.moments(prop))
    if times.anchor is None or (rule is None and not additional) or (rule is not None and is_foreign(rule.value)):
        return None
    excluded = tuple(moment for prop in master.all("EXDATE") for moment, _ in zones.moments(prop))
    return Recurrence(times.anchor, parse_rule(rule.value) if rule else None, additional, excluded)


def _recurrence_id(override: Component, start: Moment, zones: Zones) -> Moment:
    prop = override.first("RECURRENCE-ID")
    return start if prop is None else like(zones.moment(prop), start)


def _first_open(
    recurrence: Recurrence, settled: set[tuple[str, float]], zones: Zones
) -> tuple[int, Moment | None, bool]:
    """How many occurrences are before the first open one, this one, and whether it is the last of a series in which
    none is open. No occurrence when there is none at all, or none that could be found within the limit."""
    excluded = {moment_key(like(moment, recurrence.start)) for moment in recurrence.excluded}
    complete = Recurrence(recurrence.start, recurrence.rule, recurrence.additional)
    last, passed = None, 0
    try:
        for moment in complete.occurrences(floating=zones.fallback):
            key = moment_key(moment)
            if key not in settled and key not in excluded:
                return passed, moment, False
            last = moment if key in settled else last
            passed += 1
    except TooCostly:
        return passed, None, False
    return passed, last, last is not None


def _fields(master: Component, at: Moment, passed: int, zones: Zones) -> dict[str, Any] | None:
    """OX's fields for the rule from this occurrence on; None if OX would go on otherwise."""
    rules = master.all("RRULE")
    if len(rules) != 1 or master.first("RDATE") or master.first("EXRULE"):
        return None
    if isinstance(at, datetime):
        at = at if at.tzinfo else at.replace(tzinfo=zones.fallback)
        if instant(at, zones.fallback).date() != at.date():
            return None  # OX counts in days of UTC
    text = rules[0].value.strip()
    count = parse_rule(text).count
    if count is not None:
        text = re.sub(r"(?i)\bCOUNT\s*=[^;]*", f"COUNT={count - passed}", text)
    return from_rrule(text, at)

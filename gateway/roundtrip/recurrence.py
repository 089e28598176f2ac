"""What recurrence rules mean: their parts without defaults, and the occurrences they give."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime, time, tzinfo
from itertools import islice

from dateutil.rrule import rrulestr

from gateway.roundtrip.calendar_times import Frame
from gateway.roundtrip.times import Moment, key, parse_moment

COMPARED = 400
"""So many first occurrences are compared."""

_DEFAULTS = {("INTERVAL", "1"), ("WKST", "MO")}
_LISTS = frozenset(["BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"])
_LISTS |= {"BYSETPOS"}
_COSTLY = ("SECONDLY", "MINUTELY", "HOURLY")


def parts(rule: str, here: Frame) -> frozenset[Hashable]:
    """The parts of a rule in any order and case, lists as sets, UNTIL as an instant. Raises ValueError."""
    found: set[Hashable] = set()
    for part in rule.strip().strip(";").upper().split(";"):
        name, separator, value = (text.strip() for text in part.partition("="))
        if not separator or not value:
            raise ValueError("not a recurrence rule")
        if name in _LISTS:
            found.add((name, frozenset(_item(item) for item in value.split(","))))
        elif name == "UNTIL":
            found.add((name, _until(value, here)))
        elif (name, value) not in _DEFAULTS:
            found.add((name, value))
    if not any(isinstance(part, tuple) and part[0] == "FREQ" for part in found):
        raise ValueError("a rule without FREQ")
    return frozenset(found)


def _item(text: str) -> str:
    """``+1MO`` is ``1MO``, ``01`` is ``1``."""
    text = text.strip().removeprefix("+")
    return str(int(text)) if text.lstrip("-").isdigit() else text


def _until(text: str, here: Frame) -> tuple[str, int]:
    moment = parse_moment(text)
    if isinstance(moment, datetime) and moment.tzinfo is None and isinstance(here.start, datetime):
        moment = moment.replace(tzinfo=here.start.tzinfo)
    return key(moment)


def occurrences(rule: str, start: Moment) -> tuple[datetime, ...] | None:
    """The first local starts; None for a rule that cannot be evaluated at a fair price."""
    text = rule.strip().strip(";").upper()
    if any(f"FREQ={name}" in text for name in _COSTLY) or "RSCALE" in text:
        return None
    zone = start.tzinfo if isinstance(start, datetime) else None
    first = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    kept = []
    for part in text.split(";"):
        name, _, value = part.partition("=")
        try:
            kept.append(f"UNTIL={_local_until(value, zone, first):%Y%m%dT%H%M%S}" if name == "UNTIL" else part)
        except ValueError:
            return None
    try:
        return tuple(islice(rrulestr(";".join(kept), dtstart=first), COMPARED))
    except (ValueError, TypeError, OverflowError):
        return None


def _local_until(text: str, zone: tzinfo | None, first: datetime) -> datetime:
    """A day counts to its end."""
    moment = parse_moment(text)
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time(23, 59, 59))
    if moment.tzinfo is UTC and zone is not None:
        return moment.astimezone(zone).replace(tzinfo=None)
    if first.time() == time() and zone is None:
        return datetime.combine(moment.date(), time(23, 59, 59))
    return moment.replace(tzinfo=None)


def excludes_something(excluded: Moment, rule: str | None, start: Moment | None) -> bool:
    """Whether an EXDATE takes away an occurrence of the rule; True when that cannot be told."""
    if rule is None or start is None:
        return rule is not None
    found = occurrences(rule, start)
    if found is None:
        return True
    when = local(excluded, start)
    if isinstance(excluded, datetime):
        return when in found or (len(found) == COMPARED and when > found[-1])
    return any(one.date() == when.date() for one in found) or (len(found) == COMPARED and when > found[-1])


def local(moment: Moment, start: Moment) -> datetime:
    """A moment as local time where the series starts."""
    if not isinstance(moment, datetime):
        return datetime.combine(moment, time())
    if moment.tzinfo is not None and isinstance(start, datetime) and start.tzinfo is not None:
        moment = moment.astimezone(start.tzinfo)
    return moment.replace(tzinfo=None)

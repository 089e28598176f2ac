"""Recurrence rules in the form OX takes."""

import re
from datetime import UTC, date, datetime, time, tzinfo

from mappings.calendar.moments import Moment, local_time, parse_moment, to_utc, write_moment
from mappings.calendar.rules import parse_rule

# Stands for "only the start" in a series that is made of additional dates.
PLACEHOLDER = "FREQ=DAILY;COUNT=1"

_KEPT = re.compile(r"(FREQ|INTERVAL|COUNT|UNTIL|WKST|BY[A-Z]+)=(.+)")


def is_foreign(text: str) -> bool:
    """Whether a rule counts in another calendar than the Gregorian (RFC 7529), which OX cannot hold."""
    scale = re.search(r"(?:^|;)RSCALE=([^;]*)", text.upper())
    return scale is not None and scale[1].strip() != "GREGORIAN"


def unkept_parts(text: str) -> tuple[str, ...]:
    """The parts of a rule that OX has no place for: RSCALE, SKIP, private use."""
    parts = (part for part in text.upper().replace(" ", "").split(";") if part)
    return tuple(sorted(part for part in parts if not _KEPT.fullmatch(part)))


def ox_rule(text: str, start: Moment, floating: tzinfo) -> str:
    """An RRULE value as OX stores it: upper case, UNTIL of the kind that fits the start, no RSCALE=GREGORIAN, no
    parts of private use. Raises InvalidCalendarData.

    OX refuses UNTIL in local time and COUNT beside UNTIL (which RFC 5545 forbids, too): COUNT wins.
    """
    rule = parse_rule(text)
    parts = []
    for part in text.upper().replace(" ", "").split(";"):
        match = _KEPT.fullmatch(part)
        if match is None or (match[1] == "UNTIL" and rule.count is not None):
            continue
        parts.append(f"UNTIL={_until(parse_moment(match[2]), start, floating)}" if match[1] == "UNTIL" else part)
    return ";".join(parts)


def same_rule(one: str | None, other: str | None, start: Moment, floating: tzinfo) -> bool:
    """Whether two rules of one start mean the same, whatever the order and spelling of their parts."""
    if not one or not other:
        return not one and not other
    return parse_rule(ox_rule(one, start, floating)) == parse_rule(ox_rule(other, start, floating))


def _until(until: Moment, start: Moment, floating: tzinfo) -> str:
    """Dates for all-day series, UTC for zoned ones, local times for floating ones; a date means the whole day."""
    if not isinstance(start, datetime):
        return write_moment(_last_day(until, floating))
    if not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59))
    if start.tzinfo is None:
        return write_moment(until.replace(tzinfo=None))
    return write_moment(to_utc(until if until.tzinfo else until.replace(tzinfo=start.tzinfo)))


def _last_day(until: Moment, floating: tzinfo) -> date:
    """The date a time means as UNTIL of an all-day series: round UTC times are dates in disguise, others were
    converted from the local time of the client."""
    if not isinstance(until, datetime):
        return until
    if until.tzinfo is not UTC or until.time() in (time(0, 0), time(23, 59, 59)):
        return until.date()
    return local_time(until, floating).date()

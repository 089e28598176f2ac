"""Occurrences of a series as OX 7.8 names them, and the recurrence ids of OX 8.

OX 7.8 counts occurrences from 1, deleted and changed ones included (`recurrence_position`), or names the day on which
they begin in UTC, as its midnight (`recurrence_date_position`, `change_exceptions`, `delete_exceptions`). Where
`recurrence_start` shows that a server names local days instead, they are taken as such.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from mappings.calendar.effects import recurrence_of
from mappings.calendar.moments import (
    Moment,
    from_ox,
    from_recurrence_id,
    instant,
    like,
    moment_key,
    to_recurrence_id,
    to_utc,
)
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.user import CalendarUser
from mappings.errors import TooCostly
from mappings.legacy.times import user_zone
from mappings.legacy.values import day_ms, ms_day, number

_MOST_POSITIONS = 25_000


def of_day(value: Any, start: Moment, series_day: date | None) -> str | None:
    """The recurrence id of the occurrence on a day (epoch milliseconds) of a series that begins at `start`, on the
    day `series_day` as its server counts; None for what is no day."""
    at = number(value)
    day = None if at is None else ms_day(at)
    if day is None:
        return None
    if not isinstance(start, datetime) or _counts_local_days(start, series_day):
        return to_recurrence_id(like(day, start))
    for shift in (0, 1, -1):
        try:
            moment = like(day + timedelta(days=shift), start)
        except OverflowError:
            continue
        if isinstance(moment, datetime) and to_utc(moment).date() == day:
            return to_recurrence_id(moment)
    return to_recurrence_id(like(day, start))


def of_position(position: int, recurrence: Recurrence) -> str | None:
    """The recurrence id of the occurrence with this number; None when there is none, or too far away to count."""
    if not 1 <= position <= _MOST_POSITIONS:
        return None
    try:
        moment = next(islice(recurrence.occurrences(), position - 1, None), None)
    except TooCostly:
        return None
    return None if moment is None else to_recurrence_id(moment)


def occurrence(recurrence_id: str, master: Mapping[str, Any], user: CalendarUser) -> dict[str, int]:
    """How OX 7.8 is told which occurrence of a series an `update` or `delete` is for: `recurrence_position`, which
    every server counts alike; `recurrence_date_position` when it cannot be counted or is none."""
    recurrence = recurrence_of(master)
    moment = like(from_recurrence_id(recurrence_id), recurrence.start)
    at, floating = moment_key(moment), user_zone(user)
    try:
        last = instant(moment, floating) + timedelta(seconds=1)
        for position, found in enumerate(recurrence.occurrences(None, last, floating), 1):
            if moment_key(found) == at:
                return {"recurrence_position": position}
    except (TooCostly, OverflowError):
        pass
    return {"recurrence_date_position": date_position(moment)}


def date_position(moment: Moment) -> int:
    """The day OX 7.8 names an occurrence by, which starts at this moment, in epoch milliseconds."""
    if not isinstance(moment, datetime):
        return day_ms(moment)
    return day_ms((to_utc(moment) if moment.tzinfo else moment).date())


def start_of(event: Mapping[str, Any]) -> Moment:
    return from_ox(event["startDate"])


def _counts_local_days(start: datetime, series_day: date | None) -> bool:
    return series_day is not None and start.date() == series_day != to_utc(start).date()

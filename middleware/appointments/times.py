"""The number types of appointments, and the dates of events behind them.

A Date is the midnight of a day in UTC, in ms; a Time is an instant in ms shifted by the offset that the zone of the
request has then.
"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from middleware.chronos.dates import DAY_MS, When, from_ms, local_ms, naive_ms, zone_info
from middleware.errors import invalid_parameter
from middleware.times import wall_clock

_UTC = zone_info("UTC")
# The years in which a date can be shifted and added to without leaving what dates can hold.
FIRST_MS, LAST_MS = -62_000_000_000_000, 253_300_000_000_000


def shown(when: When, zone: ZoneInfo) -> int:
    """A start or end as a number: a Date when it is all-day, else a Time."""
    return naive_ms(when.local) if when.all_day else to_time(when.epoch_ms(_UTC), zone)


def to_time(instant: int, zone: ZoneInfo) -> int:
    """An instant as Time; instants that no calendar holds are not shifted."""
    return wall_clock(instant, zone) if FIRST_MS < instant < LAST_MS else instant


def from_time(value: int, zone: ZoneInfo) -> int:
    """The instant that a Time means; numbers that no calendar holds are not shifted."""
    return local_ms(from_ms(value), zone) if FIRST_MS < value < LAST_MS else value


def day_of(when: When) -> int:
    """The Date of an occurrence: the day on which its start lies in UTC."""
    return start_of_day(when.epoch_ms(_UTC))


def start_of_day(instant: int) -> int:
    """The midnight in UTC before an instant."""
    return instant - instant % DAY_MS


def when_of(instant: int, zone: str | None, *, all_day: bool) -> When:
    """An instant as a date (the day in UTC), or as time of a zone; without zone it floats.

    SVL-0010 for what lies outside of the years of the calendar.
    """
    if not FIRST_MS < instant < LAST_MS:
        raise invalid_parameter("date", instant)
    if all_day:
        return When(from_ms(start_of_day(instant)), None, True)
    return When(from_ms(instant, zone or "UTC").replace(microsecond=0), zone)

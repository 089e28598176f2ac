"""Numbers and dates as OX 7.8 writes them: numbers may be strings, dates are UTC midnights in epoch milliseconds."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def number(value: Any) -> int | None:
    """An integer, however OX spells it; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    try:
        return int(value) if isinstance(value, str | float) else None
    except (ValueError, OverflowError):
        return None


def ms_moment(value: int) -> datetime | None:
    """The UTC time of epoch milliseconds, in whole seconds; None outside the years 1 to 9999."""
    try:
        return _EPOCH + timedelta(seconds=value // 1000)
    except OverflowError:
        return None


def moment_ms(moment: datetime) -> int:
    """The epoch milliseconds of an aware time."""
    return (moment - _EPOCH) // _MS


def ms_day(value: int) -> date | None:
    """The day a UTC midnight stands for."""
    moment = ms_moment(value)
    return None if moment is None else moment.date()


def day_ms(day: date) -> int:
    """A day as its UTC midnight."""
    return moment_ms(datetime(day.year, day.month, day.day, tzinfo=UTC))

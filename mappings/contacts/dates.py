"""Birthdays and anniversaries: OX milliseconds ⇄ the vCard spellings of a day.

OX keeps a day as the milliseconds of its UTC midnight; a day of the year 1604 has no year.
The spellings read are those of RFC 2426 (ISO 8601 date or date-time), RFC 6350 (basic format, `--MMDD`) and
Apple's (`X-APPLE-OMIT-YEAR=1604`, which is how a day without year is written in vCard 3.0).
"""

import datetime
import re

YEARLESS = 1604
"""The year that stands for "no year", in OX as in Apple's address books."""

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_MS_PER_DAY = 86_400_000
_DAY = re.compile(r"(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?:[T ].*)?", re.ASCII)


def from_milliseconds(value: object) -> datetime.date | None:
    """The day an OX date field shows; None when unset or outside the years 1 to 9999."""
    if not isinstance(value, int | float | str) or isinstance(value, bool):
        return None
    try:
        return datetime.date.fromordinal(_EPOCH + int(value) // _MS_PER_DAY)
    except (ValueError, OverflowError):
        return None


def to_milliseconds(day: datetime.date) -> int:
    """UTC midnight of a day in the milliseconds OX stores; negative before 1970."""
    return (day.toordinal() - _EPOCH) * _MS_PER_DAY


def parse(text: str) -> datetime.date | None:
    """A complete day or a month and day (year 1604); None for anything OX cannot hold ("1985", "circa 1800")."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        return datetime.date(int(year) if year else YEARLESS, int(month), int(day))
    except ValueError:
        return None


def line(name: str, day: datetime.date) -> str:
    """The vCard 3.0 content line of a day, without a year in Apple's spelling."""
    omit = f";X-APPLE-OMIT-YEAR={YEARLESS}" if day.year == YEARLESS else ""
    return f"{name};VALUE=date{omit}:{day.isoformat()}"

"""Points in time as OX and iCalendar write them.

A Moment is a `date` (all-day), a naive `datetime` (floating) or an aware `datetime` (UTC, or local in an IANA
zone as ZoneInfo). OX writes DateTime objects ({"value", "tzid"}) and recurrence ids ("20270412T070000Z",
"Europe/Berlin:20270412T090000", "20270412T090000", "20270412").
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from mappings.calendar.timezones import zone
from mappings.errors import InvalidCalendarData

Moment = date | datetime

_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,9})W)?(?:(\d{1,9})D)?(?:T(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def parse_moment(text: str) -> Moment:
    """DATE or DATE-TIME in basic form; raises InvalidCalendarData."""
    try:
        if len(text) == 8 or (len(text) == 9 and text[8] in "Zz"):  # a date with Z is a date
            return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
        if len(text) in (15, 16) and text[8] in "Tt":
            seconds = min(int(text[13:15]), 59)  # 60 is a leap second
            moment = datetime(int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[9:11]), int(text[11:13]), seconds)
            if len(text) == 15:
                return moment
            if text[15] in "Zz":
                return moment.replace(tzinfo=UTC)
    except ValueError:
        pass
    raise InvalidCalendarData("malformed date or time")


def write_moment(moment: Moment) -> str:
    """Basic form; UTC with Z, zoned times as local time."""
    if not isinstance(moment, datetime):
        return f"{moment.year:04}{moment.month:02}{moment.day:02}"
    text = f"{moment.year:04}{moment.month:02}{moment.day:02}T{moment.hour:02}{moment.minute:02}{moment.second:02}"
    return text + "Z" if moment.tzinfo is UTC else text


def zone_name(moment: Moment) -> str | None:
    """The IANA name of a zoned moment, None for all other kinds."""
    if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo):
        return moment.tzinfo.key
    return None


def in_zone(moment: Moment, tzid: str | None) -> Moment:
    """A parsed value with its TZID, which counts for naive local times only; an unknown zone leaves it floating."""
    if not tzid or not isinstance(moment, datetime) or moment.tzinfo is not None:
        return moment
    info = zone(tzid)
    return moment if info is None else moment.replace(tzinfo=info)


def from_ox(value: Mapping[str, Any]) -> Moment:
    """An OX DateTime object."""
    return in_zone(parse_moment(value["value"]), value.get("tzid"))


def to_ox(moment: Moment) -> dict[str, str]:
    """The OX DateTime object of a moment."""
    name = zone_name(moment)
    return {"value": write_moment(moment), "tzid": name} if name else {"value": write_moment(moment)}


def from_recurrence_id(text: str) -> Moment:
    """An OX recurrence id in any of its spellings."""
    tzid, _, value = text.rpartition(":")
    return in_zone(parse_moment(value), tzid)


def to_recurrence_id(moment: Moment) -> str:
    """The spelling of a recurrence id that every OX version takes: UTC for zoned times."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        moment = to_utc(moment)
    return write_moment(moment)


def is_all_day(moment: Moment) -> bool:
    return not isinstance(moment, datetime)


def at_midnight(moment: Moment) -> datetime:
    """A date as naive midnight; date-times as they are."""
    return moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)


def to_utc(moment: datetime) -> datetime:
    """An aware time in UTC; the ends of the calendar (years 1 and 9999) are clamped."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def later(at: datetime, duration: timedelta) -> datetime:
    """A UTC time moved by an exact duration; the ends of the calendar are clamped."""
    try:
        return at + duration
    except OverflowError:
        return (datetime.max if duration > timedelta() else datetime.min).replace(tzinfo=UTC)


def instant(moment: Moment, floating: tzinfo) -> datetime:
    """The moment in UTC; dates and floating times are taken in the zone `floating`."""
    local = at_midnight(moment)
    return to_utc(local.replace(tzinfo=floating) if local.tzinfo is None else local)


def local_time(at: datetime, zone: tzinfo) -> datetime:
    """The naive local time of an aware time; the ends of the calendar are clamped."""
    try:
        return at.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        return at.replace(tzinfo=None)


def like(moment: Moment, start: Moment) -> Moment:
    """A date of a series (RDATE, EXDATE, RECURRENCE-ID) in the kind and zone of the series' start.

    Repairs what clients mix up: dates for timed series stand for the occurrence of that day, local times without
    zone count in the zone of the start, times for all-day series for their day.
    """
    if not isinstance(start, datetime):
        return moment.date() if isinstance(moment, datetime) else moment
    if not isinstance(moment, datetime):
        return datetime.combine(moment, start.timetz())
    if start.tzinfo is None:
        return moment.replace(tzinfo=None)
    if moment.tzinfo is None:
        return moment.replace(tzinfo=start.tzinfo)
    try:
        return moment.astimezone(start.tzinfo)
    except OverflowError:
        return moment


def moment_key(moment: Moment) -> tuple[str, float]:
    """Equal for moments of the same kind (date, floating, fixed) at the same time, whatever their spelling."""
    if not isinstance(moment, datetime):
        return "date", moment.toordinal()
    if moment.tzinfo is None:
        return "local", moment.replace(tzinfo=UTC).timestamp()
    return "instant", moment.timestamp()


def duration_between(start: Moment, end: Moment) -> timedelta:
    """Nominal for dates and local times of one zone, exact otherwise."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return at_midnight(end).replace(tzinfo=None) - at_midnight(start).replace(tzinfo=None)
    if start.tzinfo is None or end.tzinfo is None:
        return end.replace(tzinfo=None) - start.replace(tzinfo=None)
    return end - start if end.tzinfo is not start.tzinfo else to_utc(end) - to_utc(start)


def add_duration(start: Moment, duration: timedelta) -> Moment:
    """Days are nominal, hours and less exact (RFC 5545 3.3.6); raises InvalidCalendarData past year 9999."""
    whole = timedelta(days=duration.days)
    try:
        if not isinstance(start, datetime) or start.tzinfo is None or duration == whole:
            return start + (whole if is_all_day(start) else duration)
        return (to_utc(start + whole) + (duration - whole)).astimezone(start.tzinfo)
    except OverflowError as error:
        raise InvalidCalendarData("time out of range") from error


def shift(moment: Moment, old: Moment, new: Moment) -> Moment:
    """The moment moved as far as `old` is from `new` on the clock; raises InvalidCalendarData past year 9999."""
    distance = at_midnight(new).replace(tzinfo=None) - at_midnight(old).replace(tzinfo=None)
    try:
        return moment + distance
    except OverflowError as error:
        raise InvalidCalendarData("time out of range") from error


def parse_duration(text: str) -> timedelta:
    """A DURATION value; raises InvalidCalendarData."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise InvalidCalendarData("malformed duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    try:
        duration = timedelta(days=weeks * 7 + days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise InvalidCalendarData("duration out of range") from error
    return -duration if match[1] == "-" else duration


def write_duration(duration: timedelta) -> str:
    """A DURATION value, without weeks."""
    sign = "-" if duration < timedelta() else ""
    duration = abs(duration)
    hours, rest = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    time = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + (f"{seconds}S" if seconds else "")
    days = f"{duration.days}D" if duration.days else ""
    if not days and not time:
        return "PT0S"
    return f"{sign}P{days}" + (f"T{time}" if time else "")

"""Start and end of an appointment: one zone for both, dates as UTC midnights."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from mappings.calendar.moments import Moment, to_utc, zone_name
from mappings.calendar.timezones import zone
from mappings.calendar.user import CalendarUser
from mappings.errors import InvalidCalendarData
from mappings.legacy.values import day_ms, moment_ms, ms_moment, number

_DAY = timedelta(days=1)


def user_zone(user: CalendarUser) -> tzinfo:
    """Where floating times and appointments without a zone take place."""
    return zone(user.timezone) or UTC


def span(appointment: Mapping[str, Any], user: CalendarUser) -> tuple[Moment, Moment]:
    """Start and end of an appointment: dates if it is all-day (the end exclusive), else times in its zone, or in the
    user's when OX does not say one. An end that is missing or too early is the earliest possible. Raises
    InvalidCalendarData when it has no start."""
    start, end = number(appointment.get("start_date")), number(appointment.get("end_date"))
    first = None if start is None else ms_moment(start)
    if first is None:
        raise InvalidCalendarData("appointment without start")
    last = (None if end is None else ms_moment(end)) or first
    if appointment.get("full_time"):
        return first.date(), max(last.date(), _next_day(first.date()))
    info = zone(str(appointment.get("timezone") or "")) or user_zone(user)
    return _local(first, info), _local(max(first, last), info)


def time_fields(start: Moment, end: Moment, user: CalendarUser) -> dict[str, Any]:
    """The fields of an appointment with these times: `full_time`, `start_date`, `end_date` and, but for all-day ones,
    `timezone`."""
    start, end = held(start, end, user)
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return {"full_time": True, "start_date": day_ms(start), "end_date": day_ms(end)}
    return {
        "full_time": False,
        "start_date": moment_ms(to_utc(start)),
        "end_date": moment_ms(to_utc(end)),
        "timezone": zone_name(start) or "UTC",
    }


def held(start: Moment, end: Moment, user: CalendarUser) -> tuple[Moment, Moment]:
    """The times as an appointment has them: floating ones are in the user's zone, the end in the zone of the start."""
    if not isinstance(start, datetime):
        last = end.date() if isinstance(end, datetime) else end
        return start, max(last, _next_day(start))
    info = start.tzinfo or user_zone(user)
    start = start.replace(tzinfo=info)
    if not isinstance(end, datetime):
        end = datetime.combine(end, time())
    end = end.replace(tzinfo=info) if end.tzinfo is None else _local(to_utc(end), info)
    return start, max(start, end, key=to_utc)


def _local(moment: datetime, info: tzinfo) -> datetime:
    if info is UTC:
        return moment
    try:
        return moment.astimezone(info)
    except OverflowError:
        return moment


def _next_day(day: date) -> date:
    return day + _DAY if day < date.max else day

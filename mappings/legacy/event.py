"""An appointment of OX 7.8 as the event OX 8 would show."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from mappings.calendar.effects import recurrence_of
from mappings.calendar.moments import Moment, to_ox
from mappings.calendar.user import CalendarUser
from mappings.legacy.content import content
from mappings.legacy.people import People, attendees, organizer
from mappings.legacy.positions import of_day, of_position
from mappings.legacy.rules import to_rrule, until_with_time
from mappings.legacy.times import span
from mappings.legacy.values import ms_day, number

Event = dict[str, Any]
Appointment = Mapping[str, Any]

_STAMPS = {"creation_date": "created", "last_modified": "lastModified", "last_modified_utc": "timestamp"}
_NOBODY: People = {}


def to_event(
    appointment: Appointment, user: CalendarUser, master: Appointment | None = None, known: People = _NOBODY
) -> Event:
    """The event of an appointment as `calendar?action=get&timezone=UTC` answers it (all times in UTC).

    `user` is the owner of the calendar. `master` is the appointment of the series a change exception belongs to;
    without it its recurrence id is of the exception's own time of day, which is right unless it was moved. `known`
    tells who users, groups and resources are. Raises InvalidCalendarData for an appointment without times.
    """
    start, end = span(appointment, user)
    event: Event = {"id": str(appointment.get("id")), "startDate": to_ox(start), "endDate": to_ox(end)}
    if appointment.get("folder_id") is not None:
        event["folder"] = str(appointment["folder_id"])
    if appointment.get("uid"):
        event["uid"] = str(appointment["uid"])
    event["sequence"] = number(appointment.get("sequence")) or 0
    event |= _stamps(appointment) | content(appointment)
    found = organizer(appointment, known)
    if found is not None:
        event["organizer"] = found
    if people := attendees(appointment, known):
        event["attendees"] = people
    if is_exception(appointment):
        return event | _instance(appointment, start, user, master)
    return event | _series(appointment, start)


def is_exception(appointment: Appointment) -> bool:
    """Whether this is a changed occurrence with an id of its own."""
    series = number(appointment.get("recurrence_id"))
    return bool(series) and series != number(appointment.get("id"))


def _stamps(appointment: Appointment) -> Event:
    event: Event = {}
    for field, name in _STAMPS.items():
        value = number(appointment.get(field))
        if value is not None:
            event[name] = value
    if "timestamp" not in event and "lastModified" in event:
        event["timestamp"] = event["lastModified"]
    if "timestamp" in event:
        event["dtstamp"] = event["timestamp"]
    return event


def _series(appointment: Appointment, start: Moment) -> Event:
    rule = to_rrule(appointment)
    if rule is None:
        return {}
    series_day = _series_day(appointment)
    event: Event = {
        "seriesId": str(number(appointment.get("recurrence_id")) or appointment.get("id")),
        "rrule": until_with_time(rule, start),
    }
    for field, name in (("delete_exceptions", "deleteExceptionDates"), ("change_exceptions", "changeExceptionDates")):
        days = appointment.get(field)
        found = [of_day(day, start, series_day) for day in days] if isinstance(days, list) else []
        if any(found):
            event[name] = sorted({day for day in found if day is not None})
    return event


def _instance(appointment: Appointment, start: Moment, user: CalendarUser, master: Appointment | None) -> Event:
    series: Event = {"seriesId": str(appointment["recurrence_id"])}
    day, position = appointment.get("recurrence_date_position"), number(appointment.get("recurrence_position"))
    known = master if master is not None else appointment
    first = span(known, user)[0]
    recurrence_id = of_day(day, first, _series_day(known))
    if recurrence_id is None and master is not None and position is not None:
        recurs = _series(master, first)
        if "rrule" in recurs:
            recurrence_id = of_position(position, recurrence_of({"startDate": to_ox(first), **recurs}))
    return series | ({} if recurrence_id is None else {"recurrenceId": recurrence_id})


def _series_day(appointment: Appointment) -> date | None:
    value = number(appointment.get("recurrence_start"))
    return None if value is None else ms_day(value)

"""An event as the fields of an appointment, for `new` and `update` of OX 7.8's module `calendar`."""

from collections.abc import Mapping
from typing import Any

from mappings.calendar.moments import Moment, from_ox
from mappings.calendar.user import CalendarUser
from mappings.legacy.content import NO_TITLE, content_fields
from mappings.legacy.holdable import holdable
from mappings.legacy.people import answer_fields, organizer_fields, participants
from mappings.legacy.rules import from_rrule
from mappings.legacy.subset import held_rule
from mappings.legacy.times import span, time_fields, user_zone
from mappings.legacy.values import number

Event = Mapping[str, Any]
Appointment = Mapping[str, Any]

_NEITHER: Appointment = {}


def to_appointment(event: Event, user: CalendarUser, current: Appointment | None = None) -> dict[str, Any]:
    """The fields for `new` of a whole event (`current` None), or for `update` of the appointment `current` by the
    fields of the event that change; None among these clears.

    `folder_id` and `ignore_conflicts` are the caller's. What OX 7.8 cannot hold is dropped, so that the fields of an
    update may be none. Not said here: deleted occurrences (`delete`) and anybody's answers, but the user's own in a
    new appointment (`confirmation`). Raises InvalidCalendarData when `current` has no times.
    """
    if current is None:
        return _new(holdable(event, user), user)
    return _changed(event, user, current)


def _new(event: Event, user: CalendarUser) -> dict[str, Any]:
    start, end = from_ox(event["startDate"]), from_ox(event["endDate"])
    fields = {"title": NO_TITLE} | content_fields(event, _NEITHER, start, user) | time_fields(start, end, user)
    if event.get("rrule"):
        fields |= from_rrule(event["rrule"], start) or {}
    for name in ("uid", "sequence"):
        if event.get(name):
            fields[name] = event[name]
    fields |= organizer_fields(event.get("organizer"), user)
    if event.get("attendees"):
        fields["participants"] = participants(event["attendees"], user)
        fields |= answer_fields(event["attendees"], user)
    return {name: value for name, value in fields.items() if value is not None}


def _changed(event: Event, user: CalendarUser, current: Appointment) -> dict[str, Any]:
    start, end = _span(event, user, current)
    recurs = event["rrule"] if "rrule" in event else number(current.get("recurrence_type"))
    alarms = {"alarms": event["alarms"], "rrule": recurs} if "alarms" in event else {}
    fields = content_fields({**event, **alarms}, current, start, user)
    if "startDate" in event or "endDate" in event:
        fields |= time_fields(start, end, user)
    if "rrule" in event:
        fields |= _rule(event["rrule"], start, user, current)
    for name in ("uid", "sequence"):
        if event.get(name) is not None:
            fields[name] = event[name]
    if event.get("organizer"):  # repeated, for a new version that an external organizer sent
        fields |= organizer_fields(event["organizer"], user)
    if "attendees" in event:
        fields["participants"] = participants(event["attendees"], user)
    return fields


def _span(event: Event, user: CalendarUser, current: Appointment) -> tuple[Moment, Moment]:
    start, end = span(current, user)
    if event.get("startDate"):
        start = from_ox(event["startDate"])
    if event.get("endDate"):
        end = from_ox(event["endDate"])
    return start, end


def _rule(rrule: str | None, start: Moment, user: CalendarUser, current: Appointment) -> dict[str, Any]:
    """All fields of the new rule, and nothing beside the type when there is none: OX 7.8 refuses fields that do not
    belong to the type. The kind of end that was, and is not any more, is cleared."""
    held = held_rule(rrule, start, user_zone(user)) if rrule else None
    fields = from_rrule(held, start) if held else None
    if fields is None:
        return {"recurrence_type": 0} if number(current.get("recurrence_type")) else {}
    for name in ("until", "occurrences"):
        if number(current.get(name)) and name not in fields:
            fields[name] = None
    return fields

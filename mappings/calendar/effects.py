"""What OX does by itself to the instances of a series when its master is updated, so that a plan need not ask."""

from collections.abc import Mapping, Sequence
from typing import Any

from mappings.calendar.moments import (
    at_midnight,
    from_ox,
    from_recurrence_id,
    like,
    moment_key,
    shift,
    to_ox,
    to_recurrence_id,
)
from mappings.calendar.people import person_keys
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.errors import TooCostly

Event = Mapping[str, Any]

# Copied to every instance that still had the master's old value.
_FOLLOWING = ("transp", "status", "categories", "summary", "location", "description", "color", "url", "geo")
_OF_MASTER = frozenset(["rrule", "recurrenceDates", "deleteExceptionDates", "changeExceptionDates"])


def recurrence_of(event: Event) -> Recurrence:
    """The recurrence set of an OX series master without its exceptions."""
    start = from_ox(event["startDate"])
    rule = parse_rule(event["rrule"]) if event.get("rrule") else None
    return Recurrence(start, rule, tuple(map(from_recurrence_id, event.get("recurrenceDates") or ())))


def occurs(event: Event, recurrence_id: str) -> bool:
    """Whether a recurrence id names an occurrence of the series; what is too costly to find out counts as one."""
    try:
        return recurrence_of(event).contains(from_recurrence_id(recurrence_id))
    except TooCostly:
        return True


def occurring(event: Event, recurrence_ids: Sequence[str]) -> list[bool]:
    """``occurs`` of each, all found together."""
    recurrence = recurrence_of(event)
    moments = [like(from_recurrence_id(each), recurrence.start) for each in recurrence_ids]
    try:
        found = recurrence.among(moments)
    except TooCostly:
        return [True] * len(moments)
    return [moment_key(moment) in found for moment in moments]


def shifted_id(recurrence_id: str, old: Event, new: Event) -> str:
    """A recurrence id after the start of its series moved: as far on the clock, in the new zone."""
    start, moved = from_ox(old["startDate"]), from_ox(new["startDate"])
    local = shift(at_midnight(like(from_recurrence_id(recurrence_id), start)).replace(tzinfo=None), start, moved)
    return to_recurrence_id(like(local, moved))


def regular_occurrence(master: Event, recurrence_id: str) -> dict[str, Any]:
    """What OX makes a new overridden instance of: the master at the time of the occurrence, without absolute
    alarms."""
    start = from_ox(master["startDate"])
    moment = like(from_recurrence_id(recurrence_id), start)
    end = shift(from_ox(master["endDate"]), start, moment)
    event = {name: value for name, value in master.items() if name not in _OF_MASTER}
    event |= {"startDate": to_ox(moment), "endDate": to_ox(end)}
    if event.get("alarms"):
        event["alarms"] = [alarm for alarm in event["alarms"] if "dateTime" not in (alarm.get("trigger") or {})]
    return event


def after_update(instance: Event, old: Event, new: Event, fields: Mapping[str, Any]) -> dict[str, Any]:
    """An overridden instance after its master went from `old` to `new` by an update of `fields`."""
    after = dict(instance)
    for field in _FOLLOWING:
        if field in fields and instance.get(field) == old.get(field):
            after[field] = new.get(field)
    if "class" in fields:
        after["class"] = new.get("class")
    if "startDate" in fields or "endDate" in fields:
        regular = regular_occurrence(old, instance["recurrenceId"])
        after["recurrenceId"] = shifted_id(instance["recurrenceId"], old, new)
        if all(from_ox(instance[field]) == from_ox(regular[field]) for field in ("startDate", "endDate")):
            moved = regular_occurrence(new, after["recurrenceId"])
            after |= {"startDate": moved["startDate"], "endDate": moved["endDate"]}
    if "attendees" in fields:
        after["attendees"] = _with_attendees(instance, old, new)
    return after


def _with_attendees(instance: Event, old: Event, new: Event) -> list[Any]:
    """Attendees added to or removed from the master are added and removed everywhere."""
    before = _keys(old.get("attendees") or ())
    now = _keys(new.get("attendees") or ())
    removed = before - now
    kept = [attendee for attendee in instance.get("attendees") or () if not person_keys(attendee) & removed]
    present = _keys(kept)
    added = [
        attendee
        for attendee in new.get("attendees") or ()
        if not person_keys(attendee) & before and not person_keys(attendee) & present
    ]
    return kept + added


def _keys(attendees: Sequence[Event]) -> set[str]:
    return {key for attendee in attendees for key in person_keys(attendee)}

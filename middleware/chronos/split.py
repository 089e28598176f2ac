"""Splitting a series in two at an occurrence ("this and all future ones")."""

from __future__ import annotations

import uuid

from middleware.chronos.alarms import copy_alarms
from middleware.chronos.change import change, require_organizer
from middleware.chronos.event import JSON, Event, copied
from middleware.chronos.exception_dates import store_list
from middleware.chronos.finding import Occurrence
from middleware.chronos.recurrence import instant_of
from middleware.chronos.series_end import end_before
from middleware.chronos.writer import Writer

_SPLIT_FROM = "X-OX-SPLIT-FROM"
_LISTS = ("changeExceptionDates", "deleteExceptionDates", "recurrenceDates")


def split(writer: Writer, occurrence: Occurrence, fields: JSON) -> None:
    """Change a series from an occurrence on.

    The series keeps its id for the part from there, with the change; what lies before becomes a series of its own
    with another uid, to which earlier instances go over. Before the first occurrence there is nothing to split.
    CAL-4038 for attendees.
    """
    master = occurrence.master
    require_organizer(writer, master)
    passed = occurrence.recurrence.count_before(occurrence.local)
    if passed == 0:
        change(writer, master, fields)
        return
    original_rule = master.data["rrule"]
    past = _past_part(writer, occurrence)
    for instance in writer.events.instances(master.id):
        if instant_of(instance.data["recurrenceId"]) < instant_of(occurrence.recurrence_id):
            instance.series = past.id
            instance.data["uid"] = past.data["uid"]
        writer.save(instance)
    _move_to(master, occurrence, passed)
    _note_origin(master, past.data["uid"])
    if fields.get("rrule") == original_rule:
        fields = {**fields, "rrule": master.data["rrule"]}
    writer.events.save(master)
    sequence = master.data.get("sequence", 0)
    change(writer, master, {name: value for name, value in fields.items() if name not in _LISTS})
    if master.data.get("sequence", 0) == sequence:
        master.data["sequence"] = sequence + 1
        writer.save(master)


def _past_part(writer: Writer, occurrence: Occurrence) -> Event:
    master = occurrence.master
    data = copied(master.data)
    data.pop("filename", None)
    number = writer.next_id()
    past = Event(number, number, master.folder, master.owner, writer.stamp, data)
    data.update(uid=str(uuid.uuid4()), dtstamp=writer.stamp)
    end_before(past, occurrence)
    _note_origin(past, master.data["uid"])
    writer.insert(past)
    copy_alarms(writer, master, past)
    return past


def _note_origin(event: Event, uid: str) -> None:
    properties = {**event.data.get("extendedProperties", {}), _SPLIT_FROM: {"value": uid}}
    event.data["extendedProperties"] = properties


def _move_to(master: Event, occurrence: Occurrence, passed: int) -> None:
    """Let the series begin with the occurrence."""
    begin = instant_of(occurrence.recurrence_id)
    for name in _LISTS:
        kept = [text for text in master.data.get(name, ()) if instant_of(text) >= begin]
        store_list(master.data, name, kept)
    dates = occurrence.dates()
    master.data.update(startDate=dates["startDate"], endDate=dates["endDate"])
    rule = occurrence.recurrence.rule
    if rule is not None and rule.count is not None:
        by_rule = passed - sum(1 for local in occurrence.recurrence.added if local < occurrence.local)
        parts = master.data["rrule"].split(";")
        left = max(1, rule.count - by_rule)
        master.data["rrule"] = ";".join(f"COUNT={left}" if part.startswith("COUNT=") else part for part in parts)

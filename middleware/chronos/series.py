"""Series: what a change of the master means for its exceptions and instances, and overriding an occurrence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from middleware.chronos import errors
from middleware.chronos.alarms import copy_alarms, drop_alarms
from middleware.chronos.attendance import expect_answers, identity, in_order
from middleware.chronos.creation import align_start
from middleware.chronos.dates import parse_recurrence_id
from middleware.chronos.event import JSON, Event, copied
from middleware.chronos.exception_dates import (
    contains,
    normalised,
    normalised_added,
    store_list,
    without,
)
from middleware.chronos.finding import Occurrence, regular_occurrence
from middleware.chronos.recurrence import Recurrence, later
from middleware.chronos.rules import parse_rule
from middleware.chronos.significance import significant
from middleware.chronos.writer import Writer
from middleware.errors import OXError

_OF_MASTERS: Final = ("rrule", "recurrenceDates", "changeExceptionDates", "deleteExceptionDates")
# Fields of a master that its instances share until they get another value of their own.
_INHERITED: Final = (
    "transp",
    "shownAs",
    "status",
    "categories",
    "summary",
    "location",
    "description",
    "color",
    "url",
    "geo",
)


def override(writer: Writer, occurrence: Occurrence, spelling: str | None = None) -> Event:
    """Store an overridden instance of a regular occurrence, equal to it so far.

    `spelling` is how the master's list names it, the server's own form unless given. The master is not stored yet.
    """
    master = occurrence.master
    data: JSON = copied({name: value for name, value in master.data.items() if name not in _OF_MASTERS})
    data.update(occurrence.dates(), changeExceptionDates=[occurrence.recurrence_id])
    data["dtstamp"] = 0 if master.external else writer.stamp
    instance = Event(writer.next_id(), master.id, master.folder, master.owner, writer.stamp, data)
    writer.insert(instance)
    copy_alarms(writer, master, instance)
    changed = [*master.data.get("changeExceptionDates", ()), spelling or occurrence.recurrence_id]
    store_list(master.data, "changeExceptionDates", changed)
    return instance


def require_occurrence(master: Event, recurrence_id: str) -> Occurrence:
    """The occurrence to write to: CAL-4061 when there is none, CAL-4042 when it was deleted."""
    occurrence = regular_occurrence(master, recurrence_id)
    if occurrence is None:
        raise errors.invalid_recurrence_id(recurrence_id, Recurrence.of(master.data).describe())
    if contains(master.data.get("deleteExceptionDates", ()), recurrence_id):
        raise errors.occurrence_not_found(master.text_id, recurrence_id)
    return occurrence


def adopt(writer: Writer, before: Event, event: Event, fields: JSON) -> None:
    """Bring rule, additional dates and exceptions of an event in line with a change (`fields`) of it."""
    if event.is_instance:
        if fields.get("rrule"):
            raise errors.forbidden_change(event.text_id, "RRULE")
        return
    if "rrule" in fields:
        _adopt_rule(event, fields["rrule"])
    if not event.is_master:
        return
    if any(before.data.get(name) != event.data.get(name) for name in ("rrule", "startDate", "endDate")):
        if "rrule" in event.data:
            event.data["rrule"] = parse_rule(event.data["rrule"], event.start).text
        align_start(writer, event)
    if before.is_master:
        _adopt_dates(before, event, fields, event.start.local - before.start.local)
    else:
        _adopt_first_dates(event, fields)


def _adopt_first_dates(event: Event, fields: JSON) -> None:
    """The dates of a single event that becomes a series."""
    added = fields.get("recurrenceDates") or ()
    store_list(event.data, "recurrenceDates", [normalised_added(text, Recurrence.of(event.data)) for text in added])
    recurrence = Recurrence.of(event.data)
    excluded = [normalised(text, recurrence) for text in fields.get("deleteExceptionDates") or ()]
    store_list(event.data, "deleteExceptionDates", excluded)


def _adopt_rule(event: Event, rule: str | None) -> None:
    if rule:
        event.series = event.id
        event.data["rrule"] = rule
        return
    event.series = None
    for name in _OF_MASTERS:
        event.data.pop(name, None)


def _adopt_dates(before: Event, event: Event, fields: JSON, shift: timedelta) -> None:
    recurrence = Recurrence.of(event.data)
    moved = _mover(before, recurrence, shift)
    if "recurrenceDates" in fields:
        added = [normalised_added(text, recurrence) for text in fields["recurrenceDates"] or ()]
        store_list(event.data, "recurrenceDates", added)
        recurrence = Recurrence.of(event.data)
    if "deleteExceptionDates" in fields:
        excluded = _sent_exceptions(before, recurrence, fields["deleteExceptionDates"] or [], moved)
        store_list(event.data, "deleteExceptionDates", excluded)
    elif _recurs_otherwise(before, event):
        kept = [moved(text) for text in before.data.get("deleteExceptionDates", ())]
        store_list(event.data, "deleteExceptionDates", [text for text in kept if text is not None])
    if _recurs_otherwise(before, event):
        kept = [moved(text) for text in before.data.get("changeExceptionDates", ())]
        store_list(event.data, "changeExceptionDates", [text for text in kept if text is not None])
    changed, excluded = (event.data.get(name, []) for name in ("changeExceptionDates", "deleteExceptionDates"))
    store_list(event.data, "changeExceptionDates", without(changed, excluded))


def _sent_exceptions(
    before: Event, recurrence: Recurrence, sent: list[str], moved: Callable[[str], str | None]
) -> list[str]:
    """The exception dates of a body: those of the new series, or still those of the old one."""
    try:
        return [normalised(text, recurrence) for text in sent]
    except OXError:
        old = Recurrence.of(before.data)
        shifted = [moved(normalised(text, old)) for text in sent] if "rrule" in before.data else [None]
        if None in shifted:
            raise
        return [text for text in shifted if text is not None]


def _recurs_otherwise(before: Event, event: Event) -> bool:
    return any(before.data.get(name) != event.data.get(name) for name in ("rrule", "startDate", "recurrenceDates"))


def _mover(before: Event, recurrence: Recurrence, shift: timedelta) -> Callable[[str], str | None]:
    """Where an exception of the old series is in the new one; None when the new one has no occurrence there."""
    old = Recurrence.of(before.data)

    def moved(text: str) -> str | None:
        value = parse_recurrence_id(text)
        local = None if value is None else old.local_of(value)
        if local is None or not recurrence.contains(later(local, shift)):
            return None
        unchanged = not shift and old.start.zone == recurrence.start.zone
        return text if unchanged else recurrence.start.at(later(local, shift)).recurrence_id()

    return moved


def follow(writer: Writer, before: Event, event: Event) -> None:
    """Change the instances of a series after its master changed; nothing for anything but a master."""
    if not before.is_master:
        return
    instances = writer.events.instances(before.id)
    if not event.is_master:
        for instance in instances:
            writer.remove(instance)
        return
    moved = _mover(before, Recurrence.of(event.data), event.start.local - before.start.local)
    for instance in instances:
        _follow_one(writer, before, event, instance, moved)


def _follow_one(
    writer: Writer, before: Event, master: Event, instance: Event, moved: Callable[[str], str | None]
) -> None:
    old_id = instance.data["recurrenceId"]
    new_id = moved(old_id) if _recurs_otherwise(before, master) else old_id
    if new_id is None or contains(master.data.get("deleteExceptionDates", ()), new_id):
        writer.remove(instance)
        return
    unchanged = instance.copy()
    regular = _regular_dates(before, old_id)
    if new_id != old_id:
        instance.data.update(recurrenceId=new_id, changeExceptionDates=[new_id])
    if regular == {name: instance.data[name] for name in ("startDate", "endDate")}:
        instance.data.update(_regular_dates(master, new_id))
    _inherit(before, master, instance)
    _follow_attendees(writer, before, master, instance)
    if instance.data == unchanged.data:
        return
    if significant(unchanged, instance):
        instance.data["sequence"] = unchanged.data.get("sequence", 0) + 1
    if unchanged.data["startDate"] != instance.data["startDate"] and instance.scheduled:
        expect_answers(instance)
    if new_id != old_id:
        writer.show_deleted(unchanged)
    writer.save(instance)
    if new_id != old_id:
        writer.show_as_new(instance)


def _regular_dates(master: Event, recurrence_id: str) -> JSON:
    recurrence = Recurrence.of(master.data)
    value = parse_recurrence_id(recurrence_id)
    local = None if value is None else recurrence.local_of(value)
    if local is None:
        return {}
    occurrence = recurrence.occurrence(local)
    return {"startDate": occurrence.start.to_json(), "endDate": occurrence.end.to_json()}


def _inherit(before: Event, master: Event, instance: Event) -> None:
    for name in _INHERITED:
        old, new = before.data.get(name), master.data.get(name)
        if old != new and instance.data.get(name) == old:
            if new is None:
                instance.data.pop(name, None)
            else:
                instance.data[name] = copied(new)
    if before.data.get("class") != master.data.get("class"):
        instance.data["class"] = master.data.get("class", "PUBLIC")
    if before.organizer != master.organizer:
        instance.data["organizer"] = dict(master.organizer)


def _follow_attendees(writer: Writer, before: Event, master: Event, instance: Event) -> None:
    old, new = ({identity(one): one for one in version.attendees} for version in (before, master))
    present = {identity(one) for one in instance.attendees}
    left = {key for key in old if key not in new} & present
    joined = [copied(one) for key, one in new.items() if key not in old and key not in present]
    if not left and not joined:
        return
    entities = [one["entity"] for one in instance.attendees if identity(one) in left and "entity" in one]
    if entities:
        writer.tombstones.bury(instance, writer.stamp, writer.user, entities)
    for entity in entities:
        drop_alarms(writer, instance, entity)
    staying = [one for one in instance.attendees if identity(one) not in left]
    instance.data["attendees"] = in_order([*staying, *joined])

"""Changing a stored event: what the organizer may do, and what an attendee may."""

from __future__ import annotations

from typing import Final

from middleware.chronos import errors, series
from middleware.chronos.alarms import drop_alarms, set_alarms
from middleware.chronos.attendance import expect_answers, identity, matching, merged_attendees
from middleware.chronos.conflicts import is_resource, require_free
from middleware.chronos.creation import adopt_contents, require_classification, require_dates
from middleware.chronos.dates import stored
from middleware.chronos.event import JSON, Event
from middleware.chronos.leaving import leave_by_list
from middleware.chronos.people import attendee_members, calendar_user
from middleware.chronos.significance import significant
from middleware.chronos.writer import Writer

# Fields that are taken over as they come.
_PLAIN: Final = (
    "filename",
    "summary",
    "location",
    "description",
    "categories",
    "class",
    "color",
    "url",
    "geo",
    "transp",
    "shownAs",
    "status",
    "attendeePrivileges",
    "extendedProperties",
)
# What the comparison of an attendee's update with the stored event passes over.
_NOT_COMPARED: Final = frozenset({"alarms", "attendees", "deleteExceptionDates", "sequence", "uid", "recurrenceId"})


def change(writer: Writer, event: Event, fields: JSON) -> None:
    """Change a single event, a master or an instance, and store it.

    Every write counts, also one that changes nothing: the stamp rises for everybody. Raises `Busy` for conflicts,
    CAL-4035 for what never changes, CAL-4038 for what only the organizer may change, CAL-4121 for a sequence
    number that is too low.
    """
    uid = fields.get("uid")
    if uid and uid != event.data["uid"]:
        raise errors.forbidden_change(event.text_id, "UID")
    if _may_change_everything(writer, event, fields):
        _change_as_organizer(writer, event, fields)
    else:
        _change_as_attendee(writer, event, fields)


def _may_change_everything(writer: Writer, event: Event, fields: JSON) -> bool:
    if not event.scheduled or event.folder is not None or event.organized_by(writer.calendar_user):
        return True
    if not event.external:
        return event.data.get("attendeePrivileges") == "MODIFY"
    # This is how the update of an external organizer arrives.
    organizer = fields.get("organizer")
    if not isinstance(organizer, dict) or fields.get("uid") != event.data["uid"]:
        return False
    return str(organizer.get("uri", "")).lower() == str(event.organizer.get("uri", "")).lower()


def require_organizer(writer: Writer, event: Event) -> None:
    """CAL-4038 unless the calendar user may change the whole event."""
    if not _may_change_everything(writer, event, {}):
        raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)


def _change_as_organizer(writer: Writer, event: Event, fields: JSON) -> None:
    before = event.copy()
    sequence = fields.get("sequence")
    if sequence is not None and sequence < event.data.get("sequence", 0):
        raise errors.sequence_too_low(event.text_id, sequence, event.data.get("sequence", 0))
    _change_organizer(writer, event, fields.get("organizer"))
    if fields.get("class") != before.data.get("class"):
        require_classification(writer.calendar, fields.get("class"))
    for name in _PLAIN:
        if name in fields:
            put(event.data, name, fields[name])
    _change_dates(event, fields)
    adopt_contents(writer, event, fields)
    if "attendees" in fields:
        event.data["attendees"] = merged_attendees(writer.ox, writer.calendar, event, fields["attendees"])
    moved = any(before.data.get(name) != event.data.get(name) for name in ("startDate", "endDate"))
    series.adopt(writer, before, event, fields)
    moved = moved or before.data.get("rrule") != event.data.get("rrule")
    if moved and event.scheduled and not event.external:
        expect_answers(event)
    _require_free(writer, before, event, moved=moved)
    _raise_sequence(before, event, sequence)
    _dismiss(writer, before, event)
    series.follow(writer, before, event)
    if "alarms" in fields:
        set_alarms(writer, event, fields["alarms"] or [])
    writer.save(event)


def put(data: JSON, name: str, value: object) -> None:
    """Set a field, or remove it with None."""
    if value is None:
        data.pop(name, None)
    else:
        data[name] = value


def _change_organizer(writer: Writer, event: Event, sent: JSON | None) -> None:
    """Hand the meeting over to another user, as the real server lets an update do."""
    if not sent or event.external:
        return
    organizer = calendar_user(writer.ox, sent)
    if organizer.get("entity") == event.organizer.get("entity"):
        return
    if "entity" not in organizer:
        raise errors.forbidden_change(event.text_id, "ORGANIZER")
    event.data["organizer"] = organizer


def _change_dates(event: Event, fields: JSON) -> None:
    given = {name: fields[name] for name in ("startDate", "endDate") if name in fields}
    if not given:
        return
    dates = {name: given.get(name, event.data[name]) for name in ("startDate", "endDate")}
    require_dates(dates)
    event.data.update(dates)


def _require_free(writer: Writer, before: Event, event: Event, *, moved: bool) -> None:
    known = {identity(one) for one in before.attendees}
    opaque = before.data.get("transp") == "TRANSPARENT" != event.data.get("transp")
    concerned = [one for one in event.attendees if moved or opaque or identity(one) not in known]
    people = writer.call.flag("checkConflicts")
    if people or any(map(is_resource, concerned)):
        require_free(writer, event, concerned, people=people)


def _raise_sequence(before: Event, event: Event, sent: int | None) -> None:
    stored_sequence = before.data.get("sequence", 0)
    if sent is not None and sent > stored_sequence:
        event.data["sequence"] = sent
    elif not event.external and significant(before, event):
        event.data["sequence"] = stored_sequence + 1


def _dismiss(writer: Writer, before: Event, event: Event) -> None:
    """Take the event away from users who are no longer invited."""
    staying = {identity(one) for one in event.attendees}
    leaving = [one["entity"] for one in before.attendees if "entity" in one and identity(one) not in staying]
    if leaving:
        writer.tombstones.bury(before, writer.stamp, writer.user, leaving)
    for entity in leaving:
        drop_alarms(writer, event, entity)


def _change_as_attendee(writer: Writer, event: Event, fields: JSON) -> None:
    for name, value in fields.items():
        if name not in _NOT_COMPARED and not _same(event, name, value):
            raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)
    if fields.get("attendees"):
        _answer_by_list(writer, event, fields["attendees"])
    if "deleteExceptionDates" in fields and event.is_master:
        leave_by_list(writer, event, fields["deleteExceptionDates"] or [])
    if "alarms" in fields:
        set_alarms(writer, event, fields["alarms"] or [])
    writer.save(event)


def _same(event: Event, name: str, value: object) -> bool:
    known = event.data.get(name)
    if name == "organizer":
        return value is None or (isinstance(value, dict) and _same_person(event.organizer, value))
    if name in ("startDate", "endDate") and isinstance(value, dict) and known:
        return stored(value) == stored(known)
    if name in ("attachments", "conferences"):
        return [_content(one) for one in value or ()] == [_content(one) for one in known or ()]  # type: ignore[attr-defined]
    return (value or None) == (known or None)


def _content(one: JSON) -> object:
    return one.get("managedId") or one.get("uri")


def _same_person(known: JSON, sent: JSON) -> bool:
    if known.get("entity") and known.get("entity") == sent.get("entity"):
        return True
    return str(known.get("uri", "")).lower() == str(sent.get("uri", "")).lower()


def _answer_by_list(writer: Writer, event: Event, sent: list[JSON]) -> None:
    """Take the own answer out of a complete list; CAL-4038 when anything else in it is different."""
    found = [(matching(writer.ox, event, one), one) for one in sent]
    known = {identity(one) for one in event.attendees}
    if any(old is None for old, _ in found) or {identity(old) for old, _ in found if old} != known:
        raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)
    for old, one in found:
        if old is None:
            continue
        members = attendee_members(one)
        if old.get("entity") == writer.calendar_user:
            old.update({name: members[name] for name in ("partStat", "comment") if name in members})
        elif members.get("partStat", old.get("partStat")) != old.get("partStat"):
            raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)

"""Moving an event into another calendar."""

from __future__ import annotations

from middleware.chronos import errors
from middleware.chronos.access import Calendar
from middleware.chronos.attendance import default_calendar
from middleware.chronos.event import Event
from middleware.chronos.people import user_json
from middleware.chronos.writer import Writer


def move(writer: Writer, event: Event, target: Calendar) -> None:
    """Put a single event into another calendar; the source folder keeps a tombstone.

    CAL-4224 and CAL-4225 for series, CAL-4226 for classified events that would leave the user's own calendars,
    CAL-4060 for a meeting into the calendar of somebody else, CAL-4038 when only the organizer may.
    """
    source = writer.calendar
    if event.is_master:
        raise errors.unsupported_series_move(event.text_id, source.text, str(target.id))
    if event.is_instance:
        raise errors.unsupported_occurrence_move(event.text_id, source.text, str(target.id))
    if target.id == source.id:
        writer.save(event)
        return
    classification = event.data.get("class")
    if classification in ("PRIVATE", "CONFIDENTIAL") and (target.public or target.shared):
        raise errors.unsupported_classified_move(classification, event.text_id, target.text)
    writer.show_deleted(event)
    leaving = [0] if source.public else [source.folder.owner]
    writer.tombstones.bury(event, writer.stamp, writer.user, leaving)
    writer.tombstones.recall(event.id, target.id)
    if target.public:
        _to_public(event, target)
    elif source.public:
        _to_personal(writer, event, target)
    else:
        _between_owners(writer, event, target)
    writer.save(event)


def _to_public(event: Event, target: Calendar) -> None:
    event.folder, event.owner = target.id, None
    for one in event.attendees:
        one.pop("folder", None)


def _to_personal(writer: Writer, event: Event, target: Calendar) -> None:
    if event.scheduled and not event.organized_by(target.calendar_user):
        raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)
    event.folder, event.owner = None, target.folder.owner
    _hand_over(writer, event, target)
    for one in event.attendees:
        entity = one.get("entity")
        if entity is not None and one.get("cuType") == "INDIVIDUAL":
            home = target.id if entity == target.folder.owner else default_calendar(writer.ox, entity)
            if home is not None:
                one["folder"] = str(home)


def _between_owners(writer: Writer, event: Event, target: Calendar) -> None:
    owner = writer.calendar.folder.owner
    if target.folder.owner == owner:
        attendee = event.attendee(owner)
        if attendee is not None:
            attendee["folder"] = str(target.id)
        return
    if event.scheduled:
        raise errors.unsupported_folder(target.text, "event")
    event.owner = target.folder.owner
    _hand_over(writer, event, target)


def _hand_over(writer: Writer, event: Event, target: Calendar) -> None:
    """Make an event without other people that of the owner of the target."""
    if event.scheduled:
        return
    owner = user_json(writer.ox, target.folder.owner) or {}
    event.data["organizer"] = owner
    event.data["attendees"] = [{**owner, "cuType": "INDIVIDUAL", "partStat": "ACCEPTED", "folder": str(target.id)}]

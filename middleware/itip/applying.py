"""Putting a scheduling message into the calendar."""

from __future__ import annotations

from typing import Final

from middleware.chronos import errors
from middleware.chronos.answering import answer
from middleware.chronos.attendance import matching
from middleware.chronos.body import parse_event
from middleware.chronos.change import change
from middleware.chronos.creation import create
from middleware.chronos.event import JSON, Event
from middleware.chronos.people import user_json
from middleware.chronos.removal import remove, remove_occurrence
from middleware.chronos.series import override, require_occurrence
from middleware.chronos.writer import Writer
from middleware.ical.reading import ABSENT_MEANS_NONE
from middleware.itip.message import Message

# What the last state of a cancelled event takes from the message.
_OF_CANCEL: Final = ("sequence", "dtstamp")
_NOT_APPLIED: Final = frozenset({"dtstamp", "created", "lastModified"})


def apply_request(writer: Writer, message: Message, part_stat: str | None) -> None:
    """Store an invitation or its change, with the reader's answer when he gives one."""
    if message.stored is not None and not message.stored.external:
        own = {"partStat": part_stat} if part_stat else None
        answer(writer, message.stored, own, None, with_alarms=False)
        return
    fields = _fields(writer, message, part_stat)
    if message.recurrence_id and message.master is not None:
        _apply_to_occurrence(writer, message, message.master, fields)
    elif message.stored is not None:
        fields.setdefault("deleteExceptionDates", [])
        change(writer, message.stored, {**dict.fromkeys(ABSENT_MEANS_NONE), **fields})
        _take_stamp(writer, message, message.stored)
    else:
        _take_stamp(writer, message, create(writer, fields))


def _apply_to_occurrence(writer: Writer, message: Message, master: Event, fields: JSON) -> None:
    recurrence_id = fields.pop("recurrenceId")
    instance = message.stored or override(writer, require_occurrence(master, recurrence_id))
    change(writer, instance, {**dict.fromkeys(ABSENT_MEANS_NONE), **fields})
    _take_stamp(writer, message, instance)
    writer.save(master)


def _take_stamp(writer: Writer, message: Message, event: Event) -> None:
    """DTSTAMP of an external event is that of the last message about it."""
    if "dtstamp" in message.body:
        event.data["dtstamp"] = message.body["dtstamp"]
        writer.events.save(event)


def _fields(writer: Writer, message: Message, part_stat: str | None) -> JSON:
    body = {name: value for name, value in message.body.items() if name not in _NOT_APPLIED}
    known = message.stored.attendee(writer.calendar_user) if message.stored else None
    own = user_json(writer.ox, writer.calendar_user) or {}
    for one in body.get("attendees", ()):
        if str(one.get("uri", "")).lower() == str(own.get("uri", "")).lower():
            one.pop("rsvp", None)
            one["partStat"] = part_stat or (known or {}).get("partStat", "NEEDS-ACTION")
    mail = {name: value for name, value in own.items() if name != "entity"}
    return parse_event(body, mail, mend=writer.ox.settings.mend)


def apply_cancel(writer: Writer, message: Message) -> None:
    """Delete what was cancelled; CAL-4040 when the user does not have it."""
    if message.stored is not None:
        message.stored.data.update({name: message.body[name] for name in _OF_CANCEL if name in message.body})
        remove(writer, message.stored)
    elif message.master is not None and message.recurrence_id:
        remove_occurrence(writer, message.master, message.recurrence_id)
    else:
        raise errors.event_not_found(str(message.body.get("uid")))


def apply_reply(writer: Writer, message: Message) -> None:
    """Take over the answers of attendees; CAL-4040 for an unknown event, CAL-4043 for somebody who is not invited."""
    target = message.stored
    if target is None and message.occurrence is not None:
        target = override(writer, message.occurrence)
    if target is None:
        raise errors.event_not_found(str(message.body.get("uid")))
    if not target.organized_by(writer.calendar_user):
        raise errors.not_organizer(writer.calendar.text, target.text_id, target.organizer)
    for one in message.body.get("attendees", ()):
        attendee = matching(writer.ox, target, one)
        if attendee is None:
            raise errors.attendee_not_found(str(one.get("uri")), target.text_id)
        attendee.setdefault("cuType", "INDIVIDUAL")
        attendee["partStat"] = one.get("partStat", "NEEDS-ACTION")
        attendee.pop("rsvp", None)
        if message.event.comment:
            attendee["comment"] = message.event.comment
    writer.save(target)
    if message.master is not None and target is not message.master:
        writer.save(message.master)

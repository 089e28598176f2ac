"""Participation: what the calendar user answers to an invitation, in one event or one occurrence."""

from __future__ import annotations

from typing import Final

from middleware.chronos import errors
from middleware.chronos.access import open_calendar
from middleware.chronos.alarms import set_alarms
from middleware.chronos.attendance import matching
from middleware.chronos.conflicts import require_free
from middleware.chronos.event import JSON, Event
from middleware.chronos.people import attendee_members
from middleware.chronos.writer import Writer

_FIXED: Final = ("cuType", "member")


def answer(writer: Writer, event: Event, sent: JSON | None, alarms: list[JSON] | None, *, with_alarms: bool) -> None:
    """Take over an attendee object and alarms, and store the event.

    CAL-4043 for somebody who does not take part, CAL-4038 for another attendee, CAL-4033 for members that are
    not the attendee's to change, `Busy` with checkConflicts when an acceptance conflicts.
    """
    attendee = _addressed(writer, event, sent or {})
    if sent:
        _answer(writer, event, attendee, sent)
    if with_alarms:
        set_alarms(writer, event, alarms or [])
    writer.save(event)


def _addressed(writer: Writer, event: Event, sent: JSON) -> JSON:
    if sent.get("entity") or sent.get("uri"):
        attendee = matching(writer.ox, event, sent)
    else:
        attendee = event.attendee(writer.calendar_user)
    if attendee is None:
        raise errors.attendee_not_found(str(sent.get("uri") or sent.get("entity")), event.text_id)
    own = attendee.get("entity") == writer.calendar_user
    if not own and not event.organized_by(writer.calendar_user):
        raise errors.not_organizer(writer.calendar.text, event.text_id, event.organizer)
    return attendee


def _answer(writer: Writer, event: Event, attendee: JSON, sent: JSON) -> None:
    for name in _FIXED:
        if name in sent and sent[name] != attendee.get(name):
            raise errors.forbidden_attendee_change(event.text_id, str(attendee.get("uri")), name.upper())
    members = attendee_members(sent)
    for name in ("partStat", "extendedParameters"):
        if name in members:
            attendee[name] = members[name]
    if "partStat" in members:
        attendee.pop("rsvp", None)
        if members["partStat"] in ("ACCEPTED", "TENTATIVE") and writer.call.flag("checkConflicts"):
            require_free(writer, event, [attendee], people=True)
    if "comment" in sent:
        if sent["comment"]:
            attendee["comment"] = str(sent["comment"])
        else:
            attendee.pop("comment", None)
    if sent.get("transp") is not None:
        attendee["transp"] = "TRANSPARENT" if sent["transp"] == "TRANSPARENT" else "OPAQUE"
    if sent.get("folder") is not None and "folder" in attendee:
        _move_copy(writer, event, attendee, str(sent["folder"]))


def _move_copy(writer: Writer, event: Event, attendee: JSON, folder: str) -> None:
    """Let the attendee keep his copy in another calendar of his own."""
    number = folder.rpartition("/")[2]
    if number == attendee["folder"]:
        return
    target = open_calendar(writer.ox, writer.calendar.user, f"cal://0/{number}")
    if target.public or target.folder.owner != attendee.get("entity"):
        raise errors.unsupported_folder(target.text, "event")
    if event.is_master:
        raise errors.unsupported_series_move(event.text_id, writer.calendar.text, str(target.id))
    if event.is_instance:
        raise errors.unsupported_occurrence_move(event.text_id, writer.calendar.text, str(target.id))
    writer.tombstones.bury(event, writer.stamp, writer.user, [attendee["entity"]])
    writer.tombstones.recall(event.id, target.id)
    attendee["folder"] = str(target.id)

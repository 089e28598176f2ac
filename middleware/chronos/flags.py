"""The flags of an event: what a user interface wants to know at a glance."""

from __future__ import annotations

from typing import Final

from middleware.chronos.dates import parse_recurrence_id
from middleware.chronos.event import JSON, Event, individual
from middleware.chronos.recurrence import Recurrence

_STATUS: Final = {"TENTATIVE": "event_tentative", "CONFIRMED": "event_confirmed", "CANCELLED": "event_cancelled"}
_PART_STAT: Final = {
    "NEEDS-ACTION": "needs_action",
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "delegated",
}
_CLASSES: Final = {"PRIVATE": "private", "CONFIDENTIAL": "confidential"}


def flags_of(event: Event, calendar_user: int, user: int, *, alarms: bool, place: tuple[str, ...] = ()) -> list[str]:
    """The flags in the order of the server; `place` are those about the position in a series."""
    data = event.data
    found = [name for name in ("attachments", "conferences") if data.get(name)]
    if alarms:
        found.append("alarms")
    attendees = event.attendees
    if event.scheduled:
        found.append("scheduled")
    behalf = "" if calendar_user == user else "_on_behalf"
    attendee = event.attendee(calendar_user)
    if event.organized_by(calendar_user):
        found.append("organizer" + behalf)
    elif attendee is not None:
        found.append("attendee" + behalf)
    if data.get("class") in _CLASSES:
        found.append(_CLASSES[data["class"]])
    if data.get("transp") == "TRANSPARENT":
        found.append("transparent")
    if data.get("status") in _STATUS:
        found.append(_STATUS[data["status"]])
    if attendee is not None and attendee.get("partStat") in _PART_STAT:
        found.append(_PART_STAT[attendee["partStat"]])
    found.extend(place)
    alone = attendee is not None and len(attendees) == 1
    if not alone and _all_others_declined(attendees, calendar_user):
        found.append("all_others_declined")
    return found


def anonymous_flags(event: Event, place: tuple[str, ...]) -> list[str]:
    """The flags of a confidential event for somebody who sees only when it takes place."""
    transparent = ["transparent"] if event.data.get("transp") == "TRANSPARENT" else []
    return ["confidential", *transparent, *place]


def _all_others_declined(attendees: list[JSON], calendar_user: int) -> bool:
    others = [one for one in attendees if individual(one) and one.get("entity") != calendar_user]
    return bool(others) and all(one.get("partStat") == "DECLINED" for one in others)


def place_in_series(event: Event, master: Event | None) -> tuple[str, ...]:
    """The flags about the position of a stored event in its series."""
    if event.is_master:
        return ("series",)
    if not event.is_instance:
        return ()
    if master is None or "rrule" not in master.data:
        return ("overridden",)
    recurrence = Recurrence.of(master.data)
    recurrence_id = parse_recurrence_id(event.data.get("recurrenceId", ""))
    local = recurrence.local_of(recurrence_id) if recurrence_id else None
    if local is None:
        return ("overridden",)
    ends = (("first_occurrence", recurrence.is_first(local)), ("last_occurrence", recurrence.is_last(local)))
    return ("overridden", *(name for name, holds in ends if holds))

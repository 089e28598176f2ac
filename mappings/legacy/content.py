"""What an appointment says, field by field: texts, categories, privacy, colour, how busy one is, the one alarm."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from mappings.calendar.alarms import FILLER
from mappings.calendar.moments import Moment, instant, parse_duration, parse_moment, write_duration
from mappings.calendar.user import CalendarUser
from mappings.errors import InvalidCalendarData
from mappings.legacy.times import user_zone
from mappings.legacy.values import number

TEXTS = {"title": "summary", "location": "location", "note": "description"}
NO_TITLE = "(no title)"
"""What stands in OX 7.8, which refuses appointments without a title, for no summary."""

# The colours OX 8 shows for the labels of OX 7.8, from 1.
_COLORS = (
    *("#CFE6FF", "#9BC8F7", "#B89AE9", "#F7C7E0", "#FFE2E2"),
    *("#FDE2B9", "#FFEEB0", "#E6EFBD", "#C5D481", "#6B6B6B"),
)
_RESERVED, _TEMPORARY, _ABSENT, _FREE = 1, 2, 3, 4
_BUSY_STATUS = "X-MICROSOFT-CDO-BUSYSTATUS"
_BUSY = {_TEMPORARY: "TENTATIVE", _ABSENT: "OOF"}
_NO_ALARM = -1


def content(appointment: Mapping[str, Any]) -> dict[str, Any]:
    """The event's fields for all but times, recurrence and people."""
    event: dict[str, Any] = {name: str(appointment[field]) for field, name in TEXTS.items() if appointment.get(field)}
    if event.get("summary") == NO_TITLE:
        del event["summary"]
    categories = [part.strip() for part in str(appointment.get("categories") or "").split(",")]
    if any(categories):
        event["categories"] = [category for category in categories if category]
    event["class"] = "PRIVATE" if appointment.get("private_flag") else "PUBLIC"
    label = number(appointment.get("color_label")) or 0
    if 1 <= label <= len(_COLORS):
        event["color"] = _COLORS[label - 1]
    shown = number(appointment.get("shown_as"))
    event["transp"] = "TRANSPARENT" if shown == _FREE else "OPAQUE"
    if shown in _BUSY:
        event["extendedProperties"] = {_BUSY_STATUS: {"value": _BUSY[shown]}}
    minutes = number(appointment.get("alarm"))
    if minutes is not None and minutes >= 0:
        event["alarms"] = [alarm(minutes)]
    return event


def content_fields(
    event: Mapping[str, Any], current: Mapping[str, Any], start: Moment, user: CalendarUser
) -> dict[str, Any]:
    """The appointment's fields for those of the event that are there; None clears. `start` is where alarms count
    from; how busy one is changes no more of `current` than the event says."""
    fields: dict[str, Any] = {field: event[name] or None for field, name in TEXTS.items() if name in event}
    if "title" in fields:
        fields["title"] = fields["title"] or NO_TITLE
    if "categories" in event:
        fields["categories"] = ",".join(event["categories"] or ()) or None
    if "class" in event:
        fields["private_flag"] = is_private(event["class"])
    if "color" in event:
        fields["color_label"] = color_label(event["color"])
    if "transp" in event or "extendedProperties" in event:
        fields["shown_as"] = _shown_as(event, number(current.get("shown_as")))
    if "alarms" in event:
        minutes = alarm_minutes(event["alarms"], start, bool(event.get("rrule")), user)
        fields["alarm"] = _NO_ALARM if minutes is None else minutes
    return fields


def is_private(classification: str | None) -> bool:
    """OX 7.8 tells public and private only; what is unknown counts as private (RFC 5545 3.8.1.3)."""
    return (classification or "PUBLIC").upper() != "PUBLIC"


def color_label(color: str | None) -> int:
    """The label of a colour OX 7.8 has, 0 for all others."""
    wanted = (color or "").upper()
    return _COLORS.index(wanted) + 1 if wanted in _COLORS else 0


def busy_status(event: Mapping[str, Any]) -> dict[str, Any]:
    """What `extendedProperties` OX 7.8 holds: TENTATIVE and OOF as X-MICROSOFT-CDO-BUSYSTATUS of an opaque event."""
    entry = (event.get("extendedProperties") or {}).get(_BUSY_STATUS)
    value = str(entry.get("value") or "").upper() if isinstance(entry, Mapping) else ""
    if event.get("transp") == "TRANSPARENT" or value not in _BUSY.values():
        return {}
    return {"extendedProperties": {_BUSY_STATUS: {"value": value}}}


def _shown_as(event: Mapping[str, Any], current: int | None) -> int:
    if "transp" not in event and current == _FREE:
        return _FREE
    if event.get("transp") == "TRANSPARENT":
        return _FREE
    said = busy_status(event)
    if said:
        value = said["extendedProperties"][_BUSY_STATUS]["value"]
        return next(number for number, name in _BUSY.items() if name == value)
    if "extendedProperties" not in event and current in _BUSY:
        return current
    return _RESERVED


def alarm(minutes: int) -> dict[str, Any]:
    """The event's alarm for so many minutes before the start."""
    duration = write_duration(-timedelta(minutes=minutes))
    return {"action": "DISPLAY", "description": FILLER, "trigger": {"duration": duration}}


def alarm_minutes(
    alarms: Sequence[Mapping[str, Any]] | None, start: Moment, recurs: bool, user: CalendarUser
) -> int | None:
    """The one reminder OX 7.8 holds: of the alarms that are shown or heard whole minutes before the start (or at it)
    the earliest one; None when there is none."""
    found = [
        minutes
        for alarm in alarms or ()
        if str(alarm.get("action") or "DISPLAY").upper() in ("DISPLAY", "AUDIO")
        and (minutes := _minutes_before(alarm.get("trigger") or {}, start, recurs, user)) is not None
    ]
    return max(found, default=None)


def _minutes_before(trigger: Mapping[str, Any], start: Moment, recurs: bool, user: CalendarUser) -> int | None:
    try:
        if trigger.get("dateTime"):
            at = parse_moment(str(trigger["dateTime"]))
            if recurs or not isinstance(at, datetime) or at.tzinfo is None:
                return None
            before = instant(start, user_zone(user)) - at
        elif trigger.get("related", "START") == "START" and trigger.get("duration"):
            before = -parse_duration(str(trigger["duration"]))
        else:
            return None
    except InvalidCalendarData:
        return None
    minutes, rest = divmod(before, timedelta(minutes=1))
    return None if rest or not 0 <= minutes < 2**31 else minutes

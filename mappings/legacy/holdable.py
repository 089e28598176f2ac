"""What OX 7.8 gives back of an event once it is stored: everything else is for the residue to keep."""

from collections.abc import Mapping
from typing import Any

from mappings.calendar.desired import Override, Series
from mappings.calendar.effects import occurs
from mappings.calendar.moments import Moment, from_ox, from_recurrence_id, like, to_ox, to_recurrence_id
from mappings.calendar.user import CalendarUser
from mappings.legacy.content import NO_TITLE, TEXTS, alarm, alarm_minutes, busy_status, color_label, is_private
from mappings.legacy.people import held_attendees
from mappings.legacy.subset import held_rule
from mappings.legacy.times import held, user_zone

Event = Mapping[str, Any]

_IDENTITY = (
    *("id", "folder", "uid", "seriesId", "recurrenceId", "sequence", "organizer", "flags"),
    *("created", "lastModified", "timestamp", "dtstamp", "createdBy", "modifiedBy"),
)


def holdable(event: Event, user: CalendarUser) -> dict[str, Any]:
    """The event as `to_event` shows it after `to_appointment` stored it: what OX 7.8 has no place for is dropped, the
    rest is as OX 7.8 has it. Projecting twice changes nothing.

    Times are in one zone, a rule is as much of it as OX can say (``subset``), there is one alarm at most. Files stay,
    which OX 7.8 keeps beside the appointment. Ids, stamps and people stay; answers stay where they can be written.
    """
    start, end = held(from_ox(event["startDate"]), from_ox(event.get("endDate") or event["startDate"]), user)
    kept = {name: event[name] for name in _IDENTITY if event.get(name) is not None}
    kept |= {"startDate": to_ox(start), "endDate": to_ox(end)}
    kept |= {name: event[name] for name in TEXTS.values() if event.get(name)}
    if kept.get("summary") == NO_TITLE:
        del kept["summary"]
    categories = [part.strip() for category in event.get("categories") or () for part in str(category).split(",")]
    if any(categories):
        kept["categories"] = [category for category in categories if category]
    kept["class"] = "PRIVATE" if is_private(event.get("class")) else "PUBLIC"
    kept["transp"] = "TRANSPARENT" if event.get("transp") == "TRANSPARENT" else "OPAQUE"
    kept |= busy_status(event)
    if color_label(event.get("color")):
        kept["color"] = str(event["color"]).upper()
    minutes = alarm_minutes(event.get("alarms"), start, bool(event.get("rrule")), user)
    if minutes is not None:
        kept["alarms"] = [alarm(minutes)]
    if files := [one for one in event.get("attachments") or () if one.get("managedId") or one.get("data")]:
        kept["attachments"] = files
    if people := list(held_attendees(event.get("attendees"), user)):
        kept["attendees"] = people
    return kept | _recurrence(event, start, user)


def holdable_series(series: Series, uid: str, user: CalendarUser) -> Series:
    """The events of one resource as OX 7.8 holds them. Deleted occurrences and overrides of what does not occur there
    are dropped. Of instances without a master, which OX 7.8 does not know, the first is a single appointment."""
    if series.master is None:
        first = {name: value for name, value in series.overrides[0].event.items() if name != "recurrenceId"}
        return Series(holdable(first, user) | {"uid": uid})
    master = holdable(series.master, user)
    if not master.get("rrule"):
        return Series(master)
    overrides = tuple(
        Override(_spelled(override.recurrence_id, master), holdable(override.event, user))
        for override in series.overrides
        if occurs(master, override.recurrence_id)
    )
    return Series(master, overrides, tuple(_occurring(series.deleted, master)))


def _recurrence(event: Event, start: Moment, user: CalendarUser) -> dict[str, Any]:
    rule = held_rule(event["rrule"], start, user_zone(user)) if event.get("rrule") else None
    if rule is None:
        return {}
    master = {"startDate": to_ox(start), "rrule": rule}
    dates = {
        name: sorted(_occurring(event[name], master))
        for name in ("deleteExceptionDates", "changeExceptionDates")
        if event.get(name)
    }
    return {"rrule": rule} | {name: found for name, found in dates.items() if found}


def _occurring(recurrence_ids: Any, master: Event) -> list[str]:
    return [_spelled(text, master) for text in recurrence_ids or () if occurs(master, text)]


def _spelled(recurrence_id: str, master: Event) -> str:
    return to_recurrence_id(like(from_recurrence_id(recurrence_id), from_ox(master["startDate"])))

"""VALARM components as OX alarms, both ways."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mappings.calendar.extended import extended_lines, from_extended, to_extended
from mappings.calendar.moments import (
    at_midnight,
    parse_duration,
    parse_moment,
    to_utc,
    write_duration,
    write_moment,
)
from mappings.calendar.people import address
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, escape_text, same_text, unescape_text
from mappings.errors import InvalidCalendarData

Alarm = Mapping[str, Any]

# OX refuses DISPLAY alarms without description (CAL-4005); clients show the title of the event anyway.
FILLER = "Reminder"

_FIELDS = frozenset(["ACTION", "TRIGGER", "DESCRIPTION", "SUMMARY", "UID", "ACKNOWLEDGED", "RELATED-TO", "ATTENDEE"])
# ALARM-AGENT is OX's own remark on mail alarms.
_RESERVED = frozenset(["BEGIN", "END", "ALARM-AGENT", *_FIELDS - {"RELATED-TO", "ATTENDEE"}])


def to_alarm(component: Component, zones: Zones) -> dict[str, Any] | None:
    """The OX alarm of a VALARM; None when it has no trigger and so never goes off.

    REPEAT, DURATION, ATTACH and unknown properties are kept in the alarm's extendedProperties.
    """
    trigger = component.first("TRIGGER")
    if trigger is None or not trigger.value.strip():
        return None
    action = (component.text("ACTION") or "DISPLAY").strip().upper()
    alarm: dict[str, Any] = {"action": action, "trigger": _to_trigger(trigger, zones)}
    for name, field in (("DESCRIPTION", "description"), ("SUMMARY", "summary"), ("UID", "uid")):
        if text := component.text(name):
            alarm[field] = text
    if action in ("DISPLAY", "EMAIL"):
        alarm.setdefault("description", FILLER)
    if action == "EMAIL":
        alarm.setdefault("summary", FILLER)
    if acknowledged := component.first("ACKNOWLEDGED"):
        at = at_midnight(zones.moment(acknowledged))
        alarm["acknowledged"] = int(to_utc(at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
    rest = [prop for prop in component.properties if prop.name not in _FIELDS and prop.name not in _RESERVED]
    related = component.first("RELATED-TO")
    if related is not None:
        alarm["relatedTo"] = {"value": unescape_text(related.value)}
        if related.param("RELTYPE"):
            alarm["relatedTo"]["relType"] = related.param("RELTYPE")
    attendees = [address(prop) for prop in component.all("ATTENDEE")]
    if action == "EMAIL" and any(attendees):
        alarm["attendees"] = [attendee for attendee in attendees if attendee]
    if rest:
        alarm["extendedProperties"] = to_extended(rest)
    return alarm


def _to_trigger(prop: Property, zones: Zones) -> dict[str, str]:
    value = prop.value.strip()
    if value.upper().lstrip("+-").startswith("P"):
        trigger = {"duration": write_duration(parse_duration(value))}
        related = (prop.param("RELATED") or "START").upper()
        return trigger | ({"related": related} if related == "END" else {})
    at = at_midnight(zones.moment(prop))
    if at.tzinfo is None:
        at = at.replace(tzinfo=zones.fallback)
    return {"dateTime": write_moment(to_utc(at))}


def alarm_lines(alarms: Sequence[Alarm] | None) -> Iterator[str]:
    """The unfolded lines of the VALARM components of an event."""
    for alarm in alarms or ():
        trigger = alarm.get("trigger") or {}
        if not trigger:
            continue
        yield "BEGIN:VALARM"
        yield f"ACTION:{escape_text(str(alarm.get('action') or 'DISPLAY'))}"
        yield _trigger_line(trigger)
        if alarm.get("uid"):
            yield f"UID:{escape_text(alarm['uid'])}"
        for name, field in (("SUMMARY", "summary"), ("DESCRIPTION", "description")):
            if alarm.get(field):
                yield f"{name}:{escape_text(alarm[field])}"
        if alarm.get("acknowledged") is not None:
            yield f"ACKNOWLEDGED:{write_moment(datetime.fromtimestamp(alarm['acknowledged'] // 1000, UTC))}"
        related = alarm.get("relatedTo")
        if related and related.get("value"):
            kind = f";RELTYPE={related['relType']}" if related.get("relType") else ""
            yield f"RELATED-TO{kind}:{escape_text(related['value'])}"
        for attendee in alarm.get("attendees") or ():
            yield f"ATTENDEE:{attendee.get('uri') or ''}"
        yield from extended_lines(alarm.get("extendedProperties"), _RESERVED)
        yield "END:VALARM"


def _trigger_line(trigger: Mapping[str, Any]) -> str:
    if trigger.get("dateTime"):
        return f"TRIGGER;VALUE=DATE-TIME:{trigger['dateTime']}"
    related = ";RELATED=END" if trigger.get("related") == "END" else ""
    return f"TRIGGER{related}:{trigger.get('duration') or 'PT0S'}"


def same_alarms(current: Sequence[Alarm] | None, wanted: Sequence[Alarm] | None) -> bool:
    """Whether two lists of alarms mean the same: ids, OX's own additions and order do not matter, uids only where
    both sides have one."""
    left = list(current or ())
    for alarm in wanted or ():
        match = next((other for other in left if _same(other, alarm)), None)
        if match is None:
            return False
        left.remove(match)
    return not [alarm for alarm in left if alarm.get("trigger")]


def would_keep_text(current: Sequence[Alarm] | None, wanted: Sequence[Alarm] | None) -> bool:
    """Whether OX, when `wanted` replaces `current`, might take a new alarm for a changed old one of the same action:
    it keeps the old description then, and only removing all alarms first gets the new one in."""
    return any(
        old.get("action") == new.get("action")
        and same_text(old.get("description")) != same_text(new.get("description"))
        for old in current or ()
        for new in wanted or ()
    )


def _same(one: Alarm, other: Alarm) -> bool:
    if one.get("uid") and other.get("uid") and one["uid"] != other["uid"]:
        return False
    return _meaning(one) == _meaning(other)


def _meaning(alarm: Alarm) -> dict[str, Any]:
    related = alarm.get("relatedTo") or {}
    extended = from_extended(alarm.get("extendedProperties"), _RESERVED)
    filler = FILLER if alarm.get("action") in ("DISPLAY", "EMAIL") else None
    acknowledged = alarm.get("acknowledged")
    return {
        "action": str(alarm.get("action") or "DISPLAY").upper(),
        "trigger": _trigger_meaning(alarm.get("trigger") or {}),
        "description": same_text(alarm.get("description")) or filler,
        "summary": same_text(alarm.get("summary")) or (FILLER if alarm.get("action") == "EMAIL" else None),
        "acknowledged": None if acknowledged is None else acknowledged // 1000,
        "related": (related.get("relType"), related.get("value")),
        "extended": sorted((prop.name, prop.value, sorted(prop.params)) for prop in extended),
    }


def _trigger_meaning(trigger: Mapping[str, Any]) -> tuple[str, object]:
    try:
        if trigger.get("dateTime"):
            return "at", parse_moment(trigger["dateTime"])
        return trigger.get("related") or "START", parse_duration(trigger.get("duration") or "PT0S")
    except InvalidCalendarData:
        return "unreadable", str(trigger)

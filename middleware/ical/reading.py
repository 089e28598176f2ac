"""Reading VEVENTs into event bodies, as clients send them to chronos."""

from __future__ import annotations

import base64
import binascii
import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any, Final

from middleware.call import Upload
from middleware.content_lines import Component, Property, read, split, unescaped
from middleware.ical.dates import Zones, end_of

JSON = dict[str, Any]

_TEXTS: Final = {
    "UID": "uid",
    "SUMMARY": "summary",
    "LOCATION": "location",
    "DESCRIPTION": "description",
    "CLASS": "class",
    "STATUS": "status",
    "COLOR": "color",
    "RRULE": "rrule",
    "URL": "url",
    "TRANSP": "transp",
}
_STAMPS: Final = {"DTSTAMP": "dtstamp", "CREATED": "created", "LAST-MODIFIED": "lastModified"}
# Properties with a field of their own, and those that the server derives: all others are kept as they are.
_KNOWN: Final = frozenset(
    {
        *_TEXTS,
        *_STAMPS,
        *("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "EXDATE", "RDATE", "SEQUENCE", "CATEGORIES", "GEO"),
        *("ORGANIZER", "ATTENDEE", "ATTACH", "CONFERENCE", "COMMENT"),
        *("X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS", "X-MICROSOFT-CDO-ALLDAYEVENT"),
    }
)
# Fields that a VEVENT clears when it does not mention them.
ABSENT_MEANS_NONE: Final = (
    "summary",
    "location",
    "description",
    "categories",
    "color",
    "url",
    "geo",
    "transp",
    "status",
    "extendedProperties",
)
_ALARM_PROPERTIES: Final = frozenset({"UID", "ACTION", "TRIGGER", "DESCRIPTION", "SUMMARY", "ACKNOWLEDGED"})
_MANY_DIGITS: Final = 10
_NO_TEXT: Final = "Reminder"


@dataclass(frozen=True, slots=True)
class ReadEvent:
    """A VEVENT: the body that chronos would accept for it, and the files it holds (`cid:` attachments name them)."""

    body: JSON
    files: tuple[Upload, ...] = ()
    comment: str = ""


@dataclass(slots=True)
class ReadCalendar:
    """The events of a text, by uid in the order of the text and masters before instances, and its METHOD."""

    method: str = ""
    events: dict[str, list[ReadEvent]] = field(default_factory=dict)


def read_calendar(text: str, zone: str) -> ReadCalendar:
    """The events of an iCalendar text; `zone` is that of the reader, for TZIDs that nobody knows.

    What is no VEVENT with a start is passed over; a VEVENT without UID stands alone.
    """
    found = ReadCalendar()
    for calendar in read(text):
        found.method = found.method or calendar.text("METHOD").strip().upper()
        zones = Zones(calendar, zone)
        for component in calendar.within("VEVENT"):
            event = _read_event(component, zones)
            if event is not None:
                key = event.body.get("uid") or f"\0{len(found.events)}"
                found.events.setdefault(key, []).append(event)
    for events in found.events.values():
        events.sort(key=lambda one: "recurrenceId" in one.body)
    return found


def _read_event(component: Component, zones: Zones) -> ReadEvent | None:
    start = zones.when(component.first("DTSTART"))
    if start is None:
        return None
    body: JSON = {name: text for of, name in _TEXTS.items() if (text := component.text(of).strip())}
    body["startDate"] = start.to_json()
    body["endDate"] = end_of(component, start, zones).to_json()
    for of, name in _STAMPS.items():
        when = zones.when(component.first(of))
        if when is not None:
            body[name] = when.epoch_ms(UTC)
    _add_recurrence(body, component, zones)
    _add_people(body, component)
    _add_details(body, component)
    files: list[Upload] = []
    attachments = [one for one in (_attachment(found, files) for found in component.all("ATTACH")) if one]
    if attachments:
        body["attachments"] = attachments
    alarms = [alarm for one in component.within("VALARM") if (alarm := _alarm(one, zones))]
    if alarms:
        body["alarms"] = alarms
    return ReadEvent(body, tuple(files), component.text("COMMENT"))


def _add_recurrence(body: JSON, component: Component, zones: Zones) -> None:
    instance = zones.when(component.first("RECURRENCE-ID"))
    if instance is not None:
        body["recurrenceId"] = instance.recurrence_id()
        body.pop("rrule", None)
        return
    for of, name in (("EXDATE", "deleteExceptionDates"), ("RDATE", "recurrenceDates")):
        dates = zones.recurrence_ids(component.all(of))
        if dates and "rrule" in body:
            body[name] = dates


def _add_people(body: JSON, component: Component) -> None:
    organizer = component.first("ORGANIZER")
    if organizer is not None:
        body["organizer"] = _person(organizer)
    attendees = [_attendee(one) for one in component.all("ATTENDEE")]
    if attendees:
        body["attendees"] = attendees


def _person(found: Property) -> JSON:
    uri = found.value.strip()
    person: JSON = {"uri": uri}
    if found.param("CN"):
        person["cn"] = found.param("CN")
    if uri.lower().startswith("mailto:"):
        person["email"] = uri[7:]
    return person


def _attendee(found: Property) -> JSON:
    person = _person(found)
    for of, name in (("CUTYPE", "cuType"), ("PARTSTAT", "partStat"), ("ROLE", "role")):
        if found.param(of):
            person[name] = found.param(of).upper()
    if found.param("RSVP").upper() == "TRUE":
        person["rsvp"] = True
    if found.params.get("MEMBER"):
        person["member"] = list(found.params["MEMBER"])
    return person


def _add_details(body: JSON, component: Component) -> None:
    sequence = component.text("SEQUENCE").strip()
    if sequence.isdecimal() and len(sequence) < _MANY_DIGITS:
        body["sequence"] = int(sequence)
    categories = [unescaped(part) for one in component.all("CATEGORIES") for part in split(one.value, ",")]
    if any(categories):
        body["categories"] = [one for one in categories if one]
    geo = _geo(component.text("GEO"))
    if geo:
        body["geo"] = geo
    conferences = [_conference(one) for one in component.all("CONFERENCE")]
    if conferences:
        body["conferences"] = conferences
    others = _extended(one for one in component.properties if one.name not in _KNOWN)
    if others:
        body["extendedProperties"] = others


def _geo(text: str) -> JSON:
    latitude, _, longitude = text.partition(";")
    try:
        return {"lat": float(latitude), "long": float(longitude)}
    except ValueError:
        return {}


def _conference(found: Property) -> JSON:
    conference: JSON = {"uri": found.value}
    if found.param("LABEL"):
        conference["label"] = found.param("LABEL")
    if found.params.get("FEATURE"):
        conference["features"] = list(found.params["FEATURE"])
    return conference


def _extended(properties: Iterable[Property]) -> JSON:
    found: dict[str, list[JSON]] = {}
    for one in properties:
        params = {name: ",".join(values) for name, values in one.params.items() if name != "VALUE"}
        found.setdefault(one.name, []).append({"value": one.text, **params})
    return {name: entries[0] if len(entries) == 1 else entries for name, entries in found.items()}


def _attachment(found: Property, files: list[Upload]) -> JSON | None:
    filename = found.param("FILENAME") or found.param("X-FILENAME")
    kind = found.param("FMTTYPE")
    if found.param("ENCODING").upper() != "BASE64":
        link = {"uri": found.value.strip(), "filename": filename, "fmtType": kind}
        return {name: value for name, value in link.items() if value} if found.value.strip() else None
    try:
        data = base64.b64decode(found.value, validate=True)
    except (binascii.Error, ValueError):
        return None
    kind = kind or "application/octet-stream"
    filename = filename or f"attachment{mimetypes.guess_extension(kind) or ''}"
    files.append(Upload(f"attachment_{len(files)}", filename, kind, data))
    return {"uri": f"cid:{files[-1].field}", "filename": filename, "fmtType": kind}


def _alarm(component: Component, zones: Zones) -> JSON | None:
    action, trigger = component.text("ACTION").upper(), component.first("TRIGGER")
    if trigger is None or action not in ("DISPLAY", "AUDIO", "EMAIL"):
        return None
    alarm: JSON = {"action": action, "trigger": _trigger(trigger, zones)}
    for of, name in (("UID", "uid"), ("DESCRIPTION", "description"), ("SUMMARY", "summary")):
        if component.text(of):
            alarm[name] = component.text(of)
    if action == "DISPLAY":
        alarm.setdefault("description", _NO_TEXT)
    acknowledged = zones.when(component.first("ACKNOWLEDGED"))
    if acknowledged is not None:
        alarm["acknowledged"] = acknowledged.epoch_ms(UTC)
    others = _extended(one for one in component.properties if one.name not in _ALARM_PROPERTIES)
    if others:
        alarm["extendedProperties"] = others
    return alarm


def _trigger(found: Property, zones: Zones) -> JSON:
    if found.param("VALUE").upper() == "DATE-TIME" or zones.when(found) is not None:
        return {"dateTime": found.value.strip()}
    related = found.param("RELATED").upper()
    return {"duration": found.value.strip(), **({"related": related} if related else {})}

"""Writing events, as chronos shows them, as an iCalendar text."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, Final

from middleware.chronos.dates import When, from_ms, parse_recurrence_id, stored
from middleware.content_lines import escaped, line
from middleware.generation import Generation
from middleware.ical.zones import timezone

JSON = dict[str, Any]
PRODUCT: Final = f"-//Open-Xchange//{Generation.EIGHT.server_version}//EN"

# The bytes of a managed attachment; None when they are not there.
ReadFile = Callable[[int], bytes | None]


def calendar_text(events: Iterable[JSON], read_file: ReadFile, now: int, *, name: str | None = None) -> str:
    """A VCALENDAR with the zones that the events need; with `name` as a published calendar of that name.

    `now` (ms) decides from which year on the rules of the zones are told.
    """
    listed = list(events)
    year = datetime.fromtimestamp(now / 1000, UTC).year
    lines = [line("BEGIN", "VCALENDAR"), line("VERSION", "2.0"), line("PRODID", PRODUCT)]
    if name is not None:
        lines += [line("METHOD", "PUBLISH"), line("X-WR-CALNAME", escaped(name))]
    lines += [timezone(zone, year) for zone in _zones(listed)]
    for event in listed:
        lines += _event(event, read_file)
    return "".join([*lines, line("END", "VCALENDAR")])


def _zones(events: Iterable[JSON]) -> list[str]:
    found = (event.get(name, {}).get("tzid") for event in events for name in ("startDate", "endDate"))
    return list(dict.fromkeys(zone for zone in found if zone and zone != "UTC"))


def _event(event: JSON, read_file: ReadFile) -> Iterator[str]:
    yield line("BEGIN", "VEVENT")
    yield from _stamp("DTSTAMP", event.get("dtstamp") or event.get("timestamp"))
    for attachment in event.get("attachments", ()):
        yield from _attachment(attachment, read_file)
    scheduled = "scheduled" in event.get("flags", ())
    if scheduled:
        yield from (_attendee(one) for one in event.get("attendees", ()))
    if event.get("categories"):
        yield line("CATEGORIES", ",".join(map(escaped, event["categories"])))
    yield from _text("CLASS", event.get("class"))
    yield from _text("COLOR", event.get("color"))
    yield from (_conference(one) for one in event.get("conferences", ()))
    yield from _stamp("CREATED", event.get("created"))
    yield from _text("DESCRIPTION", event.get("description"))
    yield from _date("DTEND", stored(event["endDate"]))
    yield from _date("DTSTART", stored(event["startDate"]))
    yield from _dates("EXDATE", event.get("deleteExceptionDates", ()))
    if event.get("geo"):
        yield line("GEO", f"{event['geo']['lat']};{event['geo']['long']}")
    yield from _stamp("LAST-MODIFIED", event.get("lastModified"))
    yield from _text("LOCATION", event.get("location"))
    if scheduled and event.get("organizer"):
        yield line("ORGANIZER", event["organizer"]["uri"], _named(event["organizer"]))
    yield from _dates("RDATE", event.get("recurrenceDates", ()))
    if event.get("recurrenceId"):
        yield from _dates("RECURRENCE-ID", [event["recurrenceId"]])
    if event.get("rrule"):
        yield line("RRULE", event["rrule"])
    if event.get("sequence") is not None:
        yield line("SEQUENCE", str(event["sequence"]))
    for name in ("STATUS", "SUMMARY", "TRANSP", "UID"):
        yield from _text(name, event.get(name.lower()))
    if event.get("url"):
        yield line("URL", event["url"])
    yield from _microsoft(event)
    yield from _extended(event.get("extendedProperties", {}))
    for alarm in event.get("alarms", ()):
        yield from _alarm(alarm)
    yield line("END", "VEVENT")


def _text(name: str, value: object) -> Iterator[str]:
    if value:
        yield line(name, escaped(str(value)))


def _stamp(name: str, value: int | None) -> Iterator[str]:
    if value is not None:
        yield line(name, When(from_ms(value).replace(microsecond=0), "UTC").value())


def _date(name: str, when: When) -> Iterator[str]:
    if when.all_day:
        yield line(name, when.value(), {"VALUE": ["DATE"]})
    elif when.zone in (None, "UTC"):
        yield line(name, when.value())
    else:
        yield line(name, when.value(), {"TZID": [str(when.zone)]})


def _dates(name: str, recurrence_ids: Iterable[str]) -> Iterator[str]:
    for text in recurrence_ids:
        when = parse_recurrence_id(text)
        if when is not None:
            yield from _date(name, when)


def _named(person: JSON) -> dict[str, list[str]]:
    params = {"CN": person.get("cn"), "EMAIL": person.get("email")}
    return {name: [str(value)] for name, value in params.items() if value}


def _attendee(person: JSON) -> str:
    named = _named(person)
    members = {"PARTSTAT": "partStat", "CUTYPE": "cuType", "ROLE": "role"}
    params = {"CN": named.pop("CN", [])}
    params.update({name: [str(person[member])] for name, member in members.items() if person.get(member)})
    if person.get("rsvp"):
        params["RSVP"] = ["TRUE"]
    if person.get("member"):
        params["MEMBER"] = list(person["member"])
    return line("ATTENDEE", person["uri"], {name: values for name, values in (params | named).items() if values})


def _conference(conference: JSON) -> str:
    params = {"VALUE": ["URI"], "FEATURE": list(conference.get("features", ()))}
    params["LABEL"] = [conference["label"]] if conference.get("label") else []
    return line("CONFERENCE", conference["uri"], {name: values for name, values in params.items() if values})


def _attachment(attachment: JSON, read_file: ReadFile) -> Iterator[str]:
    members = {"FILENAME": "filename", "FMTTYPE": "fmtType"}
    params = {name: [str(attachment[member])] for name, member in members.items() if attachment.get(member)}
    if attachment.get("uri"):
        yield line("ATTACH", attachment["uri"], params)
        return
    data = read_file(attachment["managedId"])
    if data is not None:
        inline = {"ENCODING": ["BASE64"], "VALUE": ["BINARY"]}
        yield line("ATTACH", base64.b64encode(data).decode("ascii"), params | inline)


def _microsoft(event: JSON) -> Iterator[str]:
    """What Outlook reads instead of the properties of the standard."""
    if "T" not in event["startDate"]["value"]:
        yield line("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE")
    if event.get("transp"):
        busy = "FREE" if event["transp"] == "TRANSPARENT" else "BUSY"
        yield line("X-MICROSOFT-CDO-BUSYSTATUS", busy)
        yield line("X-MICROSOFT-CDO-INTENDEDSTATUS", busy)


def _extended(properties: JSON) -> Iterator[str]:
    for name, content in properties.items():
        for one in content if isinstance(content, list) else [content]:
            params = {param: [value] for param, value in one.items() if param != "value"}
            yield line(name, escaped(str(one.get("value", ""))), params)


def _alarm(alarm: JSON) -> Iterator[str]:
    trigger = alarm["trigger"]
    yield line("BEGIN", "VALARM")
    if "dateTime" in trigger:
        yield line("TRIGGER", trigger["dateTime"], {"VALUE": ["DATE-TIME"]})
    else:
        related = {"RELATED": [trigger["related"]]} if trigger.get("related") else {}
        yield line("TRIGGER", trigger["duration"], related)
    for name in ("UID", "ACTION", "DESCRIPTION", "SUMMARY"):
        yield from _text(name, alarm.get(name.lower()))
    yield from _stamp("ACKNOWLEDGED", alarm.get("acknowledged"))
    for attendee in alarm.get("attendees", ()):
        yield line("ATTENDEE", attendee["uri"])
    yield from _extended(alarm.get("extendedProperties", {}))
    yield line("END", "VALARM")

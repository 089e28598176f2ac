"""OX events of one resource as iCalendar text. No parser, no model: this is the path of every read."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from mappings.calendar.alarms import alarm_lines
from mappings.calendar.attachments import attachment_lines
from mappings.calendar.extended import extended_lines
from mappings.calendar.identity import is_instance, split_events
from mappings.calendar.moments import from_ox, from_recurrence_id, like, to_ox, write_moment
from mappings.calendar.people import people_lines
from mappings.calendar.rrule import PLACEHOLDER
from mappings.calendar.timezones import resolve
from mappings.calendar.user import CalendarUser
from mappings.calendar.vtimezone import vtimezone
from mappings.contentline import Property, escape_text, fold, property_line, quote_parameter, without_forbidden

Event = Mapping[str, Any]

PRODID = "-//OX DAV gateway//iCalendar//EN"
_HEAD = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODID}\r\nCALSCALE:GREGORIAN\r\n"
_TEXTS = (
    ("SUMMARY", "summary"),
    ("LOCATION", "location"),
    ("DESCRIPTION", "description"),
    ("CLASS", "class"),
    ("STATUS", "status"),
    ("COLOR", "color"),
)
_STAMPS = re.compile(r"(?m)^(?:DTSTAMP|CREATED|LAST-MODIFIED|SEQUENCE):.*\r\n")


def render(events: Sequence[Event], user: CalendarUser) -> str:
    """All OX events of one resource (a single event; master and instances in any order; detached instances) as
    one VCALENDAR, folded, with CRLF. The same events give the same octets.

    Times stay in their zones, with a VTIMEZONE each. A personal event has neither ORGANIZER nor ATTENDEE, though OX
    gives it both. EXDATE are the deleted occurrences only. Files that OX keeps have a URI of
    their own (``attachments``).
    """
    master, instances = split_events(events)
    writer = _Writer(user, None if master is None else master["startDate"])
    for event in [*([master] if master is not None else []), *instances]:
        writer.event(event)
    return _HEAD + writer.timezones() + "".join(writer.parts) + "END:VCALENDAR\r\n"


def digest(events: Sequence[Event], user: CalendarUser) -> str:
    """A short hash of all that render() shows but the stamps (DTSTAMP, CREATED, LAST-MODIFIED, SEQUENCE): OX raises
    those for everybody with every answer of one attendee."""
    return hashlib.blake2b(_STAMPS.sub("", render(events, user)).encode(), digest_size=12).hexdigest()


class _Writer:
    """Collects the text of the events and the zones and years they use."""

    def __init__(self, user: CalendarUser, series_start: Mapping[str, Any] | None) -> None:
        self.user = user
        self.series_start = series_start
        self.parts: list[str] = []
        self.zones: dict[str, tuple[int, int | None]] = {}

    def timezones(self) -> str:
        return "".join(vtimezone(name, *years) for name, years in sorted(self.zones.items()))

    def event(self, event: Event) -> None:
        lines = ["BEGIN:VEVENT", f"UID:{escape_text(str(event.get('uid') or event.get('id') or ''))}"]
        lines += _stamp_lines(event)
        recurring = bool(event.get("rrule")) and not is_instance(event)
        lines.append(self._time("DTSTART", event["startDate"], recurring))
        if event.get("endDate"):
            lines.append(self._time("DTEND", event["endDate"], recurring))
        lines += self._recurrence(event)
        lines += [f"{name}:{escape_text(event[field])}" for name, field in _TEXTS if event.get(field)]
        transparent = event.get("transp") == "TRANSPARENT" or "transparent" in (event.get("flags") or ())
        lines.append("TRANSP:TRANSPARENT" if transparent else "TRANSP:OPAQUE")
        lines += _detail_lines(event)
        lines += people_lines(event, self.user)
        lines += extended_lines(event.get("extendedProperties"))
        lines += alarm_lines(event.get("alarms"))
        lines.append("END:VEVENT\r\n")
        self.parts.append("\r\n".join(map(fold, lines)))

    def _time(self, name: str, value: Mapping[str, Any], open_end: bool = False) -> str:
        """A date or time property from an OX DateTime object."""
        text, tzid = value["value"], value.get("tzid")
        if len(text) == 8:
            return f"{name};VALUE=DATE:{text}"
        if not tzid or text.endswith("Z"):
            return f"{name}:{text}"
        if resolve(tzid) == "UTC":
            return f"{name}:{text}Z"
        self._use(tzid, int(text[:4]), open_end)
        return f"{name};TZID={quote_parameter(tzid)}:{text}"

    def _use(self, tzid: str, year: int, open_end: bool) -> None:
        first, last = self.zones.get(tzid, (year, year))
        self.zones[tzid] = min(first, year), None if open_end or last is None else max(last, year)

    def _recurrence(self, event: Event) -> Iterator[str]:
        if is_instance(event):
            yield self._occurrence("RECURRENCE-ID", event["recurrenceId"], self.series_start or event["startDate"])
            return
        additional = event.get("recurrenceDates") or ()
        if event.get("rrule") and not (event["rrule"] == PLACEHOLDER and additional):
            yield f"RRULE:{without_forbidden(event['rrule'])}"
        for name, dates in (("RDATE", additional), ("EXDATE", event.get("deleteExceptionDates") or ())):
            for date in sorted(dates):
                yield self._occurrence(name, date, event["startDate"])

    def _occurrence(self, name: str, recurrence_id: str, start: Mapping[str, Any]) -> str:
        """A date of the series in the zone of its start, which is how clients compare them."""
        tzid = start.get("tzid")
        if tzid and recurrence_id.startswith(f"{tzid}:"):
            return self._time(name, {"value": recurrence_id[len(tzid) + 1 :], "tzid": tzid})
        moment = from_recurrence_id(recurrence_id)
        return self._time(name, to_ox(like(moment, from_ox(start))))


def _stamp_lines(event: Event) -> Iterator[str]:
    modified = event.get("lastModified") or event.get("timestamp") or event.get("dtstamp") or 0
    yield f"DTSTAMP:{_stamp(event.get('dtstamp') or modified)}"
    if event.get("created") is not None:
        yield f"CREATED:{_stamp(event['created'])}"
    if modified:
        yield f"LAST-MODIFIED:{_stamp(modified)}"
    if event.get("sequence") is not None:
        yield f"SEQUENCE:{int(event['sequence'])}"


def _stamp(milliseconds: int) -> str:
    return write_moment(datetime.fromtimestamp(milliseconds // 1000, UTC))


def _detail_lines(event: Event) -> Iterator[str]:
    categories = [escape_text(category) for category in event.get("categories") or () if category]
    if categories:
        yield "CATEGORIES:" + ",".join(categories)
    if event.get("url"):
        yield f"URL:{_uri(event['url'])}"
    geo = event.get("geo")
    if geo:
        yield f"GEO:{_number(geo['lat'])};{_number(geo['long'])}"
    yield from _conference_lines(event.get("conferences") or ())
    yield from attachment_lines(event)


def _conference_lines(conferences: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for conference in conferences:
        params: list[tuple[str, tuple[str, ...]]] = [("VALUE", ("URI",))]
        if conference.get("features"):
            params.append(("FEATURE", tuple(conference["features"])))
        if conference.get("label"):
            params.append(("LABEL", (conference["label"],)))
        params += [
            (name, (str(value),)) for name, value in sorted((conference.get("extendedParameters") or {}).items())
        ]
        yield property_line(Property("CONFERENCE", tuple(params), _uri(conference.get("uri") or "")))


def _uri(value: Any) -> str:
    return without_forbidden(str(value)).replace("\r", "").replace("\n", "")


def _number(value: float) -> str:
    text = repr(value)
    return f"{value:.10f}" if "e" in text else text

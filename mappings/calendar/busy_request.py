"""Requests for free-busy times and the answers to them (RFC 5546 3.3)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from mappings.calendar.busy import Busy, free_busy
from mappings.calendar.moments import add_duration, instant, parse_duration
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, decode, parse_tree
from mappings.errors import InvalidCalendarData, InvalidData, InvalidSchedulingMessage

_REPEATED = frozenset(["CN", "CUTYPE"])


@dataclass(frozen=True, slots=True)
class FreeBusyRequest:
    """When are ``attendees`` busy in ``[start, end)`` (UTC)? ``masked``: UID of an event that does not count, because
    it is the one to be moved (Apple's X-CALENDARSERVER-MASK-UID)."""

    uid: Property
    organizer: Property
    attendees: tuple[Property, ...]
    start: datetime
    end: datetime
    masked: str | None


def read_request(data: bytes) -> FreeBusyRequest:
    """Read a VFREEBUSY with METHOD:REQUEST. An attendee named twice counts once. Raises InvalidCalendarData,
    InvalidSchedulingMessage."""
    try:
        calendar = parse_tree(decode(data))
    except InvalidData as error:
        raise InvalidCalendarData(error.reason) from error
    if calendar.name != "VCALENDAR":
        raise InvalidCalendarData("not a VCALENDAR")
    if (calendar.text("METHOD") or "").strip().upper() != "REQUEST":
        raise InvalidSchedulingMessage("METHOD is not REQUEST")
    components = [component for component in calendar.components if component.name != "VTIMEZONE"]
    if [component.name for component in components] != ["VFREEBUSY"]:
        raise InvalidSchedulingMessage("not one VFREEBUSY")
    (component,) = components
    attendees = {prop.value.strip().lower(): prop for prop in reversed(component.all("ATTENDEE"))}
    if not attendees:
        raise InvalidSchedulingMessage("ATTENDEE is missing")
    start, end = _span(component, Zones(calendar))
    return FreeBusyRequest(
        _only(component, "UID"),
        _only(component, "ORGANIZER"),
        tuple(reversed(attendees.values())),
        start,
        end,
        component.text("X-CALENDARSERVER-MASK-UID"),
    )


def reply(request: FreeBusyRequest, attendee: Property, times: Iterable[Busy], now: datetime) -> str:
    """The answer of one attendee as a VCALENDAR with METHOD:REPLY."""
    kept = tuple((name, values) for name, values in attendee.params if name in _REPEATED)
    repeated = [request.uid, request.organizer, Property("ATTENDEE", kept, attendee.value)]
    return free_busy(times, request.start, request.end, now, repeated)


def _only(component: Component, name: str) -> Property:
    found = component.all(name)
    if len(found) != 1 or not found[0].value.strip():
        raise InvalidSchedulingMessage(f"not one {name}")
    return found[0]


def _span(component: Component, zones: Zones) -> tuple[datetime, datetime]:
    first = zones.moment(_only(component, "DTSTART"))
    duration = component.first("DURATION")
    if component.first("DTEND") is None and duration is not None:
        last = add_duration(first, parse_duration(duration.value))
    else:
        last = zones.moment(_only(component, "DTEND"))
    start, end = (instant(moment, UTC).astimezone(UTC) for moment in (first, last))
    if end <= start:
        raise InvalidSchedulingMessage("DTEND is not after DTSTART")
    return start, end

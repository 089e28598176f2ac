"""What the dates and times of a component mean: start, end, recurrence dates."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from gateway.roundtrip.findings import Meaning
from gateway.roundtrip.times import Moment, TimeZones, key, offsets, parse_duration
from mappings.contentline import Component, Property, property_line

Params = tuple[tuple[str, Hashable], ...]

OTHER_TYPE = "another type of time than DTSTART"
UNKNOWN_ZONE = "a time zone that nobody knows"


@dataclass(frozen=True, slots=True)
class Frame:
    """What the times of one component depend on: its zones, its start, how long it is."""

    zones: TimeZones
    start: Moment | None
    seconds: int | None = None


def frame(component: Component, zones: TimeZones) -> Frame:
    here = Frame(zones, start_of(component, zones))
    return Frame(zones, here.start, seconds(component, here))


def seconds(component: Component, here: Frame) -> int | None:
    """How long an event takes; None where that cannot be told."""
    prop = component.first("DTEND") or component.first("DURATION")
    if here.start is None:
        return None
    try:
        moment = _default_end(here.start) if prop is None else _end_of(prop, here)
    except (ValueError, OverflowError):
        return None
    (kind, last), (start_kind, first) = key(moment), key(here.start)
    return (last - first) * (86_400 if kind == "day" else 1) if kind == start_kind else None


def _end_of(prop: Property, here: Frame) -> Moment:
    return here.zones.moment(prop) if prop.name == "DTEND" else _after(here.start, prop.value)


def start_of(component: Component, zones: TimeZones) -> Moment | None:
    """DTSTART; None where there is none that can be read."""
    start = component.first("DTSTART")
    try:
        return zones.moment(start) if start else None
    except ValueError:
        return None


def time(name: str, prop: Property, here: Frame, params: Params, fault: str = "") -> Meaning:
    """A property with one date or time; raises ValueError."""
    moment = here.zones.moment(prop)
    if prop.param("TZID") and key(moment)[0] == "local":
        fault = fault or UNKNOWN_ZONE
    if name == "RECURRENCE-ID" and here.start is not None and key(moment)[0] != key(here.start)[0]:
        fault = fault or OTHER_TYPE
    if name in ("DTSTART", "DTEND", "DUE"):
        params = (*params, *_zone_of(moment))
    return Meaning(name, key(moment), params, property_line(prop), fault, data=moment)


def _zone_of(moment: Moment) -> Params:
    shown = offsets(moment)
    return (("TZID", shown),) if shown else ()


def dates(prop: Property, here: Frame, params: Params, fault: str = "") -> Iterator[Meaning]:
    """The values of EXDATE or RDATE; raises ValueError."""
    line = property_line(prop)
    for text in prop.value.split(","):
        if not text.strip():
            continue
        begin, _, end = text.partition("/")
        moment = here.zones.moment(prop, begin)
        length = _length(moment, end, prop, here) if end else here.seconds
        period: Params = (("PERIOD", length),) if length != here.seconds else ()
        other = here.start is not None and key(moment)[0] != key(here.start)[0]
        fault = fault or (OTHER_TYPE if other else "")
        spare = "it is DTSTART" if here.start and key(moment) == key(here.start) and prop.name == "RDATE" else ""
        yield Meaning(prop.name, key(moment), (*params, *period), line, fault, spare, moment)


def _length(begin: Moment, end: str, prop: Property, here: Frame) -> int:
    if end.strip().upper().startswith(("P", "+", "-")):
        return int(parse_duration(end).total_seconds())
    return key(here.zones.moment(prop, end))[1] - key(begin)[1]


def end(component: Component, here: Frame) -> Iterator[Meaning]:
    """The end of an event, however it is given; nothing for the end that holds without one (RFC 5545 3.6.1)."""
    prop = component.first("DTEND") or component.first("DURATION")
    if prop is None:
        return
    line = property_line(prop)
    try:
        moment = _end_of(prop, here)
    except (ValueError, OverflowError) as error:
        yield Meaning("DTEND", ("raw", prop.value), (), line, str(error))
        return
    kind, instant = key(moment)
    if here.start is not None and (kind, instant) == key(_default_end(here.start)):
        return
    fault = _fault_of_end(prop, kind, instant, here)
    yield Meaning("DTEND", (kind, instant), _zone_of(moment), line, fault, data=moment)


def _fault_of_end(prop: Property, kind: str, instant: int, here: Frame) -> str:
    if here.start is None:
        return "DTSTART is missing"
    if prop.param("TZID") and kind == "local":
        return UNKNOWN_ZONE
    start_kind, start = key(here.start)
    if kind != start_kind:
        return OTHER_TYPE
    if kind == "day" and instant == start:
        return "ends on the day it starts"
    return "ends before it starts" if instant < start else ""


def _default_end(start: Moment) -> Moment:
    return start if isinstance(start, datetime) or start == date.max else start + timedelta(days=1)


def _after(start: Moment | None, text: str) -> Moment:
    """Days are nominal, hours exact (RFC 5545 3.3.6)."""
    if start is None:
        raise ValueError("DTSTART is missing")
    length = parse_duration(text)
    if not isinstance(start, datetime):
        if length % timedelta(days=1):
            raise ValueError("a day cannot last so long")
        return start + length
    exact = length if "D" not in text.upper() and "W" not in text.upper() else length % timedelta(days=1)
    nominal = start + (length - exact)
    if start.tzinfo is None:
        return nominal + exact
    return (nominal.astimezone(UTC) + exact).astimezone(start.tzinfo)

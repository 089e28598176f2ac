"""Busy time of calendar objects as a VFREEBUSY (RFC 4791 7.10, RFC 5545 3.6.4)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from mappings.calendar.instances import expand
from mappings.calendar.moments import instant
from mappings.calendar.zones import Zones
from mappings.contentline import Component, Property, write_tree

_KINDS = {"TENTATIVE": "BUSY-TENTATIVE"}


@dataclass(frozen=True, slots=True, order=True)
class Busy:
    """A time of one kind (FBTYPE), in UTC, the end excluded."""

    kind: str
    start: datetime
    end: datetime


def busy_times(calendar: Component, start: datetime, end: datetime, floating: tzinfo) -> Iterator[Busy]:
    """When the events of one calendar object take up time within the range. Transparent and cancelled ones, and those
    without length, do not. Raises InvalidData, TooCostly."""
    expanded = expand(calendar, start, end, floating)
    zones = Zones(expanded, floating)
    for component in expanded.components:
        if component.name != "VEVENT" or (component.text("TRANSP") or "").upper() == "TRANSPARENT":
            continue
        status = (component.text("STATUS") or "").upper()
        first, last = (instant(moment, floating).astimezone(UTC) for moment in zones.span(component))
        first, last = max(first, start), min(last, end)
        if status != "CANCELLED" and first < last:
            yield Busy(_KINDS.get(status, "BUSY"), first, last)


def merged(times: Iterable[Busy]) -> list[Busy]:
    """Times of one kind that overlap or meet, as one; ordered by kind and start."""
    found: list[Busy] = []
    for time in sorted(times):
        last = found[-1] if found else None
        if last is not None and last.kind == time.kind and time.start <= last.end:
            found[-1] = Busy(last.kind, last.start, max(last.end, time.end))
        else:
            found.append(time)
    return found


def free_busy(
    times: Iterable[Busy], start: datetime, end: datetime, now: datetime, reply: Sequence[Property] = ()
) -> str:
    """A VCALENDAR with one VFREEBUSY about ``[start, end)``. ``reply``: what the answer to a request repeats of it
    (RFC 5546 3.3.3), which makes it a METHOD:REPLY."""
    properties = [
        *reply,
        Property("DTSTAMP", (), _utc(now)),
        Property("DTSTART", (), _utc(start)),
        Property("DTEND", (), _utc(end)),
    ]
    for time in merged(times):
        period = f"{_utc(time.start)}/{_utc(time.end)}"
        properties.append(Property("FREEBUSY", (("FBTYPE", (time.kind,)),), period))
    head = [Property("VERSION", (), "2.0"), Property("PRODID", (), "-//OX DAV gateway//iCalendar//EN")]
    if reply:
        head.append(Property("METHOD", (), "REPLY"))
    return write_tree(Component("VCALENDAR", head, [Component("VFREEBUSY", properties, [])]))


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")

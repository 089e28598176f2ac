"""VALARM and the one alarm of an OX task, an instant."""

from collections.abc import Iterator
from datetime import datetime

from mappings.calendar.alarms import FILLER
from mappings.calendar.moments import Moment, instant, later, parse_duration
from mappings.calendar.zones import Zones
from mappings.contentline import Component
from mappings.legacy.values import moment_ms
from mappings.tasks.instants import utc

# Apple's time for alarms that go off at places, or never.
_APPLE_NEVER = "19760401T005545Z"


def alarm_lines(alarm: int) -> Iterator[str]:
    """The unfolded lines of the VALARM of an alarm of OX, in epoch milliseconds."""
    at = utc(alarm)
    if at is not None:
        yield from ("BEGIN:VALARM", "ACTION:DISPLAY", f"TRIGGER;VALUE=DATE-TIME:{at}")
        yield from (f"DESCRIPTION:{FILLER}", "END:VALARM")


def to_alarm(component: Component, start: Moment | None, due: Moment | None, zones: Zones) -> int | None:
    """When OX is to remind of an occurrence with these times, in epoch milliseconds: the first alarm that is shown,
    else the first that is heard. Not those at a place, without anything to count from, or acknowledged. Raises
    InvalidCalendarData."""
    alarms = [inner for inner in component.components if inner.name == "VALARM"]
    for action in ("DISPLAY", "AUDIO"):
        for alarm in alarms:
            if (alarm.text("ACTION") or "DISPLAY").strip().upper() != action:
                continue
            at = _goes_off(alarm, start, due, zones)
            if at is not None and not _is_acknowledged(alarm, at, zones):
                return moment_ms(at) // 1000 * 1000
    return None


def _goes_off(alarm: Component, start: Moment | None, due: Moment | None, zones: Zones) -> datetime | None:
    trigger = alarm.first("TRIGGER")
    if trigger is None or not trigger.value.strip() or trigger.value.strip().upper() == _APPLE_NEVER:
        return None
    if alarm.first("X-APPLE-PROXIMITY"):
        return None
    if not trigger.value.strip().upper().lstrip("+-").startswith("P"):
        return instant(zones.moment(trigger), zones.fallback)
    base = due if start is None or (trigger.param("RELATED") or "").upper() == "END" else start
    return None if base is None else later(instant(base, zones.fallback), parse_duration(trigger.value))


def _is_acknowledged(alarm: Component, at: datetime, zones: Zones) -> bool:
    acknowledged = alarm.first("ACKNOWLEDGED")
    return acknowledged is not None and instant(zones.moment(acknowledged), zones.fallback) >= at

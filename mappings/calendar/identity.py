"""What belongs together: the events of one resource, and occurrences under all their spellings."""

from collections.abc import Iterable, Mapping
from typing import Any

from mappings.calendar.moments import from_ox, from_recurrence_id, in_zone, moment_key, zone_name

Event = Mapping[str, Any]


def resource_key(event: Event) -> str:
    """The id all events of one calendar object resource share: the series id, or the own id of a single event."""
    return str(event.get("seriesId") or event["id"])


def is_instance(event: Event) -> bool:
    """Whether the event is one instance of a series and not a master or a single event.

    Decided by ids alone; instances may carry a copy of the master's rule.
    """
    return "recurrenceId" in event and event.get("id") != event.get("seriesId")


def recurrence_instant(recurrence_id: str, start: Mapping[str, Any] | None = None) -> tuple[str, float]:
    """A value that is equal for equal occurrences: OX spells one id as UTC, with zone prefix or as local time.

    A local spelling counts in the zone of `start` (an OX DateTime of the series), when that has one.
    """
    moment = from_recurrence_id(recurrence_id)
    if start is not None:
        moment = in_zone(moment, zone_name(from_ox(start)))
    return moment_key(moment)


def split_events(events: Iterable[Event]) -> tuple[Event | None, list[Event]]:
    """The master (or single event) and the instances, these ordered by their recurrence id."""
    master, instances = None, []
    for event in events:
        if is_instance(event):
            instances.append(event)
        else:
            master = event
    instances.sort(key=lambda event: recurrence_instant(event["recurrenceId"]))
    return master, instances

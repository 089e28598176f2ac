"""Finding the event that a request names, as its user may see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from middleware.chronos import errors
from middleware.chronos.access import Calendar, classified_for, is_private
from middleware.chronos.dates import parse_recurrence_id
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.exception_dates import contains
from middleware.chronos.listing import exceptions, series_place
from middleware.chronos.recurrence import Recurrence, instant_of
from middleware.chronos.view import View
from middleware.errors import unexpected

_NUMBER = re.compile(r"[0-9]{1,10}")


def event_number(text: str) -> int:
    """The number of an event id; SVL-0011 as the server answers to anything else."""
    if not _NUMBER.fullmatch(text) or int(text) >= 2**31:
        raise unexpected(f'For input string: "{text}"')
    return int(text)


def find_in(store: Events, calendar: Calendar, text: str) -> Event:
    """The event of that id in a folder; CAL-4040 unknown, CAL-4041 not in this folder. No right is checked."""
    event = store.find(event_number(text))
    if event is None:
        raise errors.event_not_found(text)
    if not store.is_in(event.id, calendar.id):
        raise errors.event_not_in_folder(calendar.text, text)
    return event


def find_readable(store: Events, calendar: Calendar, text: str) -> Event:
    """The same for reading: CAL-4030 when the user may not read it or it is private."""
    event = find_in(store, calendar, text)
    require_readable(calendar, event)
    return event


def require_readable(calendar: Calendar, event: Event) -> None:
    """CAL-4030 unless the user may know of the event."""
    if not calendar.can_read(event) or (is_private(event) and classified_for(event, calendar.user)):
        raise errors.no_read_permission(calendar.text)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A regular occurrence of a master."""

    master: Event
    local: datetime
    recurrence: Recurrence

    @property
    def recurrence_id(self) -> str:
        """Its id in the spelling of the server."""
        return self.recurrence.start.at(self.local).recurrence_id()

    def dates(self) -> JSON:
        """The fields in which it differs from its master."""
        found = self.recurrence.occurrence(self.local)
        return {
            "recurrenceId": self.recurrence_id,
            "startDate": found.start.to_json(),
            "endDate": found.end.to_json(),
        }

    def shown(self, view: View) -> JSON:
        """Its JSON; `view` must have been prepared for the master."""
        place = series_place(self.recurrence, self.local) if view.shows("flags") else ()
        return view.occurrence(self.master, self.dates(), place)


def instance_at(store: Events, series: int, recurrence_id: str) -> Event | None:
    """The overridden instance of a series at the instant of a recurrence id."""
    if parse_recurrence_id(recurrence_id) is None:
        return None
    instant = instant_of(recurrence_id)
    for instance in store.instances(series):
        if instant_of(instance.data["recurrenceId"]) == instant and _same_kind(instance, recurrence_id):
            return instance
    return None


def _same_kind(instance: Event, recurrence_id: str) -> bool:
    stored, sent = parse_recurrence_id(instance.data["recurrenceId"]), parse_recurrence_id(recurrence_id)
    return stored is not None and sent is not None and stored.same_kind(sent)


def regular_occurrence(master: Event, recurrence_id: str) -> Occurrence | None:
    """The occurrence of the rule of a master at a recurrence id, excluded or not; None when there is none."""
    value = parse_recurrence_id(recurrence_id)
    if value is None or not master.is_master or "rrule" not in master.data:
        return None
    recurrence = Recurrence.of(master.data, exceptions(master))
    local = recurrence.local_of(value)
    if local is None or not recurrence.contains(local):
        return None
    return Occurrence(master, local, recurrence)


def resolve(store: Events, calendar: Calendar, text: str, recurrence_id: str | None) -> Event | Occurrence:
    """The event or occurrence that a read names by folder, id and recurrence id.

    An instance is found through its own id and through that of its master, even when the user has no master.
    """
    if not recurrence_id:
        return find_readable(store, calendar, text)
    event = store.find(event_number(text))
    if event is None:
        raise errors.event_not_found(text)
    if event.is_instance and not contains([event.data["recurrenceId"]], recurrence_id):
        raise errors.occurrence_not_found(text, recurrence_id)
    instance = event if event.is_instance else instance_at(store, event.id, recurrence_id)
    if instance is not None and store.is_in(instance.id, calendar.id):
        require_readable(calendar, instance)
        return instance
    event = find_readable(store, calendar, text)
    occurrence = regular_occurrence(event, recurrence_id)
    if occurrence is None or occurrence.local in occurrence.recurrence.excluded:
        raise errors.occurrence_not_found(text, recurrence_id)
    return occurrence

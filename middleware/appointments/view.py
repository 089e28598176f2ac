"""Events as appointments: the JSON objects of the module `calendar`."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Collection, Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from middleware.appointments.patterns import pattern_of
from middleware.appointments.people import organizer_of, people_of
from middleware.appointments.positions import date_position_of, position_of
from middleware.appointments.times import shown as shown_time
from middleware.appointments.times import to_time
from middleware.chronos.access import Calendar, classified_for
from middleware.chronos.alarm_data import duration
from middleware.chronos.dates import stored
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.finding import Occurrence
from middleware.chronos.listing import MAX_LISTED, exceptions
from middleware.chronos.parameters import Range
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.view import View

if TYPE_CHECKING:
    from middleware.context import Context

RESERVED, FREE = 1, 4
COLORS: Final = (
    *("", "#CFE6FF", "#9BC8F7", "#B89AE9", "#F7C7E0", "#FFE2E2", "#FDE2B9", "#FFEEB0", "#E6EFBD", "#C5D481", "#6B6B6B"),
)
_TEXTS: Final = {"summary": "title", "description": "note", "location": "location", "uid": "uid"}
_ALWAYS: Final = frozenset({"startDate", "endDate"})


class Appointments:
    """Makes the appointments of a calendar. `zone` is that of the request; `fields` (of chronos) None for all."""

    def __init__(
        self,
        ox: Context,
        connection: Connection,
        calendar: Calendar,
        zone: ZoneInfo,
        fields: Collection[str] | None = None,
    ) -> None:
        self._store = Events(connection)
        self._calendar = calendar
        self._zone = zone
        self._fields = None if fields is None else frozenset(fields) | _ALWAYS
        self._view = View(ox, connection, calendar, self._fields)
        self._masters: dict[int, Event] = {}

    def prepare(self, found: Collection[Event]) -> None:
        """Read what these events need beside themselves: a few statements for all."""
        self._view.prepare(found)
        if self._shows("recurrenceId"):
            series = {event.series for event in found if event.is_instance and event.series is not None}
            self._masters = self._store.find_all(series)

    def all(self, found: Collection[Event]) -> list[JSON]:
        """Events in their order, every series once."""
        self.prepare(found)
        return [self.event(event) for event in found]

    def expanded(self, found: Collection[Event], span: Range, most: int = MAX_LISTED) -> Iterator[JSON]:
        """Events in their order, every series as its occurrences in the range, but not more than `most` of one."""
        self.prepare(found)
        for event in found:
            if event.is_master and "rrule" in event.data:
                yield from itertools.islice(self._occurrences(event, span), most)
            else:
                yield self.event(event)

    def event(self, event: Event) -> JSON:
        """One event; `prepare` must have been told of it."""
        shown = self._view.event(event)
        appointment = self._appointment(event, shown)
        if event.is_instance and self._shows("recurrenceId"):
            master = self._masters.get(event.series or 0)
            position = position_of(master, event.data["recurrenceId"]) if master is not None else None
            appointment.update(_place(event.data["recurrenceId"], position))
        return appointment

    def occurrence(self, found: Occurrence) -> JSON:
        """One regular occurrence."""
        shown = found.shown(self._view)
        position = position_of(found.master, found.recurrence_id)
        return {**self._appointment(found.master, shown), **_place(found.recurrence_id, position)}

    def _occurrences(self, master: Event, span: Range) -> Iterator[JSON]:
        recurrence = Recurrence.of(master.data)
        excluded = Recurrence.of(master.data, exceptions(master)).excluded
        position = None
        for occurrence in recurrence.occurrences(span.begin, span.end, span.zone):
            local = occurrence.start.local
            position = recurrence.count_before(local) + 1 if position is None else position + 1
            if local in excluded:
                continue
            found = Occurrence(master, local, recurrence)
            shown = found.shown(self._view)
            yield {**self._appointment(master, shown), **_place(found.recurrence_id, position)}

    def _shows(self, field: str) -> bool:
        return self._fields is None or field in self._fields

    def _appointment(self, event: Event, shown: JSON) -> JSON:
        appointment = appointment_of(shown, self._zone)
        if shown.get("transp") == "OPAQUE" and "shownAs" in event.data:
            appointment["shown_as"] = event.data["shownAs"]
        if self._shows("attachments") and not classified_for(event, self._calendar.user):
            appointment.setdefault("number_of_attachments", 0)
        if event.is_master and "rrule" in event.data and self._shows("rrule"):
            appointment.update(pattern_of(event.data["rrule"], event.start))
        return appointment


def _place(recurrence_id: str, position: int | None) -> JSON:
    place: JSON = {} if position is None else {"recurrence_position": position}
    return {**place, "recurrence_date_position": date_position_of(recurrence_id)}


def appointment_of(shown: JSON, zone: ZoneInfo) -> JSON:
    """An event of chronos as an appointment, without what needs the series; members that it lacks are left out."""
    appointment: JSON = {}
    if "timestamp" in shown:
        stamp = shown["timestamp"]
        appointment.update(last_modified_utc=stamp, last_modified=to_time(stamp, zone))
    if "created" in shown:
        appointment["creation_date"] = to_time(shown["created"], zone)
    for name, member in (("modifiedBy", "modified_by"), ("createdBy", "created_by")):
        if shown.get(name):
            appointment[member] = shown[name].get("entity", 0)
    if "id" in shown:
        appointment["id"] = int(shown["id"])
    if shown.get("folder"):
        appointment["folder_id"] = int(shown["folder"].rpartition("/")[2])
    appointment["color_label"] = _label(shown.get("color"))
    if "class" in shown:
        appointment["private_flag"] = shown["class"] != "PUBLIC"
    if shown.get("categories"):
        appointment["categories"] = ",".join(shown["categories"])
    if "sequence" in shown:
        appointment["sequence"] = shown["sequence"]
    appointment.update({member: shown[name] for name, member in _TEXTS.items() if name in shown})
    if "transp" in shown:
        appointment["shown_as"] = FREE if shown["transp"] == "TRANSPARENT" else RESERVED
    if shown.get("organizer"):
        appointment.update(organizer_of(shown["organizer"]))
    if "seriesId" in shown:
        appointment["recurrence_id"] = int(shown["seriesId"])
    return {
        **appointment,
        **_dates(shown, zone),
        **_attached(shown),
        **_alarm(shown),
        "recurrence_type": 0,
        "confirmations": [],
        **(people_of(shown["attendees"]) if shown.get("attendees") else {}),
    }


def _label(color: str | None) -> int:
    return COLORS.index(color) if color in COLORS else 0


def _dates(shown: JSON, zone: ZoneInfo) -> JSON:
    start, end = stored(shown["startDate"]), stored(shown["endDate"])
    dates: JSON = {
        "full_time": start.all_day,
        "start_date": shown_time(start, zone),
        "end_date": shown_time(end, zone),
    }
    if start.zone is not None:
        dates["timezone"] = start.zone
    for name, member in (("changeExceptionDates", "change_exceptions"), ("deleteExceptionDates", "delete_exceptions")):
        if shown.get(name) and "recurrenceId" not in shown:
            dates[member] = [date_position_of(one) for one in shown[name]]
    return dates


def _attached(shown: JSON) -> JSON:
    attachments = shown.get("attachments")
    if not attachments:
        return {}
    newest = max(one.get("created", 0) for one in attachments)
    return {"number_of_attachments": len(attachments), "lastModifiedOfNewestAttachmentUTC": newest}


def _alarm(shown: JSON) -> JSON:
    """The first reminder before the start, in minutes."""
    for alarm in shown.get("alarms", ()):
        trigger = alarm["trigger"]
        if alarm["action"] == "DISPLAY" and trigger.get("related") in (None, "START") and "duration" in trigger:
            minutes = _minutes_before(trigger["duration"])
            if minutes is not None:
                return {"alarm": minutes}
    return {}


@functools.lru_cache(maxsize=256)
def _minutes_before(text: str) -> int | None:
    """The minutes of a duration that is not positive; None for another one."""
    length = duration(text)
    return int(-length.total_seconds()) // 60 if length is not None and length <= timedelta() else None


def newest(found: Iterable[Event]) -> int:
    """The greatest stamp, 0 of nothing."""
    return max((event.stamp for event in found), default=0)

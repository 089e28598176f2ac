"""`import?action=ICAL`: the events of an iCalendar file into a calendar."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from middleware.appointments.patterns import pattern_of
from middleware.call import Call
from middleware.chronos.access import Calendar, open_calendar
from middleware.chronos.body import parse_event
from middleware.chronos.change import change
from middleware.chronos.creation import create
from middleware.chronos.dates import stored
from middleware.chronos.event import JSON, Event
from middleware.chronos.exception_dates import without
from middleware.chronos.people import user_json
from middleware.chronos.series import override, require_occurrence
from middleware.chronos.writer import Writer
from middleware.envelope import Result, error_members
from middleware.errors import OXError
from middleware.generation import Generation
from middleware.ical.reading import ABSENT_MEANS_NONE, ReadEvent, read_calendar
from middleware.transfer.requests import composite_calendar, uploaded_text

if TYPE_CHECKING:
    from middleware.context import Context

# An imported meeting is the importing user's own event.
_NOT_IMPORTED: Final = frozenset({"organizer", "attendees", "dtstamp", "created", "lastModified"})


def import_events(call: Call, ox: Context) -> Result:
    """Every event of the file has its entry in the answer; what has the same uid is stored together or not at all.

    `ignoreUIDs` gives new uids, without it a uid that is in use is CAL-4090.
    """
    calendar = open_calendar(ox, call.user, composite_calendar(call.require("folder")))
    calendar.require_create()
    results: list[JSON] = []
    for events in read_calendar(uploaded_text(call), call.session.timezone).events.values():
        try:
            with ox.store.writing() as connection:
                results += _Import(call, ox, connection, calendar).store(events)
        except OXError as error:
            results.append(error_members(error))
    return Result(results)


class _Import:
    """Stores what belongs to one uid, each event by a write of its own."""

    def __init__(self, call: Call, ox: Context, connection: Connection, calendar: Calendar) -> None:
        # Parameters of an import mean nothing to the writing of events, but its zone does.
        zone = {name: value for name, value in call.params.items() if name == "timezone"}
        self._call = replace(call, params=zone)
        self._uid = str(uuid.uuid4()) if call.flag("ignoreUIDs") else None
        self._ox = ox
        self._connection = connection
        self._calendar = calendar
        self._mail = {name: value for name, value in (user_json(ox, call.user) or {}).items() if name != "entity"}

    def store(self, events: Sequence[ReadEvent]) -> list[JSON]:
        """The entries of the answer, in the order of the events."""
        instances = [one.body["recurrenceId"] for one in events if "recurrenceId" in one.body]
        results: list[JSON] = []
        master: Event | None = None
        for one in events:
            writer = self._writer(one)
            fields = self._fields(one, instances)
            if master is None or "recurrenceId" not in fields:
                stored = create(writer, fields)
                master = master or (stored if stored.is_master else None)
            else:
                stored = _store_instance(writer, master, fields)
            results.append(self._result(writer, stored))
        return results

    def _writer(self, event: ReadEvent) -> Writer:
        return Writer(replace(self._call, files=event.files), self._ox, self._connection, self._calendar)

    def _fields(self, event: ReadEvent, instances: Sequence[str]) -> JSON:
        body: dict[str, Any] = {name: value for name, value in event.body.items() if name not in _NOT_IMPORTED}
        if "deleteExceptionDates" in body:
            body["deleteExceptionDates"] = without(body["deleteExceptionDates"], instances)
        fields = parse_event(body, self._mail, mend=self._ox.settings.mend)
        if self._uid is not None:
            fields["uid"] = self._uid
        rule, start = fields.get("rrule"), fields.get("startDate")
        if rule and start and self._ox.settings.generation is Generation.SEVEN:
            # OX 7.8 stores what appointments can say; CAL-4223 for another rule.
            pattern_of(rule, stored(start))
        return fields

    def _result(self, writer: Writer, event: Event) -> JSON:
        warning = next(iter(writer.warnings), None)
        members = {} if warning is None else error_members(warning.as_warning())
        seven = self._ox.settings.generation is Generation.SEVEN
        folder = str(self._calendar.id) if seven else self._calendar.text
        return {**members, "id": event.text_id, "last_modified": event.stamp, "folder_id": folder}


def _store_instance(writer: Writer, master: Event, fields: JSON) -> Event:
    recurrence_id = fields.pop("recurrenceId")
    instance = override(writer, require_occurrence(master, recurrence_id))
    fields.pop("uid", None)
    fields.pop("sequence", None)
    change(writer, instance, {**dict.fromkeys(ABSENT_MEANS_NONE), **fields})
    writer.save(master)
    return instance

"""Events in OX 7.8 (module ``calendar``), translated at the border.

OX answers a write with an id and a stamp, so what it made of it is read back: two calls for each write. Of what has
this stamp or a later one, only what belongs to the resource counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gateway.account.directory import Directory, People
from gateway.account.event_storage import EventStorage
from gateway.ox import appointments
from gateway.ox.appointments import STAMP, Appointment, AppointmentId
from gateway.ox.call import FAR_FUTURE
from gateway.ox.chronos import Deletion, Event, EventId, Written
from gateway.ox.errors import ObjectNotFound, OutcomeUnknown, OXError, PermissionDenied
from gateway.ox.session import Session
from mappings.calendar.attendance import own_attendee
from mappings.calendar.desired import Series
from mappings.calendar.identity import recurrence_instant, resource_key
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Step
from mappings.calendar.user import CalendarUser
from mappings.legacy import plan as legacy
from mappings.legacy.appointment import to_appointment
from mappings.legacy.event import is_exception, to_event
from mappings.legacy.people import People as Known
from mappings.legacy.people import confirmation
from mappings.legacy.positions import occurrence


class AppointmentStorage(EventStorage):
    holds_filenames = False

    def __init__(self, session: Session, directory: Directory, folder: str, user: CalendarUser) -> None:
        super().__init__(session, folder, user)
        self._directory = directory

    def wanted(self, obj: CalendarObject) -> Series:
        return legacy.wanted(obj, self.user)

    def plan(self, current: Sequence[Event], obj: CalendarObject) -> Sequence[Step]:
        return legacy.plan(current, obj, self.user)

    # -- reading -------------------------------------------------------------------------------------------------

    async def events(self, ids: Sequence[str]) -> dict[str, Event]:
        """As the port has it; one call more when other people take part and were not asked for in some minutes."""
        rows = await self._rows(ids)
        known = await self._known(rows)
        masters = {row["id"]: row for row in rows}
        return {row["id"]: to_event(row, self.user, masters.get(row.get("recurrence_id")), known) for row in rows}

    async def _rows(self, ids: Sequence[str]) -> list[Appointment]:
        try:
            rows: Sequence[Any] = await self.session.run(appointments.by_id(self.folder, ids))
        except (ObjectNotFound, PermissionDenied):
            rows = await self.session.run_all([appointments.get(self.folder, each) for each in ids])
            for row in rows:
                if isinstance(row, OXError) and not isinstance(row, ObjectNotFound | PermissionDenied):
                    raise row from None
        return [row for row in rows if isinstance(row, dict) and row.get("folder_id") == self.folder]

    async def _known(self, rows: Iterable[Appointment]) -> Known:
        """Who takes part, where that are others than the user."""
        entities = {str(one.get("id")) for row in rows for one in _people(row)}
        if entities <= {str(self.user.user_id)}:
            return {}
        return _as_known(await self._directory.people())

    # -- writing -------------------------------------------------------------------------------------------------

    async def create(self, event: Mapping[str, Any]) -> Written:
        fields = to_appointment(event, self.user)
        written = await self.session.run(appointments.create(self.folder, fields))
        changed, deleted = await self._read_back(written.stamp, written.id)
        return Written(changed, (), deleted, written.stamp)

    async def update(
        self, current: Event, fields: Mapping[str, Any], recurrence_id: str | None = None, *, notify: bool = True
    ) -> Written:
        if fields.keys() == {legacy.DELETED}:
            return await self._exclude(current, fields[legacy.DELETED])
        changed = to_appointment(fields, self.user, current)
        if not notify:
            changed["notification"] = False
        call = appointments.update(self._id(current, recurrence_id), int(current["timestamp"]), changed)
        written = await self.session.run(call)
        return await self._written(written.stamp, written.id)

    async def attend(
        self,
        current: Event,
        attendee: Mapping[str, Any],
        recurrence_id: str | None = None,
        alarms: Sequence[Mapping[str, Any]] | None = None,
        *,
        notify: bool = True,
    ) -> Written:
        """``alarms`` are set on their own; the plan knows that. OX 7.8 always tells the organizer."""
        body = confirmation(attendee, own_attendee(current, self.user), self.user) or {}
        stamp = int(current["timestamp"])
        told = await self.session.run(appointments.confirm(self._id(current, recurrence_id), stamp, body))
        return await self._written(stamp + 1 if told is None else told, current["id"])

    async def set_alarms(
        self, current: Event, alarms: Sequence[Mapping[str, Any]], recurrence_id: str | None = None
    ) -> Written:
        return await self.update(current, {"alarms": list(alarms)}, recurrence_id)

    async def delete(self, events: Sequence[EventId], stamp: int) -> tuple[Deletion, ...]:
        """One call for all, so the first error is that of each. An occurrence is named by its number or day, which
        depend on the series: that is read first."""
        series = {each.id for each in events if each.recurrence_id is not None}
        masters = await self.events(sorted(series)) if series else {}
        try:
            entries = [self._entry(each, masters) for each in events]
            told = await self.session.run(appointments.delete(entries, stamp))
        except OXError as error:
            if isinstance(error, OutcomeUnknown):
                raise
            return tuple(Deletion(each, None, error) for each in events)
        if told is None or told >= FAR_FUTURE:
            gone = tuple({"id": each.id} for each in events if each.recurrence_id is None)
            written = Written((), tuple((await self.events(sorted(series))).values()) if series else (), gone, None)
        else:
            changed, deleted = await self._read_back(told, *(each.id for each in events))
            written = Written((), changed, deleted, told)
        return tuple(Deletion(each, written, None) for each in events)

    async def move(self, current: Event, target: str) -> None:
        call = appointments.update(self._id(current), int(current["timestamp"]), {"folder_id": target})
        await self.session.run(call)

    # -- pieces --------------------------------------------------------------------------------------------------

    def _id(self, current: Event, recurrence_id: str | None = None) -> AppointmentId:
        where = {} if recurrence_id is None else occurrence(recurrence_id, current, self.user)
        return AppointmentId(self.folder, current["id"], where)

    def _entry(self, event: EventId, masters: Mapping[str, Event]) -> AppointmentId:
        if event.recurrence_id is None:
            return AppointmentId(self.folder, event.id)
        if event.id not in masters:
            raise ObjectNotFound
        return self._id(masters[event.id], event.recurrence_id)

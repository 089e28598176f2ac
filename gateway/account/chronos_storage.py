"""Events in OX 8 (module ``chronos``): every operation of the port is one call of OX."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gateway.account.attachment_module import Locate
from gateway.account.attachment_uploads import with_uploads
from gateway.account.chronos_files import ChronosFiles
from gateway.account.directory import Directory
from gateway.account.event_residue import EventResidue
from gateway.account.event_storage import EventStorage
from gateway.account.event_sync import SyncedCalendar
from gateway.account.generation import Generation
from gateway.account.identity import Identity
from gateway.account.names import Names
from gateway.ox import chronos, contact_columns, folders
from gateway.ox.call import Call
from gateway.ox.chronos import Deletion, Event, EventId, Written
from gateway.ox.errors import FileTooLarge, ObjectNotFound, OXError, PermissionDenied, TooLong
from gateway.ox.free_busy import free_busy
from gateway.ox.session import Session
from mappings.calendar.desired import Series, desired
from mappings.calendar.plan import plan
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Step
from mappings.calendar.user import CalendarUser

_SILENT = "none"


class ChronosStorage(EventStorage):
    holds_filenames = True
    stamps_tell_all = True
    loses_instances = False
    unheld_parameters = frozenset()

    def __init__(self, session: Session, folder: str, user: CalendarUser) -> None:
        super().__init__(session, folder, user)
        self.files = ChronosFiles(session)

    def wanted(self, obj: CalendarObject) -> Series:
        return desired(obj, self.user)

    def plan(self, current: Sequence[Event], obj: CalendarObject) -> Sequence[Step]:
        return plan(current, obj, self.user)

    def may_end_exceptions(self, step: Step) -> bool:
        return False

    async def events(self, ids: Sequence[str]) -> dict[str, Event]:
        wanted = [EventId(self.folder, event_id) for event_id in ids]
        try:
            answers: Sequence[object] = await self.session.run(chronos.events_by_id(wanted))
        except (ObjectNotFound, PermissionDenied):
            # One event that is in another folder now fails the whole call: ask for each.
            answers = await self.session.run_all([chronos.get(event) for event in wanted])
            for answer in answers:
                if isinstance(answer, OXError) and not isinstance(answer, ObjectNotFound | PermissionDenied):
                    raise answer from None
        return {event.id: answer for event, answer in zip(wanted, answers, strict=True) if isinstance(answer, dict)}

    async def create(self, event: Mapping[str, Any], *, notify: bool = True) -> Written:
        fields, uploads = await with_uploads(self.files, self.folder, event)
        return await self._upload(chronos.create(self.folder, fields, None if notify else _SILENT, uploads))

    async def update(
        self, current: Event, fields: Mapping[str, Any], recurrence_id: str | None = None, *, notify: bool = True
    ) -> Written:
        stamp, scheduling = int(current["timestamp"]), None if notify else _SILENT
        fields, uploads = await with_uploads(self.files, self.folder, fields)
        call = chronos.update(self.folder, current["id"], stamp, fields, recurrence_id, scheduling, uploads)
        return await self._upload(call)

    async def _upload(self, call: Call[Written]) -> Written:
        """A write. Of what is too long OX names the field, but not of files; fronts answer with 413."""
        try:
            return await self.session.run(call)
        except TooLong as error:
            if call.uploads and not error.problematic:
                raise FileTooLarge(error.fault) from error
            raise

    async def attend(
        self,
        current: Event,
        attendee: Mapping[str, Any],
        recurrence_id: str | None = None,
        alarms: Sequence[Mapping[str, Any]] | None = None,
        *,
        notify: bool = True,
    ) -> Written:
        stamp, scheduling = int(current["timestamp"]), None if notify else _SILENT
        return await self.session.run(
            chronos.update_attendee(self.folder, current["id"], stamp, attendee, recurrence_id, scheduling, alarms)
        )

    async def set_alarms(
        self, current: Event, alarms: Sequence[Mapping[str, Any]], recurrence_id: str | None = None
    ) -> Written:
        stamp, entity = int(current["timestamp"]), str(self.user.user_id)
        call = chronos.set_alarms(self.folder, current["id"], stamp, entity, alarms, recurrence_id)
        return await self.session.run(call)

    async def exclude(self, current: Event, recurrence_id: str, *, notify: bool = True) -> Written:
        stamp, scheduling = int(current["timestamp"]), None if notify else _SILENT
        occurrence = EventId(self.folder, current["id"], recurrence_id)
        (deletion,) = await self.session.run(chronos.delete([occurrence], stamp, scheduling))
        return deletion.result()

    async def delete(self, ids: Sequence[str], stamp: int, *, notify: bool = True) -> tuple[Deletion, ...]:
        events = [EventId(self.folder, event_id) for event_id in ids]
        return await self.session.run(chronos.delete(events, stamp, None if notify else _SILENT))

    async def move(self, current: Event, target: str) -> None:
        await self.session.run(chronos.move(self.folder, current["id"], target, int(current["timestamp"])))


def _synced(folder: str, names: Names, residue: EventResidue, identity: Identity) -> SyncedCalendar:
    return SyncedCalendar(folder, names, residue, identity.remembered)


def _files(session: Session, locate: Locate) -> ChronosFiles:
    return ChronosFiles(session)


def _storage(session: Session, locate: Locate, directory: Directory, folder: str, user: CalendarUser) -> ChronosStorage:
    return ChronosStorage(session, folder, user)


CHRONOS = Generation(
    name="8",
    content_type="event",
    columns=folders.COLUMNS,
    contact_columns=contact_columns.COLUMNS,
    coloured=frozenset({"event", "calendar", "contacts"}),
    presence=chronos.presence,
    files=_files,
    storage=_storage,
    synced=_synced,
    free_busy=free_busy,
)

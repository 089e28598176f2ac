"""Events in OX 7.8 (module ``calendar``), translated at the border.

OX answers a write with an id and a stamp, so what it made of it is read back: two calls for each write. Of what has
that stamp or a later one, only what belongs to the resource counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from gateway.account.appointment_sync import SyncedAppointments
from gateway.account.attachment_module import AttachmentModule, Locate
from gateway.account.attachment_uploads import uploaded
from gateway.account.directory import Directory, People
from gateway.account.event_residue import EventResidue
from gateway.account.event_storage import EventStorage
from gateway.account.files import Place
from gateway.account.generation import Generation
from gateway.account.identity import Identity
from gateway.account.names import Names
from gateway.account.unreadable import OF_SHAPE
from gateway.ox import appointments, contact_columns, folders
from gateway.ox.appointments import Appointment, AppointmentId
from gateway.ox.attachments import APPOINTMENT
from gateway.ox.call import FAR_FUTURE, Call
from gateway.ox.chronos import Deletion, Event, EventId, Written
from gateway.ox.errors import MalformedObjects, ObjectNotFound, OutcomeUnknown, OXError, PermissionDenied
from gateway.ox.free_busy import intervals
from gateway.ox.session import Session
from mappings.calendar.attachments import file_difference
from mappings.calendar.attendance import own_attendee
from mappings.calendar.desired import Series, desired
from mappings.calendar.file_changes import FileChange, file_steps
from mappings.calendar.identity import recurrence_instant
from mappings.calendar.read import CalendarObject
from mappings.calendar.steps import Step, Update
from mappings.calendar.user import CalendarUser
from mappings.legacy import people
from mappings.legacy.appointment import to_appointment
from mappings.legacy.event import to_event
from mappings.legacy.files import files_apart
from mappings.legacy.holdable import holdable_series
from mappings.legacy.plan import DELETED, plan
from mappings.legacy.positions import occurrence

T = TypeVar("T")


class AppointmentStorage(EventStorage):
    holds_filenames = False
    stamps_tell_all = False
    loses_instances = True
    unheld_parameters = frozenset({"CN", "CUTYPE", "MEMBER", "PARTSTAT", "ROLE", "RSVP"})

    def __init__(self, session: Session, locate: Locate, directory: Directory, folder: str, user: CalendarUser) -> None:
        super().__init__(session, folder, user)
        self.files: AttachmentModule = AttachmentModule(session, APPOINTMENT, locate)
        self._directory = directory
        self._read: dict[str, Appointment] = {}
        """Appointments as they were last read; a change is said in terms of what is there."""

    def wanted(self, obj: CalendarObject) -> Series:
        return holdable_series(desired(obj, self.user), obj.uid, self.user)

    def plan(self, current: Sequence[Event], obj: CalendarObject) -> Sequence[Step]:
        return plan(current, obj, self.user)

    def plan_files(self, current: Sequence[Event], former: Sequence[Event], change: FileChange) -> Sequence[Step]:
        return list(files_apart(file_steps(current, former, change), current))

    def may_end_exceptions(self, step: Step) -> bool:
        return isinstance(step, Update) and bool(step.fields.keys() & {"startDate", "endDate", "rrule"})

    # -- reading -------------------------------------------------------------------------------------------------

    async def events(self, ids: Sequence[str]) -> dict[str, Event]:
        """As the port has it; one call more when other people take part and were not asked for in some minutes."""
        return await self._events(await self._listed(ids)) if ids else {}

    async def _listed(self, ids: Sequence[str]) -> list[Appointment]:
        try:
            rows: Sequence[object] = await self.session.run(appointments.by_id(self.folder, ids))
        except (ObjectNotFound, PermissionDenied):
            # One that is gone, or in another folder now, may fail the whole call: ask for each.
            rows = await self.session.run_all([appointments.get(self.folder, each) for each in ids])
            for row in rows:
                if isinstance(row, OXError) and not isinstance(row, ObjectNotFound | PermissionDenied):
                    raise row from None
        return [row for row in rows if isinstance(row, dict) and row.get("folder_id") == self.folder]

    async def _events(self, rows: Sequence[Appointment]) -> dict[str, Event]:
        self._read |= {row["id"]: row for row in rows}
        known = await self._known(rows)
        files = await self.files.beside(self.folder, rows)
        events, malformed = {}, []
        for row in rows:
            try:
                event = to_event(row, self.user, self._master(row), known)
            except OF_SHAPE:
                malformed.append(row["id"])
            else:
                events[row["id"]] = event | {"attachments": files.get(row["id"], [])}
        if malformed:
            raise MalformedObjects(malformed)
        return events

    def _master(self, row: Appointment) -> Appointment | None:
        return self._read.get(str(row.get("recurrence_id")))

    async def _answered(self, event: Mapping[str, Any], written: Written, event_id: str) -> Written:
        """After a write of ``event``: the answers OX 7.8 takes with calls of their own, the user's and those of people
        outside, which their organizer records."""
        there = next((each for each in (*written.created, *written.updated) if each["id"] == event_id), None)
        bodies = [] if there is None else answers(event.get("attendees"), there.get("attendees"), self.user)
        if there is None or not bodies:
            return written
        for body in bodies:
            await self._surely(appointments.confirm(self._id(there), FAR_FUTURE, body))
        again = await self._written(written.stamp or int(there["timestamp"]), event_id, new=bool(written.created))
        return Written(again.created, again.updated, (*written.deleted, *again.deleted), again.stamp)

    async def _known(self, rows: Iterable[Appointment]) -> people.People:
        """Who takes part, where that are others than the user."""
        if all(is_alone(row, self.user) for row in rows):
            return {}
        return known_people(await self._directory.people())

    # -- writing -------------------------------------------------------------------------------------------------

    async def create(self, event: Mapping[str, Any], *, notify: bool = True) -> Written:
        fields = to_appointment(event, self.user) | _notification(notify)
        told = await self.session.run(appointments.create(self.folder, fields))
        written = await self._written(told.stamp, told.id, new=True)
        return await self._answered(event, written, told.id)

    async def update(
        self, current: Event, fields: Mapping[str, Any], recurrence_id: str | None = None, *, notify: bool = True
    ) -> Written:
        """``fields`` with ``deleteExceptionDates`` hold nothing else, and delete what is not deleted yet; those with
        ``attachments`` hold nothing else, and add files or remove some."""
        if DELETED in fields:
            return await self._exclude(current, fields[DELETED])
        if "attachments" in fields:
            return await self._change_files(current, fields["attachments"] or ())
        former = await self._former(current)
        changed = to_appointment(fields, self.user, former)
        if recurrence_id is not None and not changed:  # an instance that differs in its files
            changed["title"] = former.get("title")
        changed |= _notification(notify)
        where = self._id(current, recurrence_id)
        told = await self.session.run(appointments.update(where, int(current["timestamp"]), changed))
        written = await self._written(told.stamp, current["id"], told.id)
        return await self._answered(fields, written, told.id)

    async def attend(
        self,
        current: Event,
        attendee: Mapping[str, Any],
        recurrence_id: str | None = None,
        alarms: Sequence[Mapping[str, Any]] | None = None,
        *,
        notify: bool = True,
    ) -> Written:
        """``alarms`` is None: the plan sets them on their own. OX tells the organizer in any case."""
        body = people.confirmation(attendee, own_attendee(current, self.user), self.user) or {}
        stamp = int(current["timestamp"])
        told = await self.session.run(appointments.confirm(self._id(current, recurrence_id), stamp, body))
        return await self._written(stamp + 1 if told is None else told, current["id"])

    async def set_alarms(
        self, current: Event, alarms: Sequence[Mapping[str, Any]], recurrence_id: str | None = None
    ) -> Written:
        return await self.update(current, {"alarms": list(alarms)}, recurrence_id)

    async def exclude(self, current: Event, recurrence_id: str, *, notify: bool = True) -> Written:
        return await self._exclude(current, (recurrence_id,))

    async def delete(self, ids: Sequence[str], stamp: int, *, notify: bool = True) -> tuple[Deletion, ...]:
        """One call for all, so an error is that of each."""
        events = [EventId(self.folder, each) for each in ids]
        entries = [AppointmentId(self.folder, each) for each in ids]
        try:
            told = await self.session.run(appointments.delete(entries, stamp))
        except OutcomeUnknown:
            raise
        except OXError as error:
            return tuple(Deletion(event, None, error) for event in events)
        if told is None or told >= FAR_FUTURE:  # a server that repeats the stamp it was sent
            gone = Written((), (), tuple({"id": each} for each in ids), None)
        else:
            gone = await self._written(told, *ids)
        return tuple(Deletion(event, gone, None) for event in events)

    async def move(self, current: Event, target: str) -> None:
        where, stamp = self._id(current), int(current["timestamp"])
        await self.session.run(appointments.update(where, stamp, {"folder_id": target}))

    async def _change_files(self, current: Event, wanted: Iterable[Mapping[str, Any]]) -> Written:
        """No stamp is sent, because the module takes none: nothing but these files changes."""
        place, held = Place(self.folder, current["id"]), current.get("attachments") or ()
        added, removed = file_difference(held, wanted)
        stamp: int | None = None
        if added:
            uploads = [await uploaded(self.files, self.folder, each) for each in added]
            stamp = await self.files.attach(place, uploads, held)
        if removed:
            stamp = await self.files.detach(place, [one["managedId"] for one in removed])
        return await self._written(stamp or int(current["timestamp"]) + 1, current["id"])

    # -- pieces --------------------------------------------------------------------------------------------------

    def _id(self, current: Event, recurrence_id: str | None = None) -> AppointmentId:
        where = {} if recurrence_id is None else occurrence(recurrence_id, current, self.user)
        return AppointmentId(self.folder, current["id"], where)

    async def _former(self, current: Event) -> Appointment:
        """The appointment that ``current`` was made of."""
        if current["id"] not in self._read:
            await self.events([current["id"]])
        if current["id"] not in self._read:
            raise ObjectNotFound
        return self._read[current["id"]]

    async def _exclude(self, series: Event, recurrence_ids: Iterable[str]) -> Written:
        start = series["startDate"]
        held = {recurrence_instant(each, start) for each in series.get(DELETED) or ()}
        entries = [self._id(series, each) for each in recurrence_ids if recurrence_instant(each, start) not in held]
        stamp = int(series["timestamp"])
        if not entries:
            return Written((), (), (), stamp)
        told = await self.session.run(appointments.delete(entries[:1], stamp))
        if entries[1:]:  # the first, which was checked, has made the series newer
            await self._surely(appointments.delete(entries[1:], FAR_FUTURE))
        return await self._written(stamp + 1 if told is None else told, series["id"])

    async def _surely(self, call: Call[T]) -> T:
        """A further call of a write that has begun. Raises OutcomeUnknown, because a part of it is there."""
        try:
            return await self.session.run(call)
        except OXError as error:
            raise OutcomeUnknown from error

    async def _written(self, stamp: int, *ids: str, new: bool = False) -> Written:
        """What a write that was answered with ``stamp`` did to the resource with ``ids``. One upstream call, two when
        it did not touch one of them. Raises OutcomeUnknown when that cannot be read."""
        updates = await self._surely(appointments.updates(self.folder, stamp - 1))
        try:
            rows = [row for row in updates.rows if row["id"] in ids or str(row.get("recurrence_id")) in ids]
            seen = {*(row["id"] for row in rows), *updates.deleted_ids}
            rest = [each for each in dict.fromkeys(ids) if each not in seen]
            if rest:
                rows += await self._listed(rest)
            events = await self._events(rows)
        except OXError as error:
            raise OutcomeUnknown from error
        gone = tuple({"id": each} for each in updates.deleted_ids if each not in events)
        created = tuple(event for event_id, event in events.items() if new and event_id in ids)
        return Written(created, tuple(events.values()), gone, stamp)


def is_alone(row: Appointment, user: CalendarUser) -> bool:
    """Whether nobody else takes part in an appointment or organizes it."""
    if row.get("organizer") and str(row.get("organizerId")) != str(user.user_id):
        return False
    taking_part = (*(row.get("participants") or ()), *(row.get("users") or ()))
    return all(str(one.get("id")) == str(user.user_id) for one in taking_part if isinstance(one, Mapping))


def answers(
    wanted: Sequence[Mapping[str, Any]] | None, held: Sequence[Mapping[str, Any]] | None, user: CalendarUser
) -> list[dict[str, Any]]:
    """The bodies of ``confirm`` for what attendees are wanted to answer otherwise than OX has it."""
    bodies = people.answers_of_externals(wanted, held, user)
    mine, there = own_attendee({"attendees": wanted}, user), own_attendee({"attendees": held}, user)
    if mine is not None and there is not None and mine.get("partStat") not in (None, there.get("partStat")):
        body = people.confirmation({"partStat": mine["partStat"]}, there, user)
        bodies += [] if body is None else [body]
    return bodies


def known_people(directory: People) -> people.People:
    """Everybody as attendees are said to be."""
    known: dict[tuple[str, int], dict[str, Any]] = {}
    for user in directory.users.values():
        mail = user.mail_addresses[0] if user.mail_addresses else None
        known["INDIVIDUAL", int(user.id)] = _person(user.display_name, mail)
    for group in directory.groups.values():
        known["GROUP", int(group.id)] = _person(group.display_name, None)
    for resource in directory.resources.values():
        known["RESOURCE", int(resource.id)] = _person(resource.display_name, resource.mail_address)
    return known


def _person(name: str | None, mail: str | None) -> dict[str, Any]:
    known = {"cn": name} if name else {}
    return known | ({"uri": f"mailto:{mail}", "email": mail} if mail else {})


def _notification(notify: bool) -> dict[str, Any]:
    return {} if notify else {"notification": False}


def _files(session: Session, locate: Locate) -> AttachmentModule:
    return AttachmentModule(session, APPOINTMENT, locate)


def _synced(folder: str, names: Names, residue: EventResidue, identity: Identity) -> SyncedAppointments:
    return SyncedAppointments(folder, names, residue, identity.calendar_user)


APPOINTMENTS = Generation(
    name="7.8",
    content_type="calendar",
    columns=folders.COLUMNS_7_8,
    contact_columns=contact_columns.COLUMNS_7_8,
    coloured=frozenset(),
    presence=appointments.presence,
    files=_files,
    storage=AppointmentStorage,
    synced=_synced,
    free_busy=intervals,
)

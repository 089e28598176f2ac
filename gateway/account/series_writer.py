"""Carries out the steps of a plan for one calendar resource, and keeps what OX holds of it meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from gateway.account.event_repair import shortened
from gateway.account.event_storage import EventStorage
from gateway.ox.call import FAR_FUTURE
from gateway.ox.chronos import Event, Written
from gateway.ox.errors import ObjectNotFound, TooLong
from mappings.calendar.identity import recurrence_instant
from mappings.calendar.steps import (
    AddFiles,
    Attend,
    Create,
    DeleteInstance,
    Override,
    RemoveFiles,
    SetAlarms,
    Step,
    Update,
)
from mappings.legacy.files import missing, without


class SeriesWriter:
    """``events``: the events of the resource by id, as of the last answer of OX."""

    def __init__(self, storage: EventStorage, events: Mapping[str, Event], *, notify: bool = True) -> None:
        self._storage = storage
        self._notify = notify
        self.events = dict(events)
        self.former = tuple(events.values())
        """The events before anything was written."""
        self.deleted: dict[str, int] = {}
        """Ids this writer deleted, with the stamp of it."""
        self.rescued: Mapping[int, bytes] = {}
        """Files that may be gone when a step asks for a copy of them."""
        self.wrote = False
        """Whether anything was written."""
        self._created = ""

    @property
    def stamps(self) -> dict[str, Any]:
        return {event_id: event.get("timestamp") for event_id, event in self.events.items()}

    async def run(self, step: Step) -> None:
        """One upstream call, none for files that are as they should be; another one for each value that OX finds too
        long. Raises OXError."""
        while True:
            try:
                await self._run(step)
                return
            except TooLong as error:
                cut = shortened(step, error)
                if cut is None:
                    raise
                step = cut

    async def _run(self, step: Step) -> None:
        storage = self._storage
        match step:
            case Create(event):
                written = await storage.create(event, notify=self._notify)
                self._absorb(written)
                self._created = self._created or next((event["id"] for event in written.created), "")
            case Update(event_id, fields):
                event = self._current(event_id or self._created)
                self._absorb(await storage.update(event, fields, notify=self._notify))
            case Override(series_id, recurrence_id, event):
                series = self._current(series_id or self._created)
                self._absorb(await storage.update(series, event, recurrence_id, notify=self._notify))
            case DeleteInstance(event_id, recurrence_id):
                event = self._current(event_id)
                if recurrence_id is None:
                    await self._delete([event_id], int(event["timestamp"]))
                else:
                    self._absorb(await storage.exclude(event, recurrence_id, notify=self._notify))
                    self._exclude(event_id, recurrence_id)
            case Attend(event_id, recurrence_id, attendee, alarms):
                event = self._current(event_id)
                self._absorb(await storage.attend(event, attendee, recurrence_id, alarms, notify=self._notify))
            case SetAlarms(event_id, recurrence_id, alarms):
                event = self._current(event_id or self._created)
                self._absorb(await storage.set_alarms(event, alarms or (), recurrence_id))

            case AddFiles(event_id, recurrence_id, files, inherited):
                event = self._occurrence(event_id or self._created, recurrence_id)
                held = event.get("attachments") or ()
                added = [self._rescued(file) for file in (*files, *missing(held, inherited))]
                if added:
                    self._absorb(await storage.update(event, {"attachments": [*held, *added]}))
            case RemoveFiles(event_id, recurrence_id, files):
                event = self._occurrence(event_id or self._created, recurrence_id)
                held = event.get("attachments") or ()
                left = without(held, files, copies=recurrence_id is not None)
                if len(left) < len(held):
                    self._absorb(await storage.update(event, {"attachments": left or None}))

    async def touch(self, event_id: str, *, as_attendee: bool) -> None:
        """Move the stamp of an event that stays as it is; nobody is notified. Attendees, who may not update a
        meeting, repeat their answer. One upstream call. Raises OXError."""
        storage, event = self._storage, self._current(event_id)
        if as_attendee:
            entity = str(storage.user.user_id)
            people = event.get("attendees") or ()
            own: Mapping[str, Any] = next((one for one in people if str(one.get("entity")) == entity), {})
            answer = {"entity": int(entity), "partStat": own.get("partStat", "NEEDS-ACTION")}
            self._absorb(await storage.attend(event, answer, notify=False))
        else:
            self._absorb(await storage.update(event, {}, notify=False))

    async def delete_all(self) -> None:
        """Take back what was created. One upstream call. Raises OXError."""
        await self._delete(heads(self.events), FAR_FUTURE)

    async def delete(self, stamp: int) -> None:
        """Delete the resource, if nothing of it is newer than ``stamp``. One upstream call. Raises OXError."""
        await self._delete(heads(self.events), stamp)

    async def _delete(self, ids: list[str], stamp: int) -> None:
        for deletion in await self._storage.delete(ids, stamp, notify=self._notify):
            self._absorb(deletion.result())

    def looked_up(self, events: Mapping[str, Event]) -> None:
        """Go on with what OX was seen to hold."""
        if not self.events and events:
            self._created = heads(events)[0]
        self.events = dict(events)
        self.wrote = True

    def _absorb(self, written: Written) -> None:
        self.wrote = True
        for event in written.deleted:
            if self.events.pop(event["id"], None) is not None and written.stamp is not None:
                self.deleted[event["id"]] = written.stamp
        for event in (*written.created, *written.updated):
            self.events[event["id"]] = event
            self.deleted.pop(event["id"], None)

    def _exclude(self, series_id: str, recurrence_id: str) -> None:
        """OX answers an attendee who deletes an occurrence with the series as it was before."""
        series = self.events.get(series_id)
        if series is None:
            return
        dates = list(series.get("deleteExceptionDates") or ())
        start = series.get("startDate")
        if recurrence_instant(recurrence_id, start) not in {recurrence_instant(date, start) for date in dates}:
            self.events[series_id] = series | {"deleteExceptionDates": [*dates, recurrence_id]}

    def _occurrence(self, event_id: str, recurrence_id: str | None) -> Event:
        """An event, or the overridden instance of a series."""
        event = self._current(event_id)
        if recurrence_id is None:
            return event
        start = event.get("startDate")
        wanted = recurrence_instant(recurrence_id, start)
        for each in self.events.values():
            if each.get("recurrenceId") and recurrence_instant(each["recurrenceId"], start) == wanted:
                return each
        raise ObjectNotFound

    def _rescued(self, file: Mapping[str, Any]) -> Mapping[str, Any]:
        data = self.rescued.get(file.get("managedId", 0))
        if data is None:
            return file
        return {name: file[name] for name in ("filename", "fmtType") if file.get(name)} | {"data": data}

    def _current(self, event_id: str) -> Event:
        event = self.events.get(event_id)
        if event is None:
            raise ObjectNotFound
        return event


def heads(ids: Iterable[str] | Mapping[str, Event]) -> list[str]:
    """The ids to name when everything is to be deleted: the master alone, or each detached instance."""
    if isinstance(ids, Mapping):
        masters = [event_id for event_id, event in ids.items() if event.get("seriesId") in (None, event_id)]
        return masters or list(ids)
    return list(ids)

"""Calendars in step with OX 7.8: ``calendar?action=updates``, whose deletions are bare ids.

As with contacts, a deletion is dated by the index that saw it (its ``epoch``), and a token of another epoch asks OX
once more for the ids deleted since. Which names these had, only the ledger may know; when it does not, the client has
to start anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from gateway.account.event_residue import EventResidue
from gateway.account.event_sync import SyncedEvents, found
from gateway.account.index import Found, Lost
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import news
from gateway.account.unreadable import OF_SHAPE
from gateway.dav.errors import ValidSyncToken
from gateway.ox import appointments
from gateway.ox.appointments import AppointmentUpdates
from gateway.ox.call import Answer, Call
from gateway.ox.chronos import Event
from gateway.ox.errors import OXError
from mappings.calendar.user import CalendarUser
from mappings.legacy.event import to_event

_FIELDS = (
    "uid",
    "title",
    "start_date",
    "end_date",
    "full_time",
    "timezone",
    "recurrence_id",
    "recurrence_position",
    "recurrence_date_position",
    "recurrence_type",
    "days",
    "day_in_month",
    "month",
    "interval",
    "until",
    "occurrences",
    "recurrence_start",
)


def found_appointment(event: Mapping[str, Any], residue: Mapping[str, int] = MappingProxyType({})) -> Found:
    """As ``found``. What 7.8 cannot say of a recurrence is residue, so with one an event may take place at any time.
    Raises Malformed."""
    item = found(event, residue)
    if not item.piece.residue:
        return item
    return replace(item, piece=item.piece._replace(start=None, end=None, exact=False))


class SyncedAppointments(SyncedEvents):
    """``user``: whose view of the appointments it is."""

    found = staticmethod(found_appointment)

    def __init__(self, folder: str, names: Names, residue: EventResidue, user: CalendarUser) -> None:
        super().__init__(folder, names, residue)
        self.epoch = secrets.token_hex(4)
        self._user = user

    def question(self) -> tuple[Call[Any], ...]:
        return (news(appointments.updates, self.folder, self.since, _FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        (answer,) = answers
        if isinstance(answer, OXError):
            raise answer
        updates: AppointmentUpdates = answer
        whole = self.since == 0 and self.built
        events, unreadable = self._translated(updates)
        first = not self.built
        await self._apply(events, [Lost(each) for each in updates.deleted_ids], unreadable, whole=whole)
        if first:  # without a stamp of their own, these may seem to be too young to be forgotten
            await self._forget_residue(set(updates.deleted_ids))
        self.doubtful = self.doubtful and "" in unreadable
        return ()

    def _translated(self, updates: AppointmentUpdates) -> tuple[list[Event], list[str]]:
        """The changes as events, and the ids of those that make no sense."""
        events, unreadable = [], list(updates.unreadable)
        for row in updates.rows:
            try:
                events.append(to_event(row, self._user))
            except OF_SHAPE:
                unreadable.append(row["id"])
        return events, unreadable

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if self.is_remembered(token):
            return ()
        return (_deleted(appointments.updates(self.folder, token.buried, ())),)

    def gone_names(self, key: str, last: str | None) -> Sequence[str]:
        name = last or self.names.of(key, None)
        if name is None:
            raise ValidSyncToken("OX does not tell what was deleted")
        return self.names.all_of(key, name)


def _deleted(updates: Call[AppointmentUpdates]) -> Call[frozenset[str]]:
    def decode(answer: Answer) -> frozenset[str]:
        return frozenset(updates.decode(answer).deleted_ids)

    return Call(updates.module, updates.action, decode, updates.params)

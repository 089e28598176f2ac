"""Calendars in step with OX: ``chronos?action=updates`` with the fields of the index.

One calendar can be broken in OX: after an event with RDATE but without RRULE was deleted, every question that reaches
back before that fails with CAL-4002. Then everything is listed with ``all``, what that does not show is looked up by
id, and the rest is gone.

OX gives a limited number of events at once (CAL-5072; 1000 unless configured otherwise), but any number of their
identifying fields. When there are more, those are asked for, and the dates apart.

Tombstones of events carry stamp, uid, file name and series, also when everything since 0 is asked for. So the index
remembers deletions that happened before it was built, and a token from before a restart needs no further question.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from gateway.account.event_residue import EventResidue
from gateway.account.extent import extent_of, is_exact
from gateway.account.index import Found, Index, Lost, Piece
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import Synced, news
from gateway.dav.errors import ValidSyncToken
from gateway.ox import chronos
from gateway.ox.call import Call
from gateway.ox.chronos import EventId
from gateway.ox.errors import Malformed, MalformedObjects, OXError
from mappings.calendar.identity import resource_key

SUFFIX = ".ics"

_BROKEN = "CAL-4002"
_TOO_MANY = "CAL-5072"
_AT_ONCE = 500
_ALWAYS = ("19000101T000000Z", "22000101T000000Z")
_IDENTIFYING = ("id", "uid", "filename", "seriesId", "recurrenceId", "timestamp")
_FIELDS = (*_IDENTIFYING, "startDate", "endDate", "rrule", "recurrenceDates")


def found(event: Mapping[str, Any], residue: Mapping[str, int] = MappingProxyType({})) -> Found:
    """An event of an answer as the index knows it. ``residue``: stamps by resource; the event that a resource is named
    after carries it, because every write to the resource touches that one. Raises Malformed without a stamp."""
    seen = identity(event, residue)
    start, end = extent_of(event)
    piece = Piece(seen.id, seen.stamp, start, end, seen.residue, exact=start is not None and is_exact(event))
    return Found(piece, resource_key(event), _text(event.get("uid")), wanted_name(event))


def identity(event: Mapping[str, Any], residue: Mapping[str, int]) -> Piece:
    """As ``found``, without saying when it takes place."""
    stamp = event.get("timestamp")
    if not isinstance(stamp, int):
        raise Malformed("an event without timestamp")
    key = resource_key(event)
    return Piece(str(event["id"]), stamp, residue=residue.get(key, 0) if str(event["id"]) == key else 0)


def lost(event: Mapping[str, Any]) -> Lost:
    """A tombstone as the index knows it."""
    return Lost(str(event["id"]), event.get("timestamp"), resource_key(event), wanted_name(event))


def wanted_name(event: Mapping[str, Any]) -> str | None:
    """The resource name an event asks for: its file name, else its UID."""
    base = _text(event.get("filename")) or _text(event.get("uid"))
    return None if base is None else base + SUFFIX


def filename_for(name: str) -> str | None:
    """The file name that makes an event ask for ``name``; None if there is none."""
    base = name.removesuffix(SUFFIX)
    return base if base and base != name else None


class SyncedEvents(Synced):
    """What the generations of OX's calendar API have in common."""

    found = staticmethod(found)
    """An event as the index knows it, from the event and the stamps of residues by resource."""

    def __init__(self, folder: str, names: Names, residue: EventResidue) -> None:
        super().__init__(folder, names, Index(names, SUFFIX, residue.ledger.life))
        self._residue = residue

    async def _apply(
        self, changed: Sequence[chronos.Event], deleted: Sequence[Lost], unreadable: Collection[str], *, whole: bool
    ) -> None:
        """Learn what is new. ``unreadable``: ids of what could not be read; what is known of it stays. ``whole``: what
        is in neither is gone, if that can be told."""
        self.leave_out(unreadable, beside=len(changed))
        first, whole = not self.built, whole and "" not in unreadable
        if not (first or changed or deleted or (whole and len(self.index))):
            await self.names.save()  # what could not be written before
            return
        keys = {each.key or each.id for each in deleted}
        if first:
            await self.names.reload()
        else:
            uids = {resource_key(each): _text(each.get("uid")) for each in changed}
            await self.names.look_up(dict.fromkeys(keys) | uids)
        residue = await self._residue.stamps(map(resource_key, changed))
        known = {each["id"] for each in changed if not first and not whole and self._is_known(each, residue)}
        news = (self.found(event, residue) for event in changed if event["id"] not in known)
        await self.take_in(news, deleted, known=known.union(unreadable), whole=whole)
        self.built = True
        if first:
            if not unreadable:  # what the ledger has of these is needed when they can be read again
                await self.names.prune({*map(resource_key, changed), *keys})
                await self._residue.prune({member.key for member in self.index}, self.index.newest)
        elif keys:
            await self._forget_residue(keys)
        await self.names.save()

    def _is_known(self, event: chronos.Event, residue: Mapping[str, int]) -> bool:
        """Whether this was told before: for some seconds OX is asked again for what changed last."""
        key = resource_key(event)
        kept = residue.get(key, 0) if event["id"] == key else 0
        return self.index.knows(key, event["id"], event.get("timestamp", 0), kept)

    async def _forget_residue(self, keys: set[str]) -> None:
        """Of resources that are gone."""
        for key in await self._residue.stamps(key for key in keys if self.index.keyed(key) is None):
            await self._residue.forget(key)


class SyncedCalendar(SyncedEvents):
    """``remembered``: for how many milliseconds OX keeps tombstones, None for ever."""

    conditional = True

    def __init__(self, folder: str, names: Names, residue: EventResidue, remembered: int | None) -> None:
        super().__init__(folder, names, residue)
        self._forgotten = 0 if remembered is None else int(time.time() * 1000) - remembered
        """OX had forgotten deletions before this when the index was built."""
        self._first_state = ""
        self._listing: dict[str, chronos.Event] | None = None
        """What ``all`` has shown, while ``updates`` does not work."""
        self._malformed: set[str] = set()
        """Beside that."""
        self._crowded = False
        """There are more changes than OX tells at once with all fields."""
        self._outline: chronos.EventUpdates | None = None
        """The changes without dates, while those are asked for."""

    def question(self) -> tuple[Call[Any], ...]:
        self._listing, self._outline, self._crowded = None, None, False
        return (news(chronos.updates, self.folder, self.since, _FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        answer = answers[0]
        if self._listing is not None:
            return await self._learn_without_updates(answer)
        if self._outline is not None:
            return await self._learn_dates(self._outline, answers)
        if isinstance(answer, OXError):
            if answer.code == _TOO_MANY and not self._crowded:
                self._crowded = True
                return (chronos.updates(self.folder, self.since, _IDENTIFYING),)
            if answer.code != _BROKEN:
                raise answer
            self._listing = {}
            return (chronos.all_events([self.folder], *_ALWAYS, _FIELDS),)
        updates: chronos.EventUpdates = answer
        if self._crowded and updates.changed:
            self._outline = updates
            named = [EventId(self.folder, each["id"]) for each in updates.changed]
            return tuple(
                chronos.events_by_id(named[first : first + _AT_ONCE], _FIELDS)
                for first in range(0, len(named), _AT_ONCE)
            )
        await self._learn_updates(updates)
        return ()

    async def _learn_updates(self, updates: chronos.EventUpdates) -> None:
        whole = self.since == 0
        await self._take(updates.changed, updates.deleted, updates.unreadable, whole=whole and self.built)
        if whole and "" not in updates.unreadable:
            self.doubtful = False

    async def _learn_dates(self, outline: chronos.EventUpdates, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        """The changes of the outline with their dates. Every event keeps the stamp it has there: what was changed or
        deleted while the dates were read is told by the next ``updates``. Where one event of many is malformed, the
        outline of all of them has to do: without dates they may take place at any time."""
        dated: list[chronos.Event | None] = []
        for first, answer in zip(range(0, len(outline.changed), _AT_ONCE), answers, strict=True):
            if isinstance(answer, MalformedObjects):
                dated.extend(outline.changed[first : first + _AT_ONCE])
            elif isinstance(answer, OXError):
                raise answer
            else:
                dated.extend(answer)
        changed = tuple(
            {**event, "timestamp": known.get("timestamp")}
            for known, event in zip(outline.changed, dated, strict=True)
            if event is not None
        )
        await self._learn_updates(replace(outline, changed=changed))
        return ()

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        unknown = token.buried < self._forgotten and token.issued_at != self._first_state
        if unknown or token.buried < self.index.remembers_since:
            raise ValidSyncToken("this token is older than what OX remembers of deletions")
        return ()

    def gone_names(self, key: str, last: str | None) -> Sequence[str]:
        return ()  # nothing is asked for

    async def _learn_without_updates(self, answer: Any) -> tuple[Call[Any], ...]:
        assert self._listing is not None
        if isinstance(answer, MalformedObjects):
            self._malformed |= answer.ids
        elif isinstance(answer, OXError):
            raise answer
        elif self._listing == {} and answer and isinstance(answer[0], chronos.FolderEvents):
            (shown,) = answer
            if shown.error is not None:
                raise shown.error
            self._listing = {event["id"]: event for event in shown.events}
            self._malformed = set(shown.unreadable)
        else:
            self._listing.update((event["id"], event) for event in answer if event is not None)
            return await self._learn_listing(self._listing.values())
        seen = self._listing.keys() | self._malformed
        doubted = [event_id for member in self.index for event_id in member.ids if event_id not in seen]
        if doubted:
            return (chronos.events_by_id([EventId(self.folder, each) for each in doubted], _FIELDS),)
        return await self._learn_listing(self._listing.values())

    async def _learn_listing(self, events: Iterable[chronos.Event]) -> tuple[()]:
        first = not self.built
        await self._take(tuple(events), (), self._malformed, whole=True)
        if first:
            self._forgotten = max(self._forgotten, self.index.newest)
        self.doubtful = "" in self._malformed
        return ()

    async def _take(
        self,
        changed: Sequence[chronos.Event],
        deleted: Sequence[chronos.Event],
        unreadable: Collection[str],
        *,
        whole: bool,
    ) -> None:
        first = not self.built
        await self._apply(changed, [lost(event) for event in deleted], unreadable, whole=whole)
        if first:
            self._first_state = self.index.state


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None

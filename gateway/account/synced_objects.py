"""Folders of single objects in step with OX, whose deletions come as bare ids without stamp: contacts and tasks.

A deletion is dated by the index that saw it (its ``epoch``). A token of another epoch asks OX once more for the ids
deleted since.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from gateway.account.index import Found, Index, Lost, Piece
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import Synced
from gateway.dav.errors import ValidSyncToken
from gateway.ledger.ledger import Ledger
from gateway.ox.folders import plain_id

STAMP = "last_modified_utc"

Row = Mapping[str, Any]


def require_remembered(token: SyncToken, remembered: int | None) -> None:
    """Raises ValidSyncToken for a token that is older than what OX remembers of deletions: ``remembered`` milliseconds,
    None for ever."""
    if remembered is not None and token.buried < time.time() * 1000 - remembered:
        raise ValidSyncToken("this token is older than what OX remembers of deletions")


class SyncedObjects(Synced):
    """``suffix`` of resource names; ``account``: its key in the ledger. A row has at least ``id`` and its stamp."""

    def __init__(self, folder: str, names: Names, suffix: str, ledger: Ledger, account: str) -> None:
        super().__init__(folder, names, Index(names, suffix, ledger.life))
        self._suffix = suffix
        self.epoch = secrets.token_hex(4)
        self._ledger = ledger
        self._account = account
        self._kept_under = plain_id(folder)

    async def take(
        self,
        rows: Sequence[Row],
        deleted: Iterable[str],
        unreadable: Collection[str],
        *,
        whole: bool,
        all_deleted: bool = True,
    ) -> None:
        """Learn from an answer. ``unreadable``: ids of what could not be read; what is known of it stays. ``whole``: it
        lists everything there is. ``all_deleted``: the first one lists all deletions that OX remembers; a name that
        the ledger has of another object is needed no more."""
        self.leave_out(unreadable, beside=len(rows))
        whole = whole and "" not in unreadable
        listed = {*unreadable, *(row["id"] for row in rows)}
        deleted = tuple(object_id for object_id in deleted if object_id not in listed)
        gone = [object_id for object_id in deleted if not self.built or object_id in self.index]
        if self.built:
            await self.names.look_up({row["id"]: _uid(row) for row in rows})
        else:
            await self.names.reload()
        found = await self._found(rows)
        known = {each.piece.id for each in found if self._is_known(each)} if self.built and not whole else set()
        news = [each for each in found if each.piece.id not in known]
        await self.take_in(news, map(Lost, deleted), known=known.union(unreadable), whole=whole)
        if not self.built:
            self.built = True
            if all_deleted and not unreadable:  # their names are needed when they can be read again
                await self.names.prune([*listed, *deleted])
        self.doubtful = self.doubtful and "" in unreadable
        await self.names.save()
        await self._forget_residue(gone)

    def gone_names(self, key: str, last: str | None) -> Sequence[str]:
        return self.names.all_of(key, last or self.names.of(key, None) or f"{key}{self._suffix}")

    def piece(self, row: Row, residue: int) -> Piece:
        """An object as the index knows it. ``residue``: stamp of what the ledger adds, 0 for nothing."""
        return Piece(row["id"], row[STAMP], residue=residue)

    async def _found(self, rows: Sequence[Row]) -> list[Found]:
        """Rows with the stamps of what the ledger adds to them, also for what was told before: another gateway writes
        to OX first. One query."""
        kept = await self._ledger.residue_stamps(self._account, self._kept_under, [row["id"] for row in rows])
        return [Found(self.piece(row, kept.get(row["id"], 0)), row["id"], _uid(row), None) for row in rows]

    def _is_known(self, item: Found) -> bool:
        return self.index.knows(item.key, item.piece.id, item.piece.stamp, item.piece.residue)

    async def _forget_residue(self, ids: Sequence[str]) -> None:
        """Of objects that are gone."""
        for key in await self._ledger.residue_stamps(self._account, self._kept_under, ids):
            await self._ledger.forget_residue(self._account, self._kept_under, key)


def _uid(row: Row) -> str | None:
    uid = row.get("uid")
    return uid if isinstance(uid, str) and uid else None

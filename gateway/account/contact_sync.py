"""Address books in step with OX: ``contacts?action=updates`` and its faults.

Deletions come as bare ids, without stamp, and an interval of nothing but deletions is not answered at all
(SVL-0011). Asking since just before the newest contact puts one change into every interval, so that the fault shows
up only when that contact itself is gone; then changes and ids are asked for separately and compared with the index.

A deletion is dated by the index that saw it (its ``epoch``). A token of another epoch asks OX once more for the ids
deleted since. In a folder without contacts OX cannot answer that: the client has to start anew.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from gateway.account.index import Found, Index, Lost, Piece
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import Synced
from gateway.dav.errors import ValidSyncToken
from gateway.ledger.ledger import Ledger
from gateway.ox import contacts
from gateway.ox.call import Answer, Call
from gateway.ox.errors import DeletionsOnly, OXError

SUFFIX = ".vcf"
_FIELDS = ("uid",)


class SyncedAddressBook(Synced):
    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str) -> None:
        super().__init__(folder, names, Index(names, SUFFIX, ledger.life))
        self.epoch = secrets.token_hex(4)
        self._ledger = ledger
        self._account = account

    @property
    def since(self) -> int:
        return min(super().since, max(0, self.index.newest_alive - 1))

    def question(self) -> tuple[Call[Any], ...]:
        if self.built and not len(self.index):  # nothing can be deleted
            return (contacts.updates_without_deletions(self.folder, 0, _FIELDS),)
        return (contacts.updates(self.folder, self.since, _FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        if len(answers) > 1:  # the fallback of what was asked first
            await self._compare(*answers)
            return ()
        (answer,) = answers
        if isinstance(answer, DeletionsOnly):
            return (
                contacts.updates_without_deletions(self.folder, self.since, _FIELDS),
                contacts.ids(self.folder),
            )
        if isinstance(answer, OXError):
            raise answer
        await self._apply(answer.rows, answer.deleted_ids, whole=self.doubtful and self.since == 0)
        return ()

    def deletions_since(self, token: SyncToken) -> Call[frozenset[str]] | None:
        if token.epoch == self.epoch:
            return None
        newest = self.index.newest_alive
        if not newest:
            raise ValidSyncToken("OX cannot tell the deletions of an empty address book")
        return _deleted(contacts.updates(self.folder, min(token.buried, newest - 1), ()))

    async def _compare(self, changed: Any, ids: Any) -> None:
        for answer in (changed, ids):
            if isinstance(answer, OXError):
                raise answer
        present = {*ids, *(row["id"] for row in changed.rows)}
        gone = [object_id for member in self.index for object_id in member.ids if object_id not in present]
        await self._apply(changed.rows, gone, whole=False)

    async def _apply(self, rows: Sequence[contacts.Contact], deleted: Iterable[str], *, whole: bool) -> None:
        deleted = tuple(deleted)
        if self.built and any(row["id"] not in self.index for row in rows):
            await self.names.reload()
        found = await self.found(rows)
        self.index.apply(found, map(Lost, deleted), whole=whole)
        if not self.built:
            self.built = True
            await self.names.prune([*(row["id"] for row in rows), *deleted])
        self.doubtful = False
        await self.names.save()

    async def found(self, rows: Sequence[contacts.Contact]) -> list[Found]:
        """Contacts as the index knows them, with the stamp of what the ledger adds. One query for what is new."""
        changed = [row for row in rows if self._is_news(row)]
        kept = await self._ledger.residues(self._account, self.folder, [row["id"] for row in changed])
        return [
            Found(
                Piece(row["id"], row[contacts.STAMP], residue=kept[row["id"]].stamp if row["id"] in kept else 0),
                row["id"],
                row.get("uid") or None,
                None,
            )
            for row in changed
        ] + [self._known(row) for row in rows if not self._is_news(row)]

    def _is_news(self, row: contacts.Contact) -> bool:
        member = self.index.holding(row["id"])
        return member is None or member.stamp_of(row["id"]) != row[contacts.STAMP]

    def _known(self, row: contacts.Contact) -> Found:
        member = self.index.holding(row["id"])
        assert member is not None
        return Found(member.pieces[0], member.key, member.uid, None)


def _deleted(updates: Call[contacts.ContactUpdates]) -> Call[frozenset[str]]:
    def decode(answer: Answer) -> frozenset[str]:
        return frozenset(updates.decode(answer).deleted_ids)

    return Call(updates.module, updates.action, decode, updates.params, refine=updates.refine)

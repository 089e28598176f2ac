"""Task lists in step with OX: ``tasks?action=updates``, which tells deletions as bare ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.account.index import Piece
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced_objects import STAMP, Row, SyncedObjects, require_remembered
from gateway.ledger.ledger import Ledger
from gateway.ox import tasks
from gateway.ox.call import Answer, Call
from gateway.ox.errors import OXError

SUFFIX = ".ics"
_FIELDS = ("uid", "start_time", "end_time", "recurrence_type")


class SyncedTaskList(SyncedObjects):
    """``remembered``: for how many milliseconds OX keeps tombstones, None for ever."""

    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str, remembered: int | None) -> None:
        super().__init__(folder, names, SUFFIX, ledger, account)
        self._remembered = remembered

    def question(self) -> tuple[Call[Any], ...]:
        return (tasks.updates(self.folder, self.since, _FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        (answer,) = answers
        if isinstance(answer, OXError):
            raise answer
        await self.take(answer.rows, answer.deleted_ids, whole=self.doubtful and self.since == 0)
        return ()

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if token.epoch == self.epoch:
            return ()
        require_remembered(token, self._remembered)
        return (_deleted(tasks.updates(self.folder, token.buried, ())),)

    def piece(self, row: Row, residue: int) -> Piece:
        return task_piece(row, residue)


def task_piece(row: Row, residue: int) -> Piece:
    """A task as the index knows it. What the ledger adds may hold times that OX does not have."""
    start, end = (None, None) if residue else _extent(row)
    return Piece(row["id"], row[STAMP], start, end, residue)


def _extent(row: Row) -> tuple[int | None, int | None]:
    """From when to when the task counts in time ranges; without limit where that is not its own start and due time
    (RFC 4791 9.9)."""
    times = [time for name in ("start_time", "end_time") if isinstance(time := row.get(name), int)]
    if not times:
        return None, None
    return min(times), None if row.get("recurrence_type") else max(times)


def _deleted(updates: Call[tasks.TaskUpdates]) -> Call[frozenset[str]]:
    def decode(answer: Answer) -> frozenset[str]:
        return frozenset(updates.decode(answer).deleted_ids)

    return Call(updates.module, updates.action, decode, updates.params)

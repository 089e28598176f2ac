"""Task lists in step with OX: ``tasks?action=updates``, which tells deletions as bare ids.

What the ledger keeps of a recurring task goes on to the task that follows it when somebody completes it elsewhere
(``task_succession``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.account.event_residue import EventResidue, Kept
from gateway.account.index import Found, Piece
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import news
from gateway.account.synced_objects import STAMP, Row, SyncedObjects, require_remembered
from gateway.account.task_succession import (
    FIELDS,
    perhaps_completed,
    perhaps_made_by_ox,
    predecessors,
    without_residue,
)
from gateway.ledger.ledger import Ledger
from gateway.ox import tasks
from gateway.ox.call import Answer, Call
from gateway.ox.errors import ObjectNotFound, OXError, PermissionDenied

SUFFIX = ".ics"
_FIELDS = ("uid", "start_time", "end_time", "recurrence_type", "status")


class SyncedTaskList(SyncedObjects):
    """``remembered``: for how many milliseconds OX keeps tombstones, None for ever."""

    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str, remembered: int | None) -> None:
        super().__init__(folder, names, SUFFIX, ledger, account)
        self._remembered = remembered
        self._residue = EventResidue(ledger, account, folder)
        self._following: list[str] = []
        """Tasks that may follow others, as long as that is not known."""
        self._asked_for: list[str] = []

    def question(self) -> tuple[Call[Any], ...]:
        self._asked_for = []
        return (news(tasks.updates, self.folder, self.since, _FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        (answer,) = answers
        if self._asked_for:
            await self._hand_on(answer)
            return ()
        if isinstance(answer, OXError):
            raise answer
        self._following += perhaps_made_by_ox(answer.rows, self.index)
        whole = self.doubtful and self.since == 0
        await self.take(answer.rows, answer.deleted_ids, answer.unreadable, whole=whole)
        self._following = without_residue(self._following, self.index)
        completed = perhaps_completed(self.index) if self._following else []
        if not completed:
            self._following = []
            return ()
        self._asked_for = [*self._following, *completed]
        return (tasks.by_id(self.folder, self._asked_for, FIELDS),)

    async def _hand_on(self, answer: Any) -> None:
        """Keep the residues of what was completed for what follows it. When OX does not tell what that is, it is asked
        again with the next question, unless a task has gone meanwhile."""
        if isinstance(answer, OXError):
            if isinstance(answer, ObjectNotFound | PermissionDenied):
                self._following = []
            return
        kept = await self._residue.of(self._asked_for)
        stamps = {key: residue.stamp for key, residue in kept.items()}
        by_id = {task["id"]: task for task in answer}
        for key, former in predecessors(self._following, answer, stamps).items():
            task = by_id[key]
            await self._residue.keep(key, Kept(task[STAMP], kept[former].wordings))
            self.index.apply([Found(task_piece(task, task[STAMP]), key, task.get("uid"), None)])
        self._following = []

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if self.is_remembered(token):
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

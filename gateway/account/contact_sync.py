"""Address books in step with OX: ``contacts?action=updates`` and its faults.

Deletions come as bare ids, without stamp, and an interval of nothing but deletions is not answered at all
(SVL-0011). Asking since just before the newest contact puts one change into every interval, so that the fault shows
up only when that contact itself is gone; then changes and ids are asked for separately and compared with the index.

In a folder without contacts it always does: whose token is of another index has to start anew after a deletion.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import news
from gateway.account.synced_objects import SyncedObjects, require_remembered
from gateway.ledger.ledger import Ledger
from gateway.ox import contacts
from gateway.ox.call import FAR_FUTURE, Answer, Call
from gateway.ox.errors import DeletionsOnly, OXError

SUFFIX = ".vcf"
FIELDS = ("uid",)


class SyncedBook(SyncedObjects):
    """What is common to both ways of staying in step with an address book."""

    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str) -> None:
        super().__init__(folder, names, SUFFIX, ledger, account)
        self._there: frozenset[str] = frozenset()

    def remember(self) -> None:
        """A listing is about to be asked for. What is created while OX answers may be missing in it and is not gone."""
        self._there = frozenset(object_id for member in self.index for object_id in member.ids)

    def missing_in(self, present: Collection[str]) -> list[str]:
        """The contacts that were there when ``remember`` was called, and are not now."""
        return sorted(self._there.difference(present))


class SyncedAddressBook(SyncedBook):
    """``remembered``: for how many milliseconds OX keeps tombstones, None for ever."""

    conditional = True

    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str, remembered: int | None) -> None:
        super().__init__(folder, names, ledger, account)
        self._remembered = remembered

    @property
    def since(self) -> int:
        return min(super().since, max(0, self.index.newest_alive - 1))

    def question(self) -> tuple[Call[Any], ...]:
        if self.built and not len(self.index):  # nothing can be deleted
            return (news(contacts.updates_without_deletions, self.folder, 0, FIELDS),)
        return (news(contacts.updates, self.folder, self.since, FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        if len(answers) > 1:  # the fallback of what was asked first
            await self._compare(*answers)
            return ()
        (answer,) = answers
        if isinstance(answer, DeletionsOnly):
            self.remember()
            return (
                contacts.updates_without_deletions(self.folder, self.since, FIELDS),
                contacts.ids(self.folder),
            )
        if isinstance(answer, OXError):
            raise answer
        whole = self.doubtful and self.since == 0
        await self.take(answer.rows, answer.deleted_ids, answer.unreadable, whole=whole)
        return ()

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if self.is_remembered(token):
            return ()
        require_remembered(token, self._remembered)
        newest = self.index.newest_alive or FAR_FUTURE
        return (_deleted_in(contacts.updates(self.folder, min(token.buried, newest - 1), ())),)

    async def _compare(self, changed: Any, ids: Any) -> None:
        for answer in (changed, ids):
            if isinstance(answer, OXError):
                raise answer
        present = {*ids, *(row["id"] for row in changed.rows)}
        await self.take(changed.rows, self.missing_in(present), changed.unreadable, whole=False, all_deleted=False)


def _deleted_in(updates: Call[contacts.ContactUpdates]) -> Call[frozenset[str]]:
    """The question ``updates``, asked for the ids of deleted contacts alone."""

    def decode(answer: Answer) -> frozenset[str]:
        return frozenset(updates.decode(answer).deleted_ids)

    return Call(updates.module, updates.action, decode, updates.params, refine=updates.refine)

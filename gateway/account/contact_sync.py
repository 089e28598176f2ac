"""Address books in step with OX: ``contacts?action=updates`` and its faults.

Deletions come as bare ids, without stamp, and an interval of nothing but deletions is not answered at all
(SVL-0011). Asking since just before the newest contact puts one change into every interval, so that the fault shows
up only when that contact itself is gone; then changes and ids are asked for separately and compared with the index.

In a folder without contacts OX cannot tell what was deleted before this index: the client has to start anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced_objects import SyncedObjects
from gateway.dav.errors import ValidSyncToken
from gateway.ledger.ledger import Ledger
from gateway.ox import contacts
from gateway.ox.call import Answer, Call
from gateway.ox.errors import DeletionsOnly, OXError

SUFFIX = ".vcf"
_FIELDS = ("uid",)


class SyncedAddressBook(SyncedObjects):
    def __init__(self, folder: str, names: Names, ledger: Ledger, account: str) -> None:
        super().__init__(folder, names, SUFFIX, ledger, account)

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
        await self.take(answer.rows, answer.deleted_ids, whole=self.doubtful and self.since == 0)
        return ()

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if token.epoch == self.epoch:
            return ()
        newest = self.index.newest_alive
        if not newest:
            raise ValidSyncToken("OX cannot tell the deletions of an empty address book")
        return (deleted_in(contacts.updates(self.folder, min(token.buried, newest - 1), ())),)

    async def _compare(self, changed: Any, ids: Any) -> None:
        for answer in (changed, ids):
            if isinstance(answer, OXError):
                raise answer
        present = {*ids, *(row["id"] for row in changed.rows)}
        gone = [object_id for member in self.index for object_id in member.ids if object_id not in present]
        await self.take(changed.rows, gone, whole=False)


def deleted_in(updates: Call[contacts.ContactUpdates]) -> Call[frozenset[str]]:
    """The question ``updates``, asked for the ids of deleted contacts alone."""

    def decode(answer: Answer) -> frozenset[str]:
        return frozenset(updates.decode(answer).deleted_ids)

    return Call(updates.module, updates.action, decode, updates.params, refine=updates.refine)

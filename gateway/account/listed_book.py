"""Address books in step with OX by listing them: module ``addressbooks`` tells no changes.

Who is gone is told by an index that knew him; a token of another index (its ``epoch``) is good for as long as nothing
has changed, then its client has to start anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gateway.account.contact_sync import FIELDS, SyncedBook
from gateway.account.sync_token import SyncToken
from gateway.dav.errors import ValidSyncToken
from gateway.ox import contacts
from gateway.ox.call import Call
from gateway.ox.errors import OXError


class ListedAddressBook(SyncedBook):
    def question(self) -> tuple[Call[Any], ...]:
        self.remember()
        return (contacts.listed(self.folder, FIELDS),)

    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        (answer,) = answers
        if isinstance(answer, OXError):
            raise answer
        listed = {*answer.unreadable, *(row["id"] for row in answer.rows)}
        missing = [] if "" in listed else self.missing_in(listed)
        await self.take(answer.rows, missing, answer.unreadable, whole=self.doubtful)
        return ()

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        if token.epoch == self.epoch:
            return ()
        raise ValidSyncToken("OX cannot tell the deletions of this address book")

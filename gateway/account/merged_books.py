"""The index over the cards of several address books, made of their own indexes.

A contact keeps its id when it moves between folders, so here it keeps its name and is changed, not deleted and made
anew. Cards are named by that id unless a client chose the name in this very collection: names of the single books may
occur twice. Another set of books is another index: what came and went with a book has no stamps of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from gateway.account.contact_sync import SUFFIX
from gateway.account.index import Found, Index, Member
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.account.synced import Indexed, Synced
from gateway.ox.call import Call


class MergedBooks(Indexed):
    """``books``: the indexes of the folders, which stay in step with OX by themselves."""

    def __init__(self, names: Names, life: str, books: Sequence[Synced]) -> None:
        super().__init__(names, Index(names, SUFFIX, life))
        self.epoch = secrets.token_hex(4)
        self.folder_of: dict[str, str] = {}
        """Contact id -> folder id."""
        self._books = {id(book): book for book in books}
        self._versions: list[int] = []

    def is_of(self, books: Iterable[Synced]) -> bool:
        """Whether these are the books it was made of."""
        return {id(book) for book in books} == self._books.keys()

    async def merge(self) -> None:
        """Learn what changed in the books. A query of the ledger when there are new cards, no upstream call."""
        books = list(self._books.values())
        versions = [book.index.version for book in books]
        if self.built and versions == self._versions:
            return
        if not self.built or any(member.key not in self.index for book in books for member in book.index):
            await self.names.reload()
        cards = _newest(books)
        self.index.apply([_found(member) for _, member in cards.values()], whole=True)
        self.folder_of = {key: folder for key, (folder, _) in cards.items()}
        if not self.built:
            self.built = True
            await self.names.prune([*cards, *(key for book in books for key in book.names.named())])
        await self.names.save()
        self._versions = versions

    def gone_names(self, key: str, last: str | None) -> Sequence[str]:
        return self.names.all_of(key, last or self.names.of(key, None) or f"{key}{SUFFIX}")

    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        """Of every book."""
        if self.is_remembered(token):
            return ()
        return tuple(question for book in self._books.values() for question in book.deletions_since(token))


def _newest(books: Iterable[Synced]) -> dict[str, tuple[str, Member]]:
    """The cards by id, with their folders; of one that moved while OX was asked, the newer."""
    found: dict[str, tuple[str, Member]] = {}
    for book in books:
        for member in book.index:
            other = found.get(member.key)
            if other is None or other[1].modified < member.modified:
                found[member.key] = (book.folder, member)
    return found


def _found(member: Member) -> Found:
    (piece,) = member.pieces
    return Found(piece, member.key, member.uid, None)

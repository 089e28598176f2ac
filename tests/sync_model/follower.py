"""A client that knows nothing but what sync-collection tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from gateway.account.tree import AccountTree
from gateway.dav.errors import NeedPrivileges, NotFound, ValidSyncToken
from gateway.dav.values import Changes
from tests.account.world import etags
from tests.sync_model.site import collection_of


@dataclass
class Follower:
    """Of the collection at ``segment`` of a home. ``told``: how many members it was told of."""

    home: str
    segment: str
    token: str | None = None
    known: dict[str, str] = field(default_factory=dict)
    told: int = 0
    restarts: int = 0

    async def page(self, tree: AccountTree, limit: int | None) -> bool:
        """Ask once; whether there is more."""
        try:
            collection = await collection_of(tree, self.home, self.segment)
            changes = await collection.changes(self.token, limit)
        except (NotFound, NeedPrivileges):
            self.forget()
            return False
        except ValidSyncToken:
            self.forget()
            self.restarts += 1
            return True
        changed = etags(await collection.entries() if changes.whole else changes.changed)
        self._learn(changed, changes)
        return changes.truncated

    async def catch_up(self, tree: AccountTree, limit: int | None) -> None:
        for _ in range(200):
            if not await self.page(tree, limit):
                return
        raise AssertionError("the pages have no end")

    def forget(self) -> None:
        self.token, self.known = None, {}

    def _learn(self, changed: dict[str, str], changes: Changes) -> None:
        again = {name for name, etag in changed.items() if self.known.get(name) == etag}
        assert not again, f"told again: {again}"
        assert not changed.keys() & set(changes.removed), "both changed and removed"
        self.told += len(changed) + len(changes.removed)
        self.token = changes.token
        for name in changes.removed:
            self.known.pop(name, None)
        self.known.update(changed)

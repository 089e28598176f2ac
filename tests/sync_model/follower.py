"""A client that knows nothing but what sync-collection tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.davclient import Sync
from tests.sync_model.client import Client, TokenRefused


@dataclass
class Follower:
    """Of the collection at ``segment`` of a home. ``told``: how many members it was told of."""

    segment: str
    token: str = ""
    known: dict[str, str] = field(default_factory=dict)
    told: int = 0
    restarts: int = 0

    async def page(self, client: Client, limit: int | None) -> bool:
        """Ask once; whether there is more."""
        try:
            changes = await client.changes(self.segment, self.token, limit)
        except TokenRefused:
            self.forget()
            self.restarts += 1
            return True
        if changes is None:
            self.forget()
            return False
        self._learn(changes)
        return changes.truncated

    async def catch_up(self, client: Client, limit: int | None) -> None:
        for _ in range(200):
            if not await self.page(client, limit):
                return
        raise AssertionError("the pages have no end")

    def forget(self) -> None:
        self.token, self.known = "", {}

    def _learn(self, changes: Sync) -> None:
        self._check(changes)
        self.told += len(changes.changed) + len(changes.removed)
        self.token = changes.token
        for name in changes.removed:
            self.known.pop(name, None)
        self.known.update(changes.changed)

    def _check(self, changes: Sync) -> None:
        again = {name for name, etag in changes.changed.items() if self.known.get(name) == etag}
        assert not again, f"told again: {again}"
        assert not changes.changed.keys() & set(changes.removed), "both changed and removed"


class HomeFollower(Follower):
    """Of a home. Collections have no ETags; ``known`` is what was shown of each when it was told of."""

    def __init__(self) -> None:
        super().__init__("")

    async def page(self, client: Client, limit: int | None) -> bool:
        more = await super().page(client, limit)
        shown = await client.collections()
        self.known = {segment: known or shown.get(segment, "") for segment, known in self.known.items()}
        return more

    def _check(self, changes: Sync) -> None:
        changes.changed = {href.rstrip("/"): "" for href in changes.changed}
        changes.removed = [href.rstrip("/") for href in changes.removed]
        assert not changes.changed.keys() & set(changes.removed), "both changed and removed"


def require_same(follower: Follower, there: dict[str, str]) -> None:
    """Homes have members that show nothing, as scheduling boxes."""
    known = {segment: follower.known.get(segment) for segment in there} if not follower.segment else follower.known
    differing = {name: (known.get(name), there.get(name)) for name in {**known, **there}}
    assert known == there, (follower.segment or "the home", [each for each in differing.items() if len({*each[1]}) > 1])

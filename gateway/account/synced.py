"""What a folder needs to stay in step with OX: its index, the question to ask, and what to make of the answer."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any
from weakref import WeakValueDictionary

from gateway.account.index import WINDOW, Index
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.ox.call import Call


class Synced(ABC):
    """One folder of one account. ``epoch`` names this index where deletions have no stamp of their own, else empty."""

    epoch = ""

    def __init__(self, folder: str, names: Names, index: Index) -> None:
        self.folder = folder
        self.names = names
        self.index = index
        self.built = False
        self.doubtful = False
        """The index holds something that OX does not show any more: the next question lists everything."""
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, name: str) -> asyncio.Lock:
        """Held by who writes the resource ``name``: a client that repeats a request must not create it twice."""
        lock = self._turns.get(name)
        if lock is None:
            lock = self._turns[name] = asyncio.Lock()
        return lock

    @property
    def since(self) -> int:
        """A little before the newest stamp, because a change may appear later than a newer one; 0 for everything."""
        return max(0, self.index.newest - WINDOW) if self.built and not self.doubtful else 0

    @abstractmethod
    def question(self) -> tuple[Call[Any], ...]:
        """What to ask OX to be fresh."""

    @abstractmethod
    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        """Take the answers to the last question; the calls that are needed in addition, mostly none.
        Raises the OXError that stands in place of an answer."""

    @abstractmethod
    def deletions_since(self, token: SyncToken) -> Call[frozenset[str]] | None:
        """The question for deletions that this index cannot remember but ``token`` needs, None when there are none.
        Raises ValidSyncToken when OX cannot tell either."""

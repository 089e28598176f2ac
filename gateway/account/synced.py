"""What a folder needs to stay in step with OX: its index, the question to ask, and what to make of the answer."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar
from weakref import WeakValueDictionary

from gateway.account.index import WINDOW, Found, Index, Lost
from gateway.account.names import Names
from gateway.account.sync_token import SyncToken
from gateway.dav.errors import ValidSyncToken
from gateway.dav.turns import take_turns
from gateway.ox.call import Call
from gateway.ox.errors import Malformed

SETTLED_SECONDS = 10.0
"""After so long nothing older than the newest stamp can appear any more. Five times the window: a transaction of OX
that takes longer than others do must not be missed."""


@lru_cache(maxsize=4096)
def news(
    ask: Callable[[str, int, tuple[str, ...]], Call[Any]], folder: str, since: int, fields: tuple[str, ...]
) -> Call[Any]:
    """What ``ask`` makes of the rest: the same call every time, as long as nothing changes."""
    return ask(folder, since, fields)


class Indexed(ABC):
    """The index of one collection and what is kept beside it. ``epoch`` names this index where deletions have no stamp
    of their own, else empty."""

    epoch = ""

    def __init__(self, names: Names, index: Index) -> None:
        self.names = names
        self.index = index
        self.built = False
        self.doubtful = False
        """The index holds something that OX does not show any more: the next question lists everything."""
        self.token: str | None = None
        """Of a client that knows everything, when the index was as ``token_of`` says."""
        self.token_of: tuple[int, str] = (0, "")
        self.listed: str | None = None
        """Under what the text of the last listing is kept."""
        self.answers: list[str] = []
        """Under what the last answers to queries are kept."""
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def turn(self, name: str) -> asyncio.Lock:
        """Held by who writes the resource ``name``: a client that repeats a request must not create it twice."""
        lock = self._turns.get(name)
        if lock is None:
            lock = self._turns[name] = asyncio.Lock()
        return lock

    @abstractmethod
    def gone_names(self, key: str, last: str | None) -> Sequence[str]:
        """What a resource that ``deletions_since`` asks for was called, by any client that knows it. ``last``: what it
        was called when it went, None when the index has not seen that. Raises ValidSyncToken when it cannot be told."""

    def is_remembered(self, token: SyncToken) -> bool:
        """Whether the index remembers all deletions that ``token`` needs. Raises ValidSyncToken when it has forgotten
        some of its own."""
        if token.buried < self.index.remembers_since:
            raise ValidSyncToken("too much has been deleted since this token was written")
        return token.epoch == self.epoch

    @abstractmethod
    def deletions_since(self, token: SyncToken) -> tuple[Call[frozenset[str]], ...]:
        """The questions for deletions that this index cannot remember but ``token`` needs, none when there are none.
        Raises ValidSyncToken when OX cannot tell either."""


class Synced(Indexed):
    """One folder of one account."""

    conditional: ClassVar[bool] = False
    """Every write carries the stamp it is about: OX itself refuses to write over what is not known here."""
    clock: Callable[[], float] = time.monotonic

    def __init__(self, folder: str, names: Names, index: Index) -> None:
        super().__init__(names, index)
        self.folder = folder
        self._newest = 0
        self._newest_since = 0.0
        """When the newest stamp was seen first."""
        self._asked = 0.0
        self._settled = False
        """OX was asked when nothing older than the newest stamp could appear any more."""
        self.unreadable: set[str] = set()
        """Objects of which OX told something without sense since this index was built; empty for one without an id."""

    @property
    def since(self) -> int:
        """A little before the newest stamp of the last answer, because a change may appear later than a newer one,
        until it cannot any more; 0 for everything. Not the stamps of our own writes: others may have changed
        something between that answer and them."""
        if not self.built or self.doubtful:
            return 0
        return self._newest if self._settled else max(0, min(self._newest, self.index.newest) - WINDOW)

    def asking(self) -> None:
        """A question is about to be put."""
        self._asked = self.clock()

    def answered(self) -> None:
        """The last question was answered, and what it told was learnt."""
        if self._newest != self.index.newest:
            self._newest, self._newest_since, self._settled = self.index.newest, self.clock(), False
        elif self._asked - self._newest_since > SETTLED_SECONDS:
            self._settled = True

    def leave_out(self, unreadable: Collection[str], *, beside: int) -> None:
        """Note objects of an answer that could not be read, beside so many that could. Raises Malformed when the
        first answer has several and no other: then OX is at fault and not an object, and nothing would be listed."""
        if len(unreadable) > 1 and not (beside or self.built):
            raise Malformed("no object can be read")
        self.unreadable.update(unreadable)

    async def take_in(
        self, found: Iterable[Found], lost: Iterable[Lost], *, known: Collection[str], whole: bool
    ) -> None:
        """See ``Index.apply``. Nobody else has an index that is not built: thousands of objects are learnt in turns."""
        if self.built:
            self.index.apply(found, lost, known=known, whole=whole)
        else:
            await take_turns(self.index.applying(found, lost, known=known, whole=whole))

    @abstractmethod
    def question(self) -> tuple[Call[Any], ...]:
        """What to ask OX to be fresh."""

    @abstractmethod
    async def learn(self, answers: Sequence[Any]) -> tuple[Call[Any], ...]:
        """Take the answers to the last question; the calls that are needed in addition, mostly none.
        Raises the OXError that stands in place of an answer."""

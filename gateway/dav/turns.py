"""Long work in turns with that of other requests, on the one thread that serves them all.

A small request passes through the event loop a few times before it waits for OX, and a few times before it is answered.
So who has worked for a while lets the loop go round that often, and only one request that works for long goes on then:
a small one waits for two turns or three, however many large ones there are.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")

_TURN = 0.002
"""Seconds that one request keeps the others waiting, about."""
_ROUNDS = 6
"""Of the event loop."""
_PATIENCE = 0.01
"""Seconds after which it is one's own turn again, however much the others have to do: a large request is slow beside
many small ones, but comes to its end."""

_lines: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


class Turn:
    """The turn of one request, which begins now. Not the loop's clock: uvloop's stands still while somebody works."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began = clock()

    async def may_end(self) -> None:
        """To be called after each piece of work: lets the others go first if it took a while."""
        if self._clock() - self._began < _TURN:
            return
        async with _lines.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
            waiting_since = self._clock()
            for _ in range(_ROUNDS):
                await asyncio.sleep(0)
                if self._clock() - waiting_since > _PATIENCE:
                    break
        self._began = self._clock()


async def in_turns(items: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same items; others get their turn when work on them, which is the CPU's, has taken a while.

    Items that are at hand come without a pause of their own.
    """
    turn = Turn()
    async for item in items:
        yield item
        await turn.may_end()


async def take_turns(steps: Iterable[None]) -> None:
    """Work that is done step by step; others get their turn in between."""
    turn = Turn()
    for _ in steps:
        await turn.may_end()

"""Long work in turns with that of other requests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

T = TypeVar("T")

_TURN = 0.01
"""Seconds that one request keeps the others waiting, about."""


async def in_turns(items: AsyncIterator[T]) -> AsyncIterator[T]:
    """The same items; others get their turn when work on them, which is the CPU's, has taken a while.

    Items that are at hand come without a pause of their own.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    async for item in items:
        yield item
        if clock() - began > _TURN:
            await asyncio.sleep(0)
            began = clock()

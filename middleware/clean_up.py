"""Forgetting what nobody needs any more: tombstones after a time, and files that nothing holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from middleware.context import Context

# For how long deletions are told to clients; `config/tombstoneCleanup` says so.
TOMBSTONE_MS = 84 * 24 * 3600 * 1000
_INTERVAL = 24 * 3600.0  # seconds


def clean_up(context: Context) -> None:
    """Do it once, in a turn of its own."""
    before = context.clock.now() - TOMBSTONE_MS
    with context.turn(), context.store.writing() as connection:
        for module in context.registry:
            for hook in module.cleaned_up:
                hook(connection, before)


def daily(context: Context) -> Callable[[web.Application], AsyncIterator[None]]:
    """What keeps an application clean: once when it starts, then every day."""

    async def running(_app: web.Application) -> AsyncIterator[None]:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(context.worker, clean_up, context)
        task = asyncio.create_task(_every_day(context))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return running


async def _every_day(context: Context) -> None:
    while True:
        await asyncio.sleep(_INTERVAL)
        await asyncio.get_running_loop().run_in_executor(context.worker, clean_up, context)

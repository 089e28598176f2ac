"""One question to OX at a time, shared by all who need its answer (group commit).

A request that needs freshness must not be served from an answer that OX may have begun before the request arrived:
that answer could lack a change whose acknowledgement the client already holds. So it never joins a running refresh;
it joins the next one, together with everybody else who arrives meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Iterable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)

Refresh = Callable[[frozenset[K]], Awaitable[Mapping[K, Exception]]]
"""Refreshes all given keys with one question; errors that concern single keys are returned, others raised."""

_Waiting = tuple[frozenset[K], asyncio.Future[Mapping[K, Exception]]]


class Freshness(Generic[K]):
    """Runs ``refresh`` for whoever asks, never twice at the same time."""

    def __init__(self, refresh: Refresh[K]) -> None:
        self._refresh = refresh
        self._waiting: list[_Waiting[K]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, keys: Iterable[K]) -> dict[K, Exception]:
        """Return when all keys are as fresh as this call; the keys that could not be refreshed, with the reason.
        Raises what befell the refresh as a whole."""
        wanted = frozenset(keys)
        if not wanted:
            return {}
        answer: asyncio.Future[Mapping[K, Exception]] = asyncio.get_running_loop().create_future()
        self._waiting.append((wanted, answer))
        if self._running is None:
            self._running = asyncio.create_task(self._run())
        failures = await answer
        return {key: failures[key] for key in wanted if key in failures}

    async def close(self) -> None:
        """Let a running refresh end; nobody waits for it any more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self) -> None:
        try:
            # Let all requests that are already here take part in this round.
            await asyncio.sleep(0)
            while self._waiting:
                round_, self._waiting = self._waiting, []
                await self._round(round_)
        finally:
            self._running = None
            for _, answer in self._waiting:
                answer.cancel()

    async def _round(self, waiting: list[_Waiting[K]]) -> None:
        try:
            failures = await self._refresh(frozenset(key for wanted, _ in waiting for key in wanted))
        except asyncio.CancelledError:
            for _, answer in waiting:
                answer.cancel()
            raise
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits
            for _, answer in waiting:
                if not answer.done():
                    answer.set_exception(error)
            return
        for _, answer in waiting:
            if not answer.done():
                answer.set_result(failures)

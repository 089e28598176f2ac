"""Liveness and readiness, for supervisors and load balancers. Anonymous; tells nothing of any account."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from aiohttp import web

CACHED_SECONDS = 5.0


class Readiness:
    """Whether OX answers at all. Asked at most once in some seconds, however often we are asked."""

    def __init__(self, probe: Callable[[], Awaitable[bool]]) -> None:
        self._probe = probe
        self._lock = asyncio.Lock()
        self._known_until = 0.0
        self._ready = False

    async def ready(self) -> bool:
        async with self._lock:
            if time.monotonic() >= self._known_until:
                self._ready = await self._probe()
                self._known_until = time.monotonic() + CACHED_SECONDS
            return self._ready


def add_health(app: web.Application, readiness: Readiness) -> None:
    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "up"})

    async def ready(_: web.Request) -> web.Response:
        if await readiness.ready():
            return web.json_response({"status": "up"})
        return web.json_response({"status": "down", "ox": "unreachable"}, status=503, headers={"Retry-After": "10"})

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)

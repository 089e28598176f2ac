"""Whether OX is there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from gateway.ox.session import Session
from gateway.ox.system import reachable
from gateway.ox.transport import Transport
from middleware.faults import Fault, Kind
from middleware.running import Running


async def test_ox_is_there(ox: Running, transport: Transport) -> None:
    assert await reachable(transport)
    ox.faults.add(Fault(Kind.UNAVAILABLE))
    assert not await reachable(transport)
    await ox.stop()
    assert not await reachable(transport)


@pytest.mark.parametrize(("status", "body"), [(200, "<html></html>"), (200, "[]"), (502, "{}"), (302, "")])
async def test_something_else_is_there(session_with: Callable[..., Awaitable[Session]], status: int, body: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    assert not await reachable((await session_with(answer))._transport)

"""The client before an embedded OX, or before a server that misbehaves as a test orders."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from gateway.ox.login import Basic, log_in
from gateway.ox.session import Session, SignedIn
from gateway.ox.transport import Transport
from middleware.running import Running
from tests.middleware.conftest import ox as ox

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def transport(ox: Running) -> AsyncIterator[Transport]:
    async with Transport(ox.url, timeout=20) as opened:
        yield opened


@pytest.fixture
async def alice(transport: Transport) -> AsyncIterator[Session]:
    session = await log_in(transport, Basic("alice", "demo"))
    yield session
    await session.logout()


@pytest.fixture
async def bob(transport: Transport) -> AsyncIterator[Session]:
    session = await log_in(transport, Basic("bob", "demo"))
    yield session
    await session.logout()


@pytest.fixture
async def session_with() -> AsyncIterator[Callable[..., Awaitable[Session]]]:
    """``await session_with(handler, **transport settings)``: a session, without login, of a server that answers
    every request with ``handler``."""
    servers: list[TestServer] = []
    transports: list[Transport] = []

    async def start(handler: Handler, **settings: object) -> Session:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", handler)
        server = TestServer(app)
        await server.start_server()
        servers.append(server)
        transport = Transport(f"http://127.0.0.1:{server.port}/ajax", **settings)  # type: ignore[arg-type]
        transports.append(transport)
        return Session(transport, SignedIn("3", "2", "alice", session_id="s"))

    yield start
    for transport in transports:
        await transport.close()
    for server in servers:
        await server.close()

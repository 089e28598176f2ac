"""An embedded OX on a loopback port with the users alice (3), bob (4) and carol (5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware.conftest import server, settings
from tests.middleware_chronos.people import Person

__all__ = ["alice", "bob", "carol", "login", "server", "settings"]

Login = Callable[[str], Awaitable[Person]]
_PEOPLE = {"alice": (3, "cal://0/31"), "bob": (4, "cal://0/41"), "carol": (5, "cal://0/51")}


@pytest.fixture
async def login(server: Running) -> AsyncIterator[Login]:
    """Log a user in: `await login("alice")`."""
    async with AsyncExitStack() as stack:

        async def enter(name: str) -> Person:
            client = await stack.enter_async_context(OXClient(server.url))
            await client.login(name)
            return Person(client, *_PEOPLE[name])

        yield enter


@pytest.fixture
async def alice(login: Login) -> Person:
    """A session of alice."""
    return await login("alice")


@pytest.fixture
async def bob(login: Login) -> Person:
    """A session of bob."""
    return await login("bob")


@pytest.fixture
async def carol(login: Login) -> Person:
    """A session of carol."""
    return await login("carol")

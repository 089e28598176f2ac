"""An embedded OX whose module `calendar` is spoken to by alice (3), bob (4) and carol (5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack

import pytest
from argon2 import PasswordHasher

from middleware import passwords
from middleware.context import Settings
from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate
from tests.middleware_appointments.people import Person

Login = Callable[[str], Awaitable[Person]]
_PEOPLE = {"alice": (3, 31), "bob": (4, 41), "carol": (5, 51)}


@pytest.fixture(autouse=True, scope="session")
def cheap_passwords() -> Iterator[None]:
    """Strong hashes would take most of the time of these tests."""
    strong = passwords.hasher
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.hasher = strong


@pytest.fixture
def settings() -> Settings:
    """The switches of the server; a module of tests may have others."""
    return Settings()


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Running]:
    """The running server."""
    context = open_context(None, settings=settings)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()


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

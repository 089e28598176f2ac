"""An embedded OX with a few accounts, and clients of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from middleware.accounts import add_group, add_resource, add_user
from middleware.context import Context, Settings
from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient


def populate(context: Context) -> None:
    """Users alice (3), bob (4) and carol (5) with password "demo", group Team (6), Room 1 (7) and Beamer (8)."""
    add_user(context, "alice", "demo", "Alice", "Archer")
    add_user(context, "bob", "demo", "Bob", "Baker")
    add_user(context, "carol", "demo", "Carol", "Clark")
    add_group(context, "team", "Team", (3, 4, 5))
    add_resource(context, "room1", "Room 1", description="Meeting room")
    add_resource(context, "beamer", "Beamer", description="Projector")


@pytest.fixture
async def ox() -> AsyncIterator[Running]:
    """An embedded OX in memory on a loopback port."""
    context = open_context(None)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()


@pytest.fixture
async def alice(ox: Running) -> AsyncIterator[OXClient]:
    """A session of alice."""
    async with OXClient(ox.url) as client:
        await client.login("alice")
        yield client


@pytest.fixture
async def bob(ox: Running) -> AsyncIterator[OXClient]:
    """A session of bob."""
    async with OXClient(ox.url) as client:
        await client.login("bob")
        yield client


@pytest.fixture
def settings() -> Settings:
    """The switches of `server`; a module of tests may have others."""
    return Settings()


@pytest.fixture
async def server(settings: Settings) -> AsyncIterator[Running]:
    """As `ox`, with switches."""
    context = open_context(None, settings=settings)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()

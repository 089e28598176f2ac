from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from tests.davclient import DAV
from tests.oxclient import OX
from tests.stories.event_stage import Stage, stages
from tests.world import World

BOTH = ("8", "7.8")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module with ``GENERATIONS`` runs against each of these OX; what OX 7.8 cannot hold is marked ``chronos``."""
    named = getattr(metafunc.module, "GENERATIONS", ())
    if named and "world" in metafunc.fixturenames:
        newer = metafunc.definition.get_closest_marker("chronos") is not None
        chosen = [each for each in named if each == "8" or not newer]
        metafunc.parametrize("world", chosen, indirect=True, scope="module")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"), generation=getattr(request, "param", "8"))
    yield world
    world.close()


@pytest.fixture
async def alice(world: World) -> AsyncIterator[DAV]:
    async with world.dav("alice") as client:
        yield client


@pytest.fixture
async def bob(world: World) -> AsyncIterator[DAV]:
    async with world.dav("bob") as client:
        yield client


@pytest.fixture
async def alice_ox(world: World) -> AsyncIterator[OX]:
    async with await world.ox("alice") as client:
        yield client


@pytest.fixture
async def bob_ox(world: World) -> AsyncIterator[OX]:
    async with await world.ox("bob") as client:
        yield client


@pytest.fixture
async def calendar(alice: DAV) -> str:
    """Href of alice's default calendar."""
    return (await alice.calendars())["Calendar"]


@pytest.fixture
async def book(alice: DAV) -> str:
    """Href of alice's default address book."""
    return (await alice.address_books())["Contacts"]


@pytest.fixture
async def tasklist(alice: DAV) -> str:
    """Href of alice's default task list."""
    return (await alice.calendars())["Tasks"]


@pytest.fixture
def no_fault_left(world: World) -> Iterator[None]:
    """No order for faults is left when the test has failed."""
    yield
    world.ox_server.faults.clear()


@pytest.fixture
async def new_stage(world: World, alice: DAV, alice_ox: OX, bob_ox: OX, no_fault_left: None) -> Callable[[], Stage]:
    """Makes stages for operations on events."""
    return await stages(world, alice, alice_ox, bob_ox)

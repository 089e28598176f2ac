from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.davclient import DAV
from tests.peers.radicale import RadicaleServer
from tests.stories.conftest import world

__all__ = ["world"]


@pytest.fixture(scope="module")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RadicaleServer]:
    server = RadicaleServer(tmp_path_factory.mktemp("radicale"))
    yield server
    server.stop()


@pytest.fixture
async def peer(radicale: RadicaleServer) -> AsyncIterator[DAV]:
    async with DAV(radicale.url, "alice", "demo") as client:
        yield client

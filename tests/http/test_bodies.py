"""Bodies of requests: at once or in pieces, compressed or not, within the limit."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from tests.davclient import DECLARATIONS
from tests.world import PASSWORD, World

LIMIT = 4000
QUESTION = f"<D:propfind {DECLARATIONS}><D:prop><D:resourcetype/></D:prop></D:propfind>".encode()
TOO_LARGE = QUESTION + b" " * LIMIT


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("bodies"), limits={"body_bytes": LIMIT})
    yield world
    world.close()


async def _status(world: World, body: bytes | AsyncIterator[bytes], **headers: str) -> int:
    alice = {"Authorization": aiohttp.encode_basic_auth("alice", PASSWORD), "Depth": "0", **headers}
    async with (
        aiohttp.ClientSession() as client,
        client.request("PROPFIND", world.url, data=body, headers=alice) as answer,
    ):
        return answer.status


async def _in_pieces(body: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(body), 50):
        yield body[start : start + 50]
        await asyncio.sleep(0)


async def test_a_body_is_read_whole_however_it_comes(world: World) -> None:
    assert await _status(world, QUESTION) == 207
    assert await _status(world, _in_pieces(QUESTION)) == 207
    assert await _status(world, gzip.compress(QUESTION), **{"Content-Encoding": "gzip"}) == 207


async def test_a_body_beyond_the_limit_is_refused_however_it_comes(world: World) -> None:
    assert await _status(world, TOO_LARGE) == 413
    assert await _status(world, _in_pieces(TOO_LARGE)) == 413
    assert await _status(world, gzip.compress(TOO_LARGE), **{"Content-Encoding": "gzip"}) == 413


async def test_the_same_question_of_another_user_has_another_answer(world: World) -> None:
    """A small body is parsed once, whoever sends it."""
    async with world.dav() as alice, world.dav("bob") as bob:
        answers = [(await client.propfind("/", "D:current-user-principal")).text for client in (alice, bob, alice)]
    assert answers[0] == answers[2] != answers[1]

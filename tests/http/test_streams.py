"""Large answers: who reads slowly keeps nobody waiting, who goes away stops the work before OX."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from middleware.faults import ArmedFault, Fault, Kind
from tests.davclient import DECLARATIONS
from tests.world import PASSWORD, World

EVENTS = 300
TEXT = "x" * 40_000
"""Of each event: together far more than sockets hold."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("streams"))
    asyncio.run(_fill(world))
    yield world
    world.close()


async def _fill(world: World) -> None:
    async with await world.ox() as ox:
        folder = await ox.calendar()
        for number in range(EVENTS):
            await ox.add_event(folder, uid=f"large-{number}", summary="Large", description=TEXT)


async def _everything(world: World) -> tuple[str, bytes]:
    """The calendar, and a request for all texts in it."""
    async with world.dav() as client:
        calendar = (await client.calendars())["Calendar"]
        members = (await client.propfind(calendar, "D:getetag", depth=1)).responses.keys() - {calendar}
    hrefs = "".join(f"<D:href>{href}</D:href>" for href in sorted(members))
    props = "<D:prop><D:getetag/><C:calendar-data/></D:prop>"
    body = f"<C:calendar-multiget {DECLARATIONS}>{props}{hrefs}</C:calendar-multiget>".encode()
    login = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
    head = (
        f"REPORT {calendar} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {login}\r\nDepth: 1\r\n"
        f"Content-Type: application/xml\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return calendar, head.encode() + body


async def _begun(world: World, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection whose answer has begun; nothing more is read than the status line and some buffers full."""
    reader, writer = await asyncio.open_connection("127.0.0.1", world.gateway.port, limit=4096)
    writer.write(request)
    await writer.drain()
    assert (await reader.readline()).startswith(b"HTTP/1.1 207")
    return reader, writer


async def test_who_goes_away_stops_the_work(world: World) -> None:
    calendar, request = await _everything(world)
    with world.upstream() as calls:
        _, writer = await _begun(world, request)
        writer.transport.abort()
        async with world.dav() as client:
            for _ in range(20):
                (await client.propfind(calendar, "D:sync-token")).only.text("D:sync-token")
    asked = [call for call in calls if call.action == "list"]
    assert 1 <= len(asked) < EVENTS // 100


def _struck(fault: ArmedFault) -> None:
    while not fault.hits:
        time.sleep(0.01)


async def test_who_goes_away_before_the_answer_begins_stops_the_work(world: World) -> None:
    world.restart_gateway()
    _, request = await _everything(world)
    slow = world.ox_server.faults.add(Fault(Kind.DELAY, "chronos", "list", seconds=1.0))
    with world.upstream() as calls:
        _, writer = await asyncio.open_connection("127.0.0.1", world.gateway.port)
        writer.write(request)
        await asyncio.to_thread(_struck, slow)
        writer.transport.abort()
        await asyncio.sleep(2.0)
    assert len([call for call in calls if call.action == "list"]) == 1


async def test_who_reads_slowly_keeps_nobody_waiting(world: World) -> None:
    calendar, request = await _everything(world)
    readers = [await _begun(world, request) for _ in range(2)]
    async with world.dav() as client:
        for _ in range(10):
            (await client.propfind(calendar, "D:sync-token")).only.text("D:sync-token")
    for reader, writer in readers:
        rest = b""
        with suppress(asyncio.IncompleteReadError):
            while chunk := await reader.read(2**20):
                rest = rest[-100:] + chunk
        assert b"</D:multistatus>" in rest
        writer.close()

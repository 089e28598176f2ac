"""kill -9 of either process in a stream of writes: what was acknowledged is there afterwards, once."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.davclient import DAV, card, child, event
from tests.oxclient import OX
from tests.stories.conftest import BOTH

GENERATIONS = BOTH

COMMAND = (sys.executable, "-c", "from gateway.cli import main; main()")


class Process:
    """One of our commands as a process of its own that can be killed and started again on the same port."""

    def __init__(self, *arguments: str, environment: dict[str, str] | None = None) -> None:
        self._arguments = arguments
        self._environment = environment or {}
        self.port = 0

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *self._arguments,
            env={**os.environ, **self._environment, "OXDAV_LISTEN__PORT": str(self.port)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        assert self.process.stdout is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", said)):
            line = await asyncio.wait_for(self.process.stdout.readline(), 60)
            assert line, f"ended while starting: {said}"
            said += line.decode()
        self.port = int(found[1])
        self._drain = asyncio.create_task(self.process.stdout.read())

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        self.process.send_signal(number)
        await self._drain
        return await self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
async def processes(tmp_path: Path) -> AsyncIterator[tuple[Process, Process]]:
    ox = Process("middleware", "--data", str(tmp_path / "ox"), "--port", str(free_port()))
    await ox.start()
    gateway = Process(
        "serve",
        environment={
            "OXDAV_OX__URL": f"http://127.0.0.1:{ox.port}/ajax/",
            "OXDAV_LEDGER__URL": f"sqlite:///{tmp_path / 'ledger.db'}",
        },
    )
    await gateway.start()
    yield ox, gateway
    for process in (gateway, ox):
        if process.process.returncode is None:
            await process.kill()


@pytest.mark.parametrize("victim", ["ox", "gateway"])
async def test_acknowledged_writes_survive(processes: tuple[Process, Process], victim: str) -> None:
    ox, gateway = processes
    acknowledged: set[str] = set()
    for round_ in range(3):
        async with DAV(f"http://127.0.0.1:{gateway.port}/", "alice", "demo") as alice:
            calendar = (await alice.calendars())["Calendar"]
            book = (await alice.address_books())["Contacts"]
            enough = asyncio.Event()
            wanted = len(acknowledged) + 5 + 3 * round_
            writing = asyncio.create_task(write(alice, calendar, book, f"{round_}", acknowledged, wanted, enough))
            await asyncio.wait({writing, asyncio.create_task(enough.wait())}, return_when=asyncio.FIRST_COMPLETED)
            killed = ox if victim == "ox" else gateway
            await killed.kill()
            await writing
        await killed.start()
    assert len(acknowledged) >= 24
    async with DAV(f"http://127.0.0.1:{gateway.port}/", "alice", "demo") as alice:
        for href in acknowledged:
            (await alice.get(href)).expect(200)
    async with await OX.signed_in(f"http://127.0.0.1:{ox.port}/ajax/", "alice") as client:
        uids = [one["uid"] for one in await client.events()]
        assert len(uids) == len(set(uids))
        rows = await client.call("contacts", "all", folder=await client.address_book(), columns="223")
        assert len(rows) == len({row[0] for row in rows})


async def write(
    alice: DAV, calendar: str, book: str, prefix: str, acknowledged: set[str], wanted: int, enough: asyncio.Event
) -> None:
    """Write until the connection or an answer fails; ``enough`` is set when ``wanted`` are acknowledged."""
    for number in range(500):
        uid = f"kill-{prefix}-{number}"
        for href, text in ((child(calendar, f"{uid}.ics"), event(uid)), (child(book, f"{uid}.vcf"), card(uid))):
            try:
                answer = await alice.put(href, text)
            except (aiohttp.ClientError, OSError):
                return
            if answer.status != 201:
                return
            acknowledged.add(href)
            if len(acknowledged) >= wanted:
                enough.set()


async def test_ctrl_c_ends_cleanly(processes: tuple[Process, Process]) -> None:
    ox, gateway = processes
    assert await gateway.kill(signal.SIGINT) == 0
    assert await ox.kill(signal.SIGTERM) == 0


async def test_a_bad_setting_is_one_line_and_status_2() -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "check-config",
        env={**os.environ, "OXDAV_LISTEN__PORT": "seventy"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 2
    assert said.decode().count("\n") == 1
    assert "listen.port" in said.decode()
    assert "seventy" in said.decode()


async def test_a_ledger_that_cannot_be_used_is_one_line_and_status_1() -> None:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        "serve",
        env={**os.environ, "OXDAV_LISTEN__PORT": "0", "OXDAV_LEDGER__URL": "sqlite:////nowhere/ledger.db"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode == 1
    assert said.decode().startswith("Cannot start: the ledger cannot be opened")
    assert said.decode().count("\n") == 1

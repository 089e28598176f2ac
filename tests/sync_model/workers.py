"""The gateways of a site as two processes on one port, as ``oxdav serve --workers 2`` runs them."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from pathlib import Path

import aiohttp

from tests.sync_model.client import Client
from tests.sync_model.site import PASSWORD, REPLICAS, Site

_PATIENCE = 300.0
_COMMAND = ("-c", "from gateway.cli import main; main()", "serve", "--workers", str(REPLICAS))


class Workers(Site):
    """The kernel gives each connection to one of the processes; a client keeps one to a process of its own."""

    async def start_gateways(self) -> None:
        self.clients = []
        async with asyncio.timeout(_PATIENCE):
            while not await self._start():  # somebody else has taken a port
                await self._parent.wait()
        await self._connect()

    async def _start(self) -> bool:
        self._metrics = _free_ports(REPLICAS)
        environment = os.environ | {
            "OXDAV_LISTEN__PORT": "0",
            "OXDAV_OX__URL": self.running.url,
            "OXDAV_LEDGER__URL": self.ledger,
            "OXDAV_METRICS__PORT": str(self._metrics),
            "OXDAV_CACHE__FOLDER_SECONDS": "0.001",
        }
        pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        self._parent = await asyncio.create_subprocess_exec(
            sys.executable, *_COMMAND, stdout=pipe, stderr=nothing, env=environment
        )
        assert self._parent.stdout is not None
        found = re.search(r"http://\S+", (await self._parent.stdout.readline()).decode())
        self._url = found[0] if found else ""
        return found is not None

    async def stop_gateways(self) -> None:
        await self._disconnect()
        self._parent.terminate()
        await self._parent.wait()

    async def restart(self, number: int) -> None:
        """One process is killed; the parent starts another in its place."""
        await self._disconnect()
        before = self._processes()
        os.kill(sorted(before)[number], signal.SIGKILL)
        async with asyncio.timeout(_PATIENCE):
            while not self._processes() - before:  # noqa: ASYNC110 - nobody tells when a process starts another
                await asyncio.sleep(0.05)
        await self._connect()

    async def folders_are_old(self) -> None:
        """They are after a millisecond."""
        await asyncio.sleep(0.002)

    async def forget(self, number: int) -> None:
        """Nothing makes a process do that; others are killed."""

    async def _connect(self) -> None:
        async with asyncio.timeout(_PATIENCE):
            self.clients = [await self._client(number) for number in range(REPLICAS)]

    async def _disconnect(self) -> None:
        for client in self.clients:
            await client.close()

    async def _client(self, number: int) -> Client:
        while True:
            client = Client(self._url, self.home, PASSWORD)
            before = await self._answered(number)
            await client.collections()
            if before is not None and await self._answered(number) != before:
                return client
            await client.close()
            await asyncio.sleep(0.01)

    async def _answered(self, number: int) -> str | None:
        """How many requests this process has answered, by status; None when it does not run yet."""
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.get(f"http://127.0.0.1:{self._metrics + number}/metrics") as answer,
            ):
                return "".join(re.findall(r"^oxdav_requests_total.*\n", await answer.text(), re.MULTILINE))
        except aiohttp.ClientConnectionError:
            return None

    def _processes(self) -> set[int]:
        pid = self._parent.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return {int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()}


def _free_ports(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            first: int = probe.getsockname()[1]
        try:
            for port in range(first + 1, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            continue
        return first

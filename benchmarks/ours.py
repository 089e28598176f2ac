"""The embedded OX and the gateway before it, as two processes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import filling
from benchmarks.connection import LOGIN, PASSWORD, Connection, Request
from benchmarks.process import Process, free_port
from gateway.ox import chronos
from gateway.ox.call import FAR_FUTURE, Call
from gateway.ox.errors import OXError
from gateway.ox.login import Basic, log_in
from gateway.ox.session import Session
from gateway.ox.transport import Transport

OUR_COMMAND = "from gateway.cli import main; main()"
CALENDARS = 20
"""In the home that is listed."""
DATA = Path("build/benchmarks").resolve()
"""Where the data of all servers are kept from run to run."""


class Ours:
    """``directory`` keeps OX's data; filled when it is new."""

    def __init__(self, directory: Path, count: int, *, settings: dict[str, str] | None = None) -> None:
        self.directory = directory
        filling.fill(directory, [LOGIN], count, calendars=CALENDARS)
        self.ox = Process(
            "OX", ["-c", OUR_COMMAND, "middleware", "--data", str(directory), "--port", "0"], log_of("ox")
        )
        self.ox_url = self.ox.wait_for_line(r"(http://\S+)")
        self.ox.port = int(re.findall(r":(\d+)/", self.ox_url)[0])
        try:
            self.other = OtherClient(self.ox_url)
        except BaseException:
            self.ox.stop()
            raise
        self._metrics = free_port()
        self._settings = settings or {}
        self.start_gateway()

    def start_gateway(self) -> None:
        """With empty caches and an empty ledger."""
        self.gateway = gateway_process(self.directory, self.ox_url, self._metrics, self._settings)

    def restart_gateway(self) -> None:
        self.gateway.stop()
        self.start_gateway()

    def upstream_calls(self) -> int:
        """HTTP requests to OX since the gateway was started, from its metrics."""
        connection = Connection(self._metrics)
        text = connection.ask(Request("GET", "/metrics")).body.decode()
        connection.close()
        return int(sum(map(float, re.findall(r"^oxdav_upstream_calls_total\{.*\} (\S+)$", text, re.MULTILINE))))

    def stop(self) -> None:
        self.gateway.stop()
        self.other.close()
        self.ox.stop()


def gateway_process(directory: Path, ox_url: str, metrics: int, settings: Mapping[str, str]) -> Process:
    """The gateway, with an empty ledger in ``directory``; its metrics are at the port ``metrics``."""
    ledger = directory / "ledger.db"
    for path in (ledger, *(ledger.with_name(ledger.name + suffix) for suffix in ("-wal", "-shm"))):
        path.unlink(missing_ok=True)
    environment = {
        "OXDAV_LISTEN__PORT": "0",
        "OXDAV_OX__URL": ox_url,
        "OXDAV_LEDGER__URL": f"sqlite:///{ledger}",
        "OXDAV_METRICS__PORT": str(metrics),
        **settings,
    }
    gateway = Process("gateway", ["-c", OUR_COMMAND, "serve"], log_of("gateway"), environment)
    gateway.port = int(gateway.wait_for_line(r"Listening on http://[^/]*:(\d+)/"))
    return gateway


def log_of(name: str) -> Path:
    DATA.mkdir(parents=True, exist_ok=True)
    return DATA / f"{name}.log"


class OtherClient:
    """Somebody who uses the same account through OX's HTTP API, as the web client does."""

    def __init__(self, url: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._transport = Transport(url)
        self._session = self._loop.run_until_complete(log_in(self._transport, Basic(LOGIN, PASSWORD)))
        self._singles: list[str] | None = None
        """The ids of the events that can be changed, listed once: that takes long where there are many."""

    def close(self) -> None:
        async def close() -> None:
            await self._session.logout()
            await self._transport.close()

        self._loop.run_until_complete(close())
        self._loop.close()

    def change(self, calendar: str, count: int, number: int) -> None:
        """``count`` single events get a new text; ``number`` tells the changes of one run apart."""
        self._loop.run_until_complete(self._change(calendar, count, number))

    async def _change(self, calendar: str, count: int, number: int) -> None:
        if self._singles is None:
            listed = await self._session.run(chronos.updates(calendar, 0, ("id", "seriesId")))
            self._singles = [event["id"] for event in listed.changed if "seriesId" not in event]
        spread = self._singles[number % 7 :: max(1, len(self._singles) // count)][:count]
        fields = {"location": f"Changed for the {number}. time"}
        changes = [chronos.update(calendar, event_id, FAR_FUTURE, fields) for event_id in spread]
        await run_all(self._session, changes)


async def run_all(session: Session, calls: Sequence[Call[Any]]) -> None:
    """Several calls in one request. Raises the first OXError among the answers."""
    for answer in await session.run_all(calls):
        if isinstance(answer, OXError):
            raise answer

"""Several processes on one port: the kernel gives each new connection to one of them (SO_REUSEPORT).

They share the ledger, and nothing else: each has its own caches, sessions with OX and counts of failed log-ins, as
replicas on different machines would. A worker that ends by itself is replaced.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import socket
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import structlog

from gateway import app, event_loop
from gateway.http import access_log
from gateway.ledger.ledger import Ledger
from gateway.settings import Settings, load

log = structlog.get_logger("gateway.workers")

RESTART_SECONDS = 1.0
STOP_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """What a worker is told. It reads the settings itself, so that no secret goes through a pipe."""

    config: Path | None
    port: int
    metrics_port: int


async def serve(config: Path | None, settings: Settings, stopped: asyncio.Event, ready: Callable[[int], None]) -> None:
    """Keep ``settings.listen.workers`` processes serving until ``stopped``; ``ready`` gets the port once all listen.

    ``config`` is the file that ``settings`` came from. Worker number n offers its metrics at ``metrics.port + n``.
    Raises OSError when an address cannot be used.
    """
    ledger = await Ledger.open(settings.ledger.url)  # makes its tables before the workers meet there
    await ledger.close()
    with closing(_reserve(settings.listen.host, settings.listen.port)) as reservation:
        port = int(reservation.getsockname()[1])
        metrics = settings.metrics.port
        places = [Place(config, port, metrics + number if metrics else 0) for number in range(settings.listen.workers)]
        workers: list[Worker] = []
        try:
            workers += map(Worker, places)
            for worker in workers:
                await worker.listening()
            ready(port)
            async with asyncio.TaskGroup() as group:
                for worker in workers:
                    group.create_task(worker.keep(stopped))
        finally:
            await asyncio.gather(*(worker.stop() for worker in workers))


class Worker:
    """One process of several, started at once, and its successors."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(self._place, theirs), daemon=True)
        self._process.start()
        theirs.close()

    async def listening(self) -> None:
        """Wait until the process listens. Raises OSError with its reason when it does not."""
        try:
            reason = await asyncio.to_thread(self._line.recv)
        except EOFError:
            reason = "a worker ended while it started"
        if reason:
            raise OSError(reason)

    async def keep(self, stopped: asyncio.Event) -> None:
        """Replace the process whenever it ends, until ``stopped``."""
        while not stopped.is_set():
            ended, stopping = asyncio.ensure_future(self._ended()), asyncio.ensure_future(stopped.wait())
            await asyncio.wait((ended, stopping), return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            stopping.cancel()
            if stopped.is_set():
                return
            log.error("worker ended", status=self._process.exitcode)
            await asyncio.sleep(RESTART_SECONDS)
            self._start()

    async def _ended(self) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()

    async def stop(self) -> None:
        """Let running requests end; a process that does not stop in time is killed."""
        self._process.terminate()
        await asyncio.to_thread(self._process.join, STOP_SECONDS)
        if self._process.is_alive():
            self._process.kill()


def _reserve(host: str, port: int) -> socket.socket:
    """A socket that holds the address without listening: the port stays ours while workers come and go."""
    (family, kind, protocol, _, address), *_ = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    reservation = socket.socket(family, kind, protocol)
    reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        reservation.bind(address)
    except OSError:
        reservation.close()
        raise
    return reservation


def _work(place: Place, line: Connection) -> None:
    """The life of a worker: one gateway until SIGTERM, or until the parent is gone and ``line`` with it. A Ctrl-C
    reaches the whole group; the parent acts on it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    settings = load(place.config, listen={"port": place.port}, metrics={"port": place.metrics_port})
    access_log.configure(settings.log.level, settings.log.format)

    async def live() -> None:
        stopped = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
        loop.add_reader(line.fileno(), stopped.set)
        try:
            gateway = await app.start(settings, shared_port=True)
        except OSError as error:
            line.send(error.strerror or str(error))
            return
        line.send("")
        await stopped.wait()
        await gateway.stop()

    event_loop.run(live())

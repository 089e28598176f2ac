"""Whether small requests wait for large ones: polls of one client beside two that ask for everything."""

from __future__ import annotations

import itertools
import multiprocessing
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Event

from rich.console import Console

from benchmarks import requests, target
from benchmarks.connection import Connection
from benchmarks.ours import DATA, Ours

WANTED = 10.0
"""Times the median alone; the slowest of a hundred polls takes no longer."""
_WARM = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Seconds of each poll, ``alone`` and ``beside`` large requests."""

    alone: Sequence[float]
    beside: Sequence[float]

    @property
    def ratio(self) -> float:
        """The slowest of a hundred polls, as a multiple of the median of an idle server."""
        return _slowest(self.beside) / statistics.median(self.alone)


def run(console: Console, objects: int, seconds: float) -> Found:
    """``seconds``: of polling alone, and beside."""
    with console.status("Starting ..."):
        ours = Ours(DATA / f"ox-{objects}", objects)
    try:
        client = target.gateway(ours)
        poll = requests.poll(client.calendar).octets()
        everything = requests.multiget(client.calendar, client.events).octets()
        for _ in range(_WARM):
            client.connection.exchange(poll)
        with console.status("Polling alone ..."):
            alone = _polls(client.connection, poll, seconds)
        with console.status("Polling beside two large requests ..."):
            beside = _beside(client, [[everything], _expansions(client.calendar)], poll, seconds)
    finally:
        ours.stop()
    return Found(alone, beside)


def _expansions(calendar: str) -> list[bytes]:
    """No two of them are the same question, so that none is answered from memory."""
    return [requests.month_expanded(calendar, later=day * 24 * 60).octets() for day in range(365)]


def _beside(client: target.Target, heavy: Sequence[Sequence[bytes]], poll: bytes, seconds: float) -> list[float]:
    """Polls while somebody asks each list of ``heavy`` over and over."""
    spawn = multiprocessing.get_context("spawn")
    ended = spawn.Event()
    asking = [spawn.Event() for _ in heavy]
    port = client.processes[0].port
    others = [
        spawn.Process(target=_ask, args=(port, octets, begun, ended), daemon=True)
        for octets, begun in zip(heavy, asking, strict=True)
    ]
    for other in others:
        other.start()
    try:
        for begun in asking:
            begun.wait()
        return _polls(client.connection, poll, seconds)
    finally:
        ended.set()
        for other in others:
            other.join()


def _ask(port: int, asked: Sequence[bytes], begun: Event, ended: Event) -> None:
    connection = Connection(port)
    for octets in itertools.cycle(asked):
        if ended.is_set():
            return
        connection.exchange(octets)
        begun.set()


def _polls(connection: Connection, octets: bytes, seconds: float) -> list[float]:
    return list(_timed(connection, octets, time.monotonic() + seconds))


def _timed(connection: Connection, octets: bytes, end: float) -> Iterator[float]:
    while time.monotonic() < end:
        started = time.perf_counter()
        connection.exchange(octets)
        yield time.perf_counter() - started


def _slowest(times: Sequence[float]) -> float:
    """Of a hundred."""
    return statistics.quantiles(times, n=100)[-1] if len(times) > 1 else times[0]


def show(console: Console, found: Found) -> None:
    for name, times in (("alone", found.alone), ("beside two large requests", found.beside)):
        middle, slowest = statistics.median(times) * 1000, _slowest(times) * 1000
        console.print(f"{name}: {len(times)} polls, median {middle:.1f} ms, 99 of 100 within {slowest:.1f} ms")
    console.print(f"99 of 100 beside ÷ median alone: {found.ratio:.1f}, wanted {WANTED:g}")

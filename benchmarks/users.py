"""Many users with the programs they have, against one process of the gateway."""

from __future__ import annotations

import asyncio
import random
import re
import statistics
import time
from dataclasses import dataclass, field

import aiohttp
from rich.console import Console
from rich.table import Table

from benchmarks import requests
from benchmarks.connection import Connection, Request
from benchmarks.crowd import Crowd, login_of
from benchmarks.ours import log_of
from benchmarks.process import Process
from benchmarks.visits import MIX, TooSlow, Visitor

_WRITES = 0.1
"""Of all visits; before them the user has written something."""
VISITS_AN_HOUR = 4
"""Of one user: every 15 minutes, as most programs are set up."""
_MEGABYTE = 2**20


@dataclass(slots=True)
class Found:
    """``times``: seconds of all requests. ``polls``: answers within a second, over as many connections as users, of
    the gateway and of the bare server."""

    users: int
    seconds: float = 0.0
    visits: int = 0
    late: int = 0
    """Visits cut short, because OX was too slow for the gateway."""
    calls: int = 0
    times: list[float] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    """Octets of memory after the first visits, half way and at the end."""
    polls: float = 0.0
    bare: float = 0.0


def run(
    console: Console, users: int, objects: int, seconds: float, pause: float, *, poll_seconds: float, workers: int = 1
) -> Found:
    """``pause``: seconds between two visits of a user, on average. ``poll_seconds``: of polls from everybody at once,
    for each of the two servers. ``workers``: processes of the gateway."""
    with console.status(f"Starting, with {users} accounts ..."):
        crowd = Crowd(users, objects, workers)
    try:
        return asyncio.run(_run(console, crowd, users, seconds, pause, poll_seconds))
    finally:
        crowd.stop()


async def _run(console: Console, crowd: Crowd, users: int, seconds: float, pause: float, poll_seconds: float) -> Found:
    found = Found(users)
    url = f"http://127.0.0.1:{crowd.gateway.port}"
    chance = random.Random(7)
    connector = aiohttp.TCPConnector(limit=users)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(300)) as http:
        visitors = [Visitor(http, url, login_of(number), []) for number in range(users)]
        with console.status("First visits ..."):
            for start in range(0, users, 20):
                await asyncio.gather(
                    *(_first(number, visitors[number]) for number in range(start, min(start + 20, users)))
                )
        for visitor in visitors:
            visitor.times = found.times
        before = _calls(crowd)
        found.rss.append(crowd.gateway.rss())
        started = time.monotonic()
        with console.status(f"{users} users for {seconds:g} seconds ..."):
            await asyncio.gather(
                _weigh(found, crowd, seconds / 2),
                *(_live(found, number, each, chance, started + seconds, pause) for number, each in enumerate(visitors)),
            )
        found.seconds = time.monotonic() - started
        found.calls = _calls(crowd) - before
        await _weigh(found, crowd, 0)
        with console.status("Polls over as many connections ..."):
            found.polls = await _polls(visitors, [requests.poll(each.calendar) for each in visitors], poll_seconds)
        size = len((await visitors[0].ask(requests.poll(visitors[0].calendar))).body)
        found.bare = await _bare(http, users, size, poll_seconds)
    return found


async def _first(number: int, visitor: Visitor) -> None:
    await visitor.find()
    await MIX[number % len(MIX)](visitor)


async def _live(found: Found, number: int, visitor: Visitor, chance: random.Random, end: float, pause: float) -> None:
    program = MIX[number % len(MIX)]
    await asyncio.sleep(chance.uniform(0, pause))
    while time.monotonic() < end:
        try:
            if chance.random() < _WRITES:
                await visitor.write()
            await program(visitor)
        except TooSlow:
            found.late += 1
        found.visits += 1
        await asyncio.sleep(min(chance.expovariate(1 / pause), max(0.0, end - time.monotonic())))


async def _weigh(found: Found, crowd: Crowd, seconds: float) -> None:
    """What the gateway holds after so many seconds."""
    await asyncio.sleep(seconds)
    found.rss.append(crowd.gateway.rss())


async def _polls(visitors: list[Visitor], asked: list[Request], seconds: float) -> float:
    """Answers in a second when everybody asks again at once."""
    end, count = time.monotonic() + seconds, 0

    async def poll(visitor: Visitor, request: Request) -> None:
        nonlocal count
        while time.monotonic() < end:
            await visitor.ask(request)
            count += 1

    started = time.monotonic()
    await asyncio.gather(*map(poll, visitors, asked))
    return count / (time.monotonic() - started)


async def _bare(http: aiohttp.ClientSession, users: int, size: int, seconds: float) -> float:
    server = Process("bare", ["-m", "benchmarks.bare"], log_of("bare"))
    try:
        port = await asyncio.to_thread(server.wait_for_line, r"port (\d+)")
        visitors = [Visitor(http, f"http://127.0.0.1:{port}", login_of(number), []) for number in range(users)]
        return await _polls(visitors, [Request("PROPFIND", f"/207/{size}")] * users, seconds)
    finally:
        server.stop()


def _calls(crowd: Crowd) -> int:
    """HTTP requests to OX so far."""
    calls = 0.0
    for worker in range(crowd.workers):
        connection = Connection(crowd.metrics + worker)
        text = connection.ask(Request("GET", "/metrics")).body.decode()
        connection.close()
        calls += sum(map(float, re.findall(r"^oxdav_upstream_calls_total\{.*\} (\S+)$", text, re.MULTILINE)))
    return int(calls)


def show(console: Console, found: Found) -> None:
    table = Table(title=f"{found.users} users for {found.seconds:.0f} seconds", show_header=False)
    times = sorted(found.times)
    slowest = statistics.quantiles(times, n=20)[-1] if len(times) > 1 else 0.0
    calls = found.calls / max(found.visits, 1)
    memory = ", ".join(f"{each / _MEGABYTE:.0f}" for each in found.rss)
    for name, value in (
        ("visits, of them cut short by 503", f"{found.visits}, {found.late}"),
        ("requests a second", f"{len(times) / found.seconds:.1f}"),
        ("median and 95th percentile of a request", f"{statistics.median(times) * 1000:.0f}, {slowest * 1000:.0f} ms"),
        ("requests and calls to OX of a visit", f"{len(times) / max(found.visits, 1):.1f}, {calls:.1f}"),
        (f"calls to OX of a user in an hour of {VISITS_AN_HOUR} visits", f"{calls * VISITS_AN_HOUR:.0f}"),
        (
            "memory at start, half way and at the end",
            f"{memory} MB",
        ),
        (f"polls a second over {found.users} connections", f"{found.polls:.0f}"),
        ("the same of the bare server", f"{found.bare:.0f} (1 in {found.bare / max(found.polls, 1e-9):.1f})"),
    ):
        table.add_row(name, value)
    console.print(table)

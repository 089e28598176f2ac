"""Timing a request: medians of several, and the CPU time of every process that works for the answer."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.answers import Unexpected
from benchmarks.connection import Answer, Connection, Request
from benchmarks.process import Process
from benchmarks.requests import poll
from benchmarks.rows import Row
from benchmarks.target import Target

_FEWEST = 3
"""Repetitions at least, when there is any time for them; else there is one."""
_SLOW = 1.0
"""Seconds; an answer that takes longer is measured once."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Times in milliseconds. ``cpu``: of each of the target's processes. ``calls``: to OX for each request."""

    median: float
    quickest: float
    cpu: tuple[float, ...]
    calls: float
    size: int
    status: int
    responses: int
    repetitions: int


QUIET = 11.0
"""Seconds of rest after changes: what happened just now is looked at again for a while, and most polls come later."""


def measure(target: Target, row: Row, seconds: float, *, quiet: float = QUIET) -> Measured:
    """Repeat the row for about so many seconds, after some times that are not timed; ``quiet`` seconds of rest after
    rows that changed something. Raises Unexpected."""
    if not target.quiet and len(target.processes) > 1:  # of a peer nothing is looked at again
        target.connection.ask(poll(target.calendar))
        target.connection.ask(poll(target.book))
        time.sleep(quiet)
    target.quiet = row.constant
    requests = _requests(target, row)
    calls = _calls(target, row, requests, _FEWEST if seconds else 1)
    times: list[float] = []
    cpu = [0.0] * len(target.processes)
    deadline = time.monotonic() + seconds
    while len(times) < row.most and (len(times) < _FEWEST or time.monotonic() < deadline):
        octets = next(requests)
        used = [process.cpu() for process in target.processes]
        started = time.perf_counter()
        last = target.connection.exchange(octets)
        times.append(time.perf_counter() - started)
        cpu = [sum_ + process.cpu() - was for sum_, process, was in zip(cpu, target.processes, used, strict=True)]
        _expected(last, row)
        if times[0] > _SLOW or not seconds:
            break
    return Measured(
        median=statistics.median(times) * 1000,
        quickest=min(times) * 1000,
        cpu=tuple(sum_ / len(times) * 1000 for sum_ in cpu),
        calls=calls,
        size=len(last.body),
        status=last.status,
        responses=last.body.count(b"response>") // 2,
        repetitions=len(times),
    )


def _calls(target: Target, row: Row, requests: Iterator[bytes], repetitions: int) -> float:
    """To OX for each request, once everything is warm."""
    _expected(target.connection.exchange(next(requests)), row)
    if len(target.processes) == 1:
        return 0
    calls = 0
    for _ in range(repetitions):
        octets = next(requests)
        counted = target.calls()
        _expected(target.connection.exchange(octets), row)
        calls += target.calls() - counted
    return calls / repetitions


@dataclass(frozen=True, slots=True)
class Bare:
    """What the bare server takes, milliseconds: the median of the whole exchange, and its CPU."""

    median: float
    cpu: float


def measure_bare(bare: Process, connection: Connection, like: Measured, body: bytes, seconds: float) -> Bare:
    """The same request body, an answer of the same size."""
    octets = Request("REPORT", f"/{like.status}/{like.size}", body).octets()
    connection.exchange(octets)
    times: list[float] = []
    used = bare.cpu()
    deadline = time.monotonic() + seconds
    while len(times) < 1000 and (len(times) < 20 or time.monotonic() < deadline):
        started = time.perf_counter()
        connection.exchange(octets)
        times.append(time.perf_counter() - started)
    return Bare(statistics.median(times) * 1000, (bare.cpu() - used) / len(times) * 1000)


def _requests(target: Target, row: Row) -> Iterator[bytes]:
    if row.constant:
        octets = row.request(target, 0).octets()
        while True:
            yield octets
    number = 0
    while True:
        yield row.request(target, number).octets()
        number += 1


def _expected(answer: Answer, row: Row) -> Answer:
    if answer.status >= 300:
        raise Unexpected(f"{row.name}: {answer.status} {answer.body[:300]!r}")
    return answer

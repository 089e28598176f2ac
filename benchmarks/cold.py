"""The first visit after a restart: nothing is in memory, and everything is asked for once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection

from rich.console import Console
from rich.table import Table

from benchmarks import answers, requests, target
from benchmarks.connection import HOST, Answer, Request, headers_of
from benchmarks.ours import DATA, Ours
from benchmarks.target import Target

_PATIENCE = 300.0
_BATCH = 50
"""Objects that a client asks for at once; the other client asks for all of them."""


@dataclass(slots=True)
class Cold:
    """``objects``: asked for, with their texts. Seconds: ``first`` octet of the slowest answer, the longest ``pause``
    within one, ``seconds`` of all. ``cpu``: of the gateway and of OX, in milliseconds."""

    name: str
    objects: int
    first: float = 0.0
    pause: float = 0.0
    seconds: float = 0.0
    cpu: list[float] = field(default_factory=lambda: [0.0, 0.0])


def run(console: Console, count: int) -> list[Cold]:
    """First synchronisations of ``count`` events and as many contacts."""
    with console.status(f"Starting and filling with {count} events and contacts ..."):
        ours = Ours(DATA / f"ox-{count}", count)
    try:
        known = target.gateway(ours)
        _change_one_of_each(known)
        known.connection.close()
        found = []
        for collection, cards in ((known.calendar, False), (known.book, True)):
            for batch in (_BATCH, count):
                ours.restart_gateway()
                cold = Cold(f"{'contacts' if cards else 'events'}, {batch} at once", count)
                with console.status(cold.name):
                    _first_visit(ours, cold, collection, batch, cards=cards)
                found.append(cold)
        return found
    finally:
        ours.stop()


def _change_one_of_each(known: Target) -> None:
    """Of what changed in the last two seconds before the last change everything is told again for a while; data that
    were just filled in would show that and nothing else."""
    known.change(1, 0)
    href = answers.members(answers.ask(known.connection, requests.listing(known.book)))[0]
    text = known.text(href).replace("END:VCARD", f"NICKNAME:{time.time_ns()}\r\nEND:VCARD")
    answers.ask(known.connection, Request("PUT", href, text.encode(), (("Content-Type", "text/vcard"),)))


def _first_visit(ours: Ours, cold: Cold, collection: str, batch: int, *, cards: bool) -> None:
    """sync-collection without a token, then the texts of all it told."""
    processes = (ours.gateway, ours.ox)
    used = [process.cpu() for process in processes]
    started = time.monotonic()
    members = answers.members(_watched(ours.gateway.port, requests.sync(collection), cold))
    for request in _texts(collection, members, batch, cards=cards):
        _watched(ours.gateway.port, request, cold)
    cold.seconds = time.monotonic() - started
    cold.cpu = [(process.cpu() - before) * 1000 for process, before in zip(processes, used, strict=True)]
    if len(members) < cold.objects:  # other benchmarks may have left some more
        raise answers.Unexpected(f"{cold.name}: {len(members)} members")
    cold.objects = len(members)


def _texts(collection: str, members: Sequence[str], batch: int, *, cards: bool) -> Iterator[Request]:
    multiget = requests.card_multiget if cards else requests.multiget
    for start in range(0, len(members), batch):
        yield multiget(collection, members[start : start + batch])


def _watched(port: int, request: Request, cold: Cold) -> Answer:
    """The answer, piece by piece as it arrives. Raises Unexpected."""
    connection = HTTPConnection(HOST, port, timeout=_PATIENCE)
    started = time.monotonic()
    connection.request(request.method, request.path, request.body, headers_of(request))
    response = connection.getresponse()
    pieces = []
    before = time.monotonic()
    cold.first = max(cold.first, before - started)
    while piece := response.read1(1024 * 1024):
        pieces.append(piece)
        now = time.monotonic()
        cold.pause, before = max(cold.pause, now - before), now
    connection.close()
    answer = Answer(response.status, {}, b"".join(pieces))
    if answer.status >= 300:
        raise answers.Unexpected(f"{request.method} {request.path}: {answer.status} {answer.body[:200]!r}")
    return answer


def show(console: Console, found: Sequence[Cold]) -> None:
    table = Table(title="First visit after a restart: sync-collection, then all texts")
    table.add_column("objects")
    for column in ("s", "first octet, s", "longest pause, s", "CPU of OX, ms", "gateway, ms an object", "wanted"):
        table.add_column(column, justify="right")
    for each in found:
        seconds = [f"{each.seconds:.1f}", f"{each.first:.2f}", f"{each.pause:.2f}"]
        table.add_row(each.name, *seconds, f"{each.cpu[1]:.0f}", f"{each.cpu[0] / each.objects:.2f}", "≤ 0.3")
    console.print(table)

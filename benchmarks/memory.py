"""What the gateway needs of memory: at rest, with a full index, for each of its entries."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import tracemalloc
from dataclasses import dataclass
from pathlib import Path

from benchmarks import answers, objects, requests, target
from benchmarks.ours import DATA, Ours
from gateway.account.event_sync import found
from gateway.account.index import Index
from gateway.account.names import Names
from gateway.ledger.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. ``idle``: the process after its first sign-in; ``listed``: after listing ``count`` events and as many
    contacts; ``read``: after reading them all; ``entry``: what one entry of an index holds."""

    count: int
    idle: int
    listed: int
    read: int
    entry: float


def measure(count: int) -> Memory:
    ours = Ours(DATA / f"ox-{count}", count)
    try:
        client = target.gateway(ours)
        idle = ours.gateway.rss()
        for collection in (client.calendar, client.book):
            answers.ask(client.connection, requests.listing(collection))
        listed = ours.gateway.rss()
        answers.everything(client.connection, client.calendar, cards=False)
        answers.everything(client.connection, client.book, cards=True)
        return Memory(count, idle, listed, ours.gateway.rss(), entry_size(count))
    finally:
        ours.stop()


def entry_size(count: int) -> float:
    """Bytes that an index of ``count`` events holds, for each of them, as the allocator counts."""
    return asyncio.run(_entry_size(count))


async def _entry_size(count: int) -> float:
    events = [
        {"id": str(number), "timestamp": 1_700_000_000_000 + number, "folder": "cal://0/31", **event}
        for number, event in enumerate(objects.events(count))
    ]
    with tempfile.TemporaryDirectory() as directory:
        ledger = await Ledger.open(f"sqlite:///{Path(directory) / 'ledger.db'}")
        index = Index(await Names.load(ledger, "", ""), ".ics", ledger.life)
        gc.collect()
        tracemalloc.start()
        index.apply(map(found, map(_parsed, events)))
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        await ledger.close()
    return size / len(index)


def _parsed(event: dict[str, object]) -> dict[str, object]:
    """With strings of its own, as an answer of OX has them after parsing."""
    return {name: "".join(list(value)) if isinstance(value, str) else value for name, value in event.items()}

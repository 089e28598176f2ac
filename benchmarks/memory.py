"""What the gateway needs of memory: at rest, with a full index, for each of its entries."""

from __future__ import annotations

import asyncio
import gc
import tempfile
import tracemalloc
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import answers, objects, requests, target
from benchmarks.ours import DATA, Ours
from gateway.account.event_sync import found
from gateway.account.index import Index
from gateway.account.names import Names
from gateway.ledger.ledger import Ledger
from mappings.calendar.moments import parse_moment

_UNKNOWN = 90_000
"""Hrefs that fit into one request."""


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes. ``idle``: the process after its first sign-in; ``listed``: after listing ``count`` events and as many
    contacts; ``read``: after reading them all; ``entry``: what one entry of an index holds. ``extra``: by the name of a
    large request, how much more than before the process held at once while it was answered."""

    count: int
    idle: int
    listed: int
    read: int
    entry: float
    extra: Mapping[str, int]


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
        read = ours.gateway.rss()
        ours.restart_gateway()
        return Memory(count, idle, listed, read, entry_size(count), _extra(ours, target.gateway(ours)))
    finally:
        ours.stop()


def _extra(ours: Ours, client: target.Target) -> dict[str, int]:
    """From empty caches on."""
    hrefs = answers.members(answers.ask(client.connection, requests.listing(client.calendar)))
    unknown = [f"{client.calendar}unknown-{number}.ics" for number in range(_UNKNOWN)]
    large = {
        f"multiget of {len(hrefs)}, cold": requests.multiget(client.calendar, hrefs),
        f"multiget of {len(hrefs)}, warm": requests.multiget(client.calendar, hrefs),
        f"multiget of {_UNKNOWN} that do not exist": requests.multiget(client.calendar, unknown),
        "query of a month, expanded": requests.month_expanded(client.calendar),
        "all events since a day": requests.since(client.calendar),
        "search of cards, cold": requests.search(client.book),
    }
    extra = {}
    for name, request in large.items():
        before = ours.gateway.rss()
        ours.gateway.forget_peak()
        answers.ask(client.connection, request)
        extra[name] = ours.gateway.peak() - before
    return extra


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
        for event in events:
            found(event)
        gc.collect()
        tracemalloc.start()
        index.apply(map(found, map(_parsed, events)))
        parse_moment.cache_clear()  # what the process keeps of times for everybody is no part of an entry
        gc.collect()
        size = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        await ledger.close()
    return size / len(index)


def _parsed(event: dict[str, object]) -> dict[str, object]:
    """With strings of its own, as an answer of OX has them after parsing."""
    return {name: "".join(list(value)) if isinstance(value, str) else value for name, value in event.items()}

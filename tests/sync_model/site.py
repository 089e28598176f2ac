"""An embedded OX with two gateways before it, which share a ledger file as replicas do, and a clock for all of them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gateway.account.account import Account
from gateway.account.pool import Accounts
from gateway.account.synced import SETTLED_SECONDS, Synced
from gateway.account.tree import AccountTree
from gateway.dav.ports import ObjectCollection
from gateway.ledger.ledger import Ledger
from gateway.ox.login import Basic
from gateway.ox.transport import Transport
from middleware.accounts import add_user
from middleware.context import Settings
from middleware.generation import Generation
from middleware.running import Running, open_context, serve
from tests.ledgers import new_ledger
from tests.middleware.client import OXClient

PASSWORD = "demo"
REPLICAS = 2
FAR = 2**52
_LONG_MS = 60_000


class Replica:
    """One gateway without its web server."""

    def __init__(self, url: str, ledger: Ledger) -> None:
        self._transport = Transport(url, timeout=10)
        self._ledger = ledger
        self._accounts = Accounts(self._transport, ledger)

    @classmethod
    async def start(cls, url: str, ledger: str) -> Replica:
        return cls(url, await Ledger.open(ledger))

    async def stop(self) -> None:
        await self._accounts.close()
        await self._transport.close()
        await self._ledger.close()

    async def account(self) -> Account:
        """Alice's."""
        return await self._accounts.open(Basic("alice", PASSWORD))

    async def tree(self) -> AccountTree:
        """What alice sees with one request."""
        return (await self.account()).tree()


async def collection_of(tree: AccountTree, home: str, segment: str) -> ObjectCollection:
    """A collection of alice. Raises NotFound."""
    found = await tree.find((*(tree.calendar_home if home == "calendars" else tree.book_home), segment))
    assert isinstance(found, ObjectCollection)
    return found


class Site:
    """alice and bob have accounts; the gateways are asked for alice's, ``alice`` and ``bob`` change things in OX."""

    running: Running
    replicas: list[Replica]
    alice: OXClient
    bob: OXClient

    def __init__(self, generation: Generation, *, mend: bool) -> None:
        self.generation = generation
        self._mend = mend
        self._directory = tempfile.TemporaryDirectory()
        self._ledger = new_ledger(Path(self._directory.name))
        self._passed = 0.0
        self._clock = Synced.clock

    async def start(self) -> None:
        context = open_context(None, Settings(self.generation, mend=self._mend))
        for login in ("alice", "bob"):
            add_user(context, login, PASSWORD, login.title(), "Archer")
        self.running = await serve(context)
        self.alice, self.bob = OXClient(self.running.url), OXClient(self.running.url)
        await self.alice.login("alice", PASSWORD)
        await self.bob.login("bob", PASSWORD)
        Synced.clock = staticmethod(lambda: self._passed)
        self.replicas = [await Replica.start(self.running.url, self._ledger) for _ in range(REPLICAS)]

    async def stop(self) -> None:
        Synced.clock = self._clock
        for replica in self.replicas:
            await replica.stop()
        for client in (self.alice, self.bob):
            await client.close()
        await self.running.stop()
        self._directory.cleanup()

    async def restart(self, number: int) -> None:
        """Nothing is left of a replica but the ledger."""
        await self.replicas[number].stop()
        self.replicas[number] = await Replica.start(self.running.url, self._ledger)

    async def time_passes(self) -> None:
        """So much that stamps are settled and the list of folders is asked for again."""
        self._passed += 2 * SETTLED_SECONDS
        clock = self.running.context.clock
        clock.not_before(clock.now() + _LONG_MS)
        await self.folders_are_old()

    async def folders_are_old(self) -> None:
        """The replicas have to ask for the list of folders again."""
        for replica in self.replicas:
            (await replica.account()).expire_folders()

    @contextmanager
    def one_stamp(self) -> Iterator[None]:
        """All that is written meanwhile has the same stamp. No object may be written twice: nobody could tell."""
        clock = self.running.context.clock
        clock.collide(10_000)
        yield
        clock.collide(0)


async def accepted(client: OXClient, module: str, action: str, body: Any = None, **params: Any) -> Any:
    """The data of a call, None when OX refuses it, as it may."""
    answer = await client.call(module, action, body=body, **params)
    return None if "error" in answer else answer.get("data")

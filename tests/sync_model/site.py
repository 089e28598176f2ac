"""An embedded OX with two gateways before it, which share a ledger file as replicas do."""

from __future__ import annotations

import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gateway import app
from gateway.account.account import Account
from gateway.account.synced import SETTLED_SECONDS, Synced
from gateway.ox.login import Basic
from gateway.settings import load
from middleware.accounts import add_user
from middleware.context import Settings
from middleware.generation import Generation
from middleware.running import Running, open_context, serve
from tests.ledgers import new_ledger
from tests.middleware.client import OXClient
from tests.sync_model.client import Client

PASSWORD = "demo"
REPLICAS = 2
FAR = 2**52
_LONG_MS = 60_000


class Site(ABC):
    """alice and bob have accounts; the gateways are asked for alice's, ``alice`` and ``bob`` change things in OX."""

    running: Running
    alice: OXClient
    bob: OXClient
    clients: list[Client]
    """One at each gateway, for one home."""

    def __init__(self, generation: Generation, home: str, *, mend: bool) -> None:
        self.generation = generation
        self.home = home
        self._mend = mend
        self._directory = tempfile.TemporaryDirectory()
        self.ledger = new_ledger(Path(self._directory.name))

    async def start(self) -> None:
        context = open_context(None, Settings(self.generation, mend=self._mend))
        for login in ("alice", "bob"):
            add_user(context, login, PASSWORD, login.title(), "Archer")
        self.running = await serve(context)
        self.alice, self.bob = OXClient(self.running.url), OXClient(self.running.url)
        await self.alice.login("alice", PASSWORD)
        await self.bob.login("bob", PASSWORD)
        await self.start_gateways()

    async def stop(self) -> None:
        await self.stop_gateways()
        for client in (self.alice, self.bob):
            await client.close()
        await self.running.stop()
        self._directory.cleanup()

    @abstractmethod
    async def start_gateways(self) -> None:
        """Also makes ``clients``."""

    @abstractmethod
    async def stop_gateways(self) -> None: ...

    @abstractmethod
    async def restart(self, number: int) -> None:
        """Nothing is left of a gateway but the ledger."""

    @abstractmethod
    async def folders_are_old(self) -> None:
        """The gateways have to ask for the list of folders again."""

    @abstractmethod
    async def forget(self, number: int) -> None:
        """A gateway gives up what it can have anew."""

    async def time_passes(self) -> None:
        """So much that stamps are settled and the list of folders is asked for again."""
        clock = self.running.context.clock
        clock.not_before(clock.now() + _LONG_MS)
        await self.folders_are_old()

    @contextmanager
    def one_stamp(self) -> Iterator[None]:
        """All that is written meanwhile has the same stamp. No object may be written twice: nobody could tell."""
        clock = self.running.context.clock
        clock.collide(10_000)
        yield
        clock.collide(0)


class Replicas(Site):
    """Two gateways in this process, with a clock for both."""

    def __init__(self, generation: Generation, home: str, *, mend: bool) -> None:
        super().__init__(generation, home, mend=mend)
        self._passed = 0.0
        self._clock = Synced.clock

    async def start_gateways(self) -> None:
        Synced.clock = staticmethod(lambda: self._passed)
        self._gateways = [await self._gateway() for _ in range(REPLICAS)]
        self.clients = [self._client(gateway) for gateway in self._gateways]

    async def stop_gateways(self) -> None:
        Synced.clock = self._clock
        for number in range(REPLICAS):
            await self._stop(number)

    async def restart(self, number: int) -> None:
        await self._stop(number)
        self._gateways[number] = await self._gateway()
        self.clients[number] = self._client(self._gateways[number])

    async def time_passes(self) -> None:
        self._passed += 2 * SETTLED_SECONDS
        await super().time_passes()

    async def folders_are_old(self) -> None:
        for number in range(REPLICAS):
            (await self.account(number)).expire_folders()

    async def forget(self, number: int) -> None:
        account = await self.account(number)
        budget, account._cache.budget = account._cache.budget, 0
        account.shelf.shrink()
        account._cache.budget = budget

    async def account(self, number: int) -> Account:
        """alice's."""
        return await self._gateways[number].accounts.open(Basic("alice", PASSWORD))

    async def _gateway(self) -> app.Gateway:
        return await app.start(load(listen={"port": 0}, ox={"url": self.running.url}, ledger={"url": self.ledger}))

    async def _stop(self, number: int) -> None:
        await self.clients[number].close()
        await self._gateways[number].stop()

    def _client(self, gateway: app.Gateway) -> Client:
        return Client(f"http://127.0.0.1:{gateway.port}/", self.home, PASSWORD)


async def accepted(client: OXClient, module: str, action: str, body: Any = None, **params: Any) -> Any:
    """The data of a call, None when OX refuses it, as it may."""
    answer = await client.call(module, action, body=body, **params)
    return None if "error" in answer else answer.get("data")

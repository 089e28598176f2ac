"""A whole world for a story: the embedded OX and the gateway before it, both on loopback sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from copy import copy
from pathlib import Path
from typing import Any, TypeVar

from gateway import app, event_loop
from gateway.settings import load
from middleware import accounts as ox_accounts
from middleware.context import Settings as OXSettings
from middleware.generation import Generation
from middleware.journal import Entry
from middleware.modules import default_registry
from middleware.running import Running, open_context, serve
from tests.davclient import DAV
from tests.ledgers import new_ledger
from tests.oxclient import OX

T = TypeVar("T")
USERS = (("alice", "Alice", "Archer"), ("bob", "Bob", "Baker"), ("carol", "Carol", "Clark"))
PASSWORD = "demo"
WITHOUT_CONTACTS = "addressbooks"


class World:
    """Both servers, on a thread of their own so that synchronous clients can be used, too.

    ``generation``: ``8``, ``7.8``, or ``addressbooks`` for an OX 8 without the older module ``contacts``."""

    def __init__(self, directory: Path, *, mend: bool = False, generation: str = "8", **settings: Any) -> None:
        self.directory = directory
        self.ledger_url = new_ledger(directory)
        self._settings = settings
        self._ox_options: dict[str, Any] = settings.pop("ox", {})
        self.generation = generation
        self._witness: Running | None = None
        older = frozenset({"contacts"}) if generation == WITHOUT_CONTACTS else frozenset[str]()
        self._ox_settings = OXSettings(Generation("8" if older else generation), mend=mend, without=older)
        self._loop = event_loop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self._start_ox())
        self.run(self.start_gateway())

    # -- life ---------------------------------------------------------------------------------------------------

    async def _start_ox(self) -> None:
        self.context = open_context(None, self._ox_settings)
        for login, given, family in USERS:
            ox_accounts.add_user(
                self.context,
                login=login,
                password=PASSWORD,
                given=given,
                family=family,
                email=f"{login}@example.com",
                timezone="Europe/Berlin",
                locale="en_US",
            )
        members = tuple(user.id for user in self.context.users.all() if user.login in {login for login, _, _ in USERS})
        ox_accounts.add_group(self.context, "team", "Team", members)
        ox_accounts.add_resource(self.context, "room1", "Room 1")
        self.ox_server = await serve(self.context, "127.0.0.1", 0)
        self.ox_url = self.witness_url = self.ox_server.url
        if self.generation != "8":
            newer = copy(self.context)
            newer.settings = OXSettings(mend=self._ox_settings.mend)
            newer.registry = default_registry(newer.settings)
            self._witness = await serve(newer, "127.0.0.1", 0)
            self.witness_url = self._witness.url

    async def start_gateway(self) -> None:
        self.gateway = await self._gateway(**self._settings)
        self.url = f"http://127.0.0.1:{self.gateway.port}/"

    async def _gateway(self, **settings: Any) -> app.Gateway:
        settings = {"listen": {"port": 0}, "ledger": {"url": self.ledger_url}, **settings}
        return await app.start(load(ox={"url": self.ox_url, "timeout_seconds": 5, **self._ox_options}, **settings))

    @contextmanager
    def replica(self, **settings: Any) -> Iterator[str]:
        """The URL of another gateway with the same ledger, while the block runs."""
        gateway = self.run(self._gateway(**settings))
        try:
            yield f"http://127.0.0.1:{gateway.port}/"
        finally:
            self.run(gateway.stop())

    def restart_gateway(self, **settings: Any) -> None:
        """As after an upgrade: nothing is left of it but the ledger. ``settings``: those that are different now."""
        self._ox_options |= settings.pop("ox", {})
        self._settings |= settings

        async def restart() -> None:
            await self.gateway.stop()
            await self.start_gateway()

        self.run(restart())

    def close(self) -> None:
        async def stop() -> None:
            await self.gateway.stop()
            if self._witness is not None:
                await self._witness.runner.cleanup()
            await self.ox_server.stop()

        self.run(stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """On the loop of the servers."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=60)

    # -- people -------------------------------------------------------------------------------------------------

    def dav(self, login: str = "alice", *, agent: str = "stories/1") -> DAV:
        return DAV(self.url, login, PASSWORD, agent=agent)

    async def ox(self, login: str = "alice") -> OX:
        """Another client, which speaks to OX 8 over the same data, whatever the gateway speaks to."""
        return await OX.signed_in(self.witness_url, login, PASSWORD)

    # -- what reached OX ----------------------------------------------------------------------------------------

    @contextmanager
    def upstream(self) -> Iterator[list[Entry]]:
        """Collects the calls that reach OX while the block runs; a ``multiple`` is one call."""
        journal = self.ox_server.journal
        before = len(journal.entries)
        seen: list[Entry] = []
        yield seen
        seen.extend(journal.entries[before:])

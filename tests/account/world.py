"""An embedded OX on a loopback socket, the gateway's account layer before it, and another client of OX beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

from sqlalchemy import update

from gateway.account.account import Account
from gateway.account.contacts import ContactCollection
from gateway.account.events import EventCollection
from gateway.account.pool import Accounts
from gateway.account.tasks import TaskCollection
from gateway.account.tree import AccountTree
from gateway.dav.values import Changes, Entry
from gateway.ledger.ledger import Ledger
from gateway.ox.login import Basic
from gateway.ox.transport import Transport
from middleware.accounts import add_group, add_resource, add_user
from middleware.context import Settings
from middleware.directory.tables import users
from middleware.journal import Entry as Call
from middleware.passwords import hash_password
from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient

PASSWORD = "demo"
LEDGER = "sqlite+aiosqlite://"


class World:
    """``async with World() as world``. alice 3, bob 4, carol 5; ``Team`` 6, ``Room 1`` 7, ``Beamer`` 8."""

    running: Running
    transport: Transport
    ledger: Ledger
    accounts: Accounts

    def __init__(self, *, mend: bool = False, **options: Any) -> None:
        self.mend = mend
        self._options = options
        self._clients: list[OXClient] = []

    async def __aenter__(self) -> World:
        context = open_context(None, Settings(mend=self.mend))
        for login, family in (("alice", "Archer"), ("bob", "Baker"), ("carol", "Clark")):
            add_user(context, login, PASSWORD, login.title(), family)
        add_group(context, "team", "Team", (3, 4, 5))
        add_resource(context, "room1", "Room 1")
        add_resource(context, "beamer", "Beamer")
        self.running = await serve(context)
        self.transport = Transport(self.running.url, timeout=5)
        self.ledger = await Ledger.open(LEDGER)
        self.accounts = self._new_accounts()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for client in self._clients:
            await client.close()
        await self.accounts.close()
        await self.transport.close()
        await self.ledger.close()
        await self.running.stop()

    def _new_accounts(self) -> Accounts:
        return Accounts(self.transport, self.ledger, **self._options)

    async def restart(self) -> None:
        """As after a restart of the gateway: nothing is left of it but the ledger."""
        await self.accounts.close()
        self.accounts = self._new_accounts()

    # -- the gateway ---------------------------------------------------------------------------------------------

    async def account(self, login: str = "alice") -> Account:
        return await self.accounts.open(Basic(login, PASSWORD))

    async def tree(self, login: str = "alice") -> AccountTree:
        """The tree of one request."""
        return (await self.account(login)).tree()

    async def calendar(self, login: str = "alice", segment: str | None = None) -> EventCollection:
        """A calendar as one request sees it; without a segment the default one."""
        account = await self.account(login)
        tree = account.tree()
        found = await tree.find((*tree.calendar_home, segment or account.homes.default_calendar or ""))
        assert isinstance(found, EventCollection)
        return found

    async def book(self, login: str = "alice", segment: str | None = None) -> ContactCollection:
        """An address book as one request sees it; without a segment the default one."""
        account = await self.account(login)
        tree = account.tree()
        if segment is None:
            segment = next(s for s, folder in account.homes.books if folder.standard_type == 3)
        found = await tree.find((*tree.book_home, segment))
        assert isinstance(found, ContactCollection)
        return found

    async def tasklist(self, login: str = "alice") -> TaskCollection:
        """The default task list as one request sees it."""
        account = await self.account(login)
        tree = account.tree()
        found = await tree.find((*tree.calendar_home, account.homes.default_tasks or ""))
        assert isinstance(found, TaskCollection)
        return found

    # -- another client of OX ------------------------------------------------------------------------------------

    async def ox(self, login: str = "alice") -> OXClient:
        client = OXClient(self.running.url)
        self._clients.append(client)
        await client.login(login, PASSWORD)
        return client

    def change_password(self, login: str, password: str) -> None:
        """As an administrator would."""
        with self.running.context.store.writing() as connection:
            changed = update(users).where(users.c.login == login).values(password_hash=hash_password(password))
            connection.execute(changed)

    # -- what reached OX -----------------------------------------------------------------------------------------

    @asynccontextmanager
    async def upstream(self) -> AsyncIterator[list[Call]]:
        """Collects the requests that reach OX while the block runs; a ``multiple`` is one."""
        entries = self.running.journal.entries
        before = len(entries)
        seen: list[Call] = []
        yield seen
        seen.extend(entries[before:])


class Device:
    """A client that follows sync tokens of one collection."""

    def __init__(self) -> None:
        self.token: str | None = None
        self.known: dict[str, str] = {}
        self.told: list[str] = []

    async def sync(
        self, collection: EventCollection | TaskCollection | ContactCollection, limit: int | None = None
    ) -> Changes:
        changes = await collection.changes(self.token, limit)
        self.token = changes.token
        for name in changes.removed:
            self.known.pop(name, None)
        changed = await collection.entries() if changes.whole else changes.changed
        for entry in changed:
            self.known[entry.name] = entry.etag
        self.told.extend([entry.name for entry in changed] + [f"-{name}" for name in changes.removed])
        return changes


def etags(entries: Sequence[Entry]) -> dict[str, str]:
    return {entry.name: entry.etag for entry in entries}


async def text_of(collection: EventCollection | ContactCollection, name: str) -> str | None:
    """What a GET answers."""
    async for body in collection.bodies([name]):
        return body.text
    return None

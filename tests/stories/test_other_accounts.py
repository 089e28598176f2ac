"""Address books of other accounts than the groupware's own: OX 8 has them in module ``addressbooks`` alone.

The embedded OX has one account. A proxy before it lets the folder ``Partners`` look like one of account 1.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.davclient import DAV, card, child
from tests.oxclient import OX
from tests.world import World

TITLE = "Partners"
_HOPS = ("Transfer-Encoding", "Content-Length", "Connection", "Keep-Alive", "Content-Encoding")


class OtherAccount:
    """A proxy that moves one folder to ``con://1/``. ``broken``: that account does not answer."""

    def __init__(self, upstream: str, number: str) -> None:
        self._upstream = upstream
        self._inner, self._outer, self.number = f"con://0/{number}", f"con://1/{number}", number
        self.broken = False
        self.foreign_calls: list[str] = []

    async def handle(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        params = {name: value.replace(self._outer, self._inner) for name, value in request.query.items()}
        body = (await request.read()).replace(self._outer.encode(), self._inner.encode())
        if self._outer in str(request.query) or self._outer.encode() in await request.read():
            self.foreign_calls.append(f"{path} {params.get('action', '')}")
        headers = {name: value for name, value in request.headers.items() if name not in (*_HOPS, "Host")}
        async with (
            aiohttp.ClientSession(auto_decompress=True, cookie_jar=aiohttp.DummyCookieJar()) as client,
            client.request(request.method, self._upstream + path, params=params, data=body, headers=headers) as answer,
        ):
            data = await answer.read()
            passed = [(name, value) for name, value in answer.headers.items() if name not in _HOPS]
        if answer.content_type in ("text/javascript", "application/json"):
            data = self._changed(path, params, body, data)
        return web.Response(status=answer.status, body=data, headers=passed)

    def _changed(self, path: str, params: dict[str, str], body: bytes, data: bytes) -> bytes:
        """The answer as an OX with a second account gives it."""
        calls = json.loads(body) if path == "multiple" else [{"module": path, **params}]
        answers = json.loads(data)
        together = answers if path == "multiple" else [answers]
        if not isinstance(calls, list) or not isinstance(together, list):
            return data
        for place, call in enumerate(calls):
            content = call.get("content_type") if isinstance(call, dict) else None
            if content == "contacts":
                for rows in together[place].get("data", {}).values():
                    rows[:] = [row for row in rows if row[0] != self.number]
            if content == "addressdata" and self.broken:
                together[place] = {"error": "No.", "code": "CON-9999", "categories": "SERVICE_DOWN", "category": 5}
        return json.dumps(answers).replace(self._inner, self._outer).encode()


@asynccontextmanager
async def other_account(world: World, number: str) -> AsyncIterator[OtherAccount]:
    """On the loop of the servers, so that the gateway can be asked by a client that blocks."""
    account = OtherAccount(world.ox_url, number)
    app = web.Application()
    app.router.add_route("*", "/ajax/{path:.*}", account.handle)
    runner = web.AppRunner(app)

    async def start() -> int:
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return int(runner.addresses[0][1])

    port = world.run(start())
    world.restart_gateway(ox={"url": f"http://127.0.0.1:{port}/ajax/"})
    try:
        yield account
    finally:
        world.run(runner.cleanup())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = World(tmp_path, cache={"folder_seconds": 0.001})
    yield made
    made.close()


@pytest.fixture
async def account(world: World, alice_ox: OX) -> AsyncIterator[OtherAccount]:
    number: Any = await alice_ox.call("folders", "new", {"title": TITLE, "module": "contacts"}, folder_id=1)
    async with other_account(world, str(number)) as account:
        yield account


@pytest.fixture
async def client(world: World, account: OtherAccount) -> AsyncIterator[DAV]:
    async with world.dav() as client:
        yield client


async def test_both_are_shown_and_written(world: World, account: OtherAccount, client: DAV) -> None:
    books = await client.address_books()
    assert {TITLE, "Contacts"} <= books.keys()
    for title in (TITLE, "Contacts"):
        href = child(books[title], "my own name.vcf")
        (await client.put(href, card(f"u-{title}", "Ada", "TEL;TYPE=CELL:1", "X-OWN:kept"))).expect(201)
        assert "X-OWN:kept" in (await client.get(href)).expect(200).text
    assert "addressbooks new" in account.foreign_calls
    href = child(books[TITLE], "my own name.vcf")
    (await client.put(href, card(f"u-{TITLE}", "Ada B", "TEL;TYPE=CELL:2", "X-OWN:kept"))).expect(204)
    token = (await client.sync(books[TITLE])).token
    (await client.delete(href)).expect(204)
    assert (await client.sync(books[TITLE], token)).removed == [href]


async def test_changes_elsewhere_are_seen(account: OtherAccount, client: DAV, alice_ox: OX) -> None:
    book = (await client.address_books())[TITLE]
    number = account.number
    token = (await client.sync(book)).token
    identifier = await alice_ox.add_contact(number, display_name="Made elsewhere")
    changes = await client.sync(book, token)
    assert list(changes.changed) == [child(book, f"{identifier}.vcf")]
    await alice_ox.call("contacts", "delete", [{"folder": number, "id": identifier}], timestamp=2**53)
    assert (await client.sync(book, changes.token)).removed == [child(book, f"{identifier}.vcf")]


async def test_nothing_moves_between_accounts(client: DAV, account: OtherAccount) -> None:
    books = await client.address_books()
    href = child(books["Contacts"], "stays.vcf")
    (await client.put(href, card("stays"))).expect(201)
    (await client.move(href, child(books[TITLE], "stays.vcf"))).expect(403)
    (await client.get(href)).expect(200)


async def test_an_account_that_does_not_answer(client: DAV, account: OtherAccount) -> None:
    books = await client.address_books()
    account.broken = True
    assert await client.address_books() == books
    (await client.put(child(books["Contacts"], "works.vcf"), card("works"))).expect(201)


async def test_macos_sees_the_cards_of_the_groupware_alone(world: World, client: DAV, account: OtherAccount) -> None:
    books = await client.address_books()
    for title in (TITLE, "Contacts"):
        (await client.put(child(books[title], "a.vcf"), card(f"u-{title}", title))).expect(201)
    everything = f"{books[TITLE].rstrip('/').rpartition('/')[0]}/~all/"
    listed = (await client.propfind(everything, "D:getetag", depth=1)).responses
    (one,) = set(listed) - {everything}
    assert "FN:Contacts" in (await client.get(one)).text

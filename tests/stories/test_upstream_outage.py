"""While OX does not answer every way of reading says so; what is broken in one object costs that object only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from gateway.account import bodies, contacts, events, tasks
from middleware.faults import Fault, Kind
from tests.davclient import DAV, Answer, card, child, event, todo
from tests.world import World


@dataclass(frozen=True)
class Objects:
    suffix: str
    component: str
    body: Callable[[str], str]

    async def collection(self, client: DAV) -> str:
        if self.component == "VTODO":
            return (await client.calendars())["Tasks"]
        found = await (client.calendars() if self.component == "VEVENT" else client.address_books())
        return found["Calendar" if self.component == "VEVENT" else "Contacts"]

    async def query(self, client: DAV, href: str) -> Answer:
        if self.component == "VCARD":
            return await client.card_query(href, '<CR:prop-filter name="FN"/>', "D:getetag", "CR:address-data")
        filters = f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="{self.component}"/></C:comp-filter>'
        return await client.query(href, filters, "D:getetag", "C:calendar-data")


EVENTS = Objects(".ics", "VEVENT", lambda uid: event(uid, uid))
TASKS = Objects(".ics", "VTODO", lambda uid: todo(uid, uid))
CONTACTS = Objects(".vcf", "VCARD", lambda uid: card(uid, uid))


@pytest.fixture(scope="module", params=["8", "7.8"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("outage"), generation=request.param)
    yield world
    world.close()


@pytest.fixture(params=[EVENTS, TASKS, CONTACTS], ids=lambda objects: objects.component)
def objects(request: pytest.FixtureRequest) -> Objects:
    found: Objects = request.param
    return found


@pytest.fixture
async def alice(world: World) -> AsyncIterator[DAV]:
    async with world.dav() as client:
        yield client
    world.ox_server.faults.clear()


async def stored(client: DAV, objects: Objects, *uids: str) -> tuple[str, list[str]]:
    """The collection and the hrefs."""
    collection = await objects.collection(client)
    hrefs = [child(collection, uid + objects.suffix) for uid in uids]
    for uid, href in zip(uids, hrefs, strict=True):
        (await client.put(href, objects.body(uid))).expect(201, 204)
    return collection, hrefs


@pytest.mark.parametrize("kind", [Kind.UNAVAILABLE, Kind.TOO_MANY_REQUESTS, Kind.DROP_BEFORE])
async def test_every_way_of_reading_says_that_ox_does_not_answer(
    world: World, alice: DAV, objects: Objects, kind: Kind
) -> None:
    collection, hrefs = await stored(alice, objects, "outage-1", "outage-2")
    token = (await alice.sync(collection)).token
    world.restart_gateway()
    async with world.dav() as client:
        (await client.propfind("/", "D:current-user-principal")).expect(207)
        world.ox_server.faults.add(Fault(kind, times=None, seconds=7))
        for answer in (
            await client.propfind(collection, "D:getetag", depth=1),
            await client.sync_report(collection),
            await client.sync_report(collection, token),
            await client.multiget(collection, hrefs, card=objects is CONTACTS),
            await objects.query(client, collection),
            await client.get(hrefs[0]),
        ):
            assert answer.status == 503, answer.body
            assert int(answer.headers["Retry-After"]) > 0
        world.ox_server.faults.clear()
        assert set(hrefs) <= (await client.sync(collection)).changed.keys()


async def test_an_answer_that_cannot_be_completed_is_broken_off(
    world: World, alice: DAV, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BATCH", 2)
    collection, hrefs = await stored(alice, objects, *(f"many-{number}" for number in range(6)))
    world.restart_gateway()
    async with world.dav() as client:
        (await client.propfind(collection, "D:getetag", depth=1)).expect(207)
        module, action = {"VEVENT": ("chronos", "list"), "VTODO": ("tasks", "list"), "VCARD": ("contacts", "list")}[
            objects.component
        ]
        if world.generation != "8" and objects is EVENTS:
            module = "calendar"
        fault = world.ox_server.faults.add(Fault(Kind.UNAVAILABLE, module, action, skip=1, times=None))
        for read in (client.multiget(collection, hrefs, card=objects is CONTACTS), objects.query(client, collection)):
            fault.passed = 0
            try:
                answer = await read
            except aiohttp.ClientError:
                continue
            assert answer.status == 503, answer.status
        assert fault.hits


async def test_one_object_that_cannot_be_shown_costs_itself_only(
    world: World, alice: DAV, objects: Objects, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module: Any = {"VEVENT": events, "VTODO": tasks, "VCARD": contacts}[objects.component]
    whole = module.render
    collection, hrefs = await stored(alice, objects, "readable-1", "broken", "readable-2")
    world.restart_gateway()

    def render(data: Any, *more: Any) -> str:
        if "broken" in repr(data):
            raise TypeError("secret")
        text: str = whole(data, *more)
        return text

    monkeypatch.setattr(module, "render", render)
    async with world.dav() as client:
        loaded = (await client.multiget(collection, hrefs, card=objects is CONTACTS)).responses
        assert [loaded[href].status for href in hrefs] == [None, 404, None]
        found = (await objects.query(client, collection)).responses
        assert {hrefs[0], hrefs[2]} <= found.keys()
        assert hrefs[1] not in found
        (await client.get(hrefs[1])).expect(404)
        assert set(hrefs) <= (await client.propfind(collection, "D:getetag", depth=1)).responses.keys()
    logged = capsys.readouterr().out
    assert "object cannot be shown" in logged
    assert "secret" not in logged

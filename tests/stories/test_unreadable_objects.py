"""What OX tells of one object without sense costs that object only: no folder fails, and nothing is told as deleted."""

from __future__ import annotations

import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Answer as OXAnswer
from middleware.envelope import Result
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, child
from tests.stories.test_durability import free_port
from tests.stories.test_upstream_outage import CONTACTS, EVENTS, TASKS, Objects, stored
from tests.world import WITHOUT_CONTACTS, World

GOOD, BAD, OTHER = "sense-1", "no-sense", "sense-2"
UID, STAMP, ID = "223", "6", "1"
ROWS = ("tasks", "contacts", "addressbooks", "calendar")
"""Modules whose objects are rows of columns."""
READS = ("all", "updates", "list")

Spoil = Callable[[dict[str, Any]], None]


def without_stamp(entry: dict[str, Any]) -> None:
    entry["timestamp" if "timestamp" in entry else STAMP] = None


def stamp_of_another_kind(entry: dict[str, Any]) -> None:
    entry["timestamp" if "timestamp" in entry else STAMP] = {"secret": "text"}


def without_id(entry: dict[str, Any]) -> None:
    entry["id" if "id" in entry else ID] = None


@pytest.fixture(scope="module")
def metrics() -> int:
    """The port of the metrics."""
    return free_port()


@pytest.fixture(scope="module", params=["8", "7.8", WITHOUT_CONTACTS])
def world(request: pytest.FixtureRequest, metrics: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("unreadable")
    # Texts that were read before could still be shown.
    world = World(directory, generation=request.param, metrics={"port": metrics}, cache={"memory_bytes": 0})
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


def spoil(monkeypatch: pytest.MonkeyPatch, world: World, change: Spoil) -> None:
    """Let OX tell the object ``BAD`` like this, wherever it tells of several objects."""
    for module in world.context.registry:
        if module.name not in ("chronos", *ROWS):
            continue
        for name in READS:
            if name in module.actions:
                monkeypatch.setitem(module.actions, name, _spoilt(module.actions[name], change))


def _spoilt(action: Any, change: Spoil) -> Any:
    def handler(call: Call, ox: Context) -> OXAnswer:
        answer = action.handler(call, ox)
        assert isinstance(answer, Result)
        if call.module == "chronos":
            return replace(answer, data=_changed_events(answer.data, change))
        columns = call.params["columns"].split(",")
        return replace(answer, data=[_changed_row(row, columns, change) for row in answer.data])

    return replace(action, handler=handler, repeatable=False)


def _changed_events(data: Any, change: Spoil) -> Any:
    if isinstance(data, dict):
        return {**data, "newAndModified": _changed_events(data.get("newAndModified") or [], change)}
    events = [dict(each) if isinstance(each, dict) else each for each in data]
    for each in events:
        if isinstance(each, dict) and "events" in each:
            each["events"] = _changed_events(each["events"], change)
        elif isinstance(each, dict) and each.get("uid") == BAD:
            change(each)
    return events


def _changed_row(row: Any, columns: list[str], change: Spoil) -> Any:
    if not isinstance(row, list) or UID not in columns or row[columns.index(UID)] != BAD:
        return row
    entry = dict(zip(columns, row, strict=True))
    change(entry)
    return list(entry.values())


def counted(metrics: int) -> float:
    """Objects that could not be shown, as the metrics have it."""
    with urllib.request.urlopen(f"http://127.0.0.1:{metrics}/metrics") as answer:
        lines = answer.read().decode().splitlines()
    return sum(float(line.split()[-1]) for line in lines if line.startswith("oxdav_unreadable_objects_total{"))


@pytest.mark.parametrize("change", [without_stamp, stamp_of_another_kind, without_id])
async def test_a_known_object_stays_known(
    world: World,
    metrics: int,
    alice: DAV,
    objects: Objects,
    change: Spoil,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    collection, hrefs = await stored(alice, objects, GOOD, BAD, OTHER)
    token = (await alice.sync(collection)).token
    before, _ = counted(metrics), capsys.readouterr()
    spoil(monkeypatch, world, change)

    uid = f"later-{change.__name__}"
    later = child(collection, uid + objects.suffix)
    (await alice.put(later, objects.body(uid))).expect(201)
    told = await alice.sync(collection, token)
    assert later in told.changed
    assert not told.removed
    listed = await alice.propfind(collection, "D:getetag", depth=1)
    assert set(hrefs) <= listed.responses.keys()
    loaded = (await alice.multiget(collection, hrefs, card=objects is CONTACTS)).responses
    assert [loaded[href].status for href in hrefs] == [None, 404, None]
    (await alice.get(hrefs[1])).expect(404)
    assert hrefs[0] in (await objects.query(alice, collection)).responses

    assert counted(metrics) > before
    logged = capsys.readouterr().out
    assert "object cannot be shown" in logged
    assert "secret" not in logged
    monkeypatch.undo()
    assert not (await alice.sync(collection, told.token)).removed
    assert BAD in (await alice.get(hrefs[1])).expect(200).text


async def test_an_object_that_was_never_read_is_left_out_and_comes_back_under_its_name(
    world: World, metrics: int, alice: DAV, objects: Objects, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, hrefs = await stored(alice, objects, GOOD, BAD, OTHER)
    token = (await alice.sync(collection)).token
    with monkeypatch.context() as meanwhile:
        spoil(meanwhile, world, without_stamp)
        world.restart_gateway()
        async with world.dav() as client:
            listed = (await client.propfind(collection, "D:getetag", depth=1)).responses
            assert {hrefs[0], hrefs[2]} <= listed.keys()
            assert hrefs[1] not in listed
            if world.generation != WITHOUT_CONTACTS or objects is not CONTACTS:
                assert hrefs[1] not in (await client.sync(collection, token)).removed
            (await client.get(hrefs[1])).expect(404)
            assert counted(metrics) > 0
    world.restart_gateway()
    async with world.dav() as client:
        assert set(hrefs) <= (await client.propfind(collection, "D:getetag", depth=1)).responses.keys()


@pytest.mark.parametrize("world", ["8"], indirect=True)
@pytest.mark.parametrize("refusal", ["CAL-4002", "CAL-5072"])
async def test_a_known_event_stays_known_when_ox_cannot_tell_changes_as_usual(
    world: World, alice: DAV, refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    collection, hrefs = await stored(alice, EVENTS, GOOD, BAD, OTHER)
    token = (await alice.sync(collection)).token
    spoil(monkeypatch, world, stamp_of_another_kind)
    (await alice.put(child(collection, f"{refusal}.ics"), EVENTS.body(refusal))).expect(201)
    error = OXError(refusal, "ERROR", "OX cannot tell what changed.")
    fault = world.ox_server.faults.add(Fault(Kind.ERROR, "chronos", "updates", error=error))

    told = await alice.sync(collection, token)

    assert fault.hits
    assert child(collection, f"{refusal}.ics") in told.changed
    assert not told.removed
    assert set(hrefs) <= (await alice.propfind(collection, "D:getetag", depth=1)).responses.keys()

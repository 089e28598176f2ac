"""The fault switch and the journal."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.running import Running
from tests.middleware.client import OXClient


async def test_statuses(ox: Running, alice: OXClient) -> None:
    ox.faults.add(Fault(Kind.UNAVAILABLE, "system"))
    ox.faults.add(Fault(Kind.TOO_MANY_REQUESTS, "system", "whoami", seconds=7))
    async with alice.raw("system", "whoami") as response:
        assert response.status == 503
    async with alice.raw("system", "whoami") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
    assert "data" in await alice.call("system", "whoami")


async def test_only_matching_requests_are_hit(ox: Running, alice: OXClient) -> None:
    armed = ox.faults.add(Fault(Kind.UNAVAILABLE, "config", params={"x": "1"}, times=None))
    assert "data" in await alice.call("config/timezone", x="2")
    assert armed.hits == 0


@pytest.mark.parametrize(("kind", "stored"), [(Kind.DROP_BEFORE, "Europe/Berlin"), (Kind.DROP_AFTER, "Europe/Paris")])
async def test_dropped_connections(ox: Running, alice: OXClient, kind: Kind, stored: str) -> None:
    # aiohttp itself repeats a PUT once on a connection that was in use before.
    ox.faults.add(Fault(kind, "config/timezone", times=2))
    with pytest.raises(aiohttp.ClientError):
        await alice.call("config/timezone", body="Europe/Paris")
    ox.faults.clear()
    assert await alice.data("config/timezone") == stored


async def test_a_fault_lets_the_first_requests_pass(ox: Running, alice: OXClient) -> None:
    error = OXError("SVL-0011", "ERROR", desc="Unexpected error: x")
    armed = ox.faults.add(Fault(Kind.ERROR, "system", "whoami", skip=2, error=error))
    answers = [await alice.call("system", "whoami") for _ in range(4)]
    assert ["code" in answer for answer in answers] == [False, False, True, False]
    assert (armed.passed, armed.hits) == (2, 1)


async def test_malformed_json(ox: Running, alice: OXClient) -> None:
    ox.faults.add(Fault(Kind.MALFORMED_JSON))
    with pytest.raises(json.JSONDecodeError):
        await alice.call("system", "whoami")


async def test_the_session_really_expires(ox: Running, alice: OXClient) -> None:
    ox.faults.add(Fault(Kind.SESSION_EXPIRED))
    assert (await alice.call("system", "whoami"))["code"] == "SES-0203"
    assert (await alice.call("system", "whoami"))["code"] == "SES-0203"


async def test_a_warning_beside_data(ox: Running, alice: OXClient) -> None:
    ox.faults.add(Fault(Kind.WARNING, "system", "whoami"))
    answer = await alice.call("system", "whoami")
    assert answer["data"]["user_id"] == 3
    assert (answer["categories"], answer["category"]) == ("WARNING", 13)
    assert answer["warnings"]["code"] == answer["code"]


async def test_an_error_of_one_call_in_a_multiple(ox: Running, alice: OXClient) -> None:
    error = OXError("SVL-0011", "ERROR", desc="Unexpected error: x")
    ox.faults.add(Fault(Kind.ERROR, "system", "ping", error=error))
    calls = [{"module": "system", "action": "ping"}, {"module": "system", "action": "whoami"}]
    first, second = await alice.call("multiple", body=calls)
    assert first["code"] == "SVL-0011"
    assert second["data"]["user_id"] == 3


async def test_a_held_request_waits_for_its_release(ox: Running, alice: OXClient) -> None:
    armed = ox.faults.add(Fault(Kind.HOLD, "system", "whoami"))
    waiting = asyncio.create_task(alice.call("system", "whoami"))
    await armed.reached.wait()
    assert not waiting.done()
    armed.release()
    assert "data" in await waiting


async def test_the_journal_counts_a_multiple_once(ox: Running, alice: OXClient) -> None:
    ox.journal.clear()
    await alice.call("system", "whoami")
    calls = [{"module": "system", "action": "ping"}, {"module": "config/timezone", "action": ""}]
    await alice.call("multiple", body=calls)
    assert ox.journal.count() == 2
    assert ox.journal.count("system", "whoami") == 1
    assert ox.journal.entries[1].inner == (("system", "ping"), ("config/timezone", ""))
    assert ox.journal.calls() == [("system", "whoami"), ("system", "ping"), ("config/timezone", "")]

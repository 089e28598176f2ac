"""Answers to reads that are kept: what they are good for, and when they are not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.context import Context
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.http_request import Incoming
from middleware.memo import Memo
from middleware.running import Running, administer, open_context, serve
from middleware.sharing import share
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

ADDRESS_BOOK, CALENDAR, TASKS = "32", "cal://0/31", "33"
BOOKS = {"content_type": "contacts", "columns": "1,300,305"}
POLLS = [
    {"module": "chronos", "action": "updates", "folder": CALENDAR, "timestamp": 0},
    {"module": "contacts", "action": "updates", "folder": ADDRESS_BOOK, "columns": "1,500,5", "timestamp": 0},
    {"module": "tasks", "action": "updates", "folder": TASKS, "columns": "1,200,5", "timestamp": 0, "ignore": ""},
]


@contextmanager
def counted(context: Context) -> Iterator[list[str]]:
    """What the worker is given to do while the block runs."""
    given_work: list[str] = []
    submit = context.worker.submit

    def counting(task: Any, *arguments: Any) -> Any:
        given_work.append(task.__name__)
        return submit(task, *arguments)

    context.worker.submit = counting  # type: ignore[method-assign, assignment]
    try:
        yield given_work
    finally:
        context.worker.submit = submit  # type: ignore[method-assign]


async def octets(client: OXClient, module: str, action: str = "", **params: Any) -> bytes:
    async with client.raw(module, action, **params) as response:
        assert response.status == 200
        return bytes(await response.read())


async def test_the_same_read_has_the_same_octets_without_work(ox: Running, alice: OXClient) -> None:
    first = [await octets(alice, "folders", "allVisible", **BOOKS), await octets(alice, "multiple", body=POLLS)]
    with counted(ox.context) as work:
        again = [await octets(alice, "folders", "allVisible", **BOOKS), await octets(alice, "multiple", body=POLLS)]
    assert again == first
    assert work == []
    assert ox.journal.count("multiple") == 2


async def test_what_another_process_stores_is_seen_at_once(tmp_path: Path) -> None:
    context = open_context(tmp_path)
    populate(context)
    server = await serve(context)
    async with OXClient(server.url) as bob:
        await bob.login("bob")
        calendars = {"content_type": "event", "columns": "1"}
        before = await bob.data("folders", "allVisible", **calendars)
        assert await bob.data("folders", "allVisible", **calendars) == before
        with administer(tmp_path) as other:
            share(other, other.folders.get(31), 4, "viewer")
        assert await bob.data("folders", "allVisible", **calendars) != before
    await server.stop()


async def test_an_ended_session_gets_nothing(ox: Running, alice: OXClient) -> None:
    await octets(alice, "multiple", body=POLLS)
    with counted(ox.context) as work:
        await octets(alice, "multiple", body=POLLS)
    assert work == []
    await alice.http.get(alice.url + "login", params={"action": "logout", "session": alice.session})
    assert (await alice.call("multiple", body=POLLS))["code"] == "SES-0203"


async def test_an_idle_session_gets_nothing_and_asking_keeps_it_alive(ox: Running, alice: OXClient) -> None:
    for _ in range(3):
        await octets(alice, "multiple", body=POLLS)
        (session,) = ox.context.sessions.all()
        ox.context.sessions.put(replace(session, used=session.used - 40 * 60_000))
    await octets(alice, "multiple", body=POLLS)
    (session,) = ox.context.sessions.all()
    ox.context.sessions.put(replace(session, used=session.used - 70 * 60_000))
    assert (await alice.call("multiple", body=POLLS))["code"] == "SES-0203"


async def test_a_stranger_who_knows_the_session_gets_nothing(ox: Running, alice: OXClient) -> None:
    await octets(alice, "multiple", body=POLLS)
    async with OXClient(ox.url) as stranger:
        stranger.session = alice.session
        assert (await stranger.call("multiple", body=POLLS))["code"] == "SES-0203"


async def test_an_address_that_is_good_no_longer_ends_the_session(ox: Running) -> None:
    async with OXClient(ox.url) as client:
        await client.login("alice", clientIP="192.0.2.1")
        for address in ("192.0.2.7", "192.0.2.8"):
            client.http.headers["X-Forwarded-For"] = "192.0.2.1"
            await client.call("login", "changeip", clientIP=address)
            client.http.headers["X-Forwarded-For"] = "192.0.2.7"
            last = await client.call("folders", "allVisible", **BOOKS)
        assert last["code"] == "SES-0203"
        client.http.headers["X-Forwarded-For"] = "192.0.2.1"
        assert (await client.call("folders", "allVisible", **BOOKS))["code"] == "SES-0203"


async def test_ordered_faults_strike_and_leave_no_traces(ox: Running, alice: OXClient) -> None:
    healthy = await octets(alice, "multiple", body=POLLS)
    ox.faults.add(Fault(Kind.ERROR, "tasks", "updates", error=OXError("SVL-0011", "ERROR", desc="x")))
    assert (await alice.call("multiple", body=POLLS))[2]["code"] == "SVL-0011"
    ox.faults.add(Fault(Kind.WARNING, "chronos", "updates"))
    assert "warnings" in (await alice.call("multiple", body=POLLS))[0]
    assert await octets(alice, "multiple", body=POLLS) == healthy
    ox.faults.add(Fault(Kind.UNAVAILABLE, "multiple"))
    async with alice.raw("multiple", body=POLLS) as response:
        assert response.status == 503


async def test_each_error_that_is_told_has_a_number_of_its_own(alice: OXClient) -> None:
    bodies = [*POLLS, {"module": "contacts", "action": "all", "folder": "999", "columns": "1"}]
    numbers = {(await alice.call("multiple", body=bodies))[-1]["error_id"] for _ in range(3)}
    assert len(numbers) == 3


async def test_what_depends_on_the_time_is_worked_out_anew(ox: Running, alice: OXClient) -> None:
    with counted(ox.context) as work:
        for _ in range(2):
            await octets(alice, "reminder", "range", end=2**45)
            await octets(alice, "config/currentTime")
            await octets(alice, "multiple", body=[*POLLS, {"module": "reminder", "action": "range", "end": 2**45}])
    assert len(work) == 6


def test_the_answers_kept_are_few_and_small() -> None:
    memo = Memo(max_answers=3, max_octets=40_000)

    def asked(name: str) -> Incoming:
        return Incoming("folders", "GET", {"session": "s", "id": name})

    for name in "abcd":
        memo.keep(asked(name), 1, web.Response(text=name))
        memo.find(asked("a"), 1)
    assert [name for name in "abcd" if memo.find(asked(name), 1)] == ["a", "c", "d"]
    memo.keep(asked("large"), 1, web.Response(text="x" * 10_000))
    assert memo.find(asked("large"), 1) is None
    for name in "efghi":
        memo.keep(asked(name), 1, web.Response(text="x" * 7_000))
    assert len(memo) == 3
    for name in "klmno":
        memo.keep(replace(asked(name), text="y" * 7_900), 1, web.Response(text="x" * 10))
    kept = [memo.find(replace(asked(name), text="y" * 7_900), 1) for name in "mno"]
    assert sum(one.size for one in kept if one) <= 40_000
    assert memo.find(replace(asked("o"), text="y" * 7_900), 2) is None
    assert len(memo) < 3


# One step: who, what; "read" asks everything, once as before and once so that it is worked out anew.
STEPS = st.lists(st.sampled_from(["read", "contact", "event", "task", "rename", "share", "delete", "zone"]), max_size=8)


async def _follow(steps: list[str]) -> None:
    context = open_context(None)
    populate(context)
    server = await serve(context)
    async with OXClient(server.url) as alice, OXClient(server.url) as bob:
        await alice.login("alice")
        await bob.login("bob")
        made: list[tuple[str, str]] = []
        for number, step in enumerate(["read", *steps, "read"]):
            await _write(step, context, alice, made, number)
            for client in (alice, bob):
                await _compare(client, fresh=str(number))
    await server.stop()


async def _write(step: str, context: Context, alice: OXClient, made: list[tuple[str, str]], number: int) -> None:
    title = f"{step} {number}"
    match step:
        case "contact":
            body = {"folder_id": ADDRESS_BOOK, "display_name": title}
            made.append(("contacts", (await alice.data("contacts", "new", body=body))["id"]))
        case "task":
            made.append(("tasks", (await alice.data("tasks", "new", body={"folder_id": TASKS, "title": title}))["id"]))
        case "event":
            when = {"value": "20260301T100000Z"}
            event = {"summary": title, "startDate": when, "endDate": when}
            await alice.data("chronos", "new", folder=CALENDAR, body=event)
        case "rename":
            folder = await alice.data("folders", "get", id=ADDRESS_BOOK)
            await alice.call(
                "folders", "update", id=ADDRESS_BOOK, timestamp=folder["last_modified_utc"], body={"title": title}
            )
        case "share":
            share(context, context.folders.get(31 + number % 3), 4, ["viewer", "author"][number % 2])
        case "delete" if made:
            module, identifier = made.pop()
            folder = ADDRESS_BOOK if module == "contacts" else TASKS
            await alice.call(module, "delete", timestamp=2**50, body=[{"id": identifier, "folder": folder}])
        case "zone":
            await alice.call("config/timezone", body=["Asia/Tokyo", "America/New_York"][number % 2])


async def _compare(client: OXClient, fresh: str) -> None:
    for _ in range(2):
        as_before = await _answers(client)
        assert as_before == await _answers(client, fresh=fresh)


async def _answers(client: OXClient, **extra: str) -> list[Any]:
    found = [await client.call("folders", "list", parent="1", columns="1,300,5", **extra)]
    found.append(await client.call("folders", "allVisible", **BOOKS, **extra))
    found.append(await client.call("multiple", body=POLLS, **extra))
    found.append(await client.call("contacts", "all", folder=ADDRESS_BOOK, columns="1,4,5,500", **extra))
    found.append(await client.call("tasks", "all", folder=TASKS, columns="1,4,5,200", **extra))
    return [_without_numbers(one) for one in found]


def _without_numbers(answer: Any) -> Any:
    """Without the numbers of errors, which nobody has twice."""
    if isinstance(answer, list):
        return [_without_numbers(one) for one in answer]
    return {name: value for name, value in answer.items() if name != "error_id"} if isinstance(answer, dict) else answer


@settings(max_examples=15, deadline=None, derandomize=True)
@given(STEPS)
def test_no_answer_is_older_than_what_was_stored_before_it_was_asked_for(steps: list[str]) -> None:
    asyncio.run(_follow(steps))

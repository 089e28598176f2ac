"""No call that clients repeat looks through a whole table: its cost does not grow with what is stored elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from middleware.running import Running
from tests.middleware.client import OXClient

BOOK, CALENDAR, TASKS = "32", "cal://0/31", "33"
RANGE = {"rangeStart": "20260101T000000Z", "rangeEnd": "20270101T000000Z"}


@contextmanager
def recorded(ox: Running) -> Iterator[set[str]]:
    """The statements that run while the block does, with their values; what is read once for all is read already."""
    for directory in (ox.context.users, ox.context.groups, ox.context.resources, ox.context.folders):
        directory.all()
    statements: set[str] = set()
    with ox.context.store.reading() as connection:
        driver: Any = connection.connection.driver_connection
    driver.set_trace_callback(statements.add)
    try:
        yield statements
    finally:
        driver.set_trace_callback(None)


def scans(ox: Running, statements: set[str]) -> list[tuple[str, str]]:
    """The steps that go through a whole table or index, beside their statement."""
    found = []
    with ox.context.store.reading() as connection:
        driver: sqlite3.Connection = connection.connection.driver_connection  # type: ignore[assignment]
        for statement in statements:
            if statement.split()[0] not in ("SELECT", "UPDATE", "DELETE", "INSERT"):
                continue
            for *_, step in driver.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
                if step.startswith("SCAN ") and "CONSTANT ROW" not in step and "VIRTUAL TABLE" not in step:
                    found.append((step, statement))
    return found


GROWN = 500
"""Objects that are added to a folder; what concerns one object costs as much as before."""


@contextmanager
def counted(ox: Running) -> Iterator[list[int]]:
    """The instructions that SQLite carries out while the block runs, in tens."""
    count = [0]
    with ox.context.store.reading() as connection:
        driver: Any = connection.connection.driver_connection

    def step() -> None:
        count[0] += 1

    driver.set_progress_handler(step, 10)
    try:
        yield count
    finally:
        driver.set_progress_handler(None, 0)


async def _costs(ox: Running, steps: dict[str, Callable[[], Awaitable[Any]]]) -> dict[str, int]:
    costs = {}
    for name, step in steps.items():
        with counted(ox) as count:
            answer = await step()
        assert "error" not in answer, (name, answer)
        costs[name] = count[0]
    return costs


async def _grow(client: OXClient, module: str, body: dict[str, Any], **params: Any) -> None:
    calls = [
        {"module": module, "action": "new", "data": {**body, "uid": f"grown-{number}"}, **params}
        for number in range(GROWN)
    ]
    assert all("data" in answer for answer in await client.call("multiple", body=calls))


async def _assert_flat(
    ox: Running, steps: dict[str, Callable[[], Awaitable[Any]]], grow: Callable[[], Awaitable[None]]
) -> None:
    await _costs(ox, steps)  # statements are compiled, directories read
    small = await _costs(ox, steps)
    await grow()
    large = await _costs(ox, steps)
    assert {name: (small[name], cost) for name, cost in large.items() if cost > 1.5 * small[name] + 30} == {}


async def test_an_event_costs_the_same_in_a_large_calendar(ox: Running, alice: OXClient) -> None:
    when = {"startDate": {"value": "20260301T100000Z"}, "endDate": {"value": "20260301T110000Z"}}
    made: dict[str, Any] = {}

    async def new() -> Any:
        answer = await alice.call("chronos", "new", folder=CALENDAR, body={**when, "summary": "x", "uid": "sought"})
        made.update(folder=CALENDAR, id=answer["data"]["created"][0]["id"])
        return answer

    async def search() -> Any:
        body = {"filter": ["=", {"field": "uid"}, "SOUGHT"], "folders": [CALENDAR]}
        answer = await alice.call("chronos", "advancedSearch", **RANGE, body=body)
        assert len(answer["data"][0]["events"]) == 1
        return answer

    async def since_then() -> Any:
        stamp = (await alice.call("chronos", "get", **made))["timestamp"]
        return await alice.call("chronos", "updates", folder=CALENDAR, timestamp=stamp - 1)

    steps: dict[str, Callable[[], Awaitable[Any]]] = {
        "new": new,
        "update": lambda: alice.call("chronos", "update", **made, timestamp=2**50, body={"summary": "y"}),
        "get": lambda: alice.call("chronos", "get", **made),
        "list": lambda: alice.call("chronos", "list", body=[made]),
        "resolve": lambda: alice.call("chronos", "resolve", id=made["id"]),
        "search": search,
        "updates": since_then,
        "delete": lambda: alice.call("chronos", "delete", timestamp=2**50, body=[made]),
    }
    await _assert_flat(ox, steps, lambda: _grow(alice, "chronos", {**when, "summary": "z"}, folder=CALENDAR))


async def test_a_contact_costs_the_same_in_a_large_address_book(ox: Running, alice: OXClient) -> None:
    made: dict[str, Any] = {}
    await _assert_flat(
        ox,
        _of_objects(alice, "contacts", {"folder_id": BOOK, "display_name": "x"}, {"note": "y"}, made),
        lambda: _grow(alice, "contacts", {"folder_id": BOOK, "display_name": "z"}),
    )


async def test_a_task_costs_the_same_in_a_large_list(ox: Running, alice: OXClient) -> None:
    made: dict[str, Any] = {}
    await _assert_flat(
        ox,
        _of_objects(alice, "tasks", {"folder_id": TASKS, "title": "x"}, {"note": "y"}, made),
        lambda: _grow(alice, "tasks", {"folder_id": TASKS, "title": "z"}),
    )


def _of_objects(
    client: OXClient, module: str, body: dict[str, Any], change: dict[str, Any], made: dict[str, Any]
) -> dict[str, Callable[[], Awaitable[Any]]]:
    """Everything that concerns one contact or task; it leaves a tombstone each time."""

    async def new() -> Any:
        answer = await client.call(module, "new", body=body)
        made.update(folder=body["folder_id"], id=answer["data"]["id"])
        return answer

    async def delete() -> Any:
        return await client.call(module, "delete", timestamp=2**50, body=[dict(made)])

    async def changes() -> Any:
        """One that left the folder and one that is new."""
        stamp = (await new())["timestamp"]
        await delete()
        await new()
        columns = {"columns": "1,20", "ignore": ""}
        answer = await client.call(module, "updates", folder=made["folder"], timestamp=stamp - 1, **columns)
        assert len(answer["data"]) == 2
        return answer

    return {
        "new": new,
        "update": lambda: client.call(module, "update", **made, timestamp=2**50, body=change),
        "get": lambda: client.call(module, "get", **made),
        "list": lambda: client.call(module, "list", columns="1,20", body=[made]),
        "delete": delete,
        "changes": changes,
        "delete again": delete,
    }


async def test_events(ox: Running, alice: OXClient) -> None:
    when = {"startDate": {"value": "20260301T100000Z"}, "endDate": {"value": "20260301T110000Z"}}
    alarm = {"action": "DISPLAY", "description": "x", "trigger": {"duration": "-PT15M", "related": "START"}}
    with recorded(ox) as statements:
        body = {**when, "uid": "one", "summary": "x", "alarms": [alarm], "rrule": "FREQ=DAILY;COUNT=4"}
        body["attendees"] = [{"entity": 3, "cuType": "INDIVIDUAL"}, {"entity": 4, "cuType": "INDIVIDUAL"}]
        answer = await alice.call("chronos", "new", folder=CALENDAR, checkConflicts=True, body=body)
        (made,) = answer["data"]["created"]
        named = {"folder": CALENDAR, "id": made["id"]}
        change = {"summary": "y", **when}
        answer = await alice.call("chronos", "update", **named, timestamp=answer["timestamp"], body=change)
        instance = {"recurrenceId": "20260302T100000Z", "timestamp": answer["timestamp"]}
        await alice.call("chronos", "update", **named, **instance, body={"summary": "z"})
        for since in (0, answer["timestamp"], 2**60):
            await alice.call("chronos", "updates", folder=CALENDAR, timestamp=since)
            await alice.call("chronos", "updates", folder=CALENDAR, timestamp=since, fields="id,timestamp", **RANGE)
        for params in ({"folder": CALENDAR}, {"folder": CALENDAR, "fields": "id,alarms,flags"}, {}):
            await alice.call("chronos", "all", **RANGE, **params)
        await alice.call("chronos", "get", **named)
        await alice.call("chronos", "list", body=[named])
        await alice.call("chronos", "resolve", id=made["id"])
        term = ["=", {"field": "uid"}, "one"]
        found = await alice.data("chronos", "advancedSearch", **RANGE, body={"filter": term, "folders": [CALENDAR]})
        assert len(found[0]["events"]) == 2
        deleted = await alice.call("chronos", "delete", timestamp=2**50, body=[named])
        assert "error" not in deleted["data"][0]
        await alice.call("chronos", "updates", folder=CALENDAR, timestamp=0)
    assert len(statements) > 40
    assert scans(ox, statements) == []


async def test_contacts(ox: Running, alice: OXClient) -> None:
    with recorded(ox) as statements:
        answer = await alice.call("contacts", "new", body={"folder_id": BOOK, "display_name": "x"})
        named = {"folder": BOOK, "id": answer["data"]["id"]}
        await alice.call("contacts", "update", **named, timestamp=answer["timestamp"], body={"note": "y"})
        for since in (0, 2**60):
            await alice.call("contacts", "updates", folder=BOOK, timestamp=since, columns="1,20")
        await alice.call("contacts", "all", folder=BOOK, columns="1,20")
        await alice.call("contacts", "get", **named)
        await alice.call("contacts", "list", columns="1,20", body=[named])
        await alice.call("contacts", "delete", timestamp=2**50, body=[named])
        await alice.call("contacts", "updates", folder=BOOK, timestamp=0, columns="1,20")
    assert len(statements) > 15
    assert scans(ox, statements) == []


async def test_tasks(ox: Running, alice: OXClient) -> None:
    with recorded(ox) as statements:
        body = {"folder_id": TASKS, "title": "x", "alarm": 2**41, "participants": [{"id": 4, "type": 1}]}
        answer = await alice.call("tasks", "new", body=body)
        named = {"folder": TASKS, "id": answer["data"]["id"]}
        await alice.call("tasks", "update", **named, timestamp=answer["timestamp"], body={"title": "y"})
        for since in (0, 2**60):
            await alice.call("tasks", "updates", folder=TASKS, timestamp=since, columns="1,200", ignore="")
        await alice.call("tasks", "all", folder=TASKS, columns="1,200")
        await alice.call("tasks", "get", **named)
        await alice.call("tasks", "list", columns="1,200", body=[named])
        await alice.call("tasks", "delete", timestamp=2**50, body=[named])
        await alice.call("tasks", "updates", folder=TASKS, timestamp=0, columns="1,200", ignore="")
    assert len(statements) > 20
    assert scans(ox, statements) == []


async def test_folders(ox: Running, alice: OXClient) -> None:
    with recorded(ox) as statements:
        for content in ("event", "addressdata", "tasks"):
            await alice.call("folders", "allVisible", content_type=content, columns="1,300")
        await alice.call("folders", "updates", timestamp=0, columns="1")
        await alice.call("folders", "get", id=CALENDAR)
    assert scans(ox, statements) == []

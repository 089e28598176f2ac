"""No call that clients repeat looks through a whole table: its cost does not grow with what is stored elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
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

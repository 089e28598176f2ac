"""What is forgotten with time: tombstones, and files that no event holds."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
from sqlalchemy import func, select

from middleware.accounts import create_context
from middleware.chronos.tables import attachments
from middleware.clean_up import TOMBSTONE_MS, clean_up
from middleware.clock import Clock
from middleware.context import Context
from middleware.running import serve
from middleware.store import Store
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

START = 1_800_000_000_000
FAR_FUTURE = 9007199254740991
EVENT = {"summary": "x", "startDate": {"value": "20270405"}, "endDate": {"value": "20270406"}}


class Calendar:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> int:
        return self.now


async def deletions(client: OXClient) -> tuple[list[Any], ...]:
    """What left the default calendar, address book and task list of alice."""
    events = await client.data("chronos", "updates", folder="cal://0/31", timestamp=0)
    books = await client.data("contacts", "updates", folder="32", timestamp=0, columns="1")
    tasks = await client.data("tasks", "updates", folder="33", timestamp=0, columns="1", ignore="none")
    rows = [[one for one in found if not isinstance(one, list)] for found in (books, tasks)]
    return (events["deleted"], *rows)


async def test_deletions_are_told_for_84_days() -> None:
    time = Calendar()
    context = create_context(Store.open(clock=Clock(time)))
    populate(context)
    running = await serve(context)
    try:
        async with OXClient(running.url) as alice:
            await alice.login("alice")
            made = await alice.data("chronos", "new", folder="cal://0/31", body=EVENT)
            event = {"folder": "cal://0/31", "id": made["created"][0]["id"]}
            contact = await alice.data("contacts", "new", body={"folder_id": "32", "display_name": "x"})
            await alice.data("contacts", "new", body={"folder_id": "32", "display_name": "stays"})
            task = await alice.data("tasks", "new", body={"folder_id": "33", "title": "x"})
            await alice.call("chronos", "delete", body={"events": [event]}, timestamp=FAR_FUTURE)
            await alice.call("contacts", "delete", body=[{"folder": "32", "id": contact["id"]}], timestamp=FAR_FUTURE)
            await alice.call("tasks", "delete", body=[{"folder": "33", "id": task["id"]}], timestamp=FAR_FUTURE)

            time.now += TOMBSTONE_MS - 1000
            clean_up(context)
            await alice.login("alice")
            assert [len(gone) for gone in await deletions(alice)] == [1, 1, 1]
            time.now += 2000
            clean_up(context)
            await alice.login("alice")
            assert [len(gone) for gone in await deletions(alice)] == [0, 0, 0]
    finally:
        await running.stop()


async def upload(client: OXClient, folder: str) -> dict[str, Any]:
    """A new series with a file."""
    form = aiohttp.FormData()
    event = {**EVENT, "rrule": "FREQ=DAILY;COUNT=5", "attachments": [{"filename": "a.txt", "uri": "cid:f"}]}
    form.add_field("json_0", json.dumps(event), content_type="application/json")
    form.add_field("f", b"data", filename="a.txt", content_type="text/plain")
    params = {"action": "new", "folder": folder, "session": client.session, "plainJson": "true"}
    async with client.http.post(client.url + "chronos", params=params, data=form) as response:
        answer = await response.json(content_type=None)
    created: dict[str, Any] = answer["data"]["created"][0]
    return created


def stored_files(context: Context) -> int:
    """How many files of events are kept."""
    with context.store.reading() as connection:
        return connection.execute(select(func.count()).select_from(attachments)).scalar_one()


async def test_files_are_freed_with_the_last_event_that_has_them() -> None:
    context = create_context(Store.open())
    populate(context)
    running = await serve(context)
    try:
        async with OXClient(running.url) as alice:
            await alice.login("alice")
            made = await upload(alice, "cal://0/31")
            named = {"folder": "cal://0/31", "id": made["id"], "timestamp": FAR_FUTURE}
            await alice.data(
                "chronos", "update", body={"event": {"summary": "other"}}, recurrenceId="20270407", **named
            )
            await alice.data("chronos", "update", body={"event": {"attachments": None}}, **named)
            clean_up(context)
            assert stored_files(context) == 1
            gone = {"events": [{"folder": "cal://0/31", "id": made["id"]}]}
            await alice.call("chronos", "delete", body=gone, timestamp=FAR_FUTURE)
            assert stored_files(context) == 1
            clean_up(context)
            assert stored_files(context) == 0
    finally:
        await running.stop()

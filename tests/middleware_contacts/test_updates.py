"""`updates` of contacts: stamps, deletions, the fault of the real server, and mending it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware_contacts.test_contacts import FAR_FUTURE, add, book


async def since(client: OXClient, stamp: int, **params: Any) -> Any:
    return await client.call(
        "contacts", "updates", folder=await book(client), timestamp=stamp, columns="1,223", **params
    )


async def remove(client: OXClient, identifier: str) -> None:
    named = [{"id": identifier, "folder": await book(client)}]
    await client.data("contacts", "delete", timestamp=FAR_FUTURE, body=named)


async def test_nothing_changed_has_no_timestamp(alice: OXClient) -> None:
    assert await since(alice, 0) == {"data": []}


async def test_changes_then_bare_ids_of_deletions(alice: OXClient) -> None:
    gone, kept = await add(alice, uid="gone"), await add(alice, uid="kept")
    await remove(alice, gone)
    answer = await since(alice, 0)
    assert answer["data"] == [[kept, "kept"], gone]
    assert (await since(alice, 0, ignore="deleted"))["data"] == [[kept, "kept"]]


async def test_only_deletions_fail_as_on_a_real_server(alice: OXClient) -> None:
    gone = await add(alice, uid="gone")
    stamp = (await since(alice, 0))["timestamp"]
    await remove(alice, gone)
    assert (await since(alice, stamp))["code"] == "SVL-0011"
    assert await since(alice, stamp, ignore="deleted") == {"data": []}


async def test_mended_they_do_not(alice: OXClient, ox: Running) -> None:
    ox.context.settings = replace(ox.context.settings, mend=True)
    gone = await add(alice, uid="gone")
    stamp = (await since(alice, 0))["timestamp"]
    await remove(alice, gone)
    assert (await since(alice, stamp))["data"] == [gone]


async def test_a_move_is_a_deletion_here_and_a_change_there(alice: OXClient) -> None:
    identifier, folder = await add(alice, uid="mover"), await book(alice)
    other = await alice.data("folders", "new", folder_id="1", body={"title": "Other", "module": "contacts"})
    await alice.data(
        "contacts", "update", id=identifier, folder=folder, timestamp=FAR_FUTURE, body={"folder_id": other}
    )
    await add(alice, uid="stays")
    assert identifier in (await since(alice, 0))["data"]
    there = await alice.data("contacts", "updates", folder=other, timestamp=0, columns="1,20")
    assert there == [[identifier, other]]


@pytest.mark.parametrize("collisions", [2, 3])
async def test_colliding_stamps_are_equal(alice: OXClient, ox: Running, collisions: int) -> None:
    ox.context.clock.collide(collisions)
    identifiers = [await add(alice, uid=f"c{number}") for number in range(collisions)]
    rows = await alice.data("contacts", "all", folder=await book(alice), columns="1,6")
    assert len({row[1] for row in rows}) == 1
    assert len(rows) == len(identifiers)

"""Participants, shared and public folders, private tasks, moves, users who leave."""

from __future__ import annotations

from typing import Any

from middleware.account_removal import remove_user
from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import BOBS, FAR_FUTURE, MINE, add, get, new_list, remove, since, update

OWNER = {"entity": 3, "group": False, "bits": 403710016}
BOB_WRITES = {"entity": 4, "group": False, "bits": 33026 | 2 << 21}
EVERYBODY = {"entity": 0, "group": True, "bits": 33026 | 2 << 21}
BOB, TEAM = {"type": 1, "id": 4}, {"type": 2, "id": 6}


async def refused(client: OXClient, task: int, folder: str = MINE, **fields: Any) -> str:
    return str((await update(client, task, folder, **fields)).get("code", ""))


async def ids(client: OXClient, folder: str) -> list[int]:
    return [row[0] for row in await client.data("tasks", "all", folder=folder, columns="1")]


async def test_a_group_is_everybody_in_it(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[TEAM])
    task = await get(bob, number, BOBS)
    assert task["participants"] == [{"id": 6, "type": 2}]
    assert [one["id"] for one in task["users"]] == [3, 4, 5]


async def test_answers_are_seen_by_all_and_kept_by_changes(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[BOB])
    answer = {"confirmation": 2, "confirmmessage": "no time"}
    await bob.data("tasks", "confirm", id=number, folder=BOBS, timestamp=FAR_FUTURE, body=answer)
    assert (await get(alice, number))["users"] == [{"id": 4, **answer}]
    await update(alice, number, participants=[BOB, {"type": 1, "id": 5}])
    assert (await get(alice, number))["users"] == [{"id": 4, **answer}, {"id": 5, "confirmation": 0}]


async def test_who_takes_part_no_more_loses_the_task(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[BOB])
    stamp = (await since(bob, folder=BOBS))["timestamp"]
    await update(alice, number, participants=[])
    assert (await since(bob, stamp, BOBS))["data"] == [number]
    assert await ids(alice, MINE) == [number]


async def test_a_participant_keeps_it_where_he_moved_it(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[BOB])
    other = await new_list(bob)
    await update(bob, number, BOBS, folder_id=int(other))
    await update(alice, number, title="new", participants=[BOB, {"type": 1, "id": 5}])
    assert (await get(bob, number, other))["title"] == "new"
    assert (await ids(bob, BOBS), await ids(alice, MINE)) == ([], [number])


async def test_a_participant_who_changes_others_takes_nothing_from_the_creator(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[BOB])
    await update(bob, number, BOBS, participants=[])
    assert (await ids(alice, MINE), await ids(bob, BOBS)) == ([number], [])


async def test_deleting_is_told_everywhere(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, participants=[BOB])
    stamp = (await since(bob, folder=BOBS))["timestamp"]
    await remove(alice, number)
    assert (await since(bob, stamp, BOBS))["data"] == [number]


async def test_private_tasks_are_hidden_in_a_shared_list(alice: OXClient, bob: OXClient) -> None:
    shared = await new_list(alice, permissions=[OWNER, BOB_WRITES])
    private = await add(alice, shared, private_flag=True)
    seen = await add(alice, shared)
    assert await ids(bob, shared) == [seen]
    assert (await bob.call("tasks", "get", id=private, folder=shared))["code"] == "TSK-0046"
    assert await refused(bob, private, shared, title="x") == "TSK-0046"
    assert (await remove(bob, private, shared))["code"] == "TSK-0014"
    assert await refused(bob, seen, shared, private_flag=True) == "TSK-0043"
    body = {"folder_id": shared, "private_flag": True}
    assert (await bob.call("tasks", "new", body=body))["code"] == "TSK-0008"


async def test_private_tasks_do_not_go_public(alice: OXClient) -> None:
    public = await new_list(alice, permissions=[OWNER, EVERYBODY], parent="2")
    body = {"folder_id": public, "private_flag": True}
    assert (await alice.call("tasks", "new", body=body))["code"] == "TSK-0008"
    number = await add(alice, private_flag=True)
    assert await refused(alice, number, folder_id=int(public)) == "TSK-0042"
    assert await ids(alice, MINE) == [number]


async def test_nothing_moves_from_or_to_a_shared_list(alice: OXClient, bob: OXClient) -> None:
    shared = await new_list(alice, permissions=[OWNER, BOB_WRITES])
    there, here = await add(alice, shared), await add(bob, BOBS)
    assert await refused(bob, there, shared, folder_id=int(BOBS)) == "TSK-0034"
    assert await refused(bob, here, BOBS, folder_id=int(shared)) == "TSK-0034"
    assert (await ids(alice, shared), await ids(bob, BOBS)) == ([there], [here])


async def test_into_a_public_list_and_back(alice: OXClient, bob: OXClient) -> None:
    public = await new_list(alice, permissions=[OWNER, EVERYBODY], parent="2")
    number = await add(alice, participants=[BOB])
    await update(alice, number, folder_id=int(public))
    assert (await ids(alice, MINE), await ids(bob, BOBS), await ids(bob, public)) == ([], [], [number])
    await update(alice, number, public, folder_id=int(MINE))
    assert (await ids(alice, MINE), await ids(bob, BOBS), await ids(bob, public)) == ([number], [number], [])


async def test_a_cleared_list_loses_its_own_tasks_and_leaves_those_of_others(alice: OXClient, bob: OXClient) -> None:
    own, asked = await add(bob, BOBS), await add(alice, participants=[BOB])
    await bob.data("folders", "clear", body=[BOBS])
    assert await ids(bob, BOBS) == []
    assert (await get(alice, asked))["users"] == []
    assert {own, asked} <= set((await since(bob, folder=BOBS))["data"])


async def test_a_removed_user_takes_his_tasks_with_him_and_leaves_those_of_others(
    alice: OXClient, bob: OXClient, ox: Running
) -> None:
    his = await add(bob, BOBS, participants=[{"type": 1, "id": 3}])
    asked = await add(alice, participants=[BOB, {"type": 1, "id": 5}])
    user = ox.context.users.get(4)
    remove_user(ox.context, user)
    assert his not in await ids(alice, MINE)
    assert [one["id"] for one in (await get(alice, asked))["users"]] == [5]


async def test_no_right_to_create(alice: OXClient, bob: OXClient) -> None:
    shared = await new_list(alice, permissions=[OWNER, {"entity": 4, "group": False, "bits": 257}])
    number = await add(alice, shared)
    assert (await bob.call("tasks", "new", body={"folder_id": shared}))["code"] == "TSK-0025"
    assert await refused(bob, number, shared, title="x") == "TSK-0033"
    assert (await remove(bob, number, shared))["code"] == "TSK-0014"
    blind = await new_list(alice, "Blind", permissions=[OWNER, {"entity": 4, "group": False, "bits": 1}])
    assert (await bob.call("tasks", "all", folder=blind, columns="1"))["code"] == "TSK-0023"

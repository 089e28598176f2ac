"""Module ``tasks`` against the embedded OX."""

from __future__ import annotations

import pytest

from gateway.ox import folders, tasks
from gateway.ox.call import FAR_FUTURE
from gateway.ox.errors import ChangedMeanwhile, InvalidValue, PermissionDenied, TooLong, UidConflict
from gateway.ox.session import Session

MARCH_1 = 1803859200000


@pytest.fixture
async def errands(alice: Session) -> str:
    return await alice.run(folders.create("1", "tasks", "Errands"))


async def test_the_life_of_a_task(alice: Session, errands: str) -> None:
    made = await alice.run(tasks.create(errands, {"title": "Milk", "uid": "milk", "note": "fresh"}))
    task = await alice.run(tasks.get(errands, made.id))
    assert (task["uid"], task["folder_id"], task["last_modified_utc"]) == ("milk", errands, made.stamp)
    changed = await alice.run(tasks.update(errands, made.id, made.stamp, {"title": "Oat milk", "note": None}))
    assert changed.stamp > made.stamp
    (listed,) = await alice.run(tasks.by_id(errands, [made.id, "999999"]))
    assert (listed["title"], listed["last_modified_utc"]) == ("Oat milk", changed.stamp)
    assert "note" not in listed
    await alice.run(tasks.delete(errands, made.id, changed.stamp))
    for gone in (tasks.get(errands, made.id), tasks.delete(errands, made.id, FAR_FUTURE)):
        with pytest.raises(PermissionDenied):
            await alice.run(gone)
    assert await alice.run(tasks.by_id(errands, [made.id])) == ()


async def test_list_and_get_agree(alice: Session, errands: str) -> None:
    fields = {
        "title": "All",
        "full_time": False,
        "start_time": MARCH_1,
        "end_time": MARCH_1 + 3600000,
        "status": 2,
        "percent_completed": 40,
        "priority": 3,
        "categories": "A,B",
        "alarm": MARCH_1 - 60000,
        "participants": [{"type": 5, "mail": "x@example.org", "display_name": "X"}],
    }
    made = await alice.run(tasks.create(errands, fields))
    (listed,) = await alice.run(tasks.by_id(errands, [made.id]))
    single = await alice.run(tasks.get(errands, made.id))
    assert {name: single[name] for name in listed} == listed
    assert fields.items() <= listed.items()


async def test_updates_tell_deletions_and_moves(alice: Session, errands: str) -> None:
    assert await alice.run(tasks.updates(errands, 0, ["uid"])) == tasks.TaskUpdates((), ())
    other = await alice.run(folders.create("1", "tasks", "Other"))
    first, second, third = [await alice.run(tasks.create(errands, {"title": "t", "uid": uid})) for uid in "abc"]
    everything = await alice.run(tasks.updates(errands, 0, ["uid"]))
    assert {row["id"]: row["uid"] for row in everything.rows} == {first.id: "a", second.id: "b", third.id: "c"}
    await alice.run(tasks.delete(errands, first.id, first.stamp))
    await alice.run(tasks.update(errands, second.id, second.stamp, {"folder_id": other}))
    changes = await alice.run(tasks.updates(errands, third.stamp, ()))
    assert (changes.rows, set(changes.deleted_ids)) == ((), {first.id, second.id})
    assert [row["id"] for row in (await alice.run(tasks.updates(errands, 0, ()))).rows] == [third.id]


async def test_what_ox_refuses(alice: Session, errands: str) -> None:
    made = await alice.run(tasks.create(errands, {"title": "One", "uid": "one"}))
    with pytest.raises(UidConflict):
        await alice.run(tasks.create(errands, {"title": "Two", "uid": "one"}))
    with pytest.raises(InvalidValue):
        await alice.run(tasks.create(errands, {"title": "x", "priority": 9}))
    with pytest.raises(TooLong) as raised:
        await alice.run(tasks.create(errands, {"title": "x" * 600}))
    assert raised.value.problematic
    with pytest.raises(ChangedMeanwhile):
        await alice.run(tasks.update(errands, made.id, made.stamp - 1, {"title": "Stale"}))
    with pytest.raises(ChangedMeanwhile):
        await alice.run(tasks.delete(errands, made.id, made.stamp - 1))
    with pytest.raises(PermissionDenied):
        await alice.run(tasks.confirm(errands, made.id, made.stamp, {"confirmation": 1}))


async def test_the_own_answer(alice: Session, errands: str) -> None:
    made = await alice.run(tasks.create(errands, {"title": "Mine", "participants": [{"type": 1, "id": 3}]}))
    answered = await alice.run(tasks.confirm(errands, made.id, made.stamp, {"confirmation": 1, "confirmmessage": "ok"}))
    task = await alice.run(tasks.get(errands, made.id))
    assert answered.stamp == task["last_modified_utc"]
    assert [(each["confirmation"], each["confirmmessage"]) for each in task["users"]] == [(1, "ok")]

"""Module `reminder`: alarms of tasks and appointments."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import BOBS, FAR_FUTURE, MINE, START, add, get, update

HOUR = 3_600_000
EVENT = {
    "summary": "Event",
    "startDate": {"value": "20270303T090000", "tzid": "UTC"},
    "endDate": {"value": "20270303T100000", "tzid": "UTC"},
    "alarms": [{"action": "DISPLAY", "description": "d", "trigger": {"duration": "-PT15M"}}],
}


async def due(client: OXClient, end: int = START + 365 * 24 * HOUR, **params: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = await client.data("reminder", "range", end=end, timezone="UTC", **params)
    return found


async def test_alarms_of_tasks_until_a_time(alice: OXClient) -> None:
    first, second = await add(alice, alarm=START), await add(alice, alarm=START + HOUR)
    assert [(one["target_id"], one["alarm"], one["module"]) for one in await due(alice)] == [
        (first, START, 4),
        (second, START + HOUR, 4),
    ]
    assert [one["target_id"] for one in await due(alice, START)] == [first]


async def test_everybody_has_alarms_of_his_own(alice: OXClient, bob: OXClient) -> None:
    number = await add(alice, alarm=START, participants=[{"type": 1, "id": 4}])
    assert "alarm" not in await get(bob, number, BOBS)
    await update(bob, number, BOBS, alarm=START + HOUR)
    assert (await get(alice, number))["alarm"] == START
    ((mine,), (his,)) = (await due(alice), await due(bob))
    assert (mine["folder"], his["folder"]) == (33, 43)
    assert (await bob.data("reminder", "delete", body={"id": mine["id"]})) == [mine["id"]]
    assert len(await due(alice)) == 1


async def test_dismissing_removes_the_alarm_of_the_task(alice: OXClient) -> None:
    number = await add(alice, alarm=START)
    before = (await get(alice, number))["last_modified_utc"]
    (one,) = await due(alice)
    assert await alice.data("reminder", "delete", body=[{"id": one["id"]}, {"id": 99}]) == [99]
    task = await get(alice, number)
    assert "alarm" not in task
    assert task["last_modified_utc"] > before
    assert await due(alice) == []


async def test_reminding_again_moves_the_alarm_of_the_task(alice: OXClient) -> None:
    number = await add(alice, alarm=START)
    (one,) = await due(alice)
    body = {"alarm": START + HOUR}
    again = await alice.data("reminder", "remindAgain", id=one["id"], timezone="UTC", body=body)
    assert (again["id"], again["alarm"]) == (one["id"], START + HOUR)
    assert (await get(alice, number))["alarm"] == START + HOUR


async def test_reminders_go_with_their_task(alice: OXClient) -> None:
    number = await add(alice, alarm=START)
    await alice.data("tasks", "delete", timestamp=FAR_FUTURE, body=[{"id": number, "folder": MINE}])
    assert await due(alice) == []


async def test_appointments(alice: OXClient, ox: Running) -> None:
    await alice.data("chronos", "new", folder="cal://0/31", body=EVENT)
    (one,) = await due(alice, modules="1")
    assert (one["module"], one["folder"], one["alarm"]) == (1, 31, START + 9 * HOUR - 15 * 60_000)
    assert await due(alice, modules="4") == []
    ox.context.clock.not_before(one["alarm"])  # it is time, and the session is over
    await alice.login("alice")
    body = {"alarm": START + 9 * HOUR}
    again = await alice.data("reminder", "remindAgain", id=one["id"], timezone="UTC", body=body)
    assert again["alarm"] == START + 9 * HOUR
    assert [other["id"] for other in await due(alice)] == [again["id"]]
    ox.context.clock.not_before(again["alarm"])
    await alice.login("alice")
    assert await alice.data("reminder", "delete", body={"id": again["id"]}) == []
    assert await due(alice) == []


async def test_updates_fail_for_events_without_alarms_unless_mended(alice: OXClient, ox: Running) -> None:
    await alice.data("chronos", "new", folder="cal://0/31", body={**EVENT, "alarms": []})
    number = await add(alice, alarm=START)
    assert (await alice.call("reminder", "updates", timestamp=0))["code"] == "SVL-0011"
    ox.context.settings = replace(ox.context.settings, mend=True)
    answer = await alice.call("reminder", "updates", timestamp=0)
    assert [one["target_id"] for one in answer["data"]] == [number]
    assert await alice.call("reminder", "updates", timestamp=answer["timestamp"]) == {**answer, "data": []}


async def test_bad_requests(alice: OXClient) -> None:
    assert (await alice.call("reminder", "range"))["code"] == "SVL-0002"
    assert (await alice.call("reminder", "remindAgain", id=1, body={"alarm": START}))["code"] == "REM-0009"
    assert (await alice.call("reminder", "remindAgain", id=1 << 40, body={"alarm": START}))["code"] == "REM-0009"
    assert (await alice.call("reminder", "remindAgain", id=1, body={"alarm": "x"}))["code"] == "SVL-0002"
    assert (await alice.call("reminder", "remindAgain", id="x", body={"alarm": 1}))["code"] == "SVL-0010"
    assert (await alice.call("reminder", "delete", body=[1]))["code"] == "SVL-0031"

"""Creating, reading, changing and deleting tasks."""

from __future__ import annotations

from typing import Any

import pytest

from middleware.running import Running
from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import BOBS, DAY, FAR_FUTURE, MINE, START, add, get, new_list, remove, update


async def code(client: OXClient, **fields: Any) -> str:
    answer = await client.call("tasks", "new", timezone="UTC", body={"folder_id": MINE, **fields})
    return str(answer.get("code", ""))


async def test_what_was_sent_is_what_is_read(alice: OXClient) -> None:
    sent: dict[str, Any] = {
        "title": "Rich",
        "note": "two\nlines",
        "full_time": False,
        "start_time": START + 3_600_000,
        "end_time": START + DAY,
        "status": 2,
        "percent_completed": 40,
        "priority": 3,
        "categories": "A,B",
        "color_label": 2,
        "alarm": START,
        "target_duration": "60",
        "actual_duration": "30",
        "target_costs": 1.5,
        "actual_costs": 2.5,
        "currency": "EUR",
        "trip_meter": "5",
        "billing_information": "bi",
        "companies": "co",
        "uid": "rich@example.com",
        "private_flag": True,
        "date_completed": START,
    }
    task = await get(alice, await add(alice, **sent))
    assert {name: task[name] for name in sent} == sent
    assert (task["start_date"], task["end_date"]) == (sent["start_time"], sent["end_time"])


async def test_times_of_day_are_sent_and_shown_in_the_zone_of_the_request(alice: OXClient) -> None:
    body = {"folder_id": MINE, "title": "x", "full_time": False, "start_time": START, "alarm": START}
    number = (await alice.data("tasks", "new", timezone="Asia/Tokyo", body=body))["id"]
    task = await get(alice, number)
    assert (task["start_time"], task["alarm"]) == (START - 9 * 3_600_000,) * 2
    there = await alice.data("tasks", "get", id=number, folder=MINE, timezone="Asia/Tokyo")
    assert (there["start_time"], there["start_date"]) == (START, START - 9 * 3_600_000)


async def test_without_full_time_in_the_same_body_dates_have_a_time_of_day(alice: OXClient) -> None:
    number = await add(alice, full_time=True, start_time=START)
    await alice.data(
        "tasks",
        "update",
        id=number,
        folder=MINE,
        timestamp=FAR_FUTURE,
        timezone="Asia/Tokyo",
        body={"end_time": START + DAY},
    )
    assert (await get(alice, number))["end_time"] == START + DAY - 9 * 3_600_000


async def test_null_clears(alice: OXClient) -> None:
    number = await add(alice, note="n", priority=1, alarm=START, full_time=True, start_time=START, end_time=START)
    cleared: dict[str, Any] = dict.fromkeys(("note", "priority", "alarm", "start_time", "end_time", "title"))
    await update(alice, number, **cleared)
    task = await get(alice, number)
    assert not set(cleared) & set(task)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"start_time": START + 1000, "end_time": START}, "TSK-0040"),
        ({"status": 2, "percent_completed": 101}, "TSK-0030"),
        ({"status": 1, "percent_completed": 1}, "TSK-0031"),
        ({"status": 6, "percent_completed": 1}, "TSK-0039"),
        ({"priority": 4}, "TSK-0057"),
        ({"actual_duration": "an hour"}, "TSK-0055"),
        ({"title": "x" * 257}, "TSK-0041"),
        ({"actual_costs": 10_000_000_000}, "TSK-0041"),
        ({"note": "\u0001"}, "TSK-0058"),
        ({"recurrence_type": 5}, "TSK-0036"),
        ({"recurrence_type": 1, "interval": 1}, "TSK-0037"),
        ({"recurrence_type": 2, "interval": 1, "start_time": START, "end_time": START}, "TSK-0037"),
        ({"participants": [{"type": 5}]}, "TSK-0044"),
        ({"participants": [{"type": 1, "id": 4}], "private_flag": True}, "TSK-0028"),
        ({"participants": [{"type": 1, "id": 99}]}, "USR-0010"),
        ({"participants": [{"type": 2, "id": 99}]}, "GRP-0017"),
        ({"title": {}}, "SVL-0002"),
        ({"start_time": "soon"}, "SVL-0002"),
        ({"end_time": 10**17}, "SVL-0002"),
        ({"folder_id": None}, "TSK-0027"),
        ({"folder_id": "31"}, "TSK-0006"),
        ({"folder_id": BOBS}, "TSK-0006"),
    ],
)
async def test_refused(alice: OXClient, fields: dict[str, Any], expected: str) -> None:
    assert await code(alice, **fields) == expected
    assert await alice.data("tasks", "all", folder=MINE, columns="1") == []


async def test_a_value_too_long_is_named(alice: OXClient) -> None:
    answer = await alice.call("tasks", "new", body={"folder_id": MINE, "currency": "x" * 11})
    assert answer["categories"] == "TRUNCATED"
    assert answer["truncated"] == [312]
    assert answer["problematic"] == [{"id": 312, "max_size": 10, "length": 11}]


async def test_status_and_percentage_alone_are_not_looked_at(alice: OXClient) -> None:
    assert (await get(alice, await add(alice, percent_completed=150)))["percent_completed"] == 150
    assert (await get(alice, await add(alice, status=9)))["status"] == 9


async def test_a_uid_is_unique_for_who_sees_it(alice: OXClient, bob: OXClient) -> None:
    await add(alice, uid="one")
    assert await code(alice, uid="one") == "APP-0100"
    await add(bob, BOBS, uid="one")


async def test_a_uid_stays(alice: OXClient) -> None:
    number = await add(alice, uid="one")
    assert (await update(alice, number, uid="two"))["code"] == "TSK-0053"
    assert (await update(alice, number, uid="one"))["data"] == {}


async def test_a_stale_stamp_is_a_conflict(alice: OXClient) -> None:
    number = await add(alice)
    stale = (await get(alice, number))["last_modified_utc"]
    await update(alice, number, title="newer")
    call = {"id": number, "folder": MINE, "timestamp": stale}
    assert (await alice.call("tasks", "update", body={"title": "x"}, **call))["code"] == "TSK-0007"
    assert (await alice.call("tasks", "delete", timestamp=stale, body=[call]))["code"] == "TSK-0007"
    assert (await get(alice, number))["title"] == "newer"


async def test_what_does_not_exist(alice: OXClient) -> None:
    number = await add(alice)
    more = await new_list(alice)
    assert (await alice.call("tasks", "get", id=99, folder=MINE))["code"] == "TSK-0046"
    assert (await alice.call("tasks", "get", id=number, folder=more))["code"] == "TSK-0048"
    assert (await alice.call("tasks", "get", id=number, folder="31"))["code"] == "TSK-0006"
    assert (await update(alice, 99, title="x"))["code"] == "TSK-0019"
    assert (await update(alice, number, more, title="x"))["code"] == "TSK-0048"
    assert (await remove(alice, 99))["code"] == "TSK-0014"
    assert (await alice.call("tasks", "get", id="x", folder=MINE))["code"] == "SVL-0010"


async def test_list_leaves_out_what_cannot_be_seen(alice: OXClient, bob: OXClient) -> None:
    first, second = await add(alice), await add(alice)
    his = await add(bob, BOBS)
    named = [
        {"id": second, "folder": MINE},
        {"id": 99, "folder": MINE},
        {"id": his, "folder": BOBS},
        {"id": first, "folder": MINE},
    ]
    assert await alice.data("tasks", "list", columns="1", body=named) == [[second], [first]]


async def test_sorting_and_limits(alice: OXClient) -> None:
    for title in ("b", "C", "a"):
        await add(alice, title=title)
    params = {"folder": MINE, "columns": "200", "sort": 200}
    assert await alice.data("tasks", "all", **params, order="asc") == [["a"], ["b"], ["C"]]
    assert await alice.data("tasks", "all", **params, order="desc") == [["C"], ["b"], ["a"]]
    cut = await alice.data("tasks", "all", **params, left_hand_limit=1, right_hand_limit=2)
    assert cut == [["b"]]


async def test_search(alice: OXClient) -> None:
    await add(alice, title="Write report", full_time=True, end_time=START)
    await add(alice, title="Call Bob", note="about the REPORT")

    async def titles(body: Any, **params: Any) -> Any:
        return await alice.data("tasks", "search", columns="200", body=body, **params)

    assert await titles({"pattern": "rep*t", "folder": MINE}) == [["Write report"], ["Call Bob"]]
    assert await titles({"pattern": "*"}, start=START, end=START + 1) == [["Write report"]]
    answer = await alice.call("tasks", "search", columns="200", body={"pattern": "x"}, start=2, end=1)
    assert answer["code"] == "TSK-0021"


async def test_copy(alice: OXClient) -> None:
    number = await add(alice, uid="one", note="n")
    more = await new_list(alice)
    copied = (await alice.data("tasks", "copy", id=number, folder=MINE, body={"folder_id": more}))["id"]
    task = await get(alice, copied, more)
    assert (task["note"], task["uid"] != "one") == ("n", True)
    assert (await get(alice, number))["uid"] == "one"


async def test_deletion_one_by_one_keeps_what_was_done_before_an_error(alice: OXClient) -> None:
    first, second = await add(alice), await add(alice)
    body = [{"id": first, "folder": MINE}, {"id": 99, "folder": MINE}, {"id": second, "folder": MINE}]
    answer = await alice.call("tasks", "delete", timestamp=FAR_FUTURE, body=body)
    assert answer["code"] == "TSK-0014"
    assert await alice.data("tasks", "all", folder=MINE, columns="1") == [[second]]


async def test_tasks_of_a_deleted_folder_are_gone(alice: OXClient, ox: Running) -> None:
    more = await new_list(alice)
    number = await add(alice, more, uid="one", alarm=START)
    await alice.data("folders", "delete", timestamp=FAR_FUTURE, body=[more])
    assert await alice.data("tasks", "all", folder=more, columns="1") == []
    assert await add(alice, uid="one") != number


async def test_tasks_are_counted(alice: OXClient) -> None:
    await add(alice)
    accounts = await alice.data("quota", "get", module="task")
    assert accounts[0]["countuse"] == 1

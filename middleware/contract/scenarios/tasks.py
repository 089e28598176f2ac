"""Tasks: creating, reading, changing, following, deleting."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from middleware.contract.client import FAR_FUTURE
from middleware.contract.scenario import Need, scenario
from middleware.contract.stage import Stage

UNKNOWN_ID = "99999999"
DAY = 86_400_000
START = 1_804_032_000_000  # a midnight of UTC


async def add(stage: Stage, tasks: str, **fields: Any) -> tuple[int, int]:
    """A new task: id and stamp."""
    body = {"folder_id": tasks, **fields}
    made = await stage.first.done("a new task", "tasks", "new", body, timezone="UTC")
    stage.check.members("the answer to a new task", made.data, id=int)
    stage.check.need("a new task comes with its stamp", type(made.timestamp) is int, made.timestamp)
    return made.data["id"], made.timestamp


async def change(stage: Stage, tasks: str, task: int, fields: Any, stamp: int = FAR_FUTURE) -> int:
    """Change a task; the new stamp."""
    query = {"folder": tasks, "id": task, "timestamp": stamp, "timezone": "UTC"}
    changed = await stage.first.done("a change of a task", "tasks", "update", fields, **query)
    stage.check.equal("the answer to a change", changed.data, {})
    stage.check.need("a change comes with a stamp", type(changed.timestamp) is int, changed.timestamp)
    return int(changed.timestamp)


async def see(stage: Stage, tasks: str, task: int) -> Any:
    """The task in UTC."""
    query = {"folder": tasks, "id": task, "timezone": "UTC"}
    return (await stage.first.done("a task", "tasks", "get", **query)).data


@scenario("task-new", "new tasks, and what comes back of them", Need.TASKS)
async def new(stage: Stage) -> None:
    check = stage.check
    tasks = await stage.task_list()
    fields: dict[str, Any] = {
        "uid": f"{uuid4()}@contract",
        "title": "Report",
        "note": "note\nwith lines ü 🎉",
        "full_time": True,
        "start_time": START,
        "end_time": START + DAY,
        "status": 2,
        "percent_completed": 40,
        "priority": 3,
        "categories": "A,B",
        "color_label": 2,
        "alarm": START - 3_600_000,
        "actual_costs": 2.5,
        "target_costs": 1.5,
        "currency": "EUR",
        "trip_meter": "5",
        "billing_information": "bi",
        "companies": "co",
    }
    task, stamp = await add(stage, tasks, **fields, target_duration=60)
    seen = await see(stage, tasks, task)
    for name, value in {**fields, "target_duration": "60", "recurrence_type": 0, "private_flag": False}.items():
        check.equal(f"a task: {name}", seen.get(name), value)
    check.members("a task", seen, id=int, folder_id=int, created_by=int, creation_date=int, participants=list)
    check.equal("a task: last_modified_utc", seen.get("last_modified_utc"), stamp)
    check.equal("a task: start_date, the old name", seen.get("start_date"), START)
    few = await see(stage, tasks, (await add(stage, tasks))[0])
    check.equal("a task without anything is of whole days", few.get("full_time"), True)
    check.lacks("a task without anything", few, "title", "status", "start_time", "end_time", "alarm")


@scenario("task-refused", "what is no task", Need.TASKS)
async def refused(stage: Stage) -> None:
    first = stage.first
    tasks = await stage.task_list()
    uid = f"{uuid4()}@contract"
    await add(stage, tasks, uid=uid, title="First")

    async def no(what: str, code: str, **fields: Any) -> None:
        body = {"folder_id": tasks, **fields}
        await first.refused(what, code, "USER_INPUT", "tasks", "new", body)

    await no("an end before the start", "TSK-0040", start_time=START + DAY, end_time=START)
    await no("a priority of 9", "TSK-0057", priority=9)
    await no("a uid that is in use", "APP-0100", uid=uid, title="Second")
    query = {"folder": tasks, "columns": "200"}
    rows = (await first.done("all", "tasks", "all", **query)).data
    stage.check.equal("nothing refused is stored", rows, [["First"]])
    await first.refused("all without columns", "SVL-0002", "USER_INPUT", "tasks", "all", folder=tasks)


@scenario("task-times", "times of day, zones, and status without percentage", Need.TASKS)
async def times(stage: Stage) -> None:
    check = stage.check
    tasks = await stage.task_list()
    hour = 3_600_000
    task, _ = await add(stage, tasks, full_time=False, start_time=START + hour, end_time=START + 2 * hour)
    query = {"folder": tasks, "id": task, "timezone": "Asia/Tokyo"}
    there = (await stage.first.done("a task in Tokyo", "tasks", "get", **query)).data
    check.equal("times of day are those of the zone", there.get("start_time"), START + 10 * hour)
    check.equal("the old names are as stored", there.get("start_date"), START + hour)
    odd, _ = await add(stage, tasks, status=3, percent_completed=40)
    check.equal("a done task may be 40 % done", (await see(stage, tasks, odd)).get("percent_completed"), 40)
    much, _ = await add(stage, tasks, percent_completed=150)
    check.equal("a percentage alone is not looked at", (await see(stage, tasks, much)).get("percent_completed"), 150)


@scenario("task-read", "get, list and all with columns", Need.TASKS)
async def read(stage: Stage) -> None:
    check, first = stage.check, stage.first
    tasks = await stage.task_list()
    made = [await add(stage, tasks, title=title) for title in ("a", "b", "c")]
    rows = (await first.done("all", "tasks", "all", folder=tasks, columns="1,20,6,200")).data
    expected = [[task, int(tasks), stamp, title] for (task, stamp), title in zip(made, "abc", strict=True)]
    check.equal("all, as rows of the columns asked for", sorted(rows), expected)
    named = [{"folder": tasks, "id": made[number][0]} for number in (2, 0)]
    rows = (await first.done("list", "tasks", "list", named, columns="1,104,209,220")).data
    check.equal("list keeps the order", rows, [[made[2][0], 0, 0, []], [made[0][0], 0, 0, []]])
    rows = (await first.done("an unknown column", "tasks", "list", named[:1], columns="1,207,200")).data
    check.equal("an unknown column is left out", rows, [[made[2][0], "c"]])
    unknown = {"folder": tasks, "id": UNKNOWN_ID}
    await first.refused("an unknown task", "TSK-0046", "PERMISSION_DENIED", "tasks", "get", **unknown)


@scenario("task-update", "changes, stale stamps, deletions", Need.TASKS)
async def update(stage: Stage) -> None:
    check, first = stage.check, stage.first
    tasks = await stage.task_list()
    task, stamp = await add(stage, tasks, title="Old", note="n", uid=f"{uuid4()}@contract")
    changed = await change(stage, tasks, task, {"title": "New", "note": None}, stamp)
    seen = await see(stage, tasks, task)
    check.equal("the new title", seen.get("title"), "New")
    check.lacks("after null", seen, "note")
    check.equal("the stamp of the change", seen.get("last_modified_utc"), changed)
    query = {"folder": tasks, "id": task}
    late = {**query, "timestamp": stamp}
    await first.refused("an old stamp", "TSK-0007", "CONFLICT", "tasks", "update", {"title": "x"}, **late)
    await first.refused("no stamp", "SVL-0002", "USER_INPUT", "tasks", "update", {"title": "x"}, **query)
    any_time = {**query, "timestamp": FAR_FUTURE}
    await first.refused("another uid", "TSK-0053", "ERROR", "tasks", "update", {"uid": "x"}, **any_time)
    await first.refused(
        "deleting with an old stamp", "TSK-0007", "CONFLICT", "tasks", "delete", [query], timestamp=stamp
    )
    gone = await first.done("deleting", "tasks", "delete", [query], timestamp=FAR_FUTURE)
    check.equal("the answer to a deletion", (gone.data, gone.timestamp), ([], FAR_FUTURE))
    again = ("tasks", "delete", [query])
    await first.refused("deleting again", "TSK-0014", "PERMISSION_DENIED", *again, timestamp=FAR_FUTURE)


@scenario("task-updates", "following a task list: changes, deletions, moves, and what ignore does", Need.TASKS)
async def updates(stage: Stage) -> None:
    check, first = stage.check, stage.first
    tasks, other = await stage.task_list(), await stage.task_list()

    async def since(stamp: int, folder: str = tasks, **params: Any) -> tuple[Any, Any]:
        query = {"folder": folder, "timestamp": stamp, "columns": "1,20", **params}
        answer = await first.done("updates", "tasks", "updates", **query)
        return answer.data, answer.timestamp

    check.equal("nothing since 0", await since(0), ([], 0))
    kept, _ = await add(stage, tasks, title="kept")
    gone, stamp = await add(stage, tasks, title="gone")
    check.equal("both are new", await since(0), ([[kept, int(tasks)], [gone, int(tasks)]], stamp))
    check.equal("nothing since the last", await since(stamp), ([], stamp))
    check.equal("nothing but the id is asked for", await since(0, columns="1"), ([kept, gone], stamp))
    await first.done("deleting", "tasks", "delete", [{"folder": tasks, "id": gone}], timestamp=FAR_FUTURE)
    check.equal("deletions are hidden without ignore", await since(stamp), ([], stamp))
    check.equal("and with ignore=deleted", await since(stamp, ignore="deleted"), ([], stamp))
    told, later = await since(stamp, ignore="none")
    check.equal("a deletion is a bare number", told, [gone])
    check.true("its stamp is later", later > stamp, later)
    moved = await change(stage, tasks, kept, {"folder_id": int(other)})
    check.equal("a move is a deletion here", (await since(later, ignore="none"))[0], [kept])
    check.equal("and a change there", await since(0, other, ignore="none"), ([[kept, int(other)]], moved))

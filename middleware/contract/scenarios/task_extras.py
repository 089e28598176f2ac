"""Tasks: series, participants, alarms, files."""

from __future__ import annotations

from typing import Any

from middleware.contract.client import FAR_FUTURE
from middleware.contract.scenario import Need, scenario
from middleware.contract.scenarios.tasks import DAY, START, add, change, see
from middleware.contract.stage import Stage

TASKS, CONTACTS = 4, 7


@scenario("task-series", "completing one task of a series creates the next one", Need.TASKS)
async def series(stage: Stage) -> None:
    check = stage.check
    tasks = await stage.task_list()
    dates = {"full_time": True, "start_time": START, "end_time": START}
    task, _ = await add(stage, tasks, title="Daily", **dates, recurrence_type=1, interval=1, occurrences=3)
    stamp = await change(stage, tasks, task, {"status": 3, "percent_completed": 100})
    rows = (await stage.first.done("all", "tasks", "all", folder=tasks, columns="1,6")).data
    following = [row for row in rows if row[0] != task]
    check.need("there is one more task", len(rows) == 2 and len(following) == 1, rows)
    check.equal("both have the same stamp", {row[1] for row in rows}, {stamp})
    done, next_one = await see(stage, tasks, task), await see(stage, tasks, following[0][0])
    check.equal("the done one keeps its date", done.get("start_time"), START)
    check.equal("the done one stays a series", done.get("occurrences"), 3)
    for name, value in {"title": "Daily", "start_time": START + DAY, "status": 1, "occurrences": 2}.items():
        check.equal(f"the next one: {name}", next_one.get(name), value)
    check.true("the next one has a uid of its own", next_one.get("uid") != done.get("uid"))


@scenario("task-participants", "a task for somebody else", Need.TASKS, Need.SECOND_USER)
async def participants(stage: Stage) -> None:
    check, first, second = stage.check, stage.first, stage.second
    tasks = await stage.task_list()
    external = {"type": 5, "mail": "ext@other.example", "display_name": "Ext"}
    asked = [{"type": 1, "id": second.user_id}, external]
    task, _ = await add(stage, tasks, title="Delegated", participants=asked)
    seen = await see(stage, tasks, task)
    user = {"id": second.user_id, "type": 1, "confirmation": 0}
    check.equal("the participants", seen.get("participants"), [user, external])
    check.equal("the users", seen.get("users"), [{"id": second.user_id, "confirmation": 0}])
    theirs = str((await second.done("the default task list", "config/folder/tasks")).data)
    row = (await second.done("his tasks", "tasks", "all", folder=theirs, columns="1,20,200")).data
    check.contains("his tasks", row, [task, int(theirs), "Delegated"])
    named = {"folder": theirs, "id": task, "timestamp": FAR_FUTURE}
    await second.done("his answer", "tasks", "confirm", {"confirmation": 1}, **named)
    check.equal("his answer", (await see(stage, tasks, task)).get("users"), [{"id": second.user_id, "confirmation": 1}])
    mine = {**named, "folder": tasks}
    asked_not = ("tasks", "confirm", {"confirmation": 1})
    await first.refused("the answer of somebody not asked", "TSK-0018", "ERROR", *asked_not, **mine)
    await first.done("deleting", "tasks", "delete", [{"folder": tasks, "id": task}], timestamp=FAR_FUTURE)


@scenario("task-reminder", "the alarm of a task is a reminder", Need.TASKS)
async def reminder(stage: Stage) -> None:
    check, first = stage.check, stage.first
    tasks = await stage.task_list()
    task, _ = await add(stage, tasks, title="Alarm", alarm=START)

    async def mine() -> list[Any]:
        query = {"end": START + DAY, "modules": TASKS, "timezone": "UTC"}
        found = (await first.done("reminders", "reminder", "range", **query)).data
        return [one for one in found if one.get("target_id") == task]

    found = await mine()
    check.need("there is one reminder", len(found) == 1, found)
    expected = {"folder": int(tasks), "module": TASKS, "alarm": START, "recurrence_position": 0}
    check.equal("the reminder", {name: found[0].get(name) for name in expected}, expected)
    named = {"id": found[0]["id"], "timezone": "UTC"}
    await first.done("reminding again", "reminder", "remindAgain", {"alarm": START + 60_000}, **named)
    check.equal("the alarm of the task", (await see(stage, tasks, task)).get("alarm"), START + 60_000)
    gone = await first.done("dismissing", "reminder", "delete", {"id": found[0]["id"]}, timestamp=FAR_FUTURE)
    check.equal("the answer to dismissing", gone.data, [])
    check.lacks("the task afterwards", await see(stage, tasks, task), "alarm")
    check.equal("the reminders afterwards", await mine(), [])


@scenario("task-files", "files beside a task", Need.TASKS)
async def task_files(stage: Stage) -> None:
    tasks = await stage.task_list()
    task, _ = await add(stage, tasks, title="With files")
    await _files(stage, "tasks", {"folder": int(tasks), "attached": task, "module": TASKS})


@scenario("contact-files", "files beside a contact", Need.CONTACTS)
async def contact_files(stage: Stage) -> None:
    book = await stage.address_book()
    body = {"folder_id": book, "display_name": "With files"}
    made = await stage.first.done("a new contact", "contacts", "new", body)
    await _files(stage, "contacts", {"folder": int(book), "attached": int(made.data["id"]), "module": CONTACTS})


async def _files(stage: Stage, module: str, named: dict[str, int]) -> None:
    check, first = stage.check, stage.first
    parent = {"folder": named["folder"], "id": named["attached"], "timezone": "UTC"}
    renamed = {**named, "filename": "other name.ics", "file_mimetype": "text/calendar"}
    one = check.success("attaching", await first.person.attach(named, "note.txt", b"Hello", "text/plain"))
    two = check.success("attaching", await first.person.attach(renamed, "x.bin", b"BEGIN", "application/octet-stream"))
    check.need("attaching answers the id", [type(part) for part in (*one.data, *two.data)] == [int, int], one.data)
    ids = [one.data[0], two.data[0]]
    seen = (await first.done("the object", module, "get", **parent)).data
    check.equal("how many files it has", seen.get("number_of_attachments"), 2)
    check.equal("its stamp", seen.get("last_modified_utc"), two.timestamp)
    rows = (await first.done("all", "attachment", "all", columns="1,803,804,805,806", **named)).data
    expected = [[ids[0], "note.txt", 5, "text/plain", False], [ids[1], "other name.ics", 5, "text/calendar", False]]
    check.equal("all files", sorted(rows), expected)
    without = ("attachment", "all")
    await first.refused("all without columns", "SVL-0011", "ERROR", *without, **named)
    shown = (await first.done("one file", "attachment", "get", id=ids[1], **named)).data
    check.members("one file", shown, id=int, folder=int, attached=int, module=int, creation_date=int, checksum=str)
    document = await first.call("attachment", "document", id=ids[1], **named)
    check.equal("the file itself", document.raw, b"BEGIN")
    gone = await first.done("detaching", "attachment", "detach", [ids[1]], **named)
    check.equal("the answer to detaching", gone.data, "")
    seen = (await first.done("the object", module, "get", **parent)).data
    check.equal("its stamp after detaching", seen.get("last_modified_utc"), gone.timestamp)
    await first.done("detaching what is not there", "attachment", "detach", [99999999], **named)
    after = (await first.done("the object", module, "get", **parent)).data
    check.equal("it is as before", after, seen)
    told = (await first.done("updates", "attachment", "updates", timestamp=0, columns="1,803", **named)).data
    check.contains("updates", told, [ids[0], "note.txt"])

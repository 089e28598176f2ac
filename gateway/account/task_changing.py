"""Changes of tasks: at most two writes, and those of files. When a later one fails, the earlier ones are taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from gateway.account.event_residue import Kept
from gateway.account.faults import partly
from gateway.account.synced_objects import STAMP
from gateway.account.task_files import change_files
from gateway.account.task_following import has_gone_on
from gateway.account.task_people import recognised
from gateway.account.task_reading import look_up, read_back
from gateway.account.task_repair import repaired
from gateway.ledger.ledger import LedgerError
from gateway.ox import tasks
from gateway.ox.errors import OutcomeUnknown, OXError
from gateway.ox.tasks import Task
from mappings.calendar.read import CalendarObject, read
from mappings.contentline import parse_tree, write_tree
from mappings.tasks.plan import TaskChange, changes
from mappings.tasks.render import render
from mappings.tasks.residue import as_changed

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def update_task(tasklist: TaskCollection, task: Task, obj: CalendarObject, kept: Kept) -> Task:
    """The task as OX has it after the change; the same object when there is none."""
    if kept.wordings:
        shown = parse_tree(render(task, tasklist.user))
        obj = read(write_tree(as_changed(obj.tree, shown, kept.wordings, tasklist.user)).encode())
    change, former = changes(task, obj, tasklist.user), task
    if change.of_task:
        await _carry_out(tasklist, task, change, obj)
        task = await read_back(tasklist, task["id"])
    return task if change.files is None else await set_files(tasklist, task, former, change.files)


async def set_files(
    tasklist: TaskCollection, task: Task, former: Task | None, files: Sequence[Mapping[str, Any]]
) -> Task:
    """The task with ``files`` and no others. When that fails, it becomes ``former`` again."""
    if not files and not task.get("attachments"):
        return task
    try:
        await change_files(tasklist, task, files)
    except OXError as error:
        try:
            task = await read_back(tasklist, task["id"])  # files that came and went have moved its stamp
        except OXError as second:
            raise partly(error, tasklist.path) from second
        await take_back(tasklist, task, former, error)
        raise
    return await read_back(tasklist, task["id"])


async def _carry_out(tasklist: TaskCollection, task: Task, change: TaskChange, obj: CalendarObject) -> None:
    """The answer first, because it can be taken back whatever else the task becomes."""
    stamp: int = task[STAMP]
    answered = change.confirmation is not None
    if change.confirmation is not None:
        body = {"confirmation": change.confirmation.confirmation, "confirmmessage": change.confirmation.message}
        stamp = await _confirm(tasklist, task, {name: value for name, value in body.items() if value is not None}, obj)
    if not change.fields:
        return
    fields = await recognised(tasklist.account, change.fields)

    async def update(fields: Mapping[str, Any]) -> int:
        return await tasklist.update(task["id"], stamp, fields)

    try:
        await repaired(fields, update)
    except OXError as error:
        now = await look_up(tasklist, task["id"]) if isinstance(error, OutcomeUnknown) else None
        if now is not None and now[STAMP] > stamp and not changes(now, obj, tasklist.user).of_task:
            return
        if answered:
            await _take_back_answer(tasklist, task, stamp, error)
        raise


async def _confirm(tasklist: TaskCollection, task: Task, body: Mapping[str, Any], obj: CalendarObject) -> int:
    """Store the user's own answer; the new stamp."""
    try:
        call = tasks.confirm(tasklist.folder.id, task["id"], task[STAMP], body)
        return (await tasklist.account.session.run(call)).stamp
    except OutcomeUnknown:
        now = await look_up(tasklist, task["id"])
        if now is None or now[STAMP] == task[STAMP] or changes(now, obj, tasklist.user).confirmation is not None:
            raise
        return int(now[STAMP])


async def _take_back_answer(tasklist: TaskCollection, task: Task, stamp: int, error: OXError) -> None:
    """Raises Conflict when that is not possible."""
    own = tasklist.user.user_id
    former: Mapping[str, Any] = next((each for each in task.get("users") or () if each.get("id") == own), {})
    body = {"confirmation": former.get("confirmation") or 0, "confirmmessage": former.get("confirmmessage") or ""}
    tasklist.tree.stale(tasklist.folder.id)
    try:
        await tasklist.account.session.run(tasks.confirm(tasklist.folder.id, task["id"], stamp, body))
    except OXError as second:
        raise partly(error, tasklist.path) from second


async def take_back(tasklist: TaskCollection, task: Task, former: Task | None, error: OXError | LedgerError) -> None:
    """Undo the writes after which ``error`` came. Raises Conflict when that is not possible: OX may fail as well, or
    has made the next task of a recurring one."""
    tasklist.tree.stale(tasklist.folder.id)
    if former is not None and has_gone_on(former, task):
        raise partly(error, tasklist.path) from error
    try:
        if former is None:
            await tasklist.account.session.run(tasks.delete(tasklist.folder.id, task["id"], task[STAMP]))
            return
        before = read(render(former, tasklist.user).encode())
        change = changes(task, before, tasklist.user)
        if change:
            fields = {name: value if former.get(name) is not None else None for name, value in change.fields.items()}
            if change.of_task:
                await _carry_out(tasklist, task, replace(change, fields=fields), before)
            if change.files is not None:
                await change_files(tasklist, task, change.files)
            task = await read_back(tasklist, task["id"])
    except (OXError, LedgerError) as second:
        raise partly(error, tasklist.path) from second
    if changes(task, before, tasklist.user):
        raise partly(error, tasklist.path) from error

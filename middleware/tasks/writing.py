"""The writing actions of `tasks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import illegal_body
from middleware.tasks import access, alarms, errors, incoming, recurrence, rules, storage
from middleware.tasks.access import TaskList
from middleware.tasks.incoming import Incoming
from middleware.tasks.model import Confirmation, Seen, Status, Task
from middleware.tasks.participants import folders_for, users_of
from middleware.tasks.tables import NOBODY


def new(call: Call, context: Context) -> Result:
    """Create a task; the uid is the client's or a new one, and one that the user can see already is refused."""
    body = call.object()
    if body.get("folder_id") is None:
        raise errors.missing_folder()
    tasks = access.visible_list(context, call.user, body["folder_id"])
    tasks.require_create()
    given = incoming.read(call)
    rules.check_sent(given.fields)
    with context.store.writing() as connection:
        if given.uid is not None and _uid_in_use(context, call.user, connection, given.uid):
            raise errors.duplicate_uid(given.fields.get("title") or "", given.uid)
        stamp = context.clock.stamp()
        task = _ruled(
            Task(
                id=context.store.next_id(connection, "tasks"),
                uid=given.uid or str(uuid4()),
                created=stamp,
                created_by=call.user,
                modified=stamp,
                modified_by=call.user,
                fields=_kept(given.fields),
                participants=given.participants or (),
                users=users_of(context, given.participants or (), {}),
            ),
            given,
        )
        rules.check_privacy(task, tasks, moved=False)
        storage.add(connection, task, folders_for(context, tasks, task.users, {}))
        if given.alarm is not None:
            alarms.set_alarm(context, connection, Seen(task, tasks.id), call.user, given.alarm)
    return Result({"id": task.id}, stamp)


def update(call: Call, context: Context) -> Result:
    """Change what was sent; `folder_id` moves. Completing one of a series creates the next one."""
    number = access.identifier(call.require("id"))
    with context.store.writing() as connection:
        tasks, task = access.writable(context, call, connection, number)
        given = incoming.read(call)
        if given.uid is not None and given.uid != task.uid:
            raise errors.uid_changed()
        rules.check_sent(given.fields)
        target = _target(context, tasks, task, given)
        moved = target.id != tasks.id
        stamp = context.clock.stamp()
        changed = _ruled(_changed(context, call, task, given, stamp), given)
        rules.check_privacy(changed, target, moved=moved)
        storage.replace(connection, changed)
        if moved or changed.users.keys() != task.users.keys():
            _place(context, connection, tasks, target, task, changed)
        if given.has_alarm:
            alarms.set_alarm(context, connection, Seen(changed, target.id), call.user, given.alarm)
        if changed.fields.get("status") == Status.DONE != task.fields.get("status"):
            _create_next(context, connection, target, changed)
    return Result({}, stamp)


def delete(call: Call, context: Context) -> Result:
    """Delete the named tasks one after the other, for everybody who has them; the answer echoes the client's stamp.

    As on the real server what was deleted before an error stays deleted.
    """
    call.require("timestamp")
    client_stamp = call.integer("timestamp")
    named = call.body if isinstance(call.body, list) else [call.object()]
    wanted: list[tuple[int, object]] = []
    for entry in named:
        if not isinstance(entry, dict):
            raise illegal_body()
        wanted.append((access.identifier(entry.get("id")), entry.get("folder") or entry.get("folder_id")))
    for number, folder in wanted:
        _delete(context, call.user, number, folder, client_stamp)
    return Result([], client_stamp)


def _delete(context: Context, user: int, number: int, folder: object, client_stamp: int) -> None:
    tasks = access.visible_list(context, user, folder)
    with context.store.writing() as connection:
        seen = storage.seen(connection, number, tasks.id, user)
        if seen is None or not tasks.can_see(seen.task) or not tasks.can_delete(seen.task):
            raise errors.may_not_delete()
        if seen.task.modified > client_stamp:
            raise errors.edit_conflict()
        storage.remove(connection, seen.task, context.clock.stamp())


def copy(call: Call, context: Context) -> Result:
    """Create the same task with a new uid in another folder; answers, alarms and attachments are not copied."""
    number = access.identifier(call.require("id"))
    source = access.readable_list(context, call.user, call.require("folder"))
    target = access.visible_list(context, call.user, call.object().get("folder_id"))
    target.require_create()
    with context.store.writing() as connection:
        task = access.readable(connection, source, number).task
        stamp = context.clock.stamp()
        copied = Task(
            id=context.store.next_id(connection, "tasks"),
            uid=str(uuid4()),
            created=stamp,
            created_by=call.user,
            modified=stamp,
            modified_by=call.user,
            fields=task.fields,
            participants=task.participants,
            users=dict.fromkeys(task.users, Confirmation()),
        )
        rules.check_privacy(copied, target, moved=False)
        storage.add(connection, copied, folders_for(context, target, copied.users, {}))
    return Result({"id": copied.id}, stamp)


def confirm(call: Call, context: Context) -> Result:
    """Store the answer of the user, or of the one that the body names, who must take part (TSK-0018)."""
    number = access.identifier(call.require("id"))
    body = call.object()
    with context.store.writing() as connection:
        _, task = access.writable(context, call, connection, number)
        user = access.identifier(body["id"]) if body.get("id") is not None else call.user
        if user not in task.users:
            raise errors.participant_not_found(user, task.id)
        status, message = body.get("confirmation"), body.get("confirmmessage")
        if type(status) is not int or status not in range(4) or not isinstance(message, str | None):
            raise errors.wrong_value(body)
        stamp = context.clock.stamp()
        users = {**task.users, user: Confirmation(status, message)}
        storage.replace(connection, replace(task, users=users, modified=stamp, modified_by=call.user))
    return Result({}, stamp)


def _changed(context: Context, call: Call, task: Task, given: Incoming, stamp: int) -> Task:
    changed = replace(task, fields=_kept({**task.fields, **given.fields}), modified=stamp, modified_by=call.user)
    if given.participants is None:
        return changed
    return replace(changed, participants=given.participants, users=users_of(context, given.participants, task.users))


def _ruled(task: Task, given: Incoming) -> Task:
    """The task as it is stored: dates checked, and moved to the first date of the series."""
    fields = _consistent_recurrence(task.fields, given.fields)
    rules.check_dates(fields)
    recurrence.check(fields)
    if fields.get("recurrence_type"):
        fields |= recurrence.first(fields)
    return replace(task, fields=fields)


def _consistent_recurrence(fields: Mapping[str, Any], sent: Mapping[str, Any]) -> dict[str, Any]:
    """Without the rule when there is none any more, and with the end that was sent last."""
    kept = dict(fields)
    dropped: tuple[str, ...] = ()
    if not kept.get("recurrence_type"):
        dropped = ("recurrence_type", *recurrence.RULE_FIELDS)
    elif sent.get("until") is not None:
        dropped = ("occurrences",)
    elif sent.get("occurrences"):
        dropped = ("until",)
    return {name: value for name, value in kept.items() if name not in dropped}


def _target(context: Context, tasks: TaskList, task: Task, given: Incoming) -> TaskList:
    """Where an update leaves the task. Moving takes the rights to delete here and to create there; TSK-0034 when one
    of both is the list of somebody else."""
    if given.folder is None or given.folder == tasks.id:
        return tasks
    target = access.visible_list(context, tasks.user, given.folder)
    target.require_create()
    if not tasks.can_delete(task):
        raise errors.may_not_delete()
    for one in (tasks, target):
        if one.shared:
            raise errors.shared_move(one.id)
    return target


def _place(context: Context, connection: Connection, source: TaskList, target: TaskList, was: Task, task: Task) -> None:
    """Put a changed task into the folders of its participants; it leaves tombstones where it is no more."""
    before = storage.folders_of(connection, task.id)
    # Who has it without being asked to do it: above all the one who asks others.
    hosts = {user for user in before if user not in was.users or user == was.created_by} - {NOBODY, source.holder}
    after = folders_for(context, target, [*task.users, *sorted(hosts)], before)
    resigned = source.holder in was.users and source.holder not in task.users and source.holder != was.created_by
    if resigned and source.id == target.id and len(after) > 1:
        del after[source.holder]
    storage.place(connection, task, after)
    alarms.move_alarms(connection, task.id, source.id, target.id)
    alarms.forget_alarms(connection, task.id, set(before) - set(after) - {target.user})
    gone = set(before.values()) - set(after.values())
    if gone:
        stamp = context.clock.stamp()
        for folder in gone:
            storage.bury(connection, task.id, folder, stamp)


def _create_next(context: Context, connection: Connection, tasks: TaskList, done: Task) -> None:
    """The next task of a series whose present one has been done, unless the series is over or it is there already."""
    if not done.recurring:
        return
    dates = recurrence.following(done.fields)
    if dates is None:
        return
    fields = {name: value for name, value in done.fields.items() if name != "date_completed"}
    fields |= {**dates, "status": int(Status.NOT_STARTED), "percent_completed": 0}
    folders = storage.folders_of(connection, done.id)
    if any(_is_twin(one, done, fields) for one in storage.modified_since(connection, tasks.id, tasks.user)):
        return
    following = Task(
        id=context.store.next_id(connection, "tasks"),
        uid=str(uuid4()),
        created=done.modified,
        created_by=done.created_by,
        modified=done.modified,
        modified_by=done.modified_by,
        fields=fields,
        participants=done.participants,
        users=dict.fromkeys(done.users, Confirmation()),
    )
    storage.add(connection, following, folders)


def _is_twin(one: Seen, done: Task, fields: Mapping[str, Any]) -> bool:
    names = ("title", "percent_completed", "start_time")
    same = all(one.task.fields.get(name) == fields.get(name) for name in names)
    return same and one.task.id != done.id and one.task.created_by == done.created_by


def _uid_in_use(context: Context, user: int, connection: Connection, uid: str) -> bool:
    """Whether the user can see a task with that uid."""
    for task in storage.by_uid(connection, uid):
        for folder in storage.folders_of(connection, task.id).values():
            tasks = access.find_list(context, user, folder)
            if tasks is not None and tasks.can_see(task):
                return True
    return False


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without cleared values."""
    return {name: value for name, value in fields.items() if value is not None}

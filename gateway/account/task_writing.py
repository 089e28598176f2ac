"""PUT and DELETE of tasks: a diff against what OX holds, at most two writes upstream, and those of files.

A task is read back after every write: only what OX shows then tells what it could not hold of the client's wording,
and OX moves dates of recurring tasks by itself. Where nothing but such wording changed, the task is touched in OX, so
that its stamp moves and every client learns of the change.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from gateway.account.event_residue import NOTHING, Kept
from gateway.account.faults import partly
from gateway.account.index import Found, Lost, Member
from gateway.account.names import usable
from gateway.account.promising import promise_name
from gateway.account.rereading import after_write
from gateway.account.synced_objects import STAMP
from gateway.account.task_files import change_files
from gateway.account.task_following import hand_on, has_gone_on
from gateway.account.task_people import recognised
from gateway.account.task_repair import shortened
from gateway.account.task_sync import task_piece
from gateway.account.uid_in_use import as_in_ox, refuse_second
from gateway.dav.errors import Forbidden, NotFound, NoUidConflict, PreconditionFailed
from gateway.dav.values import Entry, Stored
from gateway.ledger.ledger import LedgerError
from gateway.ox import tasks
from gateway.ox.errors import ObjectNotFound, OutcomeUnknown, OXError, PermissionDenied, TooLong, UidConflict
from gateway.ox.tasks import Task
from mappings.calendar.other_uid import is_personal, renamed, uid_in_ox
from mappings.calendar.read import CalendarObject, read
from mappings.contentline import parse_tree, write_tree
from mappings.errors import UnsupportedCalendarComponent
from mappings.tasks.plan import TaskChange, changes, create, wanted_files
from mappings.tasks.render import render
from mappings.tasks.residue import as_changed, find, merge

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection

T = TypeVar("T")


async def put(tasklist: TaskCollection, name: str, data: bytes, base: Entry | None) -> Stored:
    """See ``ObjectCollection.put``. Raises DAVError, OXError, InvalidData; then nothing was stored, or it says so."""
    obj = tasklist.read_object(data)
    if obj.component != tasklist.component:
        raise UnsupportedCalendarComponent("this list holds tasks only")
    member = await tasklist.expected(name, base)
    before, former = NOTHING, None
    if member is None:
        task = await _create(tasklist, name, obj)
    else:
        before = (await tasklist.residue.of([member.key])).get(member.key, NOTHING)
        obj = as_in_ox(tasklist, member, obj, before)
        former = await current(tasklist, member)
        task = await _update(tasklist, former, obj, before)
    try:
        task, kept = await keep(tasklist, task, former, tasklist.read_object(data), before)
    except LedgerError as error:
        await _take_back(tasklist, task, former, error)
        raise
    await learn(tasklist, task, kept)
    if former is not None:
        try:
            await hand_on(tasklist, former, task, kept)
        except LedgerError as error:
            raise partly(error, tasklist.path) from error
    entry, text = await served(tasklist, task, kept)
    return Stored(entry.name, member is None, entry.etag if text.encode() == data else None)


async def learn(tasklist: TaskCollection, task: Task, kept: Kept) -> None:
    """Put what OX holds after a write into the index."""
    state = await tasklist.state()
    state.index.apply([Found(task_piece(task, kept.stamp), task["id"], task.get("uid"), None)])
    await state.names.save_later()


async def served(tasklist: TaskCollection, task: Task, kept: Kept) -> tuple[Entry, str]:
    """A task that was learnt as it is served from now on."""
    index = (await tasklist.state()).index
    stored = index.holding(task["id"])
    if stored is None:
        raise NotFound("OX deleted this while it was stored")
    entry, text = tasklist.entry_of(index, stored), tasklist.rendered(task, kept).text
    tasklist.account.keep_text(tasklist.cached_under, entry.etag, text)
    return entry, text


async def remove(tasklist: TaskCollection, member: Member) -> None:
    """Delete a task in OX. One upstream call. Raises DAVError, OXError."""
    try:
        await tasklist.account.session.run(tasks.delete(tasklist.folder.id, member.key, member.modified))
    except OutcomeUnknown:
        if member.key in (await tasklist.refreshed()).index:
            raise
    except (ObjectNotFound, PermissionDenied):  # OX does not tell a task that is gone from one that may not go
        if member.key in (await tasklist.refreshed()).index:
            raise
        raise NotFound("nothing is here any more") from None
    (await tasklist.state()).index.apply((), [Lost(member.key)])
    await tasklist.residue.forget_deleted(member.key)


# -- create ----------------------------------------------------------------------------------------------------------


async def _create(tasklist: TaskCollection, name: str, obj: CalendarObject) -> Task:
    """A new task, as OX has it then."""
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    refuse_second(tasklist, (await tasklist.state()).index, obj.uid)
    try:
        return await _create_as(tasklist, name, obj)
    except UidConflict as error:
        conflict = await _uid_conflict(tasklist, obj.uid)
        if tasklist.path in {path[:-1] for path in conflict.paths} or not is_personal(obj, tasklist.user):
            raise conflict from error
    try:
        return await _create_as(tasklist, name, renamed(obj, uid_in_ox(obj.uid, tasklist.folder.id)))
    except UidConflict:
        raise conflict from None


async def _create_as(tasklist: TaskCollection, name: str, obj: CalendarObject) -> Task:
    """A new task under the UID of ``obj``. Raises UidConflict when OX has it in any list."""
    state = await tasklist.state()
    fields = await recognised(tasklist.account, create(obj, tasklist.user))

    async def new(fields: Mapping[str, Any]) -> str:
        call = tasks.create(tasklist.folder.id, {**fields, "uid": obj.uid})
        return (await tasklist.account.session.run(call)).id

    await promise_name(tasklist, obj.uid, name)
    try:
        key = await _repaired(fields, new)
    except OutcomeUnknown:
        member = (await tasklist.refreshed()).index.with_uid(obj.uid)
        if member is None:
            raise
        key = member.key
    except OXError:
        await state.names.withdraw(obj.uid)
        raise
    await state.names.keep_promise(obj.uid, key)
    return await _with_files(tasklist, await read_back(tasklist, key), None, wanted_files(obj, tasklist.user))


async def _uid_conflict(tasklist: TaskCollection, uid: str) -> NoUidConflict:
    """A 409 that names the resource that has the UID, if the user sees it."""
    account = tasklist.account
    lists = {folder.id: segment for segment, folder in account.homes.calendars if folder.module == "tasks"}
    for folder in lists:
        tasklist.tree.stale(folder)
    await tasklist.tree.freshen(lists)
    for folder, segment in lists.items():
        state = account.synced(folder)
        holder = None if state is None else state.index.with_uid(uid)
        if holder is not None:
            return NoUidConflict("this UID is in use already", paths=((*tasklist.path[:-1], segment, holder.name),))
    return NoUidConflict("this UID is in use already")


# -- update ----------------------------------------------------------------------------------------------------------


async def current(tasklist: TaskCollection, member: Member) -> Task:
    """The task as the caller knows it. Raises PreconditionFailed."""
    found = await tasklist.listed([member.key])
    if [task[STAMP] for task in found] != [member.modified]:
        tasklist.tree.stale(tasklist.folder.id)
        raise PreconditionFailed("OX has a newer state")
    return found[0]


async def _update(tasklist: TaskCollection, task: Task, obj: CalendarObject, kept: Kept) -> Task:
    """The task as OX has it after the change; the same object when there is none."""
    if kept.wordings:
        shown = parse_tree(render(task, tasklist.user))
        obj = read(write_tree(as_changed(obj.tree, shown, kept.wordings, tasklist.user)).encode())
    change, former = changes(task, obj, tasklist.user), task
    if change.of_task:
        await _carry_out(tasklist, task, change, obj)
        task = await read_back(tasklist, task["id"])
    return task if change.files is None else await _with_files(tasklist, task, former, change.files)


async def _with_files(
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
        await _take_back(tasklist, task, former, error)
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
        await _repaired(fields, update)
    except OXError as error:
        now = await _look_up(tasklist, task["id"]) if isinstance(error, OutcomeUnknown) else None
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
        now = await _look_up(tasklist, task["id"])
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


async def _take_back(tasklist: TaskCollection, task: Task, former: Task | None, error: OXError | LedgerError) -> None:
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


async def _look_up(tasklist: TaskCollection, key: str) -> Task | None:
    """What there is after a write of unknown outcome. Raises OXError."""
    return next(iter(await tasklist.listed([key])), None)


# -- pieces ----------------------------------------------------------------------------------------------------------


async def _repaired(fields: Mapping[str, Any], write: Callable[[Mapping[str, Any]], Awaitable[T]]) -> T:
    """Write; what OX finds too long is cut and the rest is sent again. The whole text stays in the residue."""
    while True:
        try:
            return await write(fields)
        except TooLong as error:
            shorter = shortened(fields, error)
            if shorter is None:
                raise
            fields = shorter


async def read_back(tasklist: TaskCollection, key: str) -> Task:
    """A task after it was written. What OX could not hold of it hangs on that."""
    found = await after_write(lambda: tasklist.listed([key]))
    if not found:
        raise NotFound("OX deleted this while it was stored")
    return found[0]


async def keep(
    tasklist: TaskCollection, task: Task, former: Task | None, sent: CalendarObject, before: Kept
) -> tuple[Task, Kept]:
    """Keep what OX could not hold of what was sent; the task and its residue after that."""
    user = tasklist.user
    shown = parse_tree(render(task, user))
    known = None if former is None else parse_tree(merge(render(former, user), before.wordings, user))
    wordings = find(sent.tree, shown, user, former=known, known=before.wordings)
    if wordings == before.wordings:
        return task, before
    if former is not None and former[STAMP] == task[STAMP]:
        task = task | {STAMP: await _touch(tasklist, task)}
    kept = Kept(task[STAMP], wordings) if wordings else NOTHING
    await tasklist.residue.keep(task["id"], kept)
    return task, kept


async def _touch(tasklist: TaskCollection, task: Task) -> int:
    """Move the stamp of a task that stays as it is."""
    try:
        return await tasklist.update(task["id"], task[STAMP], {"title": task.get("title")})
    except OutcomeUnknown:
        now = await _look_up(tasklist, task["id"])
        if now is None or now[STAMP] == task[STAMP]:
            raise
        return int(now[STAMP])

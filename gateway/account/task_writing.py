"""PUT and DELETE of tasks: a diff against what OX holds, and what OX could not hold of it kept as residue.

A task is read back after every write: only what OX shows then tells what it could not hold of the client's wording,
and OX moves dates of recurring tasks by itself. Where nothing but such wording changed, the task is touched in OX, so
that its stamp moves and every client learns of the change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.event_residue import NOTHING, Kept
from gateway.account.faults import partly
from gateway.account.index import Found, Lost, Member
from gateway.account.synced_objects import STAMP
from gateway.account.task_changing import take_back, update_task
from gateway.account.task_creation import create_task
from gateway.account.task_following import hand_on
from gateway.account.task_reading import current, look_up
from gateway.account.task_sync import task_piece
from gateway.account.uid_in_use import as_in_ox
from gateway.dav.errors import NotFound
from gateway.dav.values import Entry, Stored
from gateway.ledger.ledger import LedgerError
from gateway.ox import tasks
from gateway.ox.errors import ObjectNotFound, OutcomeUnknown, PermissionDenied
from gateway.ox.tasks import Task
from mappings.calendar.read import CalendarObject
from mappings.contentline import parse_tree
from mappings.errors import UnsupportedCalendarComponent
from mappings.tasks.render import render
from mappings.tasks.residue import find, merge

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def put(tasklist: TaskCollection, name: str, data: bytes, base: Entry | None) -> Stored:
    """See ``ObjectCollection.put``. Raises DAVError, OXError, InvalidData; then nothing was stored, or it says so."""
    obj = tasklist.read_object(data)
    if obj.component != tasklist.component:
        raise UnsupportedCalendarComponent("this list holds tasks only")
    member = await tasklist.expected(name, base)
    before, former = NOTHING, None
    if member is None:
        task = await create_task(tasklist, name, obj)
    else:
        before = (await tasklist.residue.of([member.key])).get(member.key, NOTHING)
        obj = as_in_ox(tasklist, member, obj, before)
        former = await current(tasklist, member)
        task = await update_task(tasklist, former, obj, before)
    try:
        task, kept = await keep(tasklist, task, former, tasklist.read_object(data), before)
    except LedgerError as error:
        await take_back(tasklist, task, former, error)
        raise
    await learn(tasklist, task, kept)
    if former is not None:
        try:
            await hand_on(tasklist, former, task, kept)
        except LedgerError as error:
            raise partly(error, tasklist.path) from error
    entry, text = await served(tasklist, task, kept)
    return Stored(entry.name, member is None, entry.etag if text.encode() == data else None)


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
        now = await look_up(tasklist, task["id"])
        if now is None or now[STAMP] == task[STAMP]:
            raise
        return int(now[STAMP])

"""New tasks. Each is read back, because only what OX shows then tells what it could not hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gateway.account.names import usable
from gateway.account.promising import promise_name
from gateway.account.task_changing import set_files
from gateway.account.task_people import recognised
from gateway.account.task_reading import read_back
from gateway.account.task_repair import repaired
from gateway.account.uid_in_use import refuse_second
from gateway.dav.errors import Forbidden, NoUidConflict
from gateway.ox import tasks
from gateway.ox.errors import OutcomeUnknown, OXError, UidConflict
from gateway.ox.tasks import Task
from mappings.calendar.other_uid import is_personal, renamed, uid_in_ox
from mappings.calendar.read import CalendarObject
from mappings.tasks.plan import create, wanted_files

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def create_task(tasklist: TaskCollection, name: str, obj: CalendarObject) -> Task:
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
        key = await repaired(fields, new)
    except OutcomeUnknown:
        member = (await tasklist.refreshed()).index.with_uid(obj.uid)
        if member is None:
            raise
        key = member.key
    except OXError:
        await state.names.withdraw(obj.uid)
        raise
    await state.names.keep_promise(obj.uid, key)
    return await set_files(tasklist, await read_back(tasklist, key), None, wanted_files(obj, tasklist.user))


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

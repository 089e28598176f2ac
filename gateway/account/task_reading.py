"""A task as OX has it: before a write, after it, or when it is not known whether it happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.index import Member
from gateway.account.rereading import after_write
from gateway.account.synced_objects import STAMP
from gateway.dav.errors import NotFound, PreconditionFailed
from gateway.ox.tasks import Task

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def current(tasklist: TaskCollection, member: Member) -> Task:
    """The task as the caller knows it. Raises PreconditionFailed."""
    found = await tasklist.listed([member.key])
    if [task[STAMP] for task in found] != [member.modified]:
        tasklist.tree.stale(tasklist.folder.id)
        raise PreconditionFailed("OX has a newer state")
    return found[0]


async def read_back(tasklist: TaskCollection, key: str) -> Task:
    """A task after it was written. What OX could not hold of it hangs on that."""
    found = await after_write(lambda: tasklist.listed([key]))
    if not found:
        raise NotFound("OX deleted this while it was stored")
    return found[0]


async def look_up(tasklist: TaskCollection, key: str) -> Task | None:
    """What there is after a write of unknown outcome. Raises OXError."""
    return next(iter(await tasklist.listed([key])), None)

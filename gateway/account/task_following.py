"""The task that OX makes of a recurring one that was completed.

OX copies what it holds and gives the next task an id and a UID of its own; it tells nothing of that but by the next
``updates``. What the ledger keeps of the finished task counts for the next one as well, as far as OX shows the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.event_residue import Kept
from gateway.account.index import Found
from gateway.account.rereading import after_write
from gateway.account.synced_objects import STAMP
from gateway.account.task_succession import DONE
from gateway.account.task_sync import task_piece
from gateway.ox.tasks import Task

if TYPE_CHECKING:
    from gateway.account.tasks import TaskCollection


async def hand_on(tasklist: TaskCollection, former: Task, task: Task, kept: Kept) -> None:
    """Keep the residue of ``task``, which was ``former`` before, for the task that follows it. Two upstream calls if
    there is a residue and OX has made such a task, else none. Raises DAVError."""
    if not kept.wordings or not has_gone_on(former, task):
        return
    known = {member.key for member in await tasklist.index()}
    index = (await after_write(tasklist.refreshed)).index
    made = [member.key for member in index if member.key not in known and member.modified >= task[STAMP]]
    found = [each for each in await after_write(lambda: tasklist.listed(made)) if _follows(each, task)] if made else []
    if len(found) != 1:
        return
    (following,) = found
    await tasklist.residue.keep(following["id"], Kept(following[STAMP], kept.wordings))
    piece = task_piece(following, following[STAMP])
    index.apply([Found(piece, following["id"], following.get("uid"), None)])


def has_gone_on(former: Task, task: Task) -> bool:
    """Whether OX has made the next task when ``former`` became ``task``."""
    completed = former.get("status") != DONE and task.get("status") == DONE
    return completed and bool(former.get("recurrence_type")) and bool(task.get("recurrence_type"))


def _follows(following: Task, task: Task) -> bool:
    same = all(following.get(name) == task.get(name) for name in ("title", "created_by", "recurrence_type"))
    return same and following.get("status") != DONE

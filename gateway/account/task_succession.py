"""Recurring tasks that were completed elsewhere, and the tasks that OX made to follow them.

OX copies what it holds to the next task and says nothing of that, so they are told by what they have in common. The
next one gets the residue of the finished one only as OX made it: who has changed it since may have wanted it so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from gateway.account.index import Index, Member
from gateway.account.synced_objects import STAMP, Row
from gateway.ox.tasks import Task

DONE = 3
FIELDS = (
    *("title", "created_by", "creation_date", "status", "start_time", "end_time", "full_time", "uid"),
    *("recurrence_type", "interval", "days", "day_in_month", "month", "until"),
)
"""What tells which task follows which."""

_COPIED = tuple(set(FIELDS) - {"creation_date", "status", "start_time", "end_time", "uid"})
_ROUNDING = 2000
"""Milliseconds between creation date, which OX rounds to seconds, and stamp of a task that nobody has changed since."""


def perhaps_made_by_ox(rows: Sequence[Row], index: Index) -> list[str]:
    """The tasks in an answer of OX that were not known and may follow others; before ``index`` learns of them."""
    open_ = (row for row in rows if row.get("recurrence_type") and row.get("status") != DONE)
    return [row["id"] for row in open_ if index.holding(row["id"]) is None]


def perhaps_completed(index: Index) -> list[str]:
    """The tasks with a residue that were changed elsewhere since it was kept."""
    return [member.key for member in index if _residue(member) and member.modified > _residue(member)]


def without_residue(ids: Iterable[str], index: Index) -> list[str]:
    """Those of ``ids`` that are there and have no residue."""
    found = ((object_id, index.holding(object_id)) for object_id in ids)
    return [object_id for object_id, member in found if member is not None and not _residue(member)]


def predecessors(following: Iterable[str], tasks: Sequence[Task], kept: Mapping[str, int]) -> dict[str, str]:
    """For each task in ``following`` the one it follows, if any. ``kept``: stamps of residues."""
    by_id = {task["id"]: task for task in tasks}
    done = [task for task in tasks if task.get("status") == DONE and task["id"] in kept]
    found = {}
    for task in (by_id[key] for key in following if key in by_id):
        before = [each for each in done if _follows(task, each, kept[each["id"]])]
        if before:
            found[task["id"]] = max(before, key=_start)["id"]
    return found


def _follows(task: Task, done: Task, kept: int) -> bool:
    created = task.get("creation_date") or 0
    unchanged = task[STAMP] - created < _ROUNDING
    alike = all(task.get(name) == done.get(name) for name in _COPIED)
    return unchanged and alike and created >= kept - _ROUNDING and _start(task) > _start(done)


def _start(task: Task) -> int:
    start = task.get("start_time")
    return start if isinstance(start, int) else 0


def _residue(member: Member) -> int:
    return max(piece.residue for piece in member.pieces)

"""What a task must keep to, whoever writes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleware.tasks import errors
from middleware.tasks.access import TaskList
from middleware.tasks.model import Status, Task

_PRIORITIES = range(1, 4)
_COMPLETE = 100


def check_sent(fields: Mapping[str, Any]) -> None:
    """What only the values of one request are held against each other.

    TSK-0057 priority. Status and percentage are looked at only when both are sent: TSK-0039, TSK-0030, TSK-0031.
    """
    priority = fields.get("priority")
    if priority is not None and priority not in _PRIORITIES:
        raise errors.priority(priority)
    status, progress = fields.get("status"), fields.get("percent_completed")
    if status is None or progress is None:
        return
    if status not in set(Status):
        raise errors.unknown_status(status)
    if not 0 <= progress <= _COMPLETE:
        raise errors.percentage(progress)
    if status == Status.NOT_STARTED and progress:
        raise errors.progress_before_start(progress)


def check_dates(fields: Mapping[str, Any]) -> None:
    """TSK-0040 when the task ends before it starts."""
    start, end = fields.get("start_time"), fields.get("end_time")
    if start is not None and end is not None and start > end:
        raise errors.start_after_end(start, end)


def check_privacy(task: Task, tasks: TaskList, *, moved: bool) -> None:
    """TSK-0028 private with participants, TSK-0043 by somebody else; TSK-0008 and TSK-0042 in a foreign folder."""
    if not task.private:
        return
    if task.participants:
        raise errors.private_with_participants()
    if task.created_by != tasks.user:
        raise errors.not_the_creator()
    if tasks.shared or tasks.folder.public:
        raise errors.private_moved(tasks.id) if moved else errors.private_in(tasks.id)

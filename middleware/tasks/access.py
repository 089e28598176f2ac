"""Who may see and change which task."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from middleware.call import Call
from middleware.context import Context
from middleware.errors import invalid_parameter
from middleware.folders.ids import parse_folder_id
from middleware.folders.model import Folder, Rights
from middleware.tasks import errors, storage
from middleware.tasks.model import Seen, Task
from middleware.tasks.tables import NOBODY

MODULE = "tasks"
_ID_LIMIT = 2**31
_ID_DIGITS = 10


@dataclass(frozen=True, slots=True)
class TaskList:
    """A task folder in the eyes of one user."""

    folder: Folder
    user: int
    rights: Rights

    @property
    def id(self) -> int:
        """The number of the folder."""
        return self.folder.id

    @property
    def shared(self) -> bool:
        """Whether this is the personal list of somebody else."""
        return not self.folder.public and self.folder.owner != self.user

    @property
    def holder(self) -> int:
        """For whom tasks are in this folder: its owner, nobody in a public one."""
        return NOBODY if self.folder.public else self.folder.owner

    def can_see(self, task: Task) -> bool:
        """Whether the user may read the task; private ones only where they are his."""
        own = task.created_by == self.user
        return self.rights.can_read(own=own) and (own or not task.private)

    def require_create(self) -> None:
        """TSK-0025 unless the user may create tasks."""
        if not self.rights.can_create:
            raise errors.may_not_create(self.id)

    def require_write(self, task: Task) -> None:
        """TSK-0033 unless the user may change the task."""
        if not self.rights.can_write(own=task.created_by == self.user):
            raise errors.may_not_change(self.id, task.id)

    def can_delete(self, task: Task) -> bool:
        """Whether the user may delete the task."""
        return self.rights.can_delete(own=task.created_by == self.user)

    def visible(self, found: Iterable[Seen]) -> list[Seen]:
        """Those that the user may read."""
        return [one for one in found if self.can_see(one.task)]


def find_list(context: Context, user: int, text: object) -> TaskList | None:
    """The task list with that id, None when there is none. No right is checked."""
    number = parse_folder_id(text)
    folder = context.folders.find(number) if number is not None else None
    if folder is None or folder.module != MODULE:
        return None
    return TaskList(folder, user, context.folders.rights(user, folder))


def visible_list(context: Context, user: int, text: object) -> TaskList:
    """The task list with that id; TSK-0006 when there is none that the user can see."""
    found = find_list(context, user, text)
    if found is None or not found.rights.visible:
        number = parse_folder_id(text)
        raise errors.folder_not_found(str(text) if number is None else number)
    return found


def readable_list(context: Context, user: int, text: object) -> TaskList:
    """The same; TSK-0023 unless the user may read at least what he created himself."""
    found = visible_list(context, user, text)
    if not found.rights.can_read(own=True):
        raise errors.may_not_read(found.id)
    return found


def identifier(text: object, name: str = "id") -> int:
    """The number of a task; SVL-0010 for anything else."""
    digits = str(text)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > _ID_DIGITS or int(digits) >= _ID_LIMIT:
        raise invalid_parameter(name, text)
    return int(digits)


def readable(connection: Connection, tasks: TaskList, number: int) -> Seen:
    """A task that the user may read in a folder. TSK-0046 unknown or not to be seen, TSK-0048 elsewhere."""
    found = storage.seen(connection, number, tasks.id, tasks.user)
    if found is None and storage.find(connection, number) is not None:
        raise errors.elsewhere(number, tasks.id)
    if found is None or not tasks.can_see(found.task):
        raise errors.may_not_see(number, tasks.id)
    return found


def writable(context: Context, call: Call, connection: Connection, number: int) -> tuple[TaskList, Task]:
    """The task that a request names, and its folder, when the user may change it and nobody did after his stamp.

    SVL-0002 without a stamp, TSK-0019 unknown, TSK-0048 elsewhere, TSK-0046 not to be seen, TSK-0033 not to be
    changed, TSK-0007 changed meanwhile.
    """
    call.require("timestamp")
    client_stamp = call.integer("timestamp")
    tasks = readable_list(context, call.user, call.require("folder"))
    if storage.find(connection, number) is None:
        raise errors.not_found(number, context.id)
    task = readable(connection, tasks, number).task
    tasks.require_write(task)
    if task.modified > client_stamp:
        raise errors.edit_conflict()
    return tasks, task

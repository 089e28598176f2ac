"""What becomes of tasks when their folder is deleted or cleared, or a user is removed, and how many there are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from middleware.directory.model import ADMIN_ID, User
from middleware.tasks import alarms, storage
from middleware.tasks.access import MODULE
from middleware.tasks.model import Participant, ParticipantType, Task
from middleware.tasks.registration import module

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.folders.model import Folder


@module.on_folder_deleted
def forget_folder(ox: Context, connection: Connection, folder: Folder) -> None:
    """Delete the tasks of a deleted folder, and the tombstones nobody can ask for any more."""
    clear_folder(ox, connection, folder)
    storage.forget_tombstones(connection, folder.id)


@module.on_folder_cleared
def clear_folder(ox: Context, connection: Connection, folder: Folder) -> None:
    """Take the tasks out of a folder; those that others have in theirs stay there."""
    if folder.module != MODULE:
        return
    stamp = ox.clock.stamp()
    for task in storage.in_folder(connection, folder.id):
        folders = storage.folders_of(connection, task.id)
        if task.created_by == folder.owner or folder.public or len(folders) == 1:
            storage.remove(connection, task, stamp)
        else:
            _leave(connection, task, folder.owner, stamp)


def _leave(connection: Connection, task: Task, user: int, stamp: int) -> None:
    """Take a user from a task, and the task from his folder. It is deleted when nobody else has it."""
    folders = storage.folders_of(connection, task.id)
    others = {one: where for one, where in folders.items() if one != user}
    if not others:
        storage.remove(connection, task, stamp)
        return
    named = Participant(ParticipantType.USER, user)
    changed = replace(
        task,
        modified=stamp,
        users={one: answer for one, answer in task.users.items() if one != user},
        participants=tuple(one for one in task.participants if one != named),
    )
    storage.replace(connection, changed)
    storage.place(connection, changed, others)
    if user in folders:
        storage.bury(connection, task.id, folders[user], stamp)
    alarms.forget_alarms(connection, task.id, {user})


@module.on_user_removed
def forget_user(ox: Context, connection: Connection, user: User) -> None:
    """Take a removed user from the tasks of others; what he created in their folders is the administrator's."""
    stamp = ox.clock.stamp()
    for task in storage.mentioning(connection, user.id):
        created_by = ADMIN_ID if task.created_by == user.id else task.created_by
        _leave(connection, replace(task, created_by=created_by), user.id, stamp)


@module.on_clean_up
def forget_tombstones(connection: Connection, before: int) -> None:
    """Forget what left a task list before a stamp."""
    storage.forget_old_tombstones(connection, before)


@module.usage
def count_tasks(ox: Context, user: int) -> int:
    """How many tasks a user has created."""
    with ox.store.reading() as connection:
        return storage.count(connection, user)

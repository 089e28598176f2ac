"""Reading and writing rows of tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, cast, delete, exists, func, insert, select, update

from middleware.attachments import storage as attachments
from middleware.statement import Statement, looked_at, one_of
from middleware.store import replacing
from middleware.tasks.model import MODULE_ID, Confirmation, Participant, ParticipantType, Seen, Task
from middleware.tasks.tables import placements, reminders, tasks, tombstones

_PLACED = (
    select(tasks, placements.c.folder.label("seen_in"), reminders.c.alarm.label("seen_alarm"))
    .join(placements, placements.c.task == tasks.c.id)
    .outerjoin(reminders, and_(reminders.c.task == tasks.c.id, reminders.c.user == bindparam("viewer")))
)
_MODIFIED = Statement(
    _PLACED.where(placements.c.folder == bindparam("in_folder"), placements.c.stamp > bindparam("since")).order_by(
        tasks.c.id
    )
)
# The folder is compared later: the database would look through all of it rather than at these tasks.
_NAMED = Statement(_PLACED.where(one_of(tasks.c.id, "wanted")))
_DELETED = Statement(
    select(tombstones.c.task, tombstones.c.deleted)
    .where(
        tombstones.c.folder == bindparam("in_folder"),
        tombstones.c.deleted > bindparam("since"),
        ~exists().where(placements.c.task == tombstones.c.task, looked_at(placements.c.folder) == tombstones.c.folder),
    )
    .order_by(tombstones.c.task)
)
_FIND = Statement(select(tasks).where(tasks.c.id == bindparam("task")))
_BY_UID = Statement(select(tasks).where(tasks.c.uid == bindparam("wanted")).order_by(tasks.c.id))
_FOLDERS = Statement(select(placements.c.user, placements.c.folder).where(placements.c.task == bindparam("of_task")))
_ADD = Statement(insert(tasks))
_REPLACE = Statement(update(tasks).where(tasks.c.id == bindparam("task")))
_STAMP = Statement(update(placements).where(placements.c.task == bindparam("of_task")))
_REMOVE = Statement(delete(tasks).where(tasks.c.id == bindparam("task")))
_PLACE = Statement(insert(placements))
_DISPLACE = Statement(delete(placements).where(placements.c.task == bindparam("of_task")))
_BURY = Statement(replacing(tombstones, "task", "folder"))
BEFORE_EVERYTHING = -1


def find(connection: Connection, task_id: int) -> Task | None:
    """The task of that id, wherever it is."""
    row = _FIND.first(connection, task=task_id)
    return _task(row) if row is not None else None


def by_uid(connection: Connection, uid: str) -> list[Task]:
    """The tasks of that uid, by rising id."""
    return [_task(row) for row in _BY_UID.all(connection, wanted=uid)]


def seen(connection: Connection, task_id: int, folder: int, viewer: int) -> Seen | None:
    """The task as a user sees it in a folder; None when it is not in it."""
    return named(connection, [task_id], folder, viewer).get(task_id)


def named(connection: Connection, ids: Collection[int], folder: int, viewer: int) -> dict[int, Seen]:
    """The tasks of these ids as a user sees them in a folder, by id; those that are not in it are left out."""
    rows = _NAMED.all(connection, wanted=list(ids), viewer=viewer)
    return {row.id: _seen(row) for row in rows if row.seen_in == folder}


def modified_since(connection: Connection, folder: int, viewer: int, stamp: int = BEFORE_EVERYTHING) -> list[Seen]:
    """The tasks of a folder with a stamp strictly greater, by rising id."""
    rows = _MODIFIED.all(connection, in_folder=folder, viewer=viewer, since=stamp)
    return [_seen(row) for row in rows]


def deleted_since(connection: Connection, folder: int, stamp: int) -> list[tuple[int, int]]:
    """(id, stamp) of what left the folder, by rising id; without what came back."""
    rows = _DELETED.all(connection, in_folder=folder, since=stamp)
    return [(row.task, row.deleted) for row in rows]


def folders_of(connection: Connection, task_id: int) -> dict[int, int]:
    """User and folder of every placement of a task."""
    return {row.user: row.folder for row in _FOLDERS.all(connection, of_task=task_id)}


def count(connection: Connection, user_id: int) -> int:
    """How many tasks a user has created."""
    statement = select(func.count()).select_from(tasks).where(tasks.c.created_by == user_id)
    return connection.execute(statement).scalar_one()


def add(connection: Connection, task: Task, folders: Mapping[int, int]) -> None:
    """Store a new task in the folders of its users."""
    _ADD.run(connection, **_values(task))
    place(connection, task, folders)


def replace(connection: Connection, task: Task) -> None:
    """Store a changed task; it stays where it is."""
    _REPLACE.run(connection, task=task.id, **_values(task))
    _STAMP.run(connection, of_task=task.id, stamp=task.modified)


def place(connection: Connection, task: Task, folders: Mapping[int, int]) -> None:
    """Let the task be in these folders of these users and in no others."""
    _DISPLACE.run(connection, of_task=task.id)
    for user, folder in folders.items():
        _PLACE.run(connection, task=task.id, user=user, folder=folder, stamp=task.modified)


def remove(connection: Connection, task: Task, stamp: int) -> None:
    """Delete a task, with a tombstone in every folder where it was."""
    for folder in folders_of(connection, task.id).values():
        bury(connection, task.id, folder, stamp)
    attachments.forget(connection, MODULE_ID, task.id)
    _REMOVE.run(connection, task=task.id)


def bury(connection: Connection, task_id: int, folder: int, stamp: int) -> None:
    """Leave a tombstone in a folder, as deletions and moves do."""
    _BURY.run(connection, task=task_id, folder=folder, deleted=stamp)


def forget_old_tombstones(connection: Connection, before: int) -> None:
    """Forget what left a task list before a stamp."""
    connection.execute(delete(tombstones).where(tombstones.c.deleted < before))


def forget_tombstones(connection: Connection, folder: int) -> None:
    """Forget what left a folder that is deleted itself."""
    connection.execute(delete(tombstones).where(tombstones.c.folder == folder))


def in_folder(connection: Connection, folder: int) -> list[Task]:
    """The tasks of a folder as stored, by rising id."""
    query = select(tasks).join(placements, placements.c.task == tasks.c.id).where(placements.c.folder == folder)
    return [_task(row) for row in connection.execute(query.order_by(tasks.c.id))]


def mentioning(connection: Connection, user: int) -> list[Task]:
    """The tasks that a user created, takes part in or has in a folder, by rising id. Cost: reads every task once."""
    placed = select(placements.c.task).where(placements.c.user == user)
    asked = cast(tasks.c.users, String).contains(f'"{user}":')
    query = select(tasks).where((tasks.c.created_by == user) | tasks.c.id.in_(placed) | asked).order_by(tasks.c.id)
    return [_task(row) for row in connection.execute(query)]


def _seen(row: Any) -> Seen:
    return Seen(_task(row), row.seen_in, row.seen_alarm)


def _task(row: Any) -> Task:
    return Task(
        id=row.id,
        uid=row.uid,
        created=row.created,
        created_by=row.created_by,
        modified=row.modified,
        modified_by=row.modified_by,
        fields=row.fields,
        participants=tuple(
            Participant(ParticipantType(one["type"]), one["id"], one["mail"], one["name"])
            for one in row.participants or ()
        ),
        users={int(user): Confirmation(status, message) for user, (status, message) in (row.users or {}).items()},
        attachments=row.attachments,
        newest_attachment=row.newest_attachment,
    )


def _values(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "uid": task.uid,
        "created": task.created,
        "created_by": task.created_by,
        "modified": task.modified,
        "modified_by": task.modified_by,
        "fields": dict(task.fields),
        "participants": [
            {"type": int(one.type), "id": one.id, "mail": one.mail, "name": one.name} for one in task.participants
        ]
        or None,
        "users": {str(user): [one.status, one.message] for user, one in task.users.items()} or None,
        "attachments": task.attachments,
        "newest_attachment": task.newest_attachment,
    }

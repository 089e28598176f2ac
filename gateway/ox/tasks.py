"""Module ``tasks``, the same in every generation of OX, with plain folder ids (``33``).

A task is a dict by field name (``task_columns.COLUMNS``), unset fields left out, ids as strings, and
``last_modified_utc`` as int: the stamp to sync and to write with.

Surprises: ``updates`` tells deletions only when ``ignore`` is sent, and then as bare ids; ``delete`` echoes the stamp
it was sent; an unknown id is "not permitted" (TSK-0046, TSK-0014), an unknown folder is an empty one; the same UID is
refused (APP-0100); ``uid`` is writable only at creation; the update that completes a recurring task makes OX create
another task, of which only the next ``updates`` tells.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call
from gateway.ox.errors import Malformed
from gateway.ox.shape import a_stamp, all_readable, an_array, an_id, an_object, rows, sorted_out, with_ids
from gateway.ox.task_columns import COLUMNS

Task = dict[str, Any]

ALL_FIELDS: tuple[str, ...] = tuple(COLUMNS)
STAMP = "last_modified_utc"

_ALWAYS = ("id", "folder_id", STAMP)


@dataclass(frozen=True, slots=True)
class TaskUpdates:
    """``rows``: new and changed tasks with ``id``, ``folder_id``, ``last_modified_utc`` and the asked fields;
    ``deleted_ids``: deleted or moved away, without a stamp of their own.
    ``unreadable``: ids of changed tasks of another shape, or without a stamp."""

    rows: tuple[Task, ...]
    deleted_ids: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskWritten:
    """``stamp``: the new ``last_modified_utc``."""

    id: str
    stamp: int


# -- reading ---------------------------------------------------------------------------------------------------------


def updates(folder: str, since: int, fields: Sequence[str]) -> Call[TaskUpdates]:
    """tasks?action=updates with deletions: changes with a stamp greater than ``since``; 0 lists the folder and all
    that OX remembers of its deletions. One cheap read. Raises ObjectNotFound, PermissionDenied."""
    names = _with_identity(fields)

    def decode(answer: Answer) -> TaskUpdates:
        items = an_array(answer.data, "updates")
        listed = rows([item for item in items if isinstance(item, list)], names, "updates")
        changed, unreadable = sorted_out(listed, _task)
        deleted = tuple(an_id(item, "deleted id") for item in items if not isinstance(item, list))
        return TaskUpdates(changed, deleted, unreadable)

    params = {"folder": folder, "timestamp": str(since), "ignore": "none", **_columns(names)}
    return Call("tasks", "updates", decode, params)


def by_id(folder: str, task_ids: Sequence[str], fields: Sequence[str] = ALL_FIELDS) -> Call[tuple[Task, ...]]:
    """tasks?action=list, one read for all (best about 100): those that exist. Raises PermissionDenied, ObjectNotFound
    when OX fails the whole list for a single task; MalformedObjects."""
    names = _with_identity(fields)

    def decode(answer: Answer) -> tuple[Task, ...]:
        present = [row for row in an_array(answer.data, "tasks") if row is not None]
        return all_readable(rows(present, names, "tasks"), _task)

    body = [{"folder": folder, "id": task_id} for task_id in task_ids]
    return Call("tasks", "list", decode, _columns(names), body, "PUT")


def get(folder: str, task_id: str) -> Call[Task]:
    """tasks?action=get. Raises PermissionDenied, also for an unknown id, and ObjectNotFound."""

    def decode(answer: Answer) -> Task:
        return _task(an_object(answer.data, "task"))

    return Call("tasks", "get", decode, {"folder": folder, "id": task_id})


# -- writing ---------------------------------------------------------------------------------------------------------


def create(folder: str, fields: Mapping[str, Any]) -> Call[TaskWritten]:
    """tasks?action=new. Raises UidConflict (which does not name the other task), TooLong, InvalidValue,
    PermissionDenied."""

    def decode(answer: Answer) -> TaskWritten:
        data = an_object(answer.data, "result")
        return TaskWritten(an_id(data.get("id"), "id"), a_stamp(answer.timestamp, "timestamp"))

    return Call("tasks", "new", decode, {}, {**fields, "folder_id": folder}, "PUT", write=True)


def update(folder: str, task_id: str, stamp: int, fields: Mapping[str, Any]) -> Call[TaskWritten]:
    """tasks?action=update: only ``fields`` change, None removes, ``folder_id`` moves. ``start_time`` and ``end_time``
    need ``full_time`` beside them. Raises ChangedMeanwhile if OX's stamp is greater, TooLong, InvalidValue,
    PermissionDenied."""
    params = _target(folder, task_id, stamp)
    return Call("tasks", "update", _decode_written(task_id), params, dict(fields), "PUT", write=True)


def confirm(folder: str, task_id: str, stamp: int, confirmation: Mapping[str, Any]) -> Call[TaskWritten]:
    """tasks?action=confirm: the user's own answer, ``{"confirmation": 0..3, "confirmmessage": text}``. Raises
    ChangedMeanwhile, and OXError (TSK-0018) for who is no participant."""
    params = _target(folder, task_id, stamp)
    return Call("tasks", "confirm", _decode_written(task_id), params, dict(confirmation), "PUT", write=True)


def delete(folder: str, task_id: str, stamp: int) -> Call[None]:
    """tasks?action=delete. One task a call: of several, those before the one that fails would be gone already.
    Raises ChangedMeanwhile if the task is newer than ``stamp``; PermissionDenied, also for an unknown id."""
    body = [{"folder": folder, "id": task_id}]
    return Call("tasks", "delete", _decode_deleted, {"timestamp": str(stamp)}, body, "PUT", write=True)


# -- pieces ----------------------------------------------------------------------------------------------------------


def _with_identity(fields: Sequence[str]) -> tuple[str, ...]:
    return (*_ALWAYS, *(name for name in fields if name not in _ALWAYS))


def _columns(names: Sequence[str]) -> dict[str, str]:
    return {"columns": ",".join(str(COLUMNS[name]) for name in names)}


def _target(folder: str, task_id: str, stamp: int) -> dict[str, str]:
    return {"folder": folder, "id": task_id, "timestamp": str(stamp)}


def _task(value: Mapping[str, Any]) -> Task:
    task = with_ids(value, ("id", "folder_id"), "task")
    an_id(task.get("id"), "id of task")
    task[STAMP] = a_stamp(task.get(STAMP), STAMP)
    for name in ("participants", "users"):
        if task.get(name) is not None:
            task[name] = [an_object(each, name) for each in an_array(task[name], name)]
    return task


def _decode_written(task_id: str) -> Callable[[Answer], TaskWritten]:
    def decode(answer: Answer) -> TaskWritten:
        return TaskWritten(task_id, a_stamp(answer.timestamp, "timestamp"))

    return decode


def _decode_deleted(answer: Answer) -> None:
    """``[]``; the documents speak of ids that were not deleted, real servers report an error instead."""
    if answer.data:
        raise Malformed("tasks not deleted")

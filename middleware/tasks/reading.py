"""The reading actions of `tasks`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import illegal_body
from middleware.tasks import access, storage
from middleware.tasks.fields import COLUMNS
from middleware.tasks.model import Seen
from middleware.tasks.view import View, latest


def all_tasks(call: Call, context: Context) -> Result:
    """The tasks of a folder. As on the real server, a folder that does not exist is empty."""
    columns = call.columns()
    text = call.require("folder")
    if access.find_list(context, call.user, text) is None:
        return Result([], 0)
    tasks = access.readable_list(context, call.user, text)
    with context.store.reading() as connection:
        found = tasks.visible(storage.modified_since(connection, tasks.id, call.user))
    return listed(call, found, columns)


def get(call: Call, context: Context) -> Result:
    """One task."""
    number = access.identifier(call.require("id"))
    tasks = access.readable_list(context, call.user, call.require("folder"))
    with context.store.reading() as connection:
        found = access.readable(connection, tasks, number)
    return Result(View(call.timezone()).object(found), found.task.modified)


def list_tasks(call: Call, context: Context) -> Result:
    """The named tasks in the order in which they are named; those that the user cannot see are left out."""
    columns = call.columns()
    wanted = [_named(one) for one in call.array()]
    seen: dict[tuple[int, str], Seen] = {}
    with context.store.reading() as connection:
        for folder in dict.fromkeys(folder for _, folder in wanted):
            tasks = access.find_list(context, call.user, folder)
            if tasks is not None and tasks.rights.visible:
                ids = [number for number, where in wanted if where == folder]
                found = storage.named(connection, ids, tasks.id, call.user).values()
                seen |= {(one.task.id, folder): one for one in tasks.visible(found)}
    shown = [seen[one] for one in wanted if one in seen]
    return Result(View(call.timezone()).rows(shown, columns), latest(shown))


def _named(entry: Any) -> tuple[int, str]:
    """Task and folder of an entry; SVL-0031 when it is no object."""
    if not isinstance(entry, dict):
        raise illegal_body()
    return access.identifier(entry.get("id")), str(entry.get("folder") or entry.get("folder_id"))


def updates(call: Call, context: Context) -> Result:
    """Modified tasks as rows, then bare ids of what left the folder, when `ignore` is there and not `deleted`."""
    columns = call.columns()
    text = call.require("folder")
    since = call.integer("timestamp")
    tasks = access.readable_list(context, call.user, text)
    with context.store.reading() as connection:
        found = tasks.visible(storage.modified_since(connection, tasks.id, call.user, since))
        without_deleted = "deleted" in call.text("ignore", "deleted")
        gone = [] if without_deleted else storage.deleted_since(connection, tasks.id, since)
    rows = View(call.timezone()).changes(in_order(call, found), columns)
    stamp = max([since, latest(found), *(deleted for _, deleted in gone)])
    return Result([*rows, *(number for number, _ in gone)], stamp)


def listed(call: Call, found: Sequence[Seen], columns: tuple[int, ...]) -> Result:
    """The rows of a listing, sorted and cut as the request wants them."""
    ordered = in_order(call, found)
    if "right_hand_limit" in call.params:
        ordered = ordered[max(0, call.integer("left_hand_limit", 0)) : max(0, call.integer("right_hand_limit"))]
    return Result(View(call.timezone()).rows(ordered, columns), latest(found))


def in_order(call: Call, found: Sequence[Seen]) -> list[Seen]:
    """By the column of `sort` and the direction of `order`; by id without."""
    name = COLUMNS.get(call.integer("sort", 0))
    if name is None:
        return list(found)
    view = View(call.timezone())

    def key(one: Seen) -> tuple[bool, Any]:
        value = view.value(one, name)
        if isinstance(value, str | list):
            return (False, str(value).casefold())
        return (value is None, 0 if value is None else value)

    return sorted(found, key=key, reverse=call.text("order").lower() == "desc")

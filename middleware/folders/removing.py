"""Actions of the module `folders` that remove: delete and clear."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import OXError
from middleware.folders.addressing import existing_folder
from middleware.folders.changes import check_stamp, forget_vanished, record_lost_views, touch, viewers
from middleware.folders.errors import (
    default_not_deleted,
    folder_not_visible,
    no_admin_right,
    not_clearable,
)
from middleware.folders.model import Folder
from middleware.folders.module import module
from middleware.scopes import WRITE, require_folders

module.on_clean_up(forget_vanished)


@module.action("delete", "PUT")
def delete(call: Call, ox: Context) -> Result:
    """Delete folders with their content and all below; the answer lists the ids that could not be deleted."""
    return _each(call, lambda text: _delete(call, ox, text))


def _delete(call: Call, ox: Context, text: object) -> None:
    folder = _administered(call, ox, text)
    if folder.standard:
        raise default_not_deleted(call.user, folder.id, ox.id)
    check_stamp(call, folder)
    with ox.store.writing() as connection:
        delete_tree(ox, connection, folder)
        touch(ox, connection, folder.parent, ox.clock.stamp())


def delete_tree(ox: Context, connection: Connection, folder: Folder) -> None:
    """Delete a folder with its content and all below it. No permission is checked."""
    for child in ox.folders.children(folder.id):
        delete_tree(ox, connection, child)
    for one in ox.registry:
        for hook in one.folder_deleted:
            hook(ox, connection, folder)
    record_lost_views(connection, folder.id, viewers(ox, folder), frozenset(), ox.clock.stamp())
    ox.folders.remove(connection, folder.id)


@module.action("clear", "PUT")
def clear(call: Call, ox: Context) -> Result:
    """Delete the content of folders; the answer lists the ids that could not be cleared."""
    return _each(call, lambda text: _clear(call, ox, text))


def _clear(call: Call, ox: Context, text: object) -> None:
    folder = _administered(call, ox, text)
    hooks = [hook for one in ox.registry for hook in one.folder_cleared]
    if not hooks:
        raise not_clearable(folder.id, ox.id)
    with ox.store.writing() as connection:
        for hook in hooks:
            hook(ox, connection, folder)


def _each(call: Call, work: Callable[[object], None]) -> Result:
    """Do the work for every id of the body; what fails comes back as id and warning, or raises with `failOnError`."""
    failed: list[Any] = []
    warnings: list[OXError] = []
    for text in call.array():
        try:
            work(text)
        except OXError as error:
            if call.flag("failOnError"):
                raise
            failed.append(text)
            warnings.append(error)
    return Result(failed, warnings=tuple(warnings))


def _administered(call: Call, ox: Context, text: object) -> Folder:
    folder = existing_folder(ox, text).folder
    require_folders(call, WRITE, folder.module)
    rights = ox.folders.rights(call.user, folder)
    if not rights.visible:
        raise folder_not_visible(folder.id, call.user, ox.id)
    if not rights.admin:
        raise no_admin_right(call.user, folder.id, ox.id)
    return folder

"""Stamps of folders, who can see them, and the record of folders that vanished from somebody's view."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from middleware.folders.errors import changed_meanwhile
from middleware.folders.model import Folder
from middleware.folders.tables import vanished_folders as table

if TYPE_CHECKING:
    from middleware.call import Call
    from middleware.context import Context


def viewers(ox: Context, folder: Folder) -> frozenset[int]:
    """The users who can see the folder."""
    return frozenset(user.id for user in ox.users.all() if ox.folders.rights(user.id, folder).visible)


def record_lost_views(
    connection: Connection, folder_id: int, before: frozenset[int], after: frozenset[int], stamp: int
) -> None:
    """Note for `updates` who lost sight of a folder, and forget it for those who see it again."""
    regained = (table.c.folder_id == folder_id) & table.c.user_id.in_(after)
    connection.execute(delete(table).where(regained))
    for user_id in before - after:
        statement = insert(table).values(folder_id=folder_id, user_id=user_id, stamp=stamp)
        connection.execute(
            statement.on_conflict_do_update(index_elements=["folder_id", "user_id"], set_={"stamp": stamp})
        )


def forget_vanished(connection: Connection, before: int) -> None:
    """Forget who lost sight of a folder before a stamp."""
    connection.execute(delete(table).where(table.c.stamp < before))


def vanished_since(ox: Context, user_id: int, stamp: int) -> list[tuple[int, int]]:
    """(folder id, stamp) of what a user lost after `stamp`, by rising id."""
    query = (
        select(table.c.folder_id, table.c.stamp)
        .where((table.c.user_id == user_id) & (table.c.stamp > stamp))
        .order_by(table.c.folder_id)
    )
    with ox.store.reading() as connection:
        return [(row.folder_id, row.stamp) for row in connection.execute(query)]


def check_stamp(call: Call, folder: Folder) -> None:
    """FLD-1022 when the folder changed after the stamp of the request; without a stamp nothing is checked."""
    if "timestamp" in call.params and folder.modified > call.integer("timestamp"):
        raise changed_meanwhile()


def touch(ox: Context, connection: Connection, folder_id: int, stamp: int) -> None:
    """Raise the stamp of a parent whose children changed."""
    ox.folders.replace(connection, replace(ox.folders.get(folder_id), modified=stamp))

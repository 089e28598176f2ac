"""The folders that are there from the start: those of the system and the standard folders of a user."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from middleware.directory.model import ADMIN_ID, EVERYONE, GUESTS, User
from middleware.folders.model import (
    ALL_USERS,
    FULL_BITS,
    PRIVATE,
    PRIVATE_ROOT,
    PUBLIC,
    PUBLIC_ROOT,
    SHARED_ROOT,
    SYSTEM,
    Folder,
    Permission,
)

if TYPE_CHECKING:
    from middleware.context import Context

FIRST_USER_FOLDER = 31
FOLDERS_PER_USER = 10  # so that a user's numbers start at a round place, as on the real server
ALL_USERS_BITS = 16641  # see the folder, read all, change the own entry
ALL_USERS_ADMIN_BITS = 268452097
INFOSTORE_ROOT = 9
USERSTORE = 10

_CREATE_BELOW = 4
_CREATE_BELOW_ADMIN = 268435460
_VISIBLE = 1
_VISIBLE_READ = 257

# Id, parent, module, name, bits for all users, bits for guests, whether the administrator has rights of his own.
_SYSTEM = (
    (PRIVATE_ROOT, 0, "system", "Private folders", _CREATE_BELOW, _VISIBLE, False),
    (PUBLIC_ROOT, 0, "system", "Public folders", _CREATE_BELOW, _VISIBLE, True),
    (SHARED_ROOT, 0, "system", "Shared folders", _VISIBLE, _VISIBLE, False),
    (INFOSTORE_ROOT, 0, "infostore", "Infostore", _VISIBLE, _VISIBLE, False),
    (USERSTORE, INFOSTORE_ROOT, "infostore", "Userstore", _VISIBLE_READ, _VISIBLE_READ, False),
    (15, INFOSTORE_ROOT, "infostore", "Public infostore", _CREATE_BELOW, _VISIBLE, True),
)

# Offset from the first number of the user, module, name.
_STANDARD = ((0, "calendar", "Calendar"), (1, "contacts", "Contacts"), (2, "tasks", "Tasks"))


def add_system_folders(context: Context, connection: Connection) -> None:
    """Create the folders that belong to nobody."""
    for folder_id, parent, module, name, all_users, guests, administered in _SYSTEM:
        permissions = [Permission(EVERYONE, True, all_users), Permission(GUESTS, True, guests)]
        if administered:
            permissions.insert(1, Permission(ADMIN_ID, False, _CREATE_BELOW_ADMIN))
        context.folders.add(
            connection, _new(context, folder_id, parent, module, SYSTEM, name, ADMIN_ID, tuple(permissions))
        )
    admin = (Permission(ADMIN_ID, False, ALL_USERS_ADMIN_BITS),)
    context.folders.add(
        connection,
        _new(context, ALL_USERS, PUBLIC_ROOT, "contacts", SYSTEM, "Global address book", ADMIN_ID, admin),
    )


def add_standard_folders(context: Context, connection: Connection, user: User) -> None:
    """Create the default calendar, address book and task list of a user, and the root of his files."""
    first = context.store.reserve_ids(connection, "folders", FOLDERS_PER_USER, FIRST_USER_FOLDER)
    owner = (Permission(user.id, False, FULL_BITS),)
    for offset, module, name in _STANDARD:
        folder = _new(context, first + offset, PRIVATE_ROOT, module, PRIVATE, name, user.id, owner)
        context.folders.add(connection, replace(folder, standard=True))
    files = _new(context, first + 3, USERSTORE, "infostore", PUBLIC, user.display_name, user.id, owner)
    context.folders.add(connection, replace(files, standard=True))


def admit_to_all_users(context: Context, connection: Connection, user: User) -> None:
    """Let a user read the address book of all users and change his own entry in it."""
    folder = context.folders.get(ALL_USERS)
    permissions = (*folder.permissions, Permission(user.id, False, ALL_USERS_BITS))
    context.folders.replace(connection, replace(folder, permissions=permissions, modified=context.clock.stamp()))


def _new(
    context: Context,
    folder_id: int,
    parent: int,
    module: str,
    folder_type: int,
    name: str,
    owner: int,
    permissions: tuple[Permission, ...],
) -> Folder:
    stamp = context.clock.stamp()
    return Folder(
        id=folder_id,
        parent=parent,
        module=module,
        type=folder_type,
        name=name,
        owner=owner,
        standard=False,
        created=stamp,
        created_by=owner,
        modified=stamp,
        modified_by=owner,
        permissions=permissions,
    )

"""Folder permissions as an administrator gives and takes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from middleware.context import Context
from middleware.folders.changes import record_lost_views, viewers
from middleware.folders.model import ALL, CREATE_SUBFOLDERS, SYSTEM, VISIBLE, Folder, Permission, Rights

# The roles that OX's own web interface offers, by the same names.
ROLES: Mapping[str, Rights] = {
    "viewer": Rights(VISIBLE, ALL),
    "reviewer": Rights(VISIBLE, ALL, ALL),
    "author": Rights(CREATE_SUBFOLDERS, ALL, ALL, ALL),
}


def shareable(context: Context) -> tuple[Folder, ...]:
    """The calendars, address books and task lists of users, by id."""
    modules = ("calendar", "contacts", "tasks")
    return tuple(one for one in context.folders.all() if one.module in modules and one.type != SYSTEM)


def role_of(rights: Rights) -> str:
    """The name of a role, "owner" for who administers the folder, else the number by which OX writes the rights."""
    if rights.admin:
        return "owner"
    return next((name for name, known in ROLES.items() if known == rights), str(rights.bits))


def share(context: Context, folder: Folder, entity: int, role: str, *, group: bool = False) -> None:
    """Give a user or group a role on a folder, in place of the one it has. ValueError when it has the folder itself."""
    _set(context, folder, entity, group, Permission(entity, group, ROLES[role].bits))


def unshare(context: Context, folder: Folder, entity: int, *, group: bool = False) -> None:
    """Take all rights on a folder from a user or group. ValueError when it has none, and when it administers it."""
    if not any((one.entity, one.group) == (entity, group) for one in folder.permissions):
        raise ValueError(f"the folder {folder.id} is not shared with them")
    _set(context, folder, entity, group, None)


def _set(context: Context, folder: Folder, entity: int, group: bool, permission: Permission | None) -> None:
    if folder not in shareable(context):
        raise ValueError(f"the folder {folder.id} cannot be shared")
    others = []
    for one in folder.permissions:
        if (one.entity, one.group) != (entity, group):
            others.append(one)
        elif one.rights.admin:
            raise ValueError(f"the rights of who administers the folder {folder.id} stay as they are")
    changed = replace(folder, permissions=(*others, permission) if permission else tuple(others))
    with context.store.writing() as connection:
        stamp = context.clock.stamp()
        before = viewers(context, folder)
        context.folders.replace(connection, replace(changed, modified=stamp))
        record_lost_views(connection, folder.id, before, viewers(context, changed), stamp)

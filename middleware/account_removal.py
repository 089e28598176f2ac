"""Removing users, groups and resources for good."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection

from middleware.context import Context
from middleware.directory.model import ADMIN_ID, EVERYONE, STANDARD_GROUP, User
from middleware.folders.changes import record_lost_views, viewers
from middleware.folders.model import FULL_BITS, PRIVATE, Folder, Permission
from middleware.folders.removing import delete_tree


def remove_user(context: Context, user: User) -> None:
    """Remove a user with everything in his own folders, and end his sessions.

    Meetings that he organized end for everybody; in those of others he stays, declined and from outside. Public
    folders that he made belong to the context's administrator from then on. ValueError for that administrator.
    """
    if user.id == ADMIN_ID:
        raise ValueError("the administrator of the context cannot be removed")
    with context.store.writing() as connection:
        _delete_folders(context, connection, user)
        for module in context.registry:
            for hook in module.user_removed:
                hook(context, connection, user)
        for folder in context.folders.all():
            _without(context, connection, folder, user.id, group=False)
        _leave_groups(context, connection, user)
        context.users.remove(connection, user.id)
    context.end_revoked_sessions()


def remove_group(context: Context, group_id: int) -> None:
    """Remove a group and its rights. Meetings keep its members as attendees. ValueError for those of all users."""
    if group_id in (EVERYONE, STANDARD_GROUP):
        raise ValueError("the groups of all users cannot be removed")
    with context.store.writing() as connection:
        for folder in context.folders.all():
            _without(context, connection, folder, group_id, group=True)
        context.groups.remove(connection, group_id)


def _delete_folders(context: Context, connection: Connection, user: User) -> None:
    for folder in context.folders.all():
        own = folder.owner == user.id and (folder.type == PRIVATE or folder.standard)
        if own and context.folders.find(folder.id) is not None:
            delete_tree(context, connection, folder)


def _without(context: Context, connection: Connection, folder: Folder, entity: int, *, group: bool) -> None:
    """Withdraw the rights of somebody on a folder, and what he owns of it."""
    kept = tuple(one for one in folder.permissions if (one.entity, one.group) != (entity, group))
    if not any(one.rights.admin for one in kept) and len(kept) < len(folder.permissions):
        kept = (*kept, Permission(ADMIN_ID, False, FULL_BITS))
    owner = ADMIN_ID if folder.owner == entity and not group else folder.owner
    changed = replace(folder, permissions=kept, owner=owner)
    if changed == folder:
        return
    stamp = context.clock.stamp()
    before = viewers(context, folder)
    context.folders.replace(connection, replace(changed, modified=stamp))
    record_lost_views(connection, folder.id, before, viewers(context, changed), stamp)


def _leave_groups(context: Context, connection: Connection, user: User) -> None:
    for group in context.groups.all():
        if group.id not in (EVERYONE, STANDARD_GROUP) and user.id in group.members:
            members = tuple(member for member in group.members if member != user.id)
            context.groups.put(connection, replace(group, members=members, modified=context.clock.stamp()))

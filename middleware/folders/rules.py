"""Rules that a new or changed folder must obey: names, permissions, settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from middleware.errors import no_folder_permission
from middleware.folders.errors import (
    MAX_NAME,
    admin_needed,
    missing_title,
    no_group_admin,
    one_private_admin,
    owner_must_administer,
    title_taken,
    title_too_long,
    unknown_entity,
)
from middleware.folders.model import PRIVATE, Folder, Permission
from middleware.folders.personal import Personal
from middleware.folders.views import CALENDAR_PROPERTIES, Viewer, calendar_properties, is_standard, title_of

if TYPE_CHECKING:
    from middleware.context import Context


def checked_title(ox: Context, value: object) -> str:
    """The name in a body; FLD-0007 when empty, FLD-0064 when too long."""
    title = value.strip() if isinstance(value, str) else ""
    if not title:
        raise missing_title(ox.id)
    if len(title) > MAX_NAME:
        raise title_too_long(len(title))
    return title


def same_titles(ox: Context, folder: Folder, title: str) -> bool:
    """Whether another folder of the owner and module below the same parent has the name, in any case of letters."""
    return any(
        other.id != folder.id
        and other.module == folder.module
        and (other.type != PRIVATE or other.owner == folder.owner)
        and title_of(other).casefold() == title.casefold()
        for other in ox.folders.children(folder.parent)
    )


def require_free_title(ox: Context, folder: Folder, title: str, tree: str) -> None:
    """FLD-1014 when the name is taken."""
    if same_titles(ox, folder, title):
        raise title_taken(title, title_of(ox.folders.get(folder.parent)), tree)


def free_title(ox: Context, folder: Folder, title: str) -> str:
    """The name itself or the first free one with a number behind it."""
    number = 1
    candidate = title
    while same_titles(ox, folder, candidate):
        candidate = f"{title} {number}"
        number += 1
    return candidate


def parse_permissions(ox: Context, value: object, folder_id: int) -> tuple[Permission, ...]:
    """The permissions in a body; FLD-0044 for somebody who does not exist and for malformed entries."""
    if not isinstance(value, list):
        raise unknown_entity(value, folder_id, ox.id)
    permissions: dict[tuple[int, bool], Permission] = {}
    for one in value:
        permission = _permission(ox, one, folder_id)
        permissions[permission.entity, permission.group] = permission
    return tuple(permissions.values())


def _permission(ox: Context, value: object, folder_id: int) -> Permission:
    if not isinstance(value, Mapping):
        raise unknown_entity(value, folder_id, ox.id)
    entity, bits, group = value.get("entity"), value.get("bits"), value.get("group") is True
    known = ox.groups.find if group else ox.users.find
    if not isinstance(entity, int) or not isinstance(bits, int) or known(entity) is None:
        raise unknown_entity(entity, folder_id, ox.id)
    return Permission(entity, group, bits)


def check_permissions(ox: Context, folder: Folder) -> None:
    """FLD-0015 to FLD-0018 when nobody, the wrong one or too many would administer the folder."""
    admins = [permission for permission in folder.permissions if permission.rights.admin]
    if not admins:
        raise admin_needed(folder.id, ox.id)
    if folder.type != PRIVATE:
        return
    if any(admin.group for admin in admins):
        raise no_group_admin(folder.id, ox.id)
    if len(admins) > 1:
        raise one_private_admin(folder.id, ox.id)
    if admins[0].entity != folder.owner:
        raise owner_must_administer(folder.id, ox.id)


def changed_personal(body: Mapping[str, Any], folder: Folder, viewer: Viewer, *, keep: bool) -> Personal:
    """What the viewer's settings become by a body.

    As on the real server subscription and synchronisation are on again after an update that does not repeat
    them, unless `keep`. OX-0001 for extended properties that cannot be set, and for protected settings.
    """
    old = viewer.settings(folder)
    new = old if keep else replace(old, subscribed=True, used_for_sync=True)
    if CALENDAR_PROPERTIES in body:
        new = replace(new, color=_checked_color(body[CALENDAR_PROPERTIES], folder, old))
    if "subscribed" in body:
        new = replace(new, subscribed=_truth(body["subscribed"]))
    sync = body.get("used_for_sync")
    if isinstance(sync, Mapping) and "value" in sync:
        new = replace(new, used_for_sync=_truth(sync["value"]))
    if is_standard(folder, viewer.user_id) and not (new.subscribed and new.used_for_sync):
        raise no_folder_permission()
    return new


def _checked_color(properties: object, folder: Folder, old: Personal) -> str | None:
    """The colour in extended properties; others may only be repeated exactly as they were read."""
    if not isinstance(properties, Mapping):
        raise no_folder_permission()
    current = calendar_properties(folder, old)
    color = old.color
    for name, value in properties.items():
        if name == "color" and isinstance(value, Mapping) and isinstance(value.get("value", ""), str):
            color = value.get("value")
        elif name == "color" or value != current.get(name):
            raise no_folder_permission()
    return color


def _truth(value: object) -> bool:
    return value is True or value == 1 or str(value).lower() == "true"

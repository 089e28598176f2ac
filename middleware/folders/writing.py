"""Actions of the module `folders` that write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import illegal_body
from middleware.folders.addressing import Addressed, viewer_of, visible_folder
from middleware.folders.changes import check_stamp, record_lost_views, touch, viewers
from middleware.folders.errors import (
    content_type_not_allowed,
    default_not_moved,
    default_not_renamed,
    missing_field,
    no_admin_right,
    no_subfolder_right,
    unknown_content_type,
)
from middleware.folders.ids import FolderId, Form
from middleware.folders.model import (
    FULL_BITS,
    PRIVATE,
    PRIVATE_ROOT,
    PUBLIC,
    PUBLIC_ROOT,
    Folder,
    Permission,
)
from middleware.folders.module import module
from middleware.folders.personal import DEFAULTS, store_personal
from middleware.folders.reading import CONTENT_TYPES, content_types
from middleware.folders.rules import (
    changed_personal,
    check_permissions,
    checked_title,
    free_title,
    parse_permissions,
    require_free_title,
)
from middleware.folders.views import CALENDAR_PROPERTIES, Viewer, title_of
from middleware.scopes import WRITE, require_folders

CREATABLE = ("calendar", "contacts", "tasks")


@module.action("new", "PUT")
def new(call: Call, ox: Context) -> Result:
    """Create a folder; the answer is its id in the form that belongs to the content type."""
    parent = visible_folder(call, ox, call.require("folder_id"))
    body = _body(call)
    content_type = str(body.get("module") or "")
    if not content_type:
        raise missing_field("module")
    if content_type not in content_types(ox) or CONTENT_TYPES[content_type][0] not in CREATABLE:
        raise unknown_content_type(content_type)
    require_folders(call, WRITE, CONTENT_TYPES[content_type][0])
    title = checked_title(ox, body.get("title"))
    _check_parent(call, ox, parent, content_type)
    with ox.store.writing() as connection:
        folder = _create(call, ox, connection, parent.folder, content_type, title, body)
    return Result(str(FolderId(folder.id, CONTENT_TYPES[content_type][1])), folder.modified)


def _create(
    call: Call,
    ox: Context,
    connection: Connection,
    parent: Folder,
    content_type: str,
    title: str,
    body: Mapping[str, Any],
) -> Folder:
    module_name, form = CONTENT_TYPES[content_type]
    stamp = ox.clock.stamp()
    blank = Folder(
        id=ox.store.next_id(connection, "folders"),
        parent=parent.id,
        module=module_name,
        type=_type_below(parent),
        name=title,
        owner=parent.owner if parent.type == PRIVATE else call.user,
        standard=False,
        created=stamp,
        created_by=call.user,
        modified=stamp,
        modified_by=call.user,
        permissions=_inherited_permissions(call, parent),
        meta=body["meta"] if isinstance(body.get("meta"), dict) else {},
    )
    folder = _with_permissions(ox, blank, body)
    if call.flag("autorename"):
        folder = replace(folder, name=free_title(ox, folder, title))
    require_free_title(ox, folder, folder.name, call.text("tree", "0"))
    personal = changed_personal(_relevant(body, form), folder, viewer_of(call, ox), keep=True)
    ox.folders.add(connection, folder)
    touch(ox, connection, parent.id, stamp)
    if personal != DEFAULTS:
        store_personal(connection, call.user, folder.id, personal)
    return folder


@module.action("update", "PUT")
def update(call: Call, ox: Context) -> Result:
    """Change a folder; the answer is its id. Without a real change its stamp stays."""
    found = visible_folder(call, ox, call.require("id"))
    body = _relevant(_body(call), found.id.form)
    check_stamp(call, found.folder)
    with ox.store.writing() as connection:
        folder = _update(call, ox, connection, found, body)
    return Result(str(found.id), folder.modified)


def _update(call: Call, ox: Context, connection: Connection, found: Addressed, body: Mapping[str, Any]) -> Folder:
    old, viewer = found.folder, viewer_of(call, ox)
    changed = _changed_folder(call, ox, old, body)
    personal = _changed_personal(ox, old, viewer, body, changed != old)
    if changed == old and personal == viewer.settings(old) and CALENDAR_PROPERTIES not in body:
        return old
    stamp = ox.clock.stamp()
    changed = replace(changed, modified=stamp, modified_by=call.user)
    before = viewers(ox, old)
    ox.folders.replace(connection, changed)
    store_personal(connection, call.user, old.id, personal)
    record_lost_views(connection, old.id, before, viewers(ox, changed), stamp)
    if changed.parent != old.parent:
        touch(ox, connection, old.parent, stamp)
        touch(ox, connection, changed.parent, stamp)
    return changed


def _changed_personal(ox: Context, folder: Folder, viewer: Viewer, body: Mapping[str, Any], changed: bool) -> Any:
    mentioned = {CALENDAR_PROPERTIES, "subscribed", "used_for_sync"} & set(body)
    return changed_personal(body, folder, viewer, keep=ox.settings.mend or not (changed or mentioned))


def _changed_folder(call: Call, ox: Context, old: Folder, body: Mapping[str, Any]) -> Folder:
    """The folder with the changes that need administration; FLD-0010 when the caller does not administer it."""
    changed = _with_permissions(ox, old, body)
    if "title" in body and body["title"] != title_of(old):
        changed = replace(changed, name=checked_title(ox, body["title"]))
    if "meta" in body:
        changed = replace(changed, meta=body["meta"] if isinstance(body["meta"], dict) else {})
    if "folder_id" in body:
        changed = _moved(call, ox, changed, body["folder_id"])
    if changed == old:
        return old
    if not ox.folders.rights(call.user, old).admin:
        raise no_admin_right(call.user, old.id, ox.id)
    if changed.name != old.name and old.standard:
        raise default_not_renamed(old.id, ox.id)
    if changed.parent != old.parent and old.standard:
        raise default_not_moved(call.user, old.id, ox.id)
    if (changed.name, changed.parent) != (old.name, old.parent):
        if call.flag("autorename"):
            return replace(changed, name=free_title(ox, changed, changed.name))
        require_free_title(ox, changed, changed.name, call.text("tree", "0"))
    return changed


def _moved(call: Call, ox: Context, folder: Folder, parent_id: object) -> Folder:
    if str(parent_id) == str(folder.parent):
        return folder
    parent = visible_folder(call, ox, parent_id)
    _check_parent(call, ox, parent, folder.module)
    above = parent.folder
    while above.parent != 0:
        if above.id == folder.id:
            raise content_type_not_allowed(str(parent_id), folder.module, "0", call.user, ox.id)
        above = ox.folders.get(above.parent)
    return replace(folder, parent=parent.folder.id, type=_type_below(parent.folder))


def _with_permissions(ox: Context, folder: Folder, body: Mapping[str, Any]) -> Folder:
    if "permissions" not in body:
        return folder
    changed = replace(folder, permissions=parse_permissions(ox, body["permissions"], folder.id))
    if changed != folder:
        check_permissions(ox, changed)
    return changed


@module.action("notify", "PUT")
def notify(call: Call, ox: Context) -> Result:
    """Tell others that a folder is shared with them. Nothing is sent here: the embedded server has no mail."""
    visible_folder(call, ox, call.require("id"))
    call.object()
    return Result({"warnings": []})


def _body(call: Call) -> Mapping[str, Any]:
    """The folder in the body, bare or as member `folder`."""
    body = call.object()
    inner = body.get("folder", body)
    if not isinstance(inner, dict):
        raise illegal_body()
    return inner


def _relevant(body: Mapping[str, Any], form: Form) -> Mapping[str, Any]:
    """Without what folders of this form do not have: calendar properties are ignored elsewhere."""
    if form is Form.CALENDAR:
        return body
    return {name: value for name, value in body.items() if name != CALENDAR_PROPERTIES}


def _check_parent(call: Call, ox: Context, parent: Addressed, content_type: str) -> None:
    """FLD-1012 when such folders cannot be there, FLD-0006 when the caller may not create any there."""
    module_name, form = CONTENT_TYPES.get(content_type, ("", Form.PLAIN))
    is_root = parent.folder.id in (PRIVATE_ROOT, PUBLIC_ROOT)
    fits = form is Form.PLAIN and parent.folder.module == module_name
    if module_name not in CREATABLE or not (is_root or fits):
        raise content_type_not_allowed(str(parent.id), content_type, call.text("tree", "0"), call.user, ox.id)
    if not ox.folders.rights(call.user, parent.folder).can_create_subfolders:
        raise no_subfolder_right(call.user, parent.folder.id, ox.id)


def _type_below(parent: Folder) -> int:
    if parent.id == PRIVATE_ROOT:
        return PRIVATE
    return PUBLIC if parent.id == PUBLIC_ROOT else parent.type


def _inherited_permissions(call: Call, parent: Folder) -> tuple[Permission, ...]:
    if parent.id in (PRIVATE_ROOT, PUBLIC_ROOT):
        return (Permission(call.user, False, FULL_BITS),)
    return parent.permissions

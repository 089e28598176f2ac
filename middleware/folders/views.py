"""Folders as their viewers see them: the JSON members, by viewer and by the form of the id."""

from __future__ import annotations

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from middleware.folders.ids import FolderId, Form
from middleware.folders.model import ALL_USERS, PRIVATE, PRIVATE_ROOT, SHARED, Folder, Permission
from middleware.folders.personal import DEFAULTS, Personal
from middleware.generation import Generation
from middleware.times import wall_clock

if TYPE_CHECKING:
    from middleware.context import Context

PLAIN_CAPABILITIES = ("permissions", "quota", "sort")
INFOSTORE_CAPABILITIES = (
    "file_versions",
    "restore",
    "extended_metadata",
    "case_insensitive",
    "permissions",
    "quota",
    "sort",
    "locks",
    "zippable_folder",
)
CALENDAR_CAPABILITIES = ("search", "subscribe", "permissions", "quota", "alarms", "warnings", "sync")
CONTACTS_CAPABILITIES = ("use_count", "search", "read_write", "subscribe", "sync", "permissions")
STANDARD_TYPES: Mapping[str, int] = {"tasks": 1, "calendar": 2, "contacts": 3, "infostore": 8}
# Members that OX 7.8 does not have.
_NEWER = frozenset(
    {"folder_name", "used_for_sync", "created_from", "modified_from", "com.openexchange.caldav.url", "preDefined"}
)
_EXTENDED_PERMISSIONS = "com.openexchange.share.extendedPermissions"
_PEOPLE = frozenset({"created_from", "modified_from", _EXTENDED_PERMISSIONS})
CALENDAR_PROPERTIES = "com.openexchange.calendar.extendedProperties"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks: the user, the zone his times are shown in, what he set on his folders."""

    user_id: int
    zone: ZoneInfo
    personal: Mapping[int, Personal]

    def settings(self, folder: Folder) -> Personal:
        """What he set on this folder."""
        return self.personal.get(folder.id, DEFAULTS)


def type_for(folder: Folder, user_id: int) -> int:
    """The type of a folder as a user sees it: a private folder of somebody else is shared."""
    return SHARED if folder.type == PRIVATE and folder.owner != user_id else folder.type


def parent_for(folder: Folder, user_id: int, form: Form) -> str:
    """The parent as a user sees it: what others share lies below their virtual folder."""
    if type_for(folder, user_id) == SHARED:
        return f"u:{folder.owner}"
    if form is not Form.PLAIN and folder.type == PRIVATE:
        return str(PRIVATE_ROOT)
    return str(folder.parent)


def is_standard(folder: Folder, user_id: int) -> bool:
    """Whether it is one of the user's own default folders."""
    return folder.standard and folder.owner == user_id


def title_of(folder: Folder) -> str:
    """The displayed name."""
    return "All Users" if folder.id == ALL_USERS else folder.name


def folder_view(
    ox: Context, folder: Folder, viewer: Viewer, form: Form = Form.PLAIN, wanted: Collection[str] | None = None
) -> dict[str, Any]:
    """The members of a folder for a viewer. ``wanted``: what tells of people may be left out when it is not there."""
    user_id = viewer.user_id
    has_children = form is Form.PLAIN and _has_visible_children(ox, folder, user_id)
    view: dict[str, Any] = {
        "id": str(FolderId(folder.id, form)),
        "created_by": folder.created_by,
        "modified_by": folder.modified_by,
        "creation_date": wall_clock(folder.created, viewer.zone),
        "last_modified": wall_clock(folder.modified, viewer.zone),
        "last_modified_utc": folder.modified,
        "folder_id": parent_for(folder, user_id, form),
        "title": title_of(folder),
        "module": folder.module,
        "type": type_for(folder, user_id),
        "subfolders": has_children,
        "own_rights": ox.folders.rights(user_id, folder).bits,
        "permissions": [permission_view(one) for one in folder.permissions],
        "standard_folder": is_standard(folder, user_id),
        "subscribed": viewer.settings(folder).subscribed,
        "subscr_subflds": has_children,
        "standard_folder_type": _standard_type(folder, user_id, form),
        "folder_name": folder.name,
        "used_for_sync": used_for_sync(folder, viewer),
        "com.openexchange.folderstorage.displayName": _display_name(ox, folder.owner),
        "com.openexchange.subscribe.subscriptionFlag": False,
        "preDefined": False,
    }
    if wanted is None or not _PEOPLE.isdisjoint(wanted):
        view["created_from"] = _entity(ox, folder.created_by)
        view["modified_from"] = _entity(ox, folder.modified_by)
        view[_EXTENDED_PERMISSIONS] = [extended_permission(ox, one) for one in folder.permissions]
    if folder.module != "system":
        view["supported_capabilities"] = list(_capabilities(folder, form))
    if folder.meta:
        view["meta"] = dict(folder.meta)
    if folder.module in ("calendar", "tasks"):
        view["com.openexchange.caldav.url"] = caldav_url(ox, str(view["id"]))
    view.update(_account_members(folder, viewer, form))
    if ox.settings.generation is Generation.SEVEN:
        return {name: value for name, value in view.items() if name not in _NEWER}
    return view


def _account_members(folder: Folder, viewer: Viewer, form: Form) -> dict[str, Any]:
    match form:
        case Form.CALENDAR:
            return {
                "account_id": "cal://0",
                "com.openexchange.calendar.config": {},
                "com.openexchange.calendar.provider": "chronos",
                CALENDAR_PROPERTIES: calendar_properties(folder, viewer.settings(folder)),
            }
        case Form.CONTACTS:
            return {
                "account_id": "con://0",
                "com.openexchange.contacts.config": {},
                "com.openexchange.contacts.provider": "contacts",
                "com.openexchange.contacts.extendedProperties": {
                    "usedInPicker": {"value": "true", "protected": "true"}
                },
            }
        case Form.PLAIN:
            infostore = {"account_id": "com.openexchange.infostore://infostore"}
            return infostore if folder.module == "infostore" else {}


def calendar_properties(folder: Folder, personal: Personal) -> dict[str, Any]:
    """The extended properties of a calendar: the colour of the viewer, else the one in the folder's `meta`."""
    color = personal.color if personal.color is not None else folder.meta.get("color")
    return {
        "color": {} if color is None else {"value": color},
        "scheduleTransp": {"value": "OPAQUE", "protected": "true"},
    }


def used_for_sync(folder: Folder, viewer: Viewer) -> dict[str, str]:
    """Whether clients shall synchronise the folder, and whether the user may change that."""
    if folder.module in ("system", "infostore"):
        return {"value": "false", "protected": "true"}
    if is_standard(folder, viewer.user_id):
        return {"value": "true", "protected": "true"}
    return {"value": "true" if viewer.settings(folder).used_for_sync else "false", "protected": "false"}


def _has_visible_children(ox: Context, folder: Folder, user_id: int) -> bool:
    return any(
        type_for(child, user_id) != SHARED and ox.folders.rights(user_id, child).visible
        for child in ox.folders.children(folder.id)
    )


def _standard_type(folder: Folder, user_id: int, form: Form) -> int:
    number = STANDARD_TYPES.get(folder.module, 0)
    if type_for(folder, user_id) == SHARED:
        return 0
    return number if form is not Form.PLAIN or is_standard(folder, user_id) else 0


def _capabilities(folder: Folder, form: Form) -> tuple[str, ...]:
    if folder.module == "infostore":
        return INFOSTORE_CAPABILITIES
    by_form = {Form.CALENDAR: CALENDAR_CAPABILITIES, Form.CONTACTS: CONTACTS_CAPABILITIES}
    return by_form.get(form, PLAIN_CAPABILITIES)


def caldav_url(ox: Context, folder_id: str) -> str:
    """Where the native CalDAV of the server would serve the folder."""
    name = base64.urlsafe_b64encode(folder_id.encode()).decode().rstrip("=")
    return f"https://{ox.settings.host}/caldav/{name}"


def permission_view(permission: Permission) -> dict[str, Any]:
    """A permission as JSON."""
    return {
        "identifier": str(permission.entity),
        "bits": permission.bits,
        "entity": permission.entity,
        "group": permission.group,
    }


def extended_permission(ox: Context, permission: Permission) -> dict[str, Any]:
    """A permission with what is known of whom it is given to."""
    members: dict[str, Any] = {
        "identifier": str(permission.entity),
        "entity": permission.entity,
        "bits": permission.bits,
    }
    if permission.group:
        group = ox.groups.find(permission.entity)
        name = group.display_name if group else "Guests"
        return {**members, "type": "group", "display_name": name}
    return {**members, **_entity(ox, permission.entity)}


def _entity(ox: Context, user_id: int) -> dict[str, Any]:
    user = ox.users.find(user_id)
    info: dict[str, Any] = {"identifier": str(user_id), "type": "user", "entity": user_id}
    if user is None:
        return info
    contact = {"first_name": user.given_name, "last_name": user.surname, "email1": user.email}
    return {**info, "display_name": user.display_name, "contact": contact}


def _display_name(ox: Context, user_id: int) -> str:
    user = ox.users.find(user_id)
    return user.display_name if user else ""

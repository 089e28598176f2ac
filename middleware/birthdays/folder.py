"""The folder of the calendar of birthdays as its user sees it."""

from __future__ import annotations

from typing import Any

from middleware.birthdays.account import account_of
from middleware.context import Context
from middleware.folders.model import PRIVATE, PRIVATE_ROOT, Permission
from middleware.folders.views import (
    CALENDAR_PROPERTIES,
    STANDARD_TYPES,
    Viewer,
    caldav_url,
    extended_permission,
    permission_view,
)
from middleware.times import wall_clock

_READ_BITS = 257  # see the folder, read all
_TITLE = "Birthdays"
_DESCRIPTION = "A calendar that automatically populates with the known birthdays of everyone in your address books."


def birthdays_stamp(ox: Context, user_id: int) -> int:
    """When the user's account of birthdays came to be: with his default calendar."""
    return ox.folders.default(user_id, "calendar").created


def birthdays_view(ox: Context, viewer: Viewer, folder_id: str) -> dict[str, Any]:
    """All members of the folder."""
    permission = Permission(viewer.user_id, False, _READ_BITS)
    stamp = birthdays_stamp(ox, viewer.user_id)
    return {
        "id": folder_id,
        "last_modified": wall_clock(stamp, viewer.zone),
        "last_modified_utc": stamp,
        "folder_id": str(PRIVATE_ROOT),
        "title": _TITLE,
        "module": "calendar",
        "type": PRIVATE,
        "subfolders": False,
        "own_rights": _READ_BITS,
        "permissions": [permission_view(permission)],
        "standard_folder": False,
        "subscribed": True,
        "subscr_subflds": False,
        "standard_folder_type": STANDARD_TYPES["calendar"],
        "supported_capabilities": ["ctag", "search", "subscribe", "alarms"],
        "account_id": account_of(viewer.user_id),
        "folder_name": _TITLE,
        "used_for_sync": {"value": "true", "protected": "false"},
        "com.openexchange.subscribe.subscriptionFlag": False,
        "com.openexchange.share.extendedPermissions": [extended_permission(ox, permission)],
        "com.openexchange.caldav.url": caldav_url(ox, folder_id),
        "com.openexchange.calendar.config": {"folderTypes": ["shared", "private", "public"]},
        "com.openexchange.calendar.provider": "birthdays",
        CALENDAR_PROPERTIES: {
            "color": {},
            "description": {"value": _DESCRIPTION, "protected": "true"},
            "scheduleTransp": {"value": "TRANSPARENT", "protected": "true"},
        },
        "preDefined": False,
    }

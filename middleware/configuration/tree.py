"""The configuration tree of a user, read by the modules `config` and `jslob`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from middleware.clean_up import TOMBSTONE_MS
from middleware.context import Context
from middleware.directory.model import User
from middleware.folders.ids import calendar_id, contacts_id
from middleware.generation import Generation
from middleware.times import wall_clock, zone_names

ALARM_TYPES = ("DISPLAY", "AUDIO", "EMAIL")
AVAILABLE_MODULES = (
    "calendar",
    "interfaces",
    "mail",
    "com.openexchange.group",
    "com.openexchange.resource",
    "folder",
    "contacts",
    "tasks",
)
TASK_NOTICES = {
    "notifyNewModifiedDeleted": True,
    "notifyAcceptedDeclinedAsCreator": True,
    "notifyAcceptedDeclinedAsParticipant": True,
}
_FIXED = {"configurable": False}
_FREE = {"configurable": True}

# What a client may change of the documents that the server fills.
JSLOB_META: Mapping[str, dict[str, Any]] = {
    "io.ox/calendar": {
        "participantBlacklist": _FIXED,
        "chronos": {
            "defaultFolderId": _FIXED,
            "restrictAllowedAttendeeChanges": _FIXED,
            "defaultAlarmDate": _FREE,
            "allowChangeOfOrganizer": _FIXED,
            "freeBusyVisibility": {"possibleValues": ["all", "none"], **_FREE},
            "restrictAllowedAttendeeChangesPublic": _FIXED,
            "autoProcessIMip": _FREE,
            "defaultAlarmDateTime": _FREE,
        },
        "birthdays": {"defaultAlarmDate": _FREE},
    },
    "io.ox/contacts": {"showDepartment": _FIXED},
}


def config_tree(ox: Context, user: User) -> dict[str, Any]:
    """The whole tree of the module config."""
    tree: dict[str, Any] = {
        "identifier": user.id,
        "context_id": ox.id,
        "contact_id": user.contact_id,
        "timezone": user.timezone,
        "language": user.locale,
        "serverVersion": ox.settings.generation.server_version,
        "currentTime": wall_clock(ox.clock.now(), ZoneInfo(user.timezone)),
        "availableTimeZones": _zone_names(),
        "availableModules": list(AVAILABLE_MODULES),
        "cookielifetime": -1,
        "fastgui": "null",
        "folder": default_folders(ox, user),
        "mail": {"addresses": [user.email], "defaultaddress": user.email, "sendaddress": user.email},
        "maxUploadIdleTimeout": 300_000,
        "minimumSearchCharacters": 0,
        "tombstoneCleanup": {"timespan": TOMBSTONE_MS},
        "modules": _modules(user),
    }
    if ox.settings.generation is Generation.SEVEN:
        del tree["tombstoneCleanup"], tree["modules"]["calendar"]["availableAlarmTypes"]
    return tree


def default_folders(ox: Context, user: User) -> dict[str, Any]:
    """The ids of the user's default folders."""
    ids = {name: ox.folders.default(user.id, name).id for name in ("calendar", "contacts", "tasks", "infostore")}
    folders: dict[str, Any] = {name: str(number) for name, number in ids.items()}
    folders["eas"] = False
    if ox.settings.generation is Generation.EIGHT:
        folders["addressbooks"] = contacts_id(ids["contacts"])
    return folders


def _modules(user: User) -> dict[str, Any]:
    return {
        "calendar": {
            "notifyAcceptedDeclinedAsCreator": True,
            "availableAlarmTypes": list(ALARM_TYPES),
            "calendar_conflict": True,
            "calendar_teamview": True,
            "module": True,
            "defaultStatusPrivate": 0,
            "calendar_freebusy": True,
            "gui": None,
            "defaultStatusPublic": 0,
            "notifyAcceptedDeclinedAsParticipant": False,
            "notifyNewModifiedDeleted": True,
        },
        "interfaces": {"syncml": False, "ical": True, "vcard": True},
        "mail": {"addresses": [user.email], "defaultaddress": user.email, "sendaddress": user.email},
        "com.openexchange.group": True,
        "com.openexchange.resource": True,
        "caldav": {"module": False, "active": True, "url": "https://[hostname]/caldav/[folderId]"},
        "folder": {"read_create_shared_folders": True, "tree": 1, "gui": None, "public_folders": True},
        "contacts": {
            "module": True,
            "gui": None,
            "maxImageSize": 4_194_304,
            "characterSearch": True,
            "singleFolderSearch": False,
            "allFoldersForAutoComplete": True,
            "mailAddressAutoSearch": True,
        },
        "tasks": {"module": True, "gui": None, "delegate_tasks": True, **TASK_NOTICES},
    }


def jslob_trees(ox: Context, user: User) -> dict[str, dict[str, Any]]:
    """The documents of the service com.openexchange.jslob.config that the server itself fills."""
    calendar = _modules(user)["calendar"]
    trees: dict[str, dict[str, Any]] = {
        "io.ox/core": {
            "serverVersion": ox.settings.generation.server_version,
            "timezone": user.timezone,
            "language": user.locale,
            "identifier": user.id,
            "folder": default_folders(ox, user),
        },
        "io.ox/calendar": {
            "availableAlarmTypes": list(ALARM_TYPES),
            "notifyNewModifiedDeleted": calendar["notifyNewModifiedDeleted"],
            "notifyAcceptedDeclinedAsParticipant": calendar["notifyAcceptedDeclinedAsParticipant"],
            "notifyAcceptedDeclinedAsCreator": calendar["notifyAcceptedDeclinedAsCreator"],
            "freeBusy": True,
            "participantBlacklist": "",
            "chronos": {
                "defaultFolderId": calendar_id(ox.folders.default(user.id, "calendar").id),
                "restrictAllowedAttendeeChanges": True,
                "allowChangeOfOrganizer": False,
                "freeBusyVisibility": "all",
                "restrictAllowedAttendeeChangesPublic": True,
                "autoProcessIMip": "KNOWN",
            },
            "birthdays": {},
        },
        "io.ox/caldav": {"url": "https://[hostname]/caldav/[folderId]", "active": True},
        "io.ox/contacts": {
            "maxImageSize": 4_194_304,
            "search": {"minimumQueryLength": 0},
            "showDepartment": False,
        },
        "io.ox/tasks": dict(TASK_NOTICES),
    }
    if ox.settings.generation is Generation.SEVEN:
        for name in ("availableAlarmTypes", "chronos", "birthdays"):
            del trees["io.ox/calendar"][name]
    return trees


def jslob_meta(ox: Context, name: str) -> dict[str, Any]:
    """What a client may change of a document that the server fills."""
    meta = JSLOB_META.get(name, {})
    if ox.settings.generation is Generation.EIGHT:
        return meta
    return {key: value for key, value in meta.items() if key not in ("chronos", "birthdays")}


@functools.cache
def _zone_names() -> Mapping[str, str]:
    """The name of every zone with its offset. Made once: it reads the definitions of all of them."""
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    names = {}
    for name in sorted(zone_names()):
        if _is_listed(name):
            text = moment.astimezone(ZoneInfo(name)).strftime("%z").replace("+0000", "-0000")
            names[name] = f"(GMT{text[:3]}:{text[3:5]}) {name.replace('_', ' ')}"
    return names


def _is_listed(zone: str) -> bool:
    """The server leaves out zones by offset, the short names of old, and what is no zone."""
    if zone in ("GMT", "UTC"):
        return True
    return len(zone) > 3 and not zone.startswith(("Etc/", "GMT+", "GMT-")) and zone not in ("Factory", "localtime")

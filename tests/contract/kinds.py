"""Which values of requests and answers a server makes itself, and of what kind they are.

A place is the chain of member names from the root of a JSON value, without positions in arrays. In answers made of
rows the member is the name that the column number stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto


class Kind(Enum):
    """What a value made by the server is."""

    FOLDER = auto()
    EVENT = auto()
    CONTACT = auto()
    TASK = auto()
    REMINDER = auto()
    OBJECT = auto()  # a task, contact or event, where only the request tells which
    ALARM = auto()
    ATTACHMENT = auto()
    CONFERENCE = auto()
    NAME = auto()  # an id that is the same on every server
    UID = auto()
    STAMP = auto()
    ZONED_STAMP = auto()  # ms shifted by the offset of the zone of the request
    DATE_TEXT = auto()  # a moment in words
    TEXT = auto()  # words in which ids may occur
    FREE = auto()  # differs with every answer or every server


# Column numbers of rows, by module; columns that hold no value made by the server are left out.
_COMMON_COLUMNS = {1: "id", 4: "creation_date", 5: "last_modified", 6: "last_modified_utc", 20: "folder_id"}
_CONTACT_COLUMNS = {
    **_COMMON_COLUMNS,
    223: "uid",
    570: "image1_url",
    592: "distribution_list",
    597: "image_last_modified",
    606: "image1_url",
    608: "useCount",
}
_COLUMNS = {
    "calendar": {**_COMMON_COLUMNS, 206: "recurrence_id", 223: "uid"},
    "folders": _COMMON_COLUMNS,
    "contacts": _CONTACT_COLUMNS,
    "addressbooks": _CONTACT_COLUMNS,
    "user": _CONTACT_COLUMNS,
    "group": {1: "id", 5: "last_modified_text"},
    "attachment": {1: "id", 4: "creation_date", 800: "folder", 801: "attached"},
    "tasks": {**_COMMON_COLUMNS, 105: "lastModifiedOfNewestAttachmentUTC", 223: "uid"},
}

# Rows of contacts leave out the columns that the module does not know.
_NO_COLUMNS_OF_CONTACTS = frozenset({591, 593, 595, 600, 603, 604, *range(609, 616), 9999})

# Rows of tasks leave out columns, too.
_NO_COLUMNS_OF_TASKS = frozenset({207, 208, 217, 304, 310, 311})

# The columns of contacts `updates` without `columns`, as far as they hold values made by the server; 122 in all.
_ALL_CONTACT_COLUMNS = 122
_ALL_CONTACT_POSITIONS = {89: 1, 92: 20, 96: 4, 97: 5, 111: 608, 113: 6, 120: 223}


def columns_of(module: str, query: Mapping[str, object]) -> list[str]:
    """The member names for the values of a row: those that a kind is known by, else the column numbers."""
    names = _COLUMNS.get(module, {})
    numbers = [int(part) for part in str(query.get("columns", "")).split(",") if part.strip().isdigit()]
    if module in ("contacts", "addressbooks"):
        numbers = [number for number in numbers if number not in _NO_COLUMNS_OF_CONTACTS]
        if "columns" not in query and query.get("action") == "updates":
            numbers = [_ALL_CONTACT_POSITIONS.get(position, -position) for position in range(_ALL_CONTACT_COLUMNS)]
    if module == "tasks":
        numbers = [number for number in numbers if number not in _NO_COLUMNS_OF_TASKS]
    return [names.get(number, str(number)) for number in numbers]


_ID_OF_MODULE = {
    "folders": Kind.FOLDER,
    "chronos": Kind.EVENT,
    "calendar": Kind.EVENT,
    "contacts": Kind.CONTACT,
    "addressbooks": Kind.CONTACT,
    "tasks": Kind.TASK,
    "attachment": Kind.ATTACHMENT,
    "reminder": Kind.REMINDER,
}

_EVERYWHERE = {
    "folder": Kind.FOLDER,
    "folders": Kind.FOLDER,
    "folder_id": Kind.FOLDER,
    "folderId": Kind.FOLDER,
    "targetFolder": Kind.FOLDER,
    "contact_folder": Kind.FOLDER,
    "parent": Kind.FOLDER,
    "contact_id": Kind.CONTACT,
    "seriesId": Kind.EVENT,
    "recurrence_id": Kind.EVENT,
    "eventId": Kind.EVENT,
    "objectId": Kind.EVENT,
    "alarmId": Kind.ALARM,
    "attached": Kind.OBJECT,
    "target_id": Kind.OBJECT,
    "file_id": Kind.FREE,
    "server_time": Kind.FREE,
    "managedId": Kind.ATTACHMENT,
    "uid": Kind.UID,
    "contact_uid": Kind.UID,
    "UUID": Kind.UID,
    "uuid": Kind.UID,
    "LastLogin": Kind.FREE,
    "IP": Kind.FREE,
    "timestamp": Kind.STAMP,
    "lastModified": Kind.STAMP,
    "dtstamp": Kind.STAMP,
    "last_modified_utc": Kind.STAMP,
    "lastModifiedOfNewestAttachmentUTC": Kind.STAMP,
    "image_last_modified": Kind.STAMP,
    "acknowledged": Kind.STAMP,
    "creation_date": Kind.ZONED_STAMP,
    "last_modified": Kind.ZONED_STAMP,
    "last_modified_text": Kind.DATE_TEXT,
    "image1_url": Kind.TEXT,
    "com.openexchange.caldav.url": Kind.TEXT,
    "com.openexchange.carddav.url": Kind.TEXT,
    "3220": Kind.TEXT,
    "error": Kind.TEXT,
    "error_desc": Kind.TEXT,
    "error_params": Kind.TEXT,
    "error_stack": Kind.FREE,
    "error_id": Kind.FREE,
    "token": Kind.FREE,
}

# Extended properties of birthdays.
_OF_CONTACTS = {"X-OX-CONTACT-ID": Kind.CONTACT, "X-OX-CONTACT-FOLDER-ID": Kind.FOLDER}

# Numbers that tell how much is stored or how often something was used: they count what other scenarios left behind.
_COUNTERS = frozenset({"countuse", "use", "useCount"})


def kind_of(module: str, place: Sequence[str]) -> Kind | None:
    """The kind of the value at a place of a request to, or an answer of, a module; None for all other values."""
    name = place[-1] if place else ""
    parent = place[-2] if len(place) > 1 else ""
    if name in _COUNTERS or (module == "config/currentTime" and name):
        return Kind.FREE
    if name == "id":
        return _kind_of_id(module, place)
    if name == "value" and parent in ("relatedTo", "X-OX-SPLIT-FROM"):
        return Kind.UID
    if name == "value" and parent in _OF_CONTACTS:
        return _OF_CONTACTS[parent]
    if name == "last_modified" and module == "reminder":
        return Kind.STAMP
    if name == "created":
        return Kind.ZONED_STAMP if parent == "attachments" else Kind.STAMP
    if module == "folders" and name == "data" and not parent:
        return Kind.FOLDER
    return _EVERYWHERE.get(name)


# Participants and users of appointments, in objects and rows: their ids are the same on every server.
_PEOPLE = frozenset({"participants", "users", "220", "221"})


def _kind_of_id(module: str, place: Sequence[str]) -> Kind | None:
    if "alarms" in place or "alarm" in place:
        return Kind.ALARM
    if "conferences" in place:
        return Kind.CONFERENCE
    if module == "calendar" and _PEOPLE.intersection(place):
        return None
    if "distribution_list" in place:
        return Kind.CONTACT
    if {"participants", "users", "220", "221"} & set(place):
        return Kind.NAME
    if module == "capabilities" or "capabilities" in place:
        return Kind.NAME
    return _ID_OF_MODULE.get(module)

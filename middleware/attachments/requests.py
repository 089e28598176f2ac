"""What requests to the module `attachment` name: the object, the files to attach, the columns to show."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection

from middleware.attachments.event_holder import EventHolder
from middleware.attachments.holders import ContactHolder, Holder, Request, TaskHolder
from middleware.attachments.storage import NewFile
from middleware.call import Call
from middleware.contacts import model as contact_model
from middleware.context import Context
from middleware.errors import OXError, illegal_body, invalid_json, invalid_parameter, missing_parameter, unexpected
from middleware.scopes import READ, WRITE, require_folders
from middleware.tasks import model as task_model

EVENTS: Final = 1
FILENAME_LIMIT: Final = 255
_NO_COLUMNS = 'Cannot read the array length because "<local6>" is null'
# By the number of a module: the name of its folders, and what opens an object of it.
_MODULES: Final[Mapping[int, tuple[str, Callable[[Request], Holder]]]] = {
    EVENTS: ("calendar", EventHolder),
    task_model.MODULE_ID: ("tasks", TaskHolder),
    contact_model.ATTACHMENT_MODULE: ("contacts", ContactHolder),
}


def not_found(number: int) -> OXError:
    """The object has no such attachment."""
    text = "The attachment does not exist any more."
    return OXError("ATT-0405", "USER_INPUT", text, f"Attachment {number} not found.", [number])


def module_number(value: object) -> int:
    """The number of a module that has attachments; SVL-0010 for any other."""
    text = str(value)
    if not text.isdecimal() or len(text) > 1 or int(text) not in _MODULES:
        raise invalid_parameter("module", value)
    return int(text)


def open_holder(
    call: Call, ox: Context, connection: Connection, named: Mapping[str, Any], *, write: bool = False
) -> tuple[int, Holder]:
    """The number of the module, and the object that `folder`, `attached` and `module` name.

    SVL-0002 when one of them is missing, RA-0002 when the session does not open the module, else the errors of the
    module when the user may not read, or with `write` not change, the object.
    """
    for name in ("folder", "attached", "module"):
        if named.get(name) is None:
            raise missing_parameter(name)
    number = module_number(named["module"])
    folders, opened = _MODULES[number]
    require_folders(call, WRITE if write else READ, folders)
    holder = opened(Request(call, ox, connection, named["folder"], named["attached"]))
    if write:
        holder.require_write()
    return number, holder


def attachment_id(value: object) -> int:
    """The number of an attachment; SVL-0010 for anything else."""
    text = str(value)
    if not (text.isascii() and text.isdecimal()) or len(text) > 10:
        raise invalid_parameter("id", value)
    return int(text)


def attachment_ids(call: Call) -> list[int]:
    """The ids in the body."""
    return [attachment_id(one) for one in call.array()]


def columns(call: Call) -> tuple[int, ...]:
    """The columns of a listing; without them the real server fails."""
    if "columns" not in call.params:
        raise unexpected(_NO_COLUMNS)
    return call.columns()


def uploads(call: Call) -> list[tuple[Mapping[str, Any], NewFile]]:
    """What to attach where: the form fields json_0, json_1 ... with the files of the same numbers.

    SVL-0002 when the first of a pair, or a file, is missing; SVL-0029 and SVL-0031 when a description is no object.
    """
    found = []
    number = 0
    while f"json_{number}" in call.form or number == 0:
        named = _description(call, f"json_{number}")
        file = call.upload(f"file_{number}")
        if file is None:
            raise missing_parameter(f"file_{number}")
        filename = str(named.get("filename") or file.filename)[:FILENAME_LIMIT]
        content_type = str(named.get("file_mimetype") or file.content_type)[:FILENAME_LIMIT]
        found.append((named, NewFile(filename, content_type, file.data)))
        number += 1
    return found


def _description(call: Call, field: str) -> Mapping[str, Any]:
    if field not in call.form:
        raise missing_parameter(field)
    try:
        named = json.loads(call.form[field])
    except (ValueError, RecursionError):
        raise invalid_json() from None
    if not isinstance(named, dict):
        raise illegal_body()
    return named

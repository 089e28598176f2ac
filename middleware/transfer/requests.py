"""What the actions of `import` and `export` have in common: the uploaded file, the named objects, the download."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from middleware.call import Call
from middleware.disposition import disposition
from middleware.envelope import Binary
from middleware.errors import OXError, illegal_body, invalid_json, missing_parameter
from middleware.folders.errors import folder_not_found
from middleware.folders.ids import CALENDAR_PREFIX, parse_folder_id

if TYPE_CHECKING:
    from middleware.context import Context
    from middleware.folders.model import Folder


def uploaded_text(call: Call) -> str:
    """The text of the uploaded file; SVL-0002 without one."""
    upload = call.upload("file") or next(iter(call.files), None)
    if upload is None:
        raise missing_parameter("file")
    return upload.data.decode("utf-8", "replace")


def addressed_folder(ox: Context, text: str) -> Folder:
    """The folder of a plain or composite id; FLD-0008 when there is none."""
    number = parse_folder_id(text)
    folder = None if number is None else ox.folders.find(number)
    if folder is None:
        raise folder_not_found(text, ox.id)
    return folder


def composite_calendar(text: str) -> str:
    """The id of a calendar as chronos knows it, of a plain or composite one."""
    return f"{CALENDAR_PREFIX}{text}" if text.isdigit() else text


def named_objects(call: Call) -> list[tuple[str, str]] | None:
    """The (folder, id) pairs that a body names, None when the call names a folder instead.

    The body is JSON, or the form field `body`. SVL-0009 when an entry lacks one of both.
    """
    body = call.body
    if body is None and "body" in call.form:
        try:
            body = json.loads(call.form["body"])
        except ValueError:
            raise invalid_json() from None
    if body is None:
        return None
    if not isinstance(body, list):
        raise illegal_body()
    if not all(isinstance(one, dict) and one.get("folder_id") and one.get("id") for one in body):
        raise OXError("SVL-0009", "ERROR")
    return [(str(one["folder_id"]), str(one["id"])) for one in body]


def download(text: str, content_type: str, filename: str) -> Binary:
    """The text as a file to be saved."""
    headers = {"Content-Disposition": disposition("attachment", filename)}
    return Binary(text.encode(), f"{content_type};charset=UTF-8", headers)

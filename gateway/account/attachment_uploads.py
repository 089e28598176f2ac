"""Files of a wanted object that OX does not have yet, as uploads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.account.files import Files, Place
from gateway.ox.call import Upload
from gateway.ox.errors import AttachmentNotFound, Malformed, ObjectNotFound, PermissionDenied
from mappings.calendar.attachments import is_media_type, is_new

_ANY_TYPE = "application/octet-stream"
_NAMELESS = "attachment"


async def with_uploads(
    files: Files, folder: str, fields: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[Upload, ...]]:
    """``fields`` as module ``chronos`` takes them, and the files that go with them. As ``uploaded``."""
    if not fields.get("attachments"):
        return fields, ()
    attachments: list[Mapping[str, Any]] = []
    uploads: list[Upload] = []
    for attachment in fields["attachments"]:
        if not is_new(attachment):
            attachments.append(attachment)
            continue
        upload = await uploaded(files, folder, attachment, field=f"file_{len(uploads)}")
        kind = attachment.get("fmtType") or ""
        uploads.append(upload)
        attachments.append(
            {"filename": upload.filename, "uri": f"cid:{upload.field}"} | ({"fmtType": kind} if kind else {})
        )
    return {**fields, "attachments": attachments}, tuple(uploads)


async def uploaded(files: Files, folder: str, attachment: Mapping[str, Any], *, field: str = "file") -> Upload:
    """A new attachment (``mappings.calendar.attachments``) as an upload. A copied file is looked for in ``folder``
    first: two to four upstream calls, none for another file. Raises AttachmentNotFound for a copy of what this user
    cannot read."""
    data = attachment.get("data")
    if data is None:
        data = await _copied(files, Place(folder, attachment["event"]), attachment["managedId"])
    kind = attachment.get("fmtType") or ""
    return Upload(attachment.get("filename") or _NAMELESS, kind if is_media_type(kind) else _ANY_TYPE, data, field)


async def _copied(files: Files, place: Place, managed_id: int) -> bytes:
    try:
        place, held = await files.wherever(place, files.held)
        size = next((one.get("size") for one in held if one.get("managedId") == managed_id), None)
        data = await files.content(place, managed_id)
    except (ObjectNotFound, PermissionDenied) as error:
        raise AttachmentNotFound(error.fault) from error
    if size and len(data) != size:
        raise Malformed("a file of another size than OX tells")
    return data

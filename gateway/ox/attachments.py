"""Module ``attachment``: files beside tasks and appointments, in every generation of OX, with plain folder ids.

A file never changes; it is attached and detached. Both raise the stamp of the object that has it.
Surprises: ``all`` fails without columns; detaching what is not there succeeds and leaves the object as it is; several
files in one request are attached together or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call, Upload
from gateway.ox.errors import FileTooLarge, Malformed, OXError, TooLong
from gateway.ox.shape import a_stamp, an_array, an_id, optional_stamp, rows

APPOINTMENT, TASK = 1, 4
"""What ``module`` is called here."""

_COLUMNS = {"id": 1, "filename": 803, "file_size": 804, "file_mimetype": 805}
_AS_IT_IS = "application/octet-stream"
"""Other types of content are made harmless for browsers by some servers, and are other bytes then."""


@dataclass(frozen=True, slots=True)
class Holder:
    """An object that has files: of ``module``, where the user has it."""

    module: int
    folder: str
    id: str

    @property
    def params(self) -> dict[str, str]:
        return {"module": str(self.module), "folder": self.folder, "attached": self.id}


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as OX lists it. ``size`` in bytes."""

    id: int
    filename: str
    content_type: str
    size: int


def held(holder: Holder) -> Call[tuple[Attachment, ...]]:
    """attachment?action=all: the files of an object, in the order they came. Raises ObjectNotFound,
    PermissionDenied."""

    def decode(answer: Answer) -> tuple[Attachment, ...]:
        found = [_attachment(row) for row in rows(answer.data, tuple(_COLUMNS), "attachments")]
        return tuple(sorted(found, key=lambda one: one.id))

    columns = ",".join(map(str, _COLUMNS.values()))
    return Call("attachment", "all", decode, {**holder.params, "columns": columns})


def document(holder: Holder, attachment_id: int) -> Call[bytes]:
    """attachment?action=document: the bytes of a file. Raises AttachmentNotFound, ObjectNotFound, PermissionDenied."""

    def decode(answer: Answer) -> bytes:
        if not isinstance(answer.data, bytes):
            raise Malformed("JSON where a file was asked for")
        return answer.data

    params = {**holder.params, "id": str(attachment_id), "content_type": _AS_IT_IS}
    return Call("attachment", "document", decode, params, binary=True)


def attach(holder: Holder, files: Sequence[Upload]) -> Call[int | None]:
    """attachment?action=attach: all ``files`` or none; the new stamp of the object, when OX tells it. Raises
    FileTooLarge, OverQuota, ObjectNotFound, PermissionDenied."""

    def decode(answer: Answer) -> int | None:
        an_array(answer.data, "ids of attachments")
        return optional_stamp(answer.timestamp, "timestamp")

    named = {"module": holder.module, "folder": _number(holder.folder), "attached": _number(holder.id)}
    uploads = tuple(
        Upload(
            file.filename,
            file.content_type,
            file.data,
            f"file_{place}",
            (f"json_{place}", {**named, "filename": file.filename, "file_mimetype": file.content_type}),
        )
        for place, file in enumerate(files)
    )
    params = {"force_json_response": "true"}
    return Call("attachment", "attach", decode, params, method="POST", write=True, uploads=uploads, refine=_refined)


def detach(holder: Holder, ids: Sequence[int]) -> Call[int | None]:
    """attachment?action=detach; the stamp, when OX tells it. Raises ObjectNotFound, PermissionDenied."""

    def decode(answer: Answer) -> int | None:
        return optional_stamp(answer.timestamp, "timestamp")

    return Call("attachment", "detach", decode, holder.params, list(ids), "PUT", write=True)


def _attachment(row: dict[str, Any]) -> Attachment:
    return Attachment(
        int(an_id(row.get("id"), "id of attachment")),
        str(row.get("filename") or "attachment"),
        str(row.get("file_mimetype") or ""),
        a_stamp(row.get("file_size") or 0, "size of attachment"),
    )


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _refined(error: OXError) -> OXError:
    """Fronts answer 413 to what is too large."""
    return FileTooLarge(error.fault) if isinstance(error, TooLong) else error

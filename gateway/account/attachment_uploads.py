"""Files of a wanted event that OX does not have yet, as uploads beside its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gateway.ox import chronos
from gateway.ox.call import Upload
from gateway.ox.chronos import EventId
from gateway.ox.errors import AttachmentNotFound, ObjectNotFound, PermissionDenied
from gateway.ox.session import Session
from mappings.calendar.attachments import is_media_type

_ANY_TYPE = "application/octet-stream"


async def with_uploads(
    session: Session, folder: str, fields: Mapping[str, Any]
) -> tuple[Mapping[str, Any], tuple[Upload, ...]]:
    """``fields`` as OX takes them, and the files that go with them (``mappings.calendar.attachments``). ``folder`` is
    where copied files are looked for first. No upstream call without copies, else one or three a file.
    Raises AttachmentNotFound for a copy of what this user cannot read."""
    if not fields.get("attachments"):
        return fields, ()
    attachments: list[Mapping[str, Any]] = []
    uploads: list[Upload] = []
    for attachment in fields["attachments"]:
        data = attachment.get("data")
        if "event" in attachment:
            data = await _copied(session, EventId(folder, attachment["event"]), attachment["managedId"])
        if data is None:
            attachments.append(attachment)
            continue
        kind, field = attachment.get("fmtType") or "", f"file_{len(uploads)}"
        filename = attachment.get("filename") or "attachment"
        uploads.append(Upload(filename, kind if is_media_type(kind) else _ANY_TYPE, data, field))
        attachments.append({"filename": filename, "uri": f"cid:{field}"} | ({"fmtType": kind} if kind else {}))
    return {**fields, "attachments": attachments}, tuple(uploads)


async def _copied(session: Session, event: EventId, managed_id: int) -> bytes:
    try:
        return await session.run(chronos.attachment(event, managed_id))
    except (ObjectNotFound, PermissionDenied) as error:
        elsewhere = await session.run(chronos.resolve(event.id, ("id", "folder")))
        if elsewhere is None or elsewhere.get("folder") in (None, event.folder):
            raise AttachmentNotFound(error.fault) from error
    try:
        return await session.run(chronos.attachment(EventId(elsewhere["folder"], event.id), managed_id))
    except PermissionDenied as error:
        raise AttachmentNotFound(error.fault) from error

"""POST with an action to a calendar object resource: files added, replaced and removed (RFC 8607 3.3 to 3.6)."""

from __future__ import annotations

from email.message import Message

from gateway.dav.conditions import check
from gateway.dav.context import Context
from gateway.dav.errors import (
    MaxAttachmentSize,
    MethodNotAllowed,
    ValidAction,
    ValidFilename,
    ValidManagedId,
    ValidRid,
)
from gateway.dav.headers import prefers_representation, schedule_reply
from gateway.dav.locate import Member
from gateway.dav.messages import Request, Response
from gateway.dav.ports import Attachable
from gateway.dav.rights import require_on
from gateway.dav.schedule_tag import check_schedule_tag, headers_after_write
from gateway.dav.values import Attached, AttachmentChange, Privilege
from mappings.calendar.attachments import is_media_type

_ADD, _UPDATE, _REMOVE = "attachment-add", "attachment-update", "attachment-remove"
_MANAGED_ID = "Cal-Managed-ID"
_LONGEST_NAME = 255


async def attachment_action(context: Context, found: Member) -> Response:
    """201 for a new file, else 204, or 200 with the object if the client prefers to see it. Only then is there an ETag:
    a client that takes it for its own text would remove the file with its next PUT."""
    request, collection = context.request, found.collection
    if not isinstance(collection, Attachable):
        raise MethodNotAllowed("files cannot be attached here")
    change = _change(request, collection)
    check(request, found.entry)
    await check_schedule_tag(context, collection, found.entry)
    require_on(collection, found.entry, Privilege.WRITE_CONTENT)
    collection.schedule_reply = schedule_reply(request)
    attached = await collection.change_attachment(found.entry.name, found.entry, change)
    headers = [] if attached.managed_id is None else [(_MANAGED_ID, attached.managed_id)]
    headers += await headers_after_write(context, collection, found.entry.name)
    created = change.managed_id is None
    if created and attached.path is not None:
        headers.append(("Location", context.href(attached.path, collection=False)))
    if not prefers_representation(request):
        return Response(201 if created else 204, headers)
    return await _with_object(context, collection, attached, headers, 201 if created else 200)


async def _with_object(
    context: Context, collection: Attachable, attached: Attached, headers: list[tuple[str, str]], status: int
) -> Response:
    async for body in collection.bodies([attached.entry.name]):
        place = context.href((*collection.path, body.entry.name), collection=False)
        headers = [
            *headers,
            ("Content-Type", "text/calendar; charset=utf-8"),
            ("Content-Location", place),
            ("ETag", body.entry.etag),
            ("Preference-Applied", "return=representation"),
        ]
        return Response(status, headers, body.text.encode())
    return Response(status if status == 201 else 204, headers)


def _change(request: Request, collection: Attachable) -> AttachmentChange:
    action, managed_id = request.query.get("action"), request.query.get("managed-id")
    if action not in (_ADD, _UPDATE, _REMOVE):
        raise ValidAction("the action is attachment-add, attachment-update or attachment-remove")
    if (managed_id is None) != (action == _ADD) or managed_id == "":
        raise ValidManagedId("managed-id is for attachment-update and attachment-remove, which need it")
    rid = request.query.get("rid")
    if rid is not None and action == _UPDATE:
        raise ValidRid("a file is updated wherever it is: rid is not allowed")
    instances = None if rid is None else tuple(part.strip() for part in rid.split(","))
    if action == _REMOVE:
        return AttachmentChange(managed_id, None, "", None, instances)
    if len(request.body) > collection.max_attachment_size:
        raise MaxAttachmentSize(f"an attachment has at most {collection.max_attachment_size} bytes")
    return AttachmentChange(managed_id, request.body, _content_type(request), _filename(request), instances)


def _content_type(request: Request) -> str:
    kind = (request.header("content-type") or "").split(";")[0].strip().lower()
    return kind if is_media_type(kind) else "application/octet-stream"


def _filename(request: Request) -> str | None:
    """Without directories, which some clients send. Raises ValidFilename for a name that nobody could save."""
    value = request.header("content-disposition")
    if value is None:
        return None
    message = Message()
    message["Content-Disposition"] = value
    filename = message.get_filename()
    if filename is None:
        return None
    filename = filename.replace("\\", "/").rpartition("/")[2].strip()
    printable = all(char.isprintable() for char in filename)
    if not printable or filename in ("", ".", "..") or len(filename) > _LONGEST_NAME:
        raise ValidFilename("Content-Disposition has no usable file name")
    return filename

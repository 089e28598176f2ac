"""Files attached to events: what a GET of one answers."""

from __future__ import annotations

from urllib.parse import quote

from gateway.dav.conditions import etag_matches
from gateway.dav.context import Context
from gateway.dav.messages import Response
from gateway.dav.ports import Attachment
from gateway.dav.values import File
from mappings.calendar.attachments import is_media_type


async def get_attachment(context: Context, found: Attachment) -> Response:
    """The file, to be saved and never shown in a page of this server. Rights are asked for each time, so nothing may be
    taken from a cache without asking."""
    file = await found.file()
    headers = [
        ("ETag", file.etag),
        ("Cache-Control", "private, no-cache"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "sandbox; default-src 'none'"),
    ]
    if etag_matches(context.request, file.etag):
        return Response(304, headers)
    headers += [("Content-Type", _content_type(file)), ("Content-Disposition", _disposition(file.filename))]
    if file.size is not None:
        headers.append(("Content-Length", str(file.size)))
    return Response(200, headers, b"" if context.request.method == "HEAD" else await found.content())


def _content_type(file: File) -> str:
    return file.content_type if is_media_type(file.content_type) else "application/octet-stream"


def _disposition(filename: str) -> str:
    """RFC 6266: a name in ASCII for old clients, the real one beside it."""
    ascii_name = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in filename)
    encoded = quote(filename.encode("utf-8", "replace"), safe="")
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{encoded}"

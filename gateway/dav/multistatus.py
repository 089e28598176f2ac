"""Multistatus answers (RFC 4918 13): fragments of one response, and the answer that streams them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from http import HTTPStatus

from gateway.dav.messages import Response
from gateway.dav.names import dav
from gateway.dav.xml import CONTENT_TYPE, DECLARATION, ROOT_DECLARATIONS, element, escape

CHUNK_SIZE = 256 * 1024
"""Characters of text that are collected before the first chunk goes out."""

_WRITE_SIZE = 64 * 1024
"""Characters of a chunk. The memory of much larger ones is given back to the system and taken anew for each."""

_HEAD = f"{DECLARATION}<D:multistatus{ROOT_DECLARATIONS}>\n"
_CLOSE = "</D:multistatus>\n"


def status_line(status: int) -> str:
    """``HTTP/1.1 200 OK``, as DAV:status holds it; clients compare it to the letter."""
    try:
        phrase = HTTPStatus(status).phrase
    except ValueError:
        phrase = ""
    return f"HTTP/1.1 {status} {phrase}"


_OK = f"</D:prop><D:status>{status_line(200)}</D:status></D:propstat>"


def propstat(status: int, properties: Iterable[str], *, error: str = "", description: str = "") -> str:
    """Properties (fragments) that share a status. ``error``: content of DAV:error, a fragment."""
    fragment = f"<D:propstat><D:prop>{''.join(properties)}"
    if status == 200:
        return fragment + _OK
    parts = [f"{fragment}</D:prop><D:status>{status_line(status)}</D:status>"]
    if error:
        parts.append(element(dav("error"), error))
    if description:
        parts.append(element(dav("responsedescription"), escape(description)))
    return "".join(parts) + "</D:propstat>"


def response(href: str, *propstats: str) -> str:
    """One resource with its properties; ``href`` as ``Base.href`` gives it. The 200 propstat comes first."""
    return f"<D:response><D:href>{escape(href)}</D:href>{''.join(propstats)}</D:response>\n"


def status_response(href: str, status: int, *, error: str = "", description: str = "") -> str:
    """One resource with a status of its own instead of properties. ``error``: content of DAV:error."""
    parts = [f"<D:response><D:href>{escape(href)}</D:href><D:status>{status_line(status)}</D:status>"]
    if error:
        parts.append(element(dav("error"), error))
    if description:
        parts.append(element(dav("responsedescription"), escape(description)))
    return "".join(parts) + "</D:response>\n"


async def multistatus(
    responses: AsyncIterator[str], *, token: str | None = None, headers: Iterable[tuple[str, str]] = ()
) -> Response:
    """The 207 answer with these responses, and a DAV:sync-token after them (RFC 6578 6.1).

    Returns once the first chunk is full (or everything is there: then the body is bytes), so that whatever fails
    until then still becomes a proper error answer. Errors after that break the stream off.
    """
    parts = [_HEAD]
    size = 0
    body: bytes | AsyncIterator[bytes]
    async for fragment in responses:
        parts.append(fragment)
        size += len(fragment)
        if size >= CHUNK_SIZE:
            body = _chunks(parts, responses, token)
            break
    else:
        body = "".join([*parts, _tail(token)]).encode()
    return Response(207, [("Content-Type", CONTENT_TYPE), *headers], body)


def whole_multistatus(*responses: str) -> Response:
    """A small 207 answer from responses that are all there."""
    return Response(207, [("Content-Type", CONTENT_TYPE)], "".join([_HEAD, *responses, _CLOSE]).encode())


async def _chunks(first: Sequence[str], others: AsyncIterator[str], token: str | None) -> AsyncIterator[bytes]:
    parts: list[str] = []
    size = 0
    async for fragment in _chain(first, others):
        parts.append(fragment)
        size += len(fragment)
        if size >= _WRITE_SIZE:
            yield "".join(parts).encode()
            parts.clear()
            size = 0
    yield "".join([*parts, _tail(token)]).encode()


async def _chain(first: Iterable[str], others: AsyncIterator[str]) -> AsyncIterator[str]:
    for fragment in first:
        yield fragment
    async for fragment in others:
        yield fragment


def _tail(token: str | None) -> str:
    return _CLOSE if token is None else element(dav("sync-token"), escape(token)) + _CLOSE

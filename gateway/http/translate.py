"""aiohttp's requests and answers to and from those of the protocol."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping

from aiohttp import web

from gateway.dav.errors import BadRequest, DAVError, TooLarge
from gateway.dav.messages import Request, Response
from gateway.dav.paths import Base, InvalidPath, decode_path

_BODILESS = frozenset({"GET", "HEAD", "OPTIONS", "DELETE", "MOVE", "COPY"})


class RequestTimeout(DAVError):
    """The client was too slow in sending its body."""

    status = 408


async def decode_request(request: web.Request, base: Base, *, body_bytes: int, body_seconds: float) -> Request:
    """The whole request. Raises BadRequest, TooLarge or RequestTimeout."""
    raw = raw_path(request)
    try:
        path = decode_path(raw, base.prefix)
    except InvalidPath as error:
        raise BadRequest(f"path: {error}") from None
    body = b""
    if request.body_exists and request.method not in _BODILESS:
        body = await _read_body(request, body_bytes, body_seconds)
    return Request(
        method=request.method,
        path=path,
        base=base,
        headers=_headers(request),
        body=body,
        query=dict(request.rel_url.query) if request.query_string else {},
    )


def raw_path(request: web.Request) -> str:
    """The path of the request target as it was sent, without query; absolute-form targets lose their origin."""
    target = request.raw_path.partition("?")[0]
    if target.startswith("/"):
        return target
    _, _, rest = target.partition("://")
    return "/" + rest.partition("/")[2]


def _headers(request: web.Request) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers


async def _read_body(request: web.Request, limit: int, seconds: float) -> bytes:
    _check_size(request.content_length or 0, limit)
    if request.content.is_eof():  # it came together with the headers
        body = request.content.read_nowait()
        _check_size(len(body), limit)  # it may have been compressed
        return body
    chunks = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                chunks += chunk
                _check_size(len(chunks), limit)
    except TimeoutError:
        raise RequestTimeout("the body did not arrive in time") from None
    return bytes(chunks)


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise TooLarge(f"more than {limit} bytes")


async def send(request: web.Request, response: Response) -> web.StreamResponse:
    """Send an answer. Chunks go out as they come; if producing them fails the connection is aborted, so that
    the client never takes a part for the whole."""
    if isinstance(response.body, bytes):
        answer = web.Response(status=response.status, body=response.body or None)
        for name, value in response.headers:
            answer.headers.add(name, value)
        return answer
    stream = web.StreamResponse(status=response.status)
    for name, value in response.headers:
        stream.headers.add(name, value)
    chunks = response.body
    first = await anext(chunks, b"")
    try:
        await stream.prepare(request)
        if first:
            await stream.write(first)
        async for chunk in chunks:
            await stream.write(chunk)
    except BaseException:
        if request.transport is not None:
            request.transport.abort()
        raise
    finally:
        if isinstance(chunks, AsyncGenerator):
            await chunks.aclose()
    await stream.write_eof()
    return stream

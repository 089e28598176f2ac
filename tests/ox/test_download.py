"""Files that come in pieces, and what may stand in their place."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import web

from gateway.ox import chronos
from gateway.ox.chronos import EventId
from gateway.ox.errors import AttachmentNotFound, Malformed, ObjectNotFound, ServiceDown, Unreachable
from gateway.ox.session import Session
from middleware.faults import Fault, Kind
from middleware.running import Running

Start = Callable[..., Awaitable[Session]]
CALL = chronos.attachment(EventId("cal://0/31", "105"), 4)


async def whole(session: Session) -> bytes:
    return b"".join([chunk async for chunk in (await session.download(CALL)).chunks()])


async def test_a_large_file_comes_in_small_pieces(session_with: Start) -> None:
    data = bytes(range(256)) * 16 * 1024

    async def serve(request: web.Request) -> web.Response:
        assert dict(request.query) == {
            "action": "getAttachment",
            "folder": "cal://0/31",
            "id": "105",
            "managedId": "4",
            "timezone": "UTC",
            "session": request.query["session"],
        }
        return web.Response(body=data, content_type="application/octet-stream")

    session = await session_with(serve, max_answer_bytes=1000)
    sizes, found = [], bytearray()
    async for chunk in (await session.download(CALL)).chunks():
        sizes.append(len(chunk))
        found += chunk
    assert bytes(found) == data
    assert max(sizes) <= 65536


@pytest.mark.parametrize("content_type", ["application/json", "text/html"])
async def test_a_file_may_look_like_an_error(session_with: Start, content_type: str) -> None:
    text = '{"error":"x","code":"CAL-4047"}'

    async def serve(request: web.Request) -> web.Response:
        return web.Response(
            text=text, content_type=content_type, headers={"Content-Disposition": 'attachment; filename="a.json"'}
        )

    session = await session_with(serve)
    assert await whole(session) == text.encode()
    assert await session.run(CALL) == text.encode()


async def test_an_error_in_the_place_of_a_file(session_with: Start) -> None:
    async def refuse(request: web.Request) -> web.Response:
        fault = {"error": "x", "categories": "USER_INPUT", "code": "CAL-4047"}
        return web.json_response(fault, headers={"Content-Disposition": "inline"})

    session = await session_with(refuse)
    with pytest.raises(AttachmentNotFound):
        await session.download(CALL)
    with pytest.raises(AttachmentNotFound):
        await session.run(CALL)


@pytest.mark.parametrize(
    ("status", "text", "error"),
    [(200, '{"data":1}', Malformed), (200, "<html>", Malformed), (404, "", ObjectNotFound), (500, "", ServiceDown)],
)
async def test_what_is_no_file(session_with: Start, status: int, text: str, error: type[Exception]) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, text=text, content_type="text/html")

    with pytest.raises(error):
        await (await session_with(answer)).download(CALL)


async def test_a_file_that_breaks_off(session_with: Start) -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/octet-stream"})
        await response.prepare(request)
        await response.write(b"x" * 10)
        assert request.transport is not None
        request.transport.close()
        return response

    session = await session_with(break_off)
    with pytest.raises(Unreachable):
        await whole(session)


async def test_a_session_that_has_ended_is_renewed(ox: Running, alice: Session) -> None:
    ox.faults.add(Fault(Kind.SESSION_EXPIRED))
    with pytest.raises(ObjectNotFound):
        await alice.download(chronos.attachment(EventId("cal://0/31", "999"), 4))


async def test_a_broken_connection_is_tried_again(ox: Running, alice: Session) -> None:
    ox.faults.add(Fault(Kind.DROP_BEFORE))
    with pytest.raises(ObjectNotFound):
        await alice.download(chronos.attachment(EventId("cal://0/31", "999"), 4))
    ox.faults.add(Fault(Kind.DROP_BEFORE, times=2))
    with pytest.raises(Unreachable):
        await alice.download(chronos.attachment(EventId("cal://0/31", "999"), 4))

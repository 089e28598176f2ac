"""Broken connections, silent servers and wrong answers: what a caller may conclude, and that no write is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from gateway.ox.call import Call, Upload
from gateway.ox.errors import (
    InvalidValue,
    Malformed,
    ObjectNotFound,
    OutcomeUnknown,
    Overloaded,
    OXError,
    PermissionDenied,
    ServiceDown,
    TooLong,
    Unreachable,
    Unsupported,
)
from gateway.ox.session import Session, SignedIn
from gateway.ox.transport import Transport
from tests.ox.calls import PICTURE, READ, WRITE, Start, data_of


class Wire:
    """A server that counts requests, answers the first on each connection and breaks at the others."""

    def __init__(self, answered_per_connection: int) -> None:
        self.requests: list[str] = []
        self._answered = answered_per_connection

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for answered in range(1000):
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = next((int(line[15:]) for line in head.split("\r\n") if line.startswith("Content-Length:")), 0)
                await reader.readexactly(length)
                self.requests.append(head.split(" ", 1)[0])
                if answered >= self._answered:
                    break
                body = b'{"data":"done"}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n" + body)
                await writer.drain()
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def wire(answered_per_connection: int) -> AsyncIterator[tuple[Wire, Session]]:
    server_side = Wire(answered_per_connection)
    server = await asyncio.start_server(server_side.talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Transport(f"http://127.0.0.1:{port}/ajax", timeout=20) as transport:
        yield server_side, Session(transport, SignedIn("3", "2", "alice", session_id="s"))


async def test_a_write_on_a_connection_that_breaks_is_sent_once() -> None:
    async with wire(answered_per_connection=1) as (server, session):
        await session.run(READ)  # leaves a connection open for reuse
        with pytest.raises(OutcomeUnknown):
            await session.run(WRITE)
        assert server.requests == ["GET", "PUT"]


async def test_a_read_on_a_connection_that_breaks_is_tried_again() -> None:
    async with wire(answered_per_connection=1) as (server, session):
        await session.run(READ)
        assert await session.run(READ) == "done"
        assert server.requests == ["GET", "GET", "GET"]


async def test_a_read_is_tried_twice_at_most() -> None:
    async with wire(answered_per_connection=0) as (server, session):
        with pytest.raises(Unreachable):
            await session.run(READ)
        assert server.requests == ["GET", "GET"]


@pytest.mark.parametrize("call", [READ, WRITE])
async def test_nobody_listens(call: Call[object], unused_tcp_port: int) -> None:
    async with Transport(f"http://127.0.0.1:{unused_tcp_port}/ajax") as transport:
        with pytest.raises(Unreachable):
            await Session(transport, SignedIn("3", "2", "alice", session_id="s")).run(call)


async def test_silence(session_with: Start) -> None:
    awake = asyncio.Event()

    async def silent(request: web.Request) -> web.Response:
        await awake.wait()
        return web.Response()

    session = await session_with(silent, timeout=0.2)
    with pytest.raises(OutcomeUnknown):
        await session.run(WRITE)
    with pytest.raises(Unreachable):
        await session.run(READ)
    awake.set()


async def test_no_free_connection_means_that_nothing_was_sent(session_with: Start) -> None:
    seen: list[str] = []
    awake = asyncio.Event()
    arrived = asyncio.Event()

    async def slow(request: web.Request) -> web.Response:
        seen.append(request.method)
        arrived.set()
        await awake.wait()
        return web.json_response({"data": "done"})

    session = await session_with(slow, connections=1, connect_timeout=0.2)
    first = asyncio.create_task(session.run(READ))
    await arrived.wait()
    with pytest.raises(Unreachable):
        await session.run(WRITE)
    awake.set()
    assert await first == "done"
    assert seen == ["GET"]


async def test_an_answer_larger_than_allowed(session_with: Start) -> None:
    async def large(request: web.Request) -> web.Response:
        return web.json_response({"data": "x" * 5000})

    session = await session_with(large, max_answer_bytes=4000)
    with pytest.raises(Malformed):
        await session.run(READ)
    with pytest.raises(OutcomeUnknown):
        await session.run(WRITE)


async def test_a_compressed_answer_counts_at_full_size(session_with: Start) -> None:
    async def bomb(request: web.Request) -> web.Response:
        response = web.json_response({"data": "x" * 3_000_000})
        response.enable_compression(web.ContentCoding.gzip)
        return response

    session = await session_with(bomb, max_answer_bytes=1_000_000)
    with pytest.raises(Malformed):
        await session.run(READ)


@pytest.mark.parametrize(
    ("status", "read", "write"),
    [
        (302, Malformed, Malformed),
        (400, InvalidValue, InvalidValue),
        (401, Malformed, Malformed),
        (403, PermissionDenied, PermissionDenied),
        (404, Unsupported, Unsupported),
        (413, TooLong, TooLong),
        (418, Malformed, Malformed),
        (429, Overloaded, Overloaded),
        (500, ServiceDown, OutcomeUnknown),
        (502, ServiceDown, OutcomeUnknown),
        (503, Overloaded, OutcomeUnknown),
        (504, ServiceDown, OutcomeUnknown),
    ],
)
async def test_statuses(session_with: Start, status: int, read: type[OXError], write: type[OXError]) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=status, text="<html><body>no</body></html>", content_type="text/html")

    session = await session_with(refuse)
    with pytest.raises(OXError) as raised:
        await session.run(READ)
    assert type(raised.value) is read
    with pytest.raises(OXError) as raised:
        await session.run(WRITE)
    assert type(raised.value) is write


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("0", 0), ("soon", None), ("99999999", 86400), ("-3", None)])
@pytest.mark.parametrize("call", [READ, WRITE])
async def test_a_refusal_with_a_time_did_nothing(
    session_with: Start, call: Call[object], header: str, seconds: int | None
) -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": header})

    with pytest.raises(Overloaded) as raised:
        await (await session_with(busy)).run(call)
    assert raised.value.retry_after == seconds


async def test_a_date_as_retry_after(session_with: Start) -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.Response(status=503, headers={"Retry-After": "Fri, 01 Jan 2100 00:00:00 GMT"})

    with pytest.raises(Overloaded) as raised:
        await (await session_with(busy)).run(WRITE)
    assert raised.value.retry_after == 86400


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"<html>no callback</html>",
        b"[1,",
        b'{"data":NaN}',
        b"[" * 200_000,
        b"9" * 10_000,
        b"[]",
        b'"x"',
    ],
)
async def test_answers_that_are_none(session_with: Start, body: bytes) -> None:
    async def odd(request: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    session = await session_with(odd)
    with pytest.raises(Malformed):
        await session.run(READ)
    with pytest.raises(OutcomeUnknown):
        await session.run(WRITE)


@pytest.mark.parametrize(
    ("content_type", "text"),
    [
        ("application/json", '{"data":"ü"}'),
        ("text/javascript", '\ufeff {"data":"ü"}\n'),
        ("text/plain", '{"data":"ü"}'),
        ("text/html", '<!DOCTYPE html><script>(parent["callback_new"] || window["x"])({"data":"ü"})</script></html>'),
        ("text/html", '<html><script>callback_new(\n({"data":"ü"})\n)</script></html>'),
    ],
)
async def test_json_of_any_content_type(session_with: Start, content_type: str, text: str) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=text.encode(), content_type=content_type)

    assert await (await session_with(answer)).run(WRITE) == "ü"


async def test_braces_in_the_text_of_a_page(session_with: Start) -> None:
    async def answer(request: web.Request) -> web.Response:
        text = '<html><script>(parent["callback_new"])({"data":"a }) b ({ c"})</script></html>'
        return web.Response(text=text, content_type="text/html")

    assert await (await session_with(answer)).run(WRITE) == "a }) b ({ c"


async def test_pictures(session_with: Start) -> None:
    status, body, content_type = 200, b"\x89PNG\x00\xff", "image/png"

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, content_type=content_type)

    session = await session_with(answer)
    assert await session.run(PICTURE) == body
    status, content_type = 404, "text/html"
    with pytest.raises(ObjectNotFound):
        await session.run(PICTURE)
    status, content_type = 200, "application/json"
    body = b'{"error":"x","code":"CON-0104","categories":"PERMISSION_DENIED","error_params":[]}'
    with pytest.raises(PermissionDenied):
        await session.run(PICTURE)


async def test_what_a_request_carries(session_with: Start) -> None:
    seen: list[web.Request] = []
    bodies: list[bytes] = []

    async def remember(request: web.Request) -> web.Response:
        seen.append(request)
        bodies.append(await request.read())
        return web.json_response({"data": {}})

    session = await session_with(remember, user_agent="Gateway/1")
    call: Call[object] = Call(
        "chronos", "update", data_of, {"folder": "cal://0/31", "x": "a+b&c=d ü"}, {"summary": "ü"}, "PUT", True
    )
    await session.run(call)
    (request,) = seen
    assert request.path == "/ajax/chronos"
    assert dict(request.query) == {
        "action": "update",
        "folder": "cal://0/31",
        "x": "a+b&c=d ü",
        "timezone": "UTC",
        "session": "s",
    }
    assert request.headers["User-Agent"] == "Gateway/1"
    assert request.content_type == "application/json"
    assert bodies == ['{"summary":"ü"}'.encode()]


async def test_an_upload(session_with: Start) -> None:
    fields: dict[str, object] = {}

    async def remember(request: web.Request) -> web.Response:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                fields[name] = (value.filename, value.content_type, value.file.read())
            else:
                fields[name] = value
        return web.Response(text='<script>callback_new({"data":{"id":"36"}})</script>', content_type="text/html")

    upload = Upload("p.png", "image/png", b"\x89PNG\r\n\x00")
    call: Call[object] = Call("contacts", "new", data_of, {}, {"note": "ü"}, "POST", True, (upload,))
    assert await (await session_with(remember)).run(call) == {"id": "36"}
    assert fields == {"json": '{"note":"ü"}', "file": ("p.png", "image/png", b"\x89PNG\r\n\x00")}


async def test_cookies_are_kept_and_removed_as_the_server_says(session_with: Start) -> None:
    received: list[dict[str, str]] = []

    async def bake(request: web.Request) -> web.Response:
        received.append(dict(request.cookies))
        response = web.json_response({"data": None})
        if len(received) == 1:
            response.set_cookie("open-xchange-secret-x", "1")
            response.set_cookie("JSESSIONID", "2.OX1")
        if len(received) == 2:
            response.del_cookie("JSESSIONID")
        return response

    session = await session_with(bake)
    for _ in range(3):
        await session.run(READ)
    assert received == [
        {},
        {"open-xchange-secret-x": "1", "JSESSIONID": "2.OX1"},
        {"open-xchange-secret-x": "1"},
    ]


async def test_every_request_is_reported(session_with: Start) -> None:
    reported: list[tuple[str, str, str]] = []

    async def answer(request: web.Request) -> web.Response:
        if request.query["action"] == "new":
            return web.json_response({"error": "x", "code": "CAL-4120", "categories": "CONFLICT"})
        return web.json_response({"data": 1})

    def on_call(module: str, action: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        reported.append((module, action, outcome))

    session = await session_with(answer, on_call=on_call)
    await session.run(READ)
    with pytest.raises(OXError):
        await session.run(WRITE)
    assert reported == [("chronos", "get", "ok"), ("chronos", "new", "CAL-4120")]


@pytest.mark.parametrize(
    "url", ["", "ox.example.com/ajax", "ftp://ox/ajax", "https://ox/ajax?x=1", "https://u:p@ox/ajax"]
)
def test_base_urls_that_cannot_work(url: str) -> None:
    with pytest.raises(ValueError, match="base_url"):
        Transport(url)

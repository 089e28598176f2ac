"""One HTTP connection that costs next to nothing itself: prepared octets out, an answer in."""

from __future__ import annotations

import base64
import socket
from dataclasses import dataclass
from io import BufferedReader

LOGIN = "bench"
PASSWORD = "bench"
HOST = "127.0.0.1"

_AUTHORIZATION = base64.b64encode(f"{LOGIN}:{PASSWORD}".encode()).decode()
_PATIENCE = 300.0


class Dropped(Exception):
    """The server closed the connection before it answered."""


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` as it is sent. ``headers`` without those that every request has."""

    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()

    def octets(self) -> bytes:
        named = {"Host": HOST, **headers_of(self)}
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items())]
        if self.body:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join([*lines, "", ""]).encode() + self.body


def headers_of(request: Request) -> dict[str, str]:
    """All but those that say how the request is sent."""
    return {"Authorization": f"Basic {_AUTHORIZATION}", "User-Agent": "benchmark/1", **dict(request.headers)}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """Kept open as long as the server does; opened anew when it does not, which belongs to the time it takes."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._input: BufferedReader | None = None

    def exchange(self, octets: bytes) -> Answer:
        """Send a request and read the whole answer."""
        fresh = self._socket is None
        try:
            return self._attempt(octets)
        except (Dropped, ConnectionError):
            self.close()
            if fresh:
                raise
        return self._attempt(octets)

    def ask(self, request: Request) -> Answer:
        return self.exchange(request.octets())

    def close(self) -> None:
        if self._input is not None:
            self._input.close()
        if self._socket is not None:
            self._socket.close()
        self._socket = self._input = None

    def _attempt(self, octets: bytes) -> Answer:
        if self._socket is None or self._input is None:
            self._socket = socket.create_connection((HOST, self._port), timeout=_PATIENCE)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._input = BufferedReader(socket.SocketIO(self._socket, "r"), 256 * 1024)
        source = self._input
        self._socket.sendall(octets)
        line = source.readline()
        if not line:
            raise Dropped
        version, status, _ = line.split(b" ", 2)
        headers = _headers(source)
        body = _body(source, int(status), headers)
        if headers.get("connection", "").lower() == "close" or (version == b"HTTP/1.0" and "connection" not in headers):
            self.close()
        return Answer(int(status), headers, body)


def _headers(source: BufferedReader) -> dict[str, str]:
    headers = {}
    while (line := source.readline().rstrip()) != b"":
        name, _, value = line.partition(b":")
        headers[name.decode().lower()] = value.strip().decode("latin-1")
    return headers


def _body(source: BufferedReader, status: int, headers: dict[str, str]) -> bytes:
    if status in (204, 304):
        return b""
    if "content-length" in headers:
        return source.read(int(headers["content-length"]))
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return source.read()
    chunks = []
    while size := int(source.readline(), 16):
        chunks.append(source.read(size))
        source.readline()
    source.readline()
    return b"".join(chunks)

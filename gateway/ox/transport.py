"""HTTP to OX: one connection pool for all accounts, no shared cookies, limits, and what a broken connection means.

A request that may change something is sent once and never again: aiohttp would repeat a PUT on a connection that
the server had closed, and OX creates objects with PUT.
"""

from __future__ import annotations

import email.utils
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from http.cookies import Morsel
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from gateway.ox.errors import Malformed, OutcomeUnknown, Unreachable

OnCall = Callable[[str, str, str, float], None]
"""``(module, action, outcome, seconds)`` of every HTTP request; outcome: ``ok``, OX's error code or an error class."""

_JSON_TYPES = ("application/json", "text/javascript", "text/html")
_CHUNK = 65536
_LONGEST_WAIT = 86400


class _Dropped(Exception):
    """The connection broke after a request may have been sent. No aiohttp error, so that aiohttp does not retry."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. ``cookies``: what it sets, None to remove. ``retry_after`` in seconds. ``attached``: it is said
    to be a file."""

    status: int
    content_type: str
    body: bytes
    cookies: Mapping[str, str | None]
    retry_after: int | None
    attached: bool = False

    @property
    def is_file(self) -> bool:
        """Whether an answer that may be a file is one: errors come as JSON with status 200."""
        return self.attached or self.content_type not in _JSON_TYPES


class Download:
    """An HTTP answer whose body has not been read yet."""

    def __init__(self, response: aiohttp.ClientResponse, limit: int) -> None:
        self._response = response
        self._limit = limit

    @property
    def is_file(self) -> bool:
        """Whether it is the file that was asked for."""
        return 200 <= self._response.status < 300 and _reply(self._response, b"").is_file

    async def chunks(self) -> AsyncGenerator[bytes]:
        """The body in pieces of at most 64 KiB. Raises Unreachable when it breaks off."""
        try:
            async for chunk in self._response.content.iter_chunked(_CHUNK):
                yield chunk
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable from error
        finally:
            self._response.close()

    async def reply(self) -> Reply:
        """The whole answer. Raises Unreachable, Malformed when it is too large."""
        body = bytearray()
        async with aclosing(self.chunks()) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) > self._limit:
                    raise Malformed(f"an answer of more than {self._limit} bytes")
        return _reply(self._response, bytes(body))

    def close(self) -> None:
        """Let go of it without reading."""
        self._response.close()


class Transport:
    """The way to one OX middleware, shared by all accounts. ``base_url`` includes OX's prefix (``.../ajax``).

    ``timeout``: seconds for a whole request; ``connect_timeout``: for getting a connection, waiting for a free one
    of ``connections`` included. ``client`` names this program at login and must differ from ``user_agent``
    (LGI-0021); both are constant because OX derives the names of its cookies from them.
    Raises ValueError for settings that cannot work.
    """

    def __init__(
        self,
        base_url: str,
        *,
        timeout: float = 60.0,
        connect_timeout: float = 10.0,
        connections: int = 100,
        user_agent: str = "ox-dav-gateway/0.1",
        client: str = "oxdav",
        verify: bool | ssl.SSLContext = True,
        max_answer_bytes: int = 64 * 1024 * 1024,
        on_call: OnCall | None = None,
    ) -> None:
        if client == user_agent:
            raise ValueError("client and user_agent must differ")
        self.base_url = _checked(base_url)
        self.client = client
        self.user_agent = user_agent
        self.on_call = on_call
        self._timeout = aiohttp.ClientTimeout(total=timeout, connect=min(connect_timeout, timeout))
        self._connections = connections
        self._verify = verify
        self._max_answer_bytes = max_answer_bytes
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections. Sessions at OX stay as they are."""
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def send(
        self,
        method: str,
        module: str,
        params: Mapping[str, str],
        *,
        write: bool,
        headers: Mapping[str, str] | None = None,
        data: Any = None,
    ) -> Reply:
        """One request below the base URL, whatever status it is answered with.

        Reads are tried a second time when the connection breaks. Raises Unreachable, OutcomeUnknown (writes only)
        and Malformed (larger than ``max_answer_bytes``; not raised for writes, whose outcome then is unknown).
        """
        url = self._url(module, params)
        try:
            return await self._attempt(method, url, headers, data)
        except _Dropped as error:
            if write:
                raise OutcomeUnknown from error
        except Malformed as error:
            if write:
                raise OutcomeUnknown from error
            raise
        try:
            return await self._attempt(method, url, headers, data)
        except _Dropped as error:
            raise Unreachable from error

    async def open(self, module: str, params: Mapping[str, str], *, headers: Mapping[str, str]) -> Download:
        """A read whose body is not kept in memory. The timeout is that of each piece. Tried a second time when the
        connection breaks before the answer. Raises Unreachable."""
        url = self._url(module, params)
        timeout = aiohttp.ClientTimeout(None, self._timeout.connect, sock_read=self._timeout.total)
        for _ in range(2):
            try:
                response = await self._session().request(
                    "GET", url, headers=headers, allow_redirects=False, timeout=timeout
                )
                return Download(response, self._max_answer_bytes)
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
                raise Unreachable from error
            except (aiohttp.ClientError, TimeoutError, OSError, _Dropped):
                continue
        raise Unreachable

    def _url(self, module: str, params: Mapping[str, str]) -> URL:
        return _below(self.base_url, module, tuple(params.items()))

    async def _attempt(self, method: str, url: URL, headers: Mapping[str, str] | None, data: Any) -> Reply:
        try:
            async with self._session().request(
                method, url, headers=headers, data=data, allow_redirects=False
            ) as response:
                return _reply(response, await self._read(response))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _Dropped from error

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        if response.content.is_eof():  # it came together with its headers
            whole = response.content.read_nowait()
            self._check_size(response, len(whole))
            return whole
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            self._check_size(response, len(body))
        return bytes(body)

    def _check_size(self, response: aiohttp.ClientResponse, size: int) -> None:
        if size > self._max_answer_bytes:
            response.close()
            raise Malformed(f"an answer of more than {self._max_answer_bytes} bytes")

    def _session(self) -> aiohttp.ClientSession:
        if self._http is None:
            self._http = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, ssl=self._verify, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self.user_agent},
                timeout=self._timeout,
                middlewares=(_never_twice,),
            )
        return self._http


@lru_cache(maxsize=512)
def _below(base_url: URL, module: str, params: tuple[tuple[str, str], ...]) -> URL:
    """Kept, because the question of a poll is the same each time."""
    return base_url.joinpath(*module.split("/")).with_query(params)


def _reply(response: aiohttp.ClientResponse, body: bytes) -> Reply:
    return Reply(
        response.status,
        response.content_type,
        body,
        {name: _cookie_value(morsel) for name, morsel in response.cookies.items()}
        if "Set-Cookie" in response.headers
        else {},
        _retry_after(response.headers.get("Retry-After")),
        response.headers.get("Content-Disposition", "").strip().lower().startswith("attachment"),
    )


async def _never_twice(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Turns the errors on which aiohttp repeats PUT requests by itself into one on which it does not."""
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _Dropped from error


def _checked(base_url: str) -> URL:
    url = URL(base_url)
    if url.scheme not in ("http", "https") or not url.host or url.query_string or url.fragment or url.user:
        raise ValueError("base_url must look like https://host/ajax")
    return url


def _cookie_value(morsel: Morsel[str]) -> str | None:
    expires = _http_date(morsel["expires"])
    gone = morsel["max-age"] == "0" or (expires is not None and expires <= datetime.now(UTC))
    return None if gone or not morsel.value else morsel.coded_value


def _retry_after(value: str | None) -> int | None:
    if value is None:
        return None
    if value.isascii() and value.isdigit() and len(value) < 10:
        return min(int(value), _LONGEST_WAIT)
    date = _http_date(value)
    return None if date is None else max(0, min(int((date - datetime.now(UTC)).total_seconds()), _LONGEST_WAIT))


def _http_date(value: str) -> datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo is not None else date.replace(tzinfo=UTC)

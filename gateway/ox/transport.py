"""HTTP to OX: one connection pool for all accounts, no shared cookies, limits, and what a broken connection means.

A request that may change something is sent once and never again: aiohttp would repeat a PUT on a connection that
the server had closed, and OX creates objects with PUT.
"""

from __future__ import annotations

import email.utils
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import Morsel
from types import TracebackType
from typing import Any, Self

import aiohttp
from yarl import URL

from gateway.ox.errors import Malformed, OutcomeUnknown, Unreachable

OnCall = Callable[[str, str, str, float], None]
"""``(module, action, outcome, seconds)`` of every HTTP request; outcome: ``ok``, OX's error code or an error class."""

_CHUNK = 65536
_LONGEST_WAIT = 86400


class _Dropped(Exception):
    """The connection broke after a request may have been sent. No aiohttp error, so that aiohttp does not retry."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. ``cookies``: what it sets, None to remove. ``retry_after`` in seconds."""

    status: int
    content_type: str
    body: bytes
    cookies: Mapping[str, str | None]
    retry_after: int | None


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
        url = self.base_url.joinpath(*module.split("/")).with_query(params)
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

    async def _attempt(self, method: str, url: URL, headers: Mapping[str, str] | None, data: Any) -> Reply:
        try:
            async with self._session().request(
                method, url, headers=headers, data=data, allow_redirects=False
            ) as response:
                return Reply(
                    response.status,
                    response.content_type,
                    await self._read(response),
                    {name: _cookie_value(morsel) for name, morsel in response.cookies.items()},
                    _retry_after(response.headers.get("Retry-After")),
                )
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise Unreachable from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _Dropped from error

    async def _read(self, response: aiohttp.ClientResponse) -> bytes:
        body = bytearray()
        async for chunk in response.content.iter_chunked(_CHUNK):
            body += chunk
            if len(body) > self._max_answer_bytes:
                response.close()
                raise Malformed(f"an answer of more than {self._max_answer_bytes} bytes")
        return bytes(body)

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

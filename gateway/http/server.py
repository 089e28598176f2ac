"""The web application: every request to the protocol, with credentials, limits, request ids and the access log."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from aiohttp import web

from gateway.account.pool import Accounts, RefusalReason, SignInRefused, SignInThrottled
from gateway.dav.clients import uses_one_book
from gateway.dav.errors import DAVError, Unavailable
from gateway.dav.funnel import error_response
from gateway.dav.messages import Request, Response
from gateway.dav.options import DAV_CLASSES
from gateway.dav.paths import Base
from gateway.dav.service import Service
from gateway.http import access_log, credentials
from gateway.http.addresses import Edge, base_of, client_address
from gateway.http.health import Readiness, add_health
from gateway.http.metrics import GatewayMetrics
from gateway.http.throttle import FailureWindow
from gateway.http.translate import decode_request, raw_path, send
from gateway.settings import Settings

log = structlog.get_logger("gateway.http")

REFUSALS = {
    RefusalReason.MULTIFACTOR: "This account asks for a second factor, which a calendar client cannot give. "
    "Make an application password in the web client.",
    RefusalReason.MISSING_SCOPE: "This application password may not use OX's HTTP API. OX's stock CalDAV and CardDAV "
    "passwords cannot work here; ask for a type with the scopes read/write_calendar, _contacts, _tasks and _folders.",
    RefusalReason.DISABLED: "OX refuses this account or this client.",
}


@dataclass(frozen=True, slots=True)
class Parts:
    """What the edge needs from the composition root."""

    settings: Settings
    accounts: Accounts
    service: Service
    metrics: GatewayMetrics
    probe: Callable[[], Awaitable[bool]]


class Server:
    """Answers every request outside of ``/health`` and ``/.well-known``."""

    def __init__(self, parts: Parts) -> None:
        settings = parts.settings
        self._accounts = parts.accounts
        self._service = parts.service
        self._metrics = parts.metrics
        self._limits = settings.limits
        self._sign_in = settings.sign_in
        self._edge = Edge(settings.proxy.trusted, settings.proxy.prefix)
        self._failures = FailureWindow(settings.sign_in.failures_per_address, settings.sign_in.window_seconds)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer, then log and count it."""
        started = time.perf_counter()
        address = client_address(request, self._edge)
        identifier = access_log.request_id(request.headers.get("X-Request-Id"))
        status = 499
        try:
            answer = await self._answer(request, identifier, address)
            status = answer.status
            return answer
        except asyncio.CancelledError:
            raise
        except ConnectionError:
            # The client went away in the middle of its answer.
            raise
        except Exception as error:  # noqa: BLE001 - the last resort: a 500 without any detail
            status = 500
            log.error("failure", request=identifier, error=type(error).__name__, where=_where(error))
            return _plain(500, "Internal server error", identifier)
        finally:
            seconds = time.perf_counter() - started
            # Once it is on its way: the client need not wait for this.
            asyncio.get_running_loop().call_soon(self._tell, request, identifier, status, seconds, address)

    def _tell(self, request: web.Request, identifier: str, status: int, seconds: float, address: str) -> None:
        self._metrics.answered(request.method, status, seconds)
        log.info(
            "request",
            request=identifier,
            method=request.method,
            path=access_log.loggable_path(raw_path(request)),
            status=status,
            ms=round(seconds * 1000, 1),
            client=address,
            agent=request.headers.get("User-Agent", "")[:120],
        )

    async def _answer(self, request: web.Request, identifier: str, address: str) -> web.StreamResponse:
        base = base_of(request, self._edge)
        try:
            decoded = await decode_request(
                request, base, body_bytes=self._limits.body_bytes, body_seconds=self._limits.body_seconds
            )
            response = await self._respond(request, decoded, address)
        except DAVError as error:
            response = error_response(error, base)
        response.headers.append(("X-Request-Id", identifier))
        return await send(request, response)

    async def _respond(self, request: web.Request, decoded: Request, address: str) -> Response:
        if decoded.path[:1] == (".well-known",):
            return _well_known(decoded)
        authorization = request.headers.get("Authorization")
        if decoded.method == "OPTIONS" and authorization is None:
            return _anonymous_options()
        given = credentials.decode(authorization, bearer=self._sign_in.bearer)
        if given is None:
            return self._challenge()
        wait = self._failures.retry_after(address)
        if wait is not None:
            return _throttled(wait)
        try:
            account = await self._accounts.open(given)
        except SignInThrottled as error:
            return _throttled(error.retry_after)
        except SignInRefused as error:
            self._failures.failed(address)
            if error.reason in REFUSALS:
                return _text(403, REFUSALS[error.reason])
            return self._challenge()
        try:
            async with asyncio.timeout(self._limits.request_seconds):
                one_book = uses_one_book(decoded.header("user-agent"))
                return await self._service.handle(decoded, account.tree(decoded.base, one_book=one_book))
        except TimeoutError:
            raise Unavailable("the request took too long", retry_after=30) from None

    def _challenge(self) -> Response:
        challenges = [f'Basic realm="{self._sign_in.realm}", charset="UTF-8"']
        if self._sign_in.bearer:
            challenges.append(f'Bearer realm="{self._sign_in.realm}"')
        response = _text(401, "Sign in with your OX account.")
        response.headers.extend(("WWW-Authenticate", challenge) for challenge in challenges)
        return response


def create_app(parts: Parts) -> web.Application:
    """The gateway as an aiohttp application."""
    app = web.Application(client_max_size=parts.settings.limits.body_bytes)
    add_health(app, Readiness(parts.probe))
    app.router.add_route("*", "/{path:.*}", Server(parts).handle)
    return app


def _well_known(request: Request) -> Response:
    """RFC 6764 5: a redirect to where current-user-principal is answered."""
    if request.path not in ((".well-known", "caldav"), (".well-known", "carddav")):
        return _text(404, "Not found")
    home = Base(request.base.origin, request.base.prefix)
    return Response(301, [("Location", home.href((), collection=True)), ("Cache-Control", "no-cache")])


def _anonymous_options() -> Response:
    """What is served, without a word on what is there."""
    return Response(200, [("DAV", DAV_CLASSES), ("Allow", "OPTIONS, GET, HEAD, PROPFIND, REPORT")])


def _throttled(seconds: int) -> Response:
    response = _text(429, "Too many failed log-ins; wait a little.")
    response.headers.append(("Retry-After", str(seconds)))
    return response


def _text(status: int, text: str) -> Response:
    return Response(status, [("Content-Type", "text/plain; charset=utf-8")], text.encode())


def _plain(status: int, text: str, identifier: str) -> web.Response:
    return web.Response(status=status, text=text, headers={"X-Request-Id": identifier})


def _where(error: BaseException) -> list[str]:
    """Files and lines only: messages of exceptions may hold what users wrote."""
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]

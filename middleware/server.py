"""The HTTP server: routes, sessions, dispatch to the modules."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import lru_cache

from aiohttp import web

from middleware import bearer, cookies
from middleware.call import Call
from middleware.clean_up import daily
from middleware.context import Context
from middleware.envelope import JSON_TYPE, Answer, Binary, callback_page, dump, envelope_of, incidents
from middleware.errors import OXError, factor_needed, unknown_module
from middleware.faults import FAULTS, ArmedFault, Faults, Kind
from middleware.http_request import Incoming, parsed, read_request
from middleware.journal import JOURNAL, Entry, Journal
from middleware.login import Login, authenticate, authenticate_public
from middleware.memo import Memo, is_repeatable
from middleware.multiple import inner_calls, run_multiple
from middleware.pages import error_page
from middleware.registry import Addressed, Module
from middleware.scopes import require_scope
from middleware.sessions import NOBODY, Session, SessionEnded

PREFIXES = ("/ajax/", "/appsuite/api/")
NO_STORE = "no-store, no-cache, must-revalidate, post-check=0, pre-check=0"
# Their addresses stand in answers without session parameter: the public cookie opens them.
PICTURE_MODULES = frozenset({"contacts/picture", "image/contact/picture"})
# What a session may use before its second factor was given.
OPEN_WITHOUT_FACTOR = frozenset({"system", "apps/manifests"})
INLINE = {"Content-Disposition": "inline"}
MAX_BODY = 64 * 1024 * 1024
# Characters of a request with several calls that is read once, however often it comes: clients ask the same all day.
SMALL = 16 * 1024


class Server:
    """Answers the requests of one context."""

    def __init__(self, context: Context, faults: Faults, journal: Journal) -> None:
        self._context = context
        self._faults = faults
        self._journal = journal
        self._login = Login(context)
        self._tokens = bearer.Tokens(context)
        self._memo = Memo()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request below a prefix."""
        incoming = await read_request(request, request.match_info["path"])
        entry = _entry(incoming)
        self._journal.add(entry)
        armed = self._faults.for_request(entry)
        if armed is not None:
            return await self._fail(armed, request, incoming)
        return await self._work(incoming)

    async def _work(self, incoming: Incoming) -> web.Response:
        remembered = self._remembered(incoming)
        response = await self._worked_out(incoming) if remembered is None else remembered
        response.headers.setdefault("Cache-Control", NO_STORE)
        return response

    async def _worked_out(self, incoming: Incoming) -> web.Response:
        loop = asyncio.get_running_loop()
        response, version = await loop.run_in_executor(self._context.worker, self._respond, incoming)
        if version is not None:
            self._memo.keep(incoming, version, response)
        return response

    def _remembered(self, incoming: Incoming) -> web.Response | None:
        """The answer to the same read before, when nothing was stored since; no need to wait for the worker."""
        kept = self._memo.find(incoming, self._context.version())
        if kept is None or self._faults.await_calls():
            return None
        try:
            self._authenticated(incoming)
        except OXError as error:
            return self._error(error, incoming)
        return kept.response()

    async def _fail(self, armed: ArmedFault, request: web.Request, incoming: Incoming) -> web.Response:
        fault = armed.fault
        match fault.kind:
            case Kind.UNAVAILABLE:
                return error_page(503)
            case Kind.TOO_MANY_REQUESTS:
                headers = {"Retry-After": str(int(fault.seconds))}
                return web.Response(status=429, text="Too many requests\n", headers=headers)
            case Kind.DROP_BEFORE:
                return _drop(request)
            case Kind.DROP_AFTER:
                await self._work(incoming)
                return _drop(request)
            case Kind.DELAY:
                await asyncio.sleep(fault.seconds)
            case Kind.HOLD:
                await armed.wait_for_release()
            case Kind.SESSION_EXPIRED:
                self._context.sessions.remove(incoming.params.get("session", ""))
        response = await self._work(incoming)
        if fault.kind is Kind.MALFORMED_JSON and response.text:
            response.text = response.text[: len(response.text) // 2]
        return response

    def _respond(self, incoming: Incoming) -> tuple[web.Response, object | None]:
        """The answer, and of which version of the data it is when the same request may have it again."""
        with self._context.turn():
            version, told = self._context.version(), incidents.told
            faultless = not self._faults.await_calls()
            try:
                response = self._answer(incoming)
            except bearer.InvalidToken:
                return bearer.refusal(), None
            # Each telling of an error has a number of its own, so it is never repeated.
            faultless = faultless and incidents.told == told
            return response, version if faultless and is_repeatable(self._context.registry, incoming) else None

    def _answer(self, incoming: Incoming) -> web.Response:
        if incoming.path == "login":
            return self._login.answer(incoming)
        if incoming.path == "multiple":
            return self._multiple(incoming)
        found = self._context.registry.locate(incoming.path)
        if found is None:
            return error_page(404, "Resource does not exist.")
        return self._call_module(found, incoming)

    def _multiple(self, incoming: Incoming) -> web.Response:
        try:
            session = self._authenticated(incoming)
            items = incoming.json()
        except OXError as error:
            return self._error(error, incoming)
        if not isinstance(items, list):
            return error_page(400, "The request sent by the client was syntactically incorrect", INLINE)
        answer = run_multiple(self._context.registry, session, items, incoming.http, self._run)
        return error_page(500) if answer is None else _json(answer.body)

    def _run(self, call: Call) -> Answer:
        module = self._context.registry.get(call.module)
        if module is None:
            raise unknown_module(call.module)
        if call.session.needs_factor and call.module not in OPEN_WITHOUT_FACTOR:
            raise factor_needed()
        require_scope(call)
        action = module.find(call.action, call.http.method, call.path)
        self._faults.before_call(call)
        return self._faults.after_call(call, action.handler(call, self._context))

    def _call_module(self, found: Addressed, incoming: Incoming) -> web.Response:
        try:
            session = self._session(found.module, incoming)
            answer = self._run(_call(found, incoming, session))
        except OXError as error:
            return self._error(error, incoming)
        if isinstance(answer, Binary):
            headers = {**answer.headers, "Content-Type": answer.content_type}
            return web.Response(status=answer.status, body=answer.body, headers=headers)
        response = _envelope(envelope_of(answer), incoming)
        if session is NOBODY or bearer.has_token(incoming):
            return response
        if cookies.public_cookie(incoming.user_agent) not in incoming.cookies:
            cookies.set_public(response, session, incoming.user_agent)
        cookies.set_route(response, incoming.cookies)
        return response

    def _authenticated(self, incoming: Incoming) -> Session:
        if bearer.has_token(incoming):
            return self._tokens.session(incoming)
        return authenticate(self._context, incoming)

    def _session(self, module: Module, incoming: Incoming) -> Session:
        if not module.needs_session:
            with suppress(OXError):
                return self._authenticated(incoming)
            return NOBODY
        if "session" not in incoming.params and module.name in PICTURE_MODULES:
            return authenticate_public(self._context, incoming)
        return self._authenticated(incoming)

    def _error(self, error: OXError, incoming: Incoming) -> web.Response:
        response = _envelope(envelope_of(error), incoming)
        response.headers.update(INLINE)
        if isinstance(error, SessionEnded):
            cookies.clear_all(response, incoming.user_agent, error.session.client)
        return response


def _call(found: Addressed, incoming: Incoming, session: Session) -> Call:
    return Call(
        module=found.module.name,
        action=incoming.params.get("action", ""),
        params=incoming.params,
        session=session,
        body=incoming.json(),
        form=incoming.form,
        files=incoming.files,
        http=incoming.http,
        path=found.rest,
    )


def _entry(incoming: Incoming) -> Entry:
    inner: tuple[tuple[str, str], ...] = ()
    if incoming.path == "multiple":
        with suppress(OXError):
            inner = _read_once(incoming.body) if len(incoming.body) <= SMALL else _calls_in(incoming.body)
    params = incoming.params
    return Entry(incoming.path, params.get("action", ""), params, inner)


def _calls_in(body: str) -> tuple[tuple[str, str], ...]:
    return tuple(inner_calls(parsed(body)))


_read_once = lru_cache(maxsize=256)(_calls_in)


def _drop(request: web.Request) -> web.Response:
    """Break the connection; the response is never seen."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


def _envelope(value: object, incoming: Incoming) -> web.Response:
    wants_json = incoming.params.get("force_json_response", "") == "true" or (
        incoming.params.get("plainJson", "") == "true"
    )
    if incoming.is_upload and not wants_json:
        # Pages call `callback_import` whatever is imported.
        called = "import" if incoming.path == "import" else incoming.params.get("action", "")
        page = callback_page(called, dump(value))
        return web.Response(text=page, headers={"Content-Type": "text/html;charset=UTF-8", **INLINE})
    return _json(value)


def _json(value: object) -> web.Response:
    return web.Response(text=dump(value), headers={"Content-Type": JSON_TYPE})


def create_app(context: Context) -> web.Application:
    """The application that serves a context below /ajax/ and /appsuite/api/.

    `app[FAULTS]` is its fault switch, `app[JOURNAL]` the record of the requests.
    """
    app = web.Application(client_max_size=MAX_BODY)
    app[FAULTS] = Faults()
    app[JOURNAL] = Journal()
    app.cleanup_ctx.append(daily(context))
    server = Server(context, app[FAULTS], app[JOURNAL])
    for prefix in PREFIXES:
        app.router.add_route("*", prefix + "{path:.+}", server.handle)
    return app

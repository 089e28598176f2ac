"""The HTTP server: routes, sessions, dispatch to the modules."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from aiohttp import web

from middleware import cookies
from middleware.call import Call
from middleware.context import Context
from middleware.envelope import JSON_TYPE, Binary, callback_page, dump, envelope_of
from middleware.errors import OXError
from middleware.http_request import Incoming, read_request
from middleware.login import Login, authenticate, authenticate_public
from middleware.multiple import run_multiple
from middleware.pages import error_page
from middleware.registry import Module, Registry
from middleware.sessions import Session

PREFIXES = ("/ajax/", "/appsuite/api/")
NO_STORE = "no-store, no-cache, must-revalidate, post-check=0, pre-check=0"
MAX_BODY = 64 * 1024 * 1024


def default_registry() -> Registry:
    """All modules of the embedded OX."""
    names = (
        ("middleware.chronos", "module"),
        ("middleware.chronos", "alarm_module"),
        ("middleware.contacts", "contacts_module"),
        ("middleware.contacts", "addressbooks_module"),
        ("middleware.contacts", "picture_module"),
    )
    found = (getattr(import_module(package), name, None) for package, name in names if find_spec(package))
    return Registry(tuple(module for module in found if module is not None))


class Server:
    """Answers the requests of one context."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._login = Login(context)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any request below a prefix."""
        incoming = await read_request(request, request.match_info["path"])
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(self._context.worker, self._respond, incoming)
        response.headers.setdefault("Cache-Control", NO_STORE)
        return response

    def _respond(self, incoming: Incoming) -> web.Response:
        if incoming.path == "login":
            return self._login.answer(incoming)
        if incoming.path == "multiple":
            return self._multiple(incoming)
        found = _module_of(self._context.registry, incoming.path)
        if found is None:
            return error_page(404, "Resource does not exist.")
        return self._call_module(found, incoming)

    def _multiple(self, incoming: Incoming) -> web.Response:
        try:
            session = authenticate(self._context, incoming)
            items = incoming.json()
        except OXError as error:
            return self._error(error, incoming)
        if not isinstance(items, list):
            return error_page(400, "The request sent by the client was syntactically incorrect")
        return _json(run_multiple(self._context, session, items, incoming.http).body)

    def _call_module(self, found: Addressed, incoming: Incoming) -> web.Response:
        try:
            session = self._session(found.module, incoming)
            call = _call(found, incoming, session)
            answer = found.module.find(call.action, incoming.method).handler(call, self._context)
        except OXError as error:
            return self._error(error, incoming)
        if isinstance(answer, Binary):
            headers = {**answer.headers, "Content-Type": answer.content_type}
            return web.Response(status=answer.status, body=answer.body, headers=headers)
        return _with_session(_envelope(envelope_of(answer), incoming), session, incoming)

    def _session(self, module: Module, incoming: Incoming) -> Session:
        if "session" not in incoming.params and module.name.startswith("image/"):
            return authenticate_public(self._context, incoming)
        return authenticate(self._context, incoming)

    def _error(self, error: OXError, incoming: Incoming) -> web.Response:
        response = _envelope(envelope_of(error), incoming)
        response.headers["Content-Disposition"] = "inline"
        return response


@dataclass(frozen=True, slots=True)
class Addressed:
    """A module, and what follows its name in the path."""

    module: Module
    rest: str


def _module_of(registry: Registry, path: str) -> Addressed | None:
    """The module with the longest name that begins the path; only path modules take something after the name."""
    name = path
    while name:
        module = registry.get(name)
        if module is not None:
            rest = path[len(name) :].strip("/")
            return Addressed(module, rest) if not rest or module.takes_path else None
        name = name.rpartition("/")[0]
    return None


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


def _envelope(value: object, incoming: Incoming) -> web.Response:
    wants_json = incoming.params.get("force_json_response", "") == "true" or (
        incoming.params.get("plainJson", "") == "true"
    )
    if incoming.is_upload and not wants_json:
        page = callback_page(incoming.params.get("action", ""), dump(value))
        return web.Response(text=page, headers={"Content-Type": "text/html;charset=UTF-8"})
    return _json(value)


def _json(value: object) -> web.Response:
    return web.Response(text=dump(value), headers={"Content-Type": JSON_TYPE})


def _with_session(response: web.Response, session: Session, incoming: Incoming) -> web.Response:
    if cookies.public_cookie(incoming.user_agent) not in incoming.cookies:
        cookies.set_public(response, session, incoming.user_agent)
    return response


def create_app(context: Context) -> web.Application:
    """The application that serves a context below /ajax/ and /appsuite/api/."""
    server = Server(context)
    app = web.Application(client_max_size=MAX_BODY)
    for prefix in PREFIXES:
        app.router.add_route("*", prefix + "{path:.+}", server.handle)
    return app

"""The module `login`: starting, ending and refreshing sessions. It answers HTTP, not the common envelope."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace

from aiohttp import web

from middleware import cookies
from middleware.context import Context
from middleware.credentials import Credentials
from middleware.envelope import JSON_TYPE, dump, error_members
from middleware.errors import (
    OXError,
    client_is_user_agent,
    forbidden_in_query,
    missing_parameter,
    session_needed,
    unknown_ajax_action,
)
from middleware.http_request import Incoming
from middleware.pages import error_page
from middleware.sessions import Session, session_members

DEFAULT_CLIENT = "com.openexchange.ajax.login"


class Login:
    """Answers requests to /login."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._credentials = Credentials(context)
        self._actions: dict[str, Callable[[Incoming], web.Response]] = {
            "login": self._login,
            "logout": self._logout,
            "autologin": self._autologin,
            "refreshSecret": self._refresh_secret,
            "store": self._store,
            "changeip": self._change_ip,
        }

    def answer(self, incoming: Incoming) -> web.Response:
        """The answer to one request, errors included."""
        try:
            if "password" in incoming.query:
                raise forbidden_in_query("password")
            action = _required(incoming, "action")
            handler = self._actions.get(action)
            if handler is None:
                raise unknown_ajax_action()
            response = handler(incoming)
        except OXError as error:
            response = _json(error_members(error))
        if response.status < 400:
            cookies.set_route(response, incoming.cookies)
        return response

    def _login(self, incoming: Incoming) -> web.Response:
        name = _required(incoming, "name").strip()
        password = _required(incoming, "password")
        client = incoming.params.get("client", DEFAULT_CLIENT)
        user_agent = incoming.params.get("clientUserAgent", incoming.user_agent)
        if client == user_agent:
            raise client_is_user_agent()
        address = incoming.params.get("clientIP", incoming.address)
        accepted = self._credentials.check(name, password, client, address)
        user = accepted.user
        session = self._context.sessions.add(
            Session(
                id="",
                user_id=user.id,
                context_id=self._context.id,
                login=name,
                locale=incoming.params.get("language") or user.locale,
                timezone=user.timezone,
                client=client,
                user_agent=user_agent,
                address=address,
                auth_id=incoming.params.get("authId", secrets.token_hex(8)),
                stay_signed_in=incoming.params.get("staySignedIn", "").lower() == "true",
                password_hash=self._context.users.password_hash(user.id),
                scopes=accepted.scopes,
                app_password=accepted.app_password,
                needs_factor=accepted.scopes is None and user.login in self._context.settings.multifactor,
            )
        )
        response = _json(session_members(session))
        cookies.set_all(response, session, user_agent)
        return response

    def _logout(self, incoming: Incoming) -> web.Response:
        if "session" not in incoming.params:
            return error_page(400)
        try:
            session = self._verified(incoming)
        except OXError:
            return error_page(403)
        self._context.sessions.remove(session.id)
        response = web.Response(text="", headers={"Content-Type": JSON_TYPE})
        cookies.clear_all(response, incoming.user_agent, session.client)
        return response

    def _autologin(self, incoming: Incoming) -> web.Response:
        client = incoming.params.get("client", DEFAULT_CLIENT)
        session_id = incoming.cookies.get(cookies.session_cookie(incoming.user_agent, client), "")
        secret = incoming.cookies.get(cookies.secret_cookie(incoming.user_agent, client), "")
        session = self._context.sessions.verify(session_id, secret, self._address(incoming))
        response = _json(session_members(session))
        cookies.set_public(response, session, incoming.user_agent)
        return response

    def _refresh_secret(self, incoming: Incoming) -> web.Response:
        session = self._verified(incoming)
        response = _json({"data": "1"})
        cookies.set_secrets(response, session, incoming.user_agent)
        return response

    def _store(self, incoming: Incoming) -> web.Response:
        self._verified(incoming)
        headers = {"Content-Type": JSON_TYPE, "Deprecation": 'version="v7.10.3"'}
        return web.Response(text="", headers=headers)

    def _change_ip(self, incoming: Incoming) -> web.Response:
        address = _required(incoming, "clientIP")
        session = self._verified(incoming)
        self._context.sessions.put(replace(session, second_address=address))
        return _json({"data": "1"})

    def _verified(self, incoming: Incoming) -> Session:
        return authenticate(self._context, incoming)

    def _address(self, incoming: Incoming) -> str:
        return incoming.address if self._context.settings.ip_check else ""


def authenticate(context: Context, incoming: Incoming) -> Session:
    """The session of a request: parameter `session` and the secret cookie named for this User-Agent.

    SVL-0002 without the parameter, SES-0203 when the request may not use the session.
    """
    session_id = _required(incoming, "session")
    session = context.sessions.find(session_id)
    name = cookies.secret_cookie(incoming.user_agent, session.client) if session else ""
    address = incoming.address if context.settings.ip_check else (session.address if session else "")
    return context.sessions.verify(session_id, incoming.cookies.get(name, ""), address)


def authenticate_public(context: Context, incoming: Incoming) -> Session:
    """The session named by the public cookie, which opens addresses of pictures; SVL-0002 without one."""
    name = cookies.public_cookie(incoming.user_agent)
    session = context.sessions.find_public(incoming.cookies.get(name, ""))
    if session is None:
        raise session_needed(name)
    return session


def _required(incoming: Incoming, name: str) -> str:
    value = incoming.params.get(name)
    if value is None:
        raise missing_parameter(name)
    return value


def _json(value: object) -> web.Response:
    return web.Response(text=dump(value), headers={"Content-Type": JSON_TYPE})

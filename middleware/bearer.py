"""OAuth access tokens: requests with an Authorization header instead of a session (RFC 6750)."""

from __future__ import annotations

import hmac

from aiohttp import web

from middleware.context import Context
from middleware.envelope import dump
from middleware.http_request import Incoming
from middleware.sessions import Session

_SCHEME = "bearer"


class InvalidToken(Exception):
    """The token is not one that the server accepts."""


def has_token(incoming: Incoming) -> bool:
    """Whether a request comes with a token and without a session."""
    return "session" not in incoming.params and _authorization(incoming).partition(" ")[0].lower() == _SCHEME


class Tokens:
    """The sessions of the tokens in the settings: one for each, started when it is first used."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._sessions: dict[str, str] = {}

    def session(self, incoming: Incoming) -> Session:
        """The session for the token of a request; InvalidToken when it belongs to nobody."""
        sent = _authorization(incoming).partition(" ")[2].strip()
        login = next((name for token, name in self._context.settings.bearer_tokens.items() if _same(token, sent)), None)
        user = None if login is None else self._context.users.by_login(login)
        if user is None:
            raise InvalidToken
        sessions = self._context.sessions
        found = sessions.find(self._sessions.get(sent, ""))
        if found is not None and found.user_id == user.id:
            return sessions.verify(found.id, found.secret, "")
        started = sessions.add(Session("", user.id, self._context.id, user.login, user.locale, user.timezone))
        self._sessions[sent] = started.id
        return started


def refusal() -> web.Response:
    """The answer to a token that is not accepted."""
    body = {"error": "invalid_token", "error_description": "The access token is invalid or expired."}
    headers = {"WWW-Authenticate": 'Bearer, error="invalid_token"', "Content-Type": "application/json;charset=UTF-8"}
    return web.Response(status=401, text=dump(body), headers=headers)


def _authorization(incoming: Incoming) -> str:
    return incoming.headers.get("authorization", "")


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())

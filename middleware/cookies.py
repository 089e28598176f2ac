"""The cookies of a session: their names, made of User-Agent and client, and how they are set and cleared."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from aiohttp import web

from middleware.sessions import Session, cookie_hash

SECRET = "open-xchange-secret-"
PUBLIC = "open-xchange-public-session-"
SESSION = "open-xchange-session-"
ROUTE = "JSESSIONID"
MAX_AGE = 7 * 24 * 3600


def secret_cookie(user_agent: str, client: str) -> str:
    """The name of the cookie that holds the secret."""
    return SECRET + cookie_hash(user_agent, client)


def session_cookie(user_agent: str, client: str) -> str:
    """The name of the cookie that holds the session id, for autologin."""
    return SESSION + cookie_hash(user_agent, client)


def public_cookie(user_agent: str) -> str:
    """The name of the cookie that opens image addresses without a session parameter."""
    return PUBLIC + cookie_hash(user_agent, "")


def set_secrets(response: web.StreamResponse, session: Session, user_agent: str) -> None:
    """Set the secret and the public cookie."""
    _set(response, secret_cookie(user_agent, session.client), session.secret, session)
    _set(response, public_cookie(user_agent), session.public_id, session)


def set_all(response: web.StreamResponse, session: Session, user_agent: str) -> None:
    """Set the cookies that a login sets."""
    _set(response, ROUTE, f"{session.id[:16]}.APP1", session)
    set_secrets(response, session, user_agent)
    _set(response, session_cookie(user_agent, session.client), session.id, session)


def set_route(response: web.StreamResponse, sent: Mapping[str, str]) -> None:
    """Set the cookie that leads to a node of a cluster, unless the request has one; nothing depends on it."""
    if ROUTE not in sent and ROUTE not in response.cookies:
        response.set_cookie(ROUTE, f"{secrets.token_hex(8)}.APP1", path="/", httponly=True, samesite="Lax")


def set_public(response: web.StreamResponse, session: Session, user_agent: str) -> None:
    """Set the public cookie alone."""
    _set(response, public_cookie(user_agent), session.public_id, session)


def clear_all(response: web.StreamResponse, user_agent: str, client: str) -> None:
    """Let the client forget the cookies of its session."""
    names = (
        session_cookie(user_agent, client),
        secret_cookie(user_agent, client),
        public_cookie(user_agent),
        ROUTE,
    )
    for name in names:
        response.del_cookie(name, path="/", httponly=True, samesite="Lax")


def _set(response: web.StreamResponse, name: str, value: str, session: Session) -> None:
    age = MAX_AGE if session.stay_signed_in else None
    response.set_cookie(name, value, path="/", httponly=True, samesite="Lax", max_age=age)

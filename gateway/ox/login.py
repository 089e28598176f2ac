"""Signing in (module ``login``, ``user/me``): a login name and password become a session, a token is passed on."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from gateway.ox import envelope
from gateway.ox.answers import interpret
from gateway.ox.call import Answer, Call
from gateway.ox.codes import classify
from gateway.ox.errors import LoginReason, LoginRefused, Malformed, OutcomeUnknown, Unreachable
from gateway.ox.session import Session, SignedIn
from gateway.ox.shape import an_id, an_object, optional_id
from gateway.ox.transport import Transport

_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]+")


@dataclass(frozen=True, slots=True)
class Basic:
    """A login name (often a mail address) and password. Raises ValueError for text that is no Unicode."""

    login: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        (self.login + self.password).encode()


@dataclass(frozen=True, slots=True)
class Bearer:
    """An OAuth access token (RFC 6750), passed through to OX. Raises ValueError for anything else."""

    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("not a bearer token")


Credentials = Basic | Bearer


async def log_in(transport: Transport, credentials: Credentials) -> Session:
    """Open a session: one request. A password stays in memory as long as the session, which needs it for renewal.

    Raises LoginRefused with its reason, Unreachable (nothing known about the credentials), Overloaded, ServiceDown,
    Malformed. Whether an application password suffices shows only at the first call of a module (MissingScope).
    """
    if isinstance(credentials, Bearer):
        return await _with_token(transport, credentials)

    async def renew() -> SignedIn:
        return await _with_password(transport, credentials)

    return Session(transport, await renew(), renew)


async def _with_password(transport: Transport, credentials: Basic) -> SignedIn:
    form = {
        "name": credentials.login,
        "password": credentials.password,
        "client": transport.client,
        "version": transport.user_agent,
    }
    # write: a failed attempt counts against the user, so it is sent once.
    call: Call[Answer] = Call(module="login", action="login", decode=_as_it_is, method="POST", write=True)
    try:
        reply = await transport.send(
            "POST", "login", {"action": "login", "authId": uuid.uuid4().hex}, write=True, data=form
        )
        answer = an_object(interpret(reply, call), "the answer to login")
    except OutcomeUnknown as error:
        raise Unreachable from error
    reported = envelope.fault_of(answer)
    if reported is not None and reported.category != "WARNING":
        raise classify(reported)
    cookies = {name: value for name, value in reply.cookies.items() if value is not None}
    signed_in = _signed_in(answer, credentials.login, cookies)
    if answer.get("requires_multifactor") is True:
        await Session(transport, signed_in).logout()
        raise LoginRefused(LoginReason.MULTIFACTOR_REQUIRED)
    return signed_in


def _signed_in(answer: dict[str, Any], login: str, cookies: dict[str, str]) -> SignedIn:
    if not any(name.startswith("open-xchange-secret") for name in cookies):
        raise Malformed("a login without the secret cookie")
    return SignedIn(
        user_id=an_id(answer.get("user_id"), "user_id"),
        context_id=optional_id(answer.get("context_id"), "context_id"),
        login=str(answer.get("user") or login),
        session_id=an_id(answer.get("session"), "session"),
        cookies=cookies,
    )


async def _with_token(transport: Transport, credentials: Bearer) -> Session:
    authorization = f"Bearer {credentials.token}"
    probe = Session(transport, SignedIn("", None, "", authorization=authorization))
    return Session(transport, await probe.run(_whose_token(authorization)))


def _whose_token(authorization: str) -> Call[SignedIn]:
    def decode(answer: Answer) -> SignedIn:
        me = an_object(answer.data, "user/me")
        return SignedIn(
            user_id=an_id(me.get("user_id"), "user_id"),
            context_id=optional_id(me.get("context_id"), "context_id"),
            login=str(me.get("login_name") or ""),
            authorization=authorization,
        )

    return Call(module="user/me", action=None, decode=decode)


def _as_it_is(answer: Answer) -> Answer:
    return answer

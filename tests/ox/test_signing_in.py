"""Log-ins and tokens that OX refuses, and what it answers instead of a session."""

from __future__ import annotations

import pytest
from aiohttp import web

from gateway.ox.errors import (
    LoginReason,
    LoginRefused,
    Malformed,
    MissingScope,
)
from gateway.ox.login import Basic, Bearer, log_in
from tests.ox.calls import READ, Start


async def test_oauth_refusals(session_with: Start) -> None:
    bodies = {401: {"error": "invalid_token"}, 403: {"error": "insufficient_scope", "scope": "read_calendar"}}
    status = 401

    async def oauth(request: web.Request) -> web.Response:
        return web.json_response(bodies[status], status=status)

    session = await session_with(oauth)
    with pytest.raises(LoginRefused):
        await session.run(READ)
    status = 403
    with pytest.raises(MissingScope):
        await session.run(READ)


async def test_a_token_that_is_refused_without_a_word(session_with: Start) -> None:
    async def refuse(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer abc"
        assert "session" not in request.query
        return web.Response(status=401)

    session = await session_with(refuse)
    with pytest.raises(LoginRefused):
        await log_in(session._transport, Bearer("abc"))


async def test_a_token_is_passed_on(session_with: Start) -> None:
    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer abc"
        me = {"user_id": 3, "context_id": 2, "login_name": "alice"}
        return web.json_response({"data": me if request.path.endswith("/user/me") else "done"})

    transport = (await session_with(answer))._transport
    session = await log_in(transport, Bearer("abc"))
    assert (session.user_id, session.context_id, session.login) == ("3", "2", "alice")
    assert await session.run(READ) == "done"
    await session.logout()


async def test_a_login_that_needs_a_second_factor_is_ended_at_once(session_with: Start) -> None:
    seen: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request.query["action"])
        body = {"session": "s1", "user": "alice", "user_id": 3, "context_id": 2, "requires_multifactor": True}
        response = web.json_response(body)
        response.set_cookie("open-xchange-secret-x", "1")
        return response

    transport = (await session_with(answer))._transport
    with pytest.raises(LoginRefused) as refused:
        await log_in(transport, Basic("alice", "demo"))
    assert refused.value.reason is LoginReason.MULTIFACTOR_REQUIRED
    assert seen == ["login", "logout"]


@pytest.mark.parametrize("answer", [{}, [], {"data": {"session": "s"}}, {"session": "s", "user_id": None}])
async def test_a_login_answered_with_something_else(session_with: Start, answer: object) -> None:
    async def odd(request: web.Request) -> web.Response:
        response = web.json_response(answer)
        response.set_cookie("open-xchange-secret-x", "1")
        return response

    transport = (await session_with(odd))._transport
    with pytest.raises(Malformed):
        await log_in(transport, Basic("alice", "demo"))

"""Signing in and staying signed in, against the embedded OX."""

from __future__ import annotations

import asyncio

import pytest

from gateway.ox import directory, folders, tasks
from gateway.ox.call import Answer, Call
from gateway.ox.errors import LoginReason, LoginRefused, OXError, SessionLost, Unreachable
from gateway.ox.login import Basic, Bearer, log_in
from gateway.ox.session import Session, SignedIn
from gateway.ox.transport import Transport
from middleware.faults import Fault, Kind
from middleware.running import Running


def expire(ox: Running) -> None:
    ox.faults.add(Fault(Kind.SESSION_EXPIRED))


async def test_a_login_tells_who_it_is(transport: Transport) -> None:
    session = await log_in(transport, Basic("alice", "demo"))
    assert (session.user_id, session.context_id, session.login) == ("3", "2", "alice")
    assert (await session.run(directory.me())).display_name == "Alice Archer"


async def test_passwords_and_session_ids_are_not_shown(transport: Transport) -> None:
    credentials = Basic("alice", "demo")
    session = await log_in(transport, credentials)
    shown = repr(session) + repr(credentials) + repr(session._state) + repr(Bearer("token-of-alice"))
    assert "demo" not in shown
    assert "token-of-alice" not in shown
    assert str(session._state.session_id) not in shown


@pytest.mark.parametrize(("login", "password"), [("alice", "wrong"), ("nobody", "demo"), ("alice", "")])
async def test_wrong_credentials(transport: Transport, login: str, password: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        await log_in(transport, Basic(login, password))
    assert refused.value.reason is LoginReason.WRONG_CREDENTIALS
    assert refused.value.code == "LGI-0006"


async def test_a_refused_client(ox: Running) -> None:
    async with Transport(ox.url, user_agent="same", client="other") as transport:
        transport.client = "same"
        with pytest.raises(LoginRefused) as refused:
            await log_in(transport, Basic("alice", "demo"))
    assert refused.value.reason is LoginReason.CLIENT_REFUSED
    with pytest.raises(ValueError, match="differ"):
        Transport(ox.url, user_agent="same", client="same")


async def test_two_users_share_the_connections_but_no_cookies(alice: Session, bob: Session) -> None:
    for _ in range(2):
        assert (await alice.run(directory.me())).user_id == "3"
        assert (await bob.run(directory.me())).user_id == "4"


async def test_a_lost_session_is_renewed_once(ox: Running, alice: Session) -> None:
    expire(ox)
    assert len(await alice.run(folders.visible("event"))) >= 1
    assert ox.journal.count("login", "login") == 2
    assert ox.journal.count("folders", "allVisible") == 2


async def test_many_calls_share_one_renewal(ox: Running, alice: Session) -> None:
    expire(ox)
    results = await asyncio.gather(*(alice.run(directory.user()) for _ in range(8)))
    assert {user.id for user in results} == {"3"}
    assert ox.journal.count("login", "login") == 2


async def test_a_lost_session_inside_a_bundle(ox: Running, alice: Session) -> None:
    expire(ox)
    results = await alice.run_all([directory.user(), directory.groups(), tasks.get("33", "999")])
    assert results[0].id == "3"
    assert isinstance(results[2], OXError)
    assert ox.journal.count("multiple") == 2
    assert ox.journal.count("login", "login") == 2


async def test_a_write_is_repeated_after_a_renewal_because_nothing_was_done(ox: Running, alice: Session) -> None:
    expire(ox)
    await alice.run(folders.create("1", "contacts", "Clients"))
    visible = await alice.run(folders.visible("contacts"))
    assert [folder.title for folder in visible].count("Clients") == 1


async def test_a_password_that_changed_meanwhile_is_sent_once(ox: Running, alice: Session) -> None:
    ox.faults.add(Fault(Kind.SESSION_EXPIRED, times=None))
    calls = 0

    async def refuse() -> SignedIn:
        nonlocal calls
        calls += 1
        raise LoginRefused(LoginReason.WRONG_CREDENTIALS)

    alice._renew = refuse
    for _ in range(3):
        with pytest.raises(LoginRefused):
            await alice.run(directory.me())
    assert calls == 1


async def test_after_logout_the_session_is_gone(ox: Running, alice: Session) -> None:
    await alice.logout()
    with pytest.raises(SessionLost):
        await alice.run(directory.me())
    assert ox.journal.count("login", "login") == 1


async def test_a_logout_ends_the_session_that_a_renewal_is_opening(ox: Running, alice: Session) -> None:
    expire(ox)
    held = ox.faults.add(Fault(Kind.HOLD, "login", "login"))
    call = asyncio.create_task(alice.run(directory.me()))
    await held.reached.wait()
    logout = asyncio.create_task(alice.logout())
    held.release()
    await logout
    await asyncio.gather(call, return_exceptions=True)
    assert ox.journal.count("login", "logout") == 1
    with pytest.raises(SessionLost):
        await alice.run(directory.me())
    assert ox.journal.count("login", "login") == 2


async def test_a_login_that_gets_no_answer_is_sent_once(ox: Running, transport: Transport) -> None:
    ox.faults.add(Fault(Kind.DROP_AFTER, "login"))
    with pytest.raises(Unreachable):
        await log_in(transport, Basic("alice", "demo"))
    assert ox.journal.count("login", "login") == 1


@pytest.mark.parametrize("token", ["", "a b", "a\r\nX: y", "ä"])
def test_a_token_that_is_none(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        Bearer(token)


def test_credentials_that_are_no_unicode() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        Basic("alice", "\ud800")


async def test_a_body_that_is_no_unicode_is_not_sent(ox: Running, alice: Session) -> None:
    before = len(ox.journal.entries)
    call: Call[Answer] = Call("folders", "new", lambda answer: answer, body={"x": "\udcff"}, method="PUT", write=True)
    with pytest.raises(OXError):
        await alice.run(call)
    assert len(ox.journal.entries) == before

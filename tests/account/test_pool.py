"""Signing in: sessions are shared, wrong passwords are held back, application passwords are understood."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from gateway.account.pool import RefusalReason, SignInRefused, SignInThrottled
from gateway.dav.errors import Unavailable
from gateway.ox.login import Basic
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.account.world import World


def logins(calls: Sequence[object]) -> int:
    return sum(1 for call in calls if getattr(call, "module", "") == "login")


async def refusal(world: World, login: str, password: str) -> RefusalReason:
    with pytest.raises(SignInRefused) as caught:
        await world.accounts.open(Basic(login, password))
    return caught.value.reason


async def test_many_requests_share_one_login(world: World) -> None:
    async with world.upstream() as calls:
        accounts = await asyncio.gather(*(world.account() for _ in range(8)))
    assert logins(calls) == 1
    assert len({id(account) for account in accounts}) == 1
    assert accounts[0].identity.user.display_name


async def test_users_share_nothing(world: World) -> None:
    alice, bob = await world.account("alice"), await world.account("bob")
    assert alice.identity.key != bob.identity.key
    assert alice.session.user_id != bob.session.user_id


async def test_a_wrong_password_is_not_sent_twice(world: World) -> None:
    async with world.upstream() as calls:
        for _ in range(3):
            assert await refusal(world, "alice", "wrong") is RefusalReason.WRONG_CREDENTIALS
    assert logins(calls) == 1
    assert (await world.account()).session.user_id


async def test_guessing_is_held_back_but_who_is_in_stays_in() -> None:
    async with World(failures_per_login=3) as world:
        await world.account()
        for number in range(3):
            await refusal(world, "alice", f"wrong {number}")
        async with world.upstream() as calls:
            with pytest.raises(SignInThrottled) as caught:
                await world.accounts.open(Basic("alice", "wrong again"))
            await world.account()
        assert caught.value.retry_after > 0
        assert logins(calls) == 0
        await world.account("bob")


async def test_held_back_only_for_a_while() -> None:
    now = 0.0
    async with World(failures_per_login=1, failure_window_seconds=10, clock=lambda: now) as world:
        await refusal(world, "alice", "wrong")
        with pytest.raises(SignInThrottled):
            await world.account()
        now = 11.0
        await world.account()


async def test_an_application_password_without_rights_is_said_to_be_one(world: World) -> None:
    scope = OXError("RA-0002", "PERMISSION_DENIED", "Missing scope")
    world.running.faults.add(Fault(Kind.ERROR, "folders", "allVisible", times=None, error=scope))
    assert await refusal(world, "alice", "demo") is RefusalReason.MISSING_SCOPE
    async with world.upstream() as calls:
        assert await refusal(world, "alice", "demo") is RefusalReason.MISSING_SCOPE
    assert calls == []


async def test_trouble_at_sign_in_is_no_refusal(world: World) -> None:
    world.running.faults.add(Fault(Kind.UNAVAILABLE, "login"))
    with pytest.raises(Unavailable):
        await world.account()
    await world.account()


async def test_a_cancelled_request_leaves_the_login_to_the_others(world: World) -> None:
    held = world.running.faults.add(Fault(Kind.HOLD, "login"))
    one, other = asyncio.create_task(world.account()), asyncio.create_task(world.account())
    await held.reached.wait()
    one.cancel()
    held.release()
    assert (await other).session.user_id
    with pytest.raises(asyncio.CancelledError):
        await one


async def test_idle_accounts_are_signed_out() -> None:
    now = 0.0
    async with World(idle_seconds=100, clock=lambda: now) as world:
        first = await world.account("alice")
        now = 101.0
        async with world.upstream() as calls:
            await world.account("bob")
            assert await world.account("alice") is not first
            await world.accounts.close()
        assert ("login", "logout") in [(call.module, call.action) for call in calls]


async def test_the_number_of_accounts_is_bounded() -> None:
    async with World(max_accounts=1) as world:
        first = await world.account("alice")
        await world.account("bob")
        assert await world.account("alice") is not first


async def test_a_changed_password_ends_the_account(world: World) -> None:
    account = await world.account()
    world.running.faults.add(Fault(Kind.SESSION_EXPIRED, "chronos", "updates"))
    world.change_password("alice", "new")
    with pytest.raises(Unavailable):
        await (await world.calendar()).entries()
    assert account.signed_out
    assert await refusal(world, "alice", "demo") is RefusalReason.WRONG_CREDENTIALS
    assert (await world.accounts.open(Basic("alice", "new"))).identity.key == account.identity.key


async def test_closing_signs_everybody_out(world: World) -> None:
    await world.account("alice")
    await world.account("bob")
    async with world.upstream() as calls:
        await world.accounts.close()
    assert [call.action for call in calls] == ["logout", "logout"]

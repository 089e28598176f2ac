"""Requests share questions to OX, but never an answer that was begun before they came."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from gateway.account.freshness import Freshness
from middleware.faults import Fault, Kind
from tests.account.test_events import stored, vevent
from tests.account.test_sync import new_event
from tests.account.world import World, etags


class Question:
    """Counts rounds; each waits until it is let go."""

    def __init__(self) -> None:
        self.rounds: list[frozenset[str]] = []
        self.gate = asyncio.Event()
        self.failures: dict[str, Exception] = {}

    async def __call__(self, keys: frozenset[str]) -> Mapping[str, Exception]:
        self.rounds.append(keys)
        await self.gate.wait()
        return self.failures


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_who_comes_during_a_round_shares_the_next_one() -> None:
    question = Question()
    freshness = Freshness(question)
    first = [asyncio.create_task(freshness.ask({"a"})) for _ in range(3)]
    await settle()
    late = [asyncio.create_task(freshness.ask({key})) for key in "abb"]
    await settle()
    question.gate.set()
    await asyncio.gather(*first, *late)
    assert question.rounds == [frozenset("a"), frozenset("ab")]


async def test_the_failure_of_one_key_concerns_only_who_asked_for_it() -> None:
    question = Question()
    question.gate.set()
    question.failures = {"a": ValueError("a")}
    freshness = Freshness(question)
    one, other = await asyncio.gather(freshness.ask({"a", "b"}), freshness.ask({"b"}))
    assert list(one) == ["a"]
    assert other == {}


async def test_a_failed_round_is_told_to_all_and_the_next_one_works() -> None:
    calls = 0

    async def refresh(keys: frozenset[str]) -> Mapping[str, Exception]:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ValueError("down")
        return {}

    freshness = Freshness(refresh)
    results = await asyncio.gather(freshness.ask({"a"}), freshness.ask({"b"}), return_exceptions=True)
    assert [type(result) for result in results] == [ValueError, ValueError]
    assert await freshness.ask({"a"}) == {}


async def test_a_cancelled_asker_does_not_disturb_the_others() -> None:
    question = Question()
    freshness = Freshness(question)
    one, other = asyncio.create_task(freshness.ask({"a"})), asyncio.create_task(freshness.ask({"a"}))
    await settle()
    one.cancel()
    await settle()
    question.gate.set()
    assert await other == {}
    with pytest.raises(asyncio.CancelledError):
        await one


async def test_concurrent_requests_of_one_user_share_their_calls(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    async with world.upstream() as calls:
        calendars = [await world.calendar() for _ in range(10)]
        await asyncio.gather(*(calendar.entries() for calendar in calendars))
    assert len(calls) == 1


async def test_a_request_sees_what_was_written_before_it_came(world: World) -> None:
    ox = await world.ox()
    await (await world.calendar()).entries()
    held = world.running.faults.add(Fault(Kind.HOLD, "chronos", "updates"))
    early = asyncio.create_task((await world.calendar()).entries())
    await held.reached.wait()
    await new_event(ox, "one")
    late = asyncio.create_task((await world.calendar()).entries())
    await asyncio.sleep(0.02)
    assert not late.done()
    held.release()
    await early
    assert list(etags(await late)) == ["uid-one.ics"]

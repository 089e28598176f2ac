"""Long work lets small requests pass, and comes to its end all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from gateway.dav import turns
from gateway.dav.turns import Turn, take_turns


class Clock:
    """Stands still unless somebody works."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


async def _work(clock: Clock, name: str, pieces: int, done: list[str], *, seconds: float = 0.003) -> None:
    turn = Turn(clock)
    for _ in range(pieces):
        clock.now += seconds
        done.append(name)
        await turn.may_end()


async def _small(done: list[str]) -> None:
    """A request that passes through the loop some times before it is answered."""
    for _ in range(4):
        await asyncio.sleep(0)
    done.append("small")


async def test_a_small_request_waits_for_one_turn_however_many_work() -> None:
    clock, done = Clock(), list[str]()
    large = [asyncio.create_task(_work(clock, str(number), 10, done)) for number in range(5)]
    await asyncio.sleep(0)
    begun = len(done)
    await asyncio.create_task(_small(done))
    assert done.index("small") <= begun + 1
    await asyncio.gather(*large)
    assert len(done) == 51


async def test_those_who_work_long_take_turns() -> None:
    clock, done = Clock(), list[str]()
    await asyncio.gather(*(_work(clock, str(number), 4, done) for number in range(3)))
    assert done == ["0", "1", "2"] * 4


async def test_little_work_is_not_interrupted() -> None:
    clock, done = Clock(), list[str]()
    await asyncio.gather(*(_work(clock, str(number), 3, done, seconds=0.0001) for number in range(2)))
    assert done == ["0", "0", "0", "1", "1", "1"]


async def test_large_work_goes_on_beside_many_who_are_always_busy() -> None:
    clock, done = Clock(), list[str]()

    async def busy() -> None:
        while len(done) < 10:
            clock.now += 0.02
            await asyncio.sleep(0)

    others = [asyncio.create_task(busy()) for _ in range(20)]
    rounds = 0

    async def count() -> None:
        nonlocal rounds
        while len(done) < 10:
            rounds += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await _work(clock, "large", 10, done)
    await asyncio.gather(counting, *others)
    assert rounds <= 2 * 10


async def test_others_go_on_between_steps_of_long_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "_TURN", 0.0)
    done: list[str] = []

    def steps() -> Iterator[None]:
        for _ in range(5):
            done.append("step")
            yield

    large = asyncio.create_task(take_turns(steps()))
    await asyncio.sleep(0)
    await asyncio.create_task(_small(done))
    assert done.index("small") <= 2
    await large
    assert done.count("step") == 5

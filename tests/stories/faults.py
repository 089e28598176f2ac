"""One upstream call after the other goes wrong in one way after the other: afterwards the old or the new state is
there, and the answer says which."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Protocol, TypeVar

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import Answer
from tests.world import World


class Stage(Protocol):
    """What one attempt works with, apart from all others."""

    async def state(self) -> str:
        """What OX and the gateway show of it, in the same words at every attempt."""

    async def clear(self) -> None:
        """Remove what it made."""


S = TypeVar("S", bound=Stage)


def faults(denied: str, changed: str) -> dict[str, Fault]:
    """What can happen to a write. ``denied``, ``changed``: OX's codes for missing rights and for an edit conflict."""
    return {
        "connection broken before": Fault(Kind.DROP_BEFORE),
        "connection broken after": Fault(Kind.DROP_AFTER),
        "unavailable": Fault(Kind.UNAVAILABLE),
        "half an answer": Fault(Kind.MALFORMED_JSON),
        "not permitted": Fault(Kind.ERROR, error=OXError(denied, "PERMISSION_DENIED", "no")),
        "changed meanwhile": Fault(Kind.ERROR, error=OXError(changed, "CONFLICT", "changed")),
    }


FAULTS_OF_READING = ("unavailable",)
"""For the gateway one failed read is as good as another."""


async def either_old_or_new(
    world: World,
    new_stage: Callable[[], S],
    before: Callable[[S], Awaitable[object]],
    act: Callable[[S], Awaitable[Answer]],
    orders: Mapping[str, Fault],
    writing: Collection[str],
) -> None:
    """``act``, done after ``before``, while each of its calls fails as ``orders`` say; the actions in ``writing`` in
    all these ways."""
    old, new, calls = await _undisturbed(world, new_stage(), before, act)
    for number, call in enumerate(calls):
        for fault in orders if call.action in writing else FAULTS_OF_READING:
            stage = new_stage()
            await before(stage)
            order = orders[fault]
            armed = world.ox_server.faults.add(Fault(order.kind, skip=number, error=order.error))
            answer = await act(stage)
            world.ox_server.faults.clear()
            where = f"{fault} at call {number} of {[call.action for call in calls]}"
            assert armed.hits == 1, where
            state = await stage.state()
            told = f"{where}\n{answer.status} {answer.body!r}\n{state}"
            assert state in (old, new), f"neither old nor new: {told}"
            assert (answer.status < 300) == (state == new), f"not what was answered: {told}"
            if answer.status >= 300:
                again = await act(stage)
                assert again.status < 300, f"{where}, then again: {again.status} {again.body!r}"
                assert await stage.state() == new, where
            await stage.clear()


async def _undisturbed(
    world: World,
    stage: S,
    before: Callable[[S], Awaitable[object]],
    act: Callable[[S], Awaitable[Answer]],
) -> tuple[str, str, list[Entry]]:
    """The states before and after it, and the calls it takes."""
    await before(stage)
    old = await stage.state()
    with world.upstream() as calls:
        answer = await act(stage)
    assert answer.status in (201, 204), answer.body
    new = await stage.state()
    assert new != old
    await stage.clear()
    return old, new, calls

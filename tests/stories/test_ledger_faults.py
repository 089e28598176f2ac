"""The gateway's own storage fails at every use of it in the middle of a PUT, DELETE or MOVE of events: afterwards the
old or the new state is there, the answer says which, and the client that tries again gets what it wants."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import pytest

from gateway.ledger.ledger import Ledger, LedgerError
from gateway.ledger.reading import Asked, Direct
from tests.stories.event_faults import Course, problem_of, undisturbed
from tests.stories.event_operations import OPERATIONS
from tests.stories.event_stage import Stage, Step

UNCERTAIN = b"synchronise to see"

TRIED = [
    "create with residue",
    "create under an odd name",
    "update a series",
    "only residue",
    "residue as attendee",
    "delete",
    "move",
    "move onto another",
    "move to another name",
    "move a series",
    "rename",
    "rename onto another",
]


class Breaking:
    """Lets transactions fail: those after the first ``skip`` ones, one or all of them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.used = 0
        self._broken = range(0)
        work: Callable[..., Awaitable[Any]] = Ledger._in_thread
        read = Direct.read

        async def in_thread(ledger: Ledger, *arguments: Any) -> Any:
            self._use()
            return await work(ledger, *arguments)

        def direct(connection: Direct, asked: Sequence[Asked]) -> Any:
            self._use()
            return read(connection, asked)

        monkeypatch.setattr(Ledger, "_in_thread", in_thread)
        monkeypatch.setattr(Direct, "read", direct)

    def _use(self) -> None:
        self.used += 1
        if self.used - 1 in self._broken:
            raise LedgerError("the ledger does not work")

    def arm(self, skip: int, *, lasting: bool) -> None:
        self.used = 0
        self._broken = range(skip, 1_000_000 if lasting else skip + 1)

    def clear(self) -> None:
        self._broken = range(0)


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Breaking:
    return Breaking(monkeypatch)


@pytest.mark.parametrize("operation", TRIED)
async def test_either_old_or_new(new_stage: Callable[[], Stage], breaking: Breaking, operation: str) -> None:
    before, act = OPERATIONS[operation]
    used: list[int] = []

    async def counted(stage: Stage) -> Any:
        breaking.arm(1_000_000, lasting=False)
        answer = await act(stage)
        used.append(breaking.used)
        return answer

    course = await undisturbed(new_stage(), before, counted)
    wrong = [
        problem
        for number in range(used[0])
        for lasting in (False, True)
        if (problem := await attempt(new_stage(), before, act, course, breaking, number, lasting=lasting))
    ]
    assert not wrong, "\n\n".join(wrong)


async def attempt(
    stage: Stage, before: Step, act: Step, course: Course, breaking: Breaking, number: int, *, lasting: bool
) -> str:
    """What is wrong afterwards, empty for nothing."""
    await before(stage)
    breaking.arm(number, lasting=lasting)
    answer = await act(stage)
    breaking.clear()
    told = f"use {number}{' and later' if lasting else ''}: {answer.status} {answer.body[-200:]!r}"
    if answer.status == 409 and UNCERTAIN in answer.body:
        return ""
    return await problem_of(stage, act, course, answer, told, partly=False)

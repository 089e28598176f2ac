"""The gateway's own storage fails at every use of it in the middle of a PUT, DELETE or MOVE of tasks and contacts: what
is there afterwards is what the answer says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.davclient import DAV, card, child
from tests.stories.test_fault_injection_tasks import OPERATIONS, Stage, Step, new_stage
from tests.stories.test_ledger_faults import Breaking, breaking

__all__ = ["breaking", "new_stage"]

UNCERTAIN = b"only a part could be stored"


@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "update"])
async def test_either_old_or_new(new_stage: Callable[[], Stage], breaking: Breaking, operation: str) -> None:
    before, act = OPERATIONS[operation]
    stage = new_stage()
    await before(stage)
    old = await stage.state()
    breaking.arm(1_000_000, lasting=False)
    assert (await act(stage)).status < 300
    used, new = breaking.used, await stage.state()
    await stage.clear()
    wrong = [await attempt(new_stage(), before, act, (old, new), breaking, number) for number in range(used)]
    assert not any(wrong), "\n\n".join(wrong)


async def attempt(
    stage: Stage, before: Step, act: Step, states: tuple[str, str], breaking: Breaking, number: int
) -> str:
    """What is wrong afterwards, empty for nothing."""
    await before(stage)
    breaking.arm(number, lasting=number % 2 == 1)
    answer = await act(stage)
    breaking.clear()
    state = await stage.state()
    told = f"use {number}: {answer.status} {answer.body[-200:]!r}\n{state}"
    if answer.status == 409 and UNCERTAIN in answer.body:
        return ""
    if state not in states:
        return f"neither old nor new: {told}"
    if (answer.status < 300) != (state == states[1]):
        return f"not what was answered: {told}"
    if answer.status >= 300 and (again := await act(stage)).status >= 300:
        return f"could not be done again: {told}, then {again.status}"
    await stage.clear()
    return ""


async def test_contacts(alice: DAV, breaking: Breaking) -> None:
    book = (await alice.address_books())["Contacts"]
    for number in range(8):
        href = child(book, f"broken-{number}.vcf")
        breaking.arm(number, lasting=False)
        answer = await alice.put(href, card(f"broken-{number}", "Ada Lovelace", "X-ODD:1", "IMPP:xmpp:ada@example.org"))
        breaking.clear()
        there = await alice.get(href)
        if answer.status < 300:
            assert "X-ODD:1" in there.text
        else:
            assert there.status == 404 or (answer.status == 409 and UNCERTAIN in answer.body), (number, answer.body)

"""Operations on events of which one call goes wrong: what must hold afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import Answer
from tests.stories.event_stage import Stage, Step

PERMISSION = OXError("CAL-4030", "PERMISSION_DENIED", "Insufficient permission.")
CONFLICT = OXError("CAL-4120", "CONFLICT", "Concurrent modification.")
TOO_LONG = OXError("CAL-5070", "TRUNCATED", "A value is too long.")

UNKNOWN_AND_NOT_DONE = (Fault(Kind.DROP_BEFORE), Fault(Kind.UNAVAILABLE))
UNKNOWN_AND_DONE = (Fault(Kind.DROP_AFTER), Fault(Kind.MALFORMED_JSON))
REFUSED = tuple(Fault(Kind.ERROR, error=error) for error in (PERMISSION, CONFLICT, TOO_LONG))
NOT_READ = (Fault(Kind.UNAVAILABLE), *(Fault(Kind.ERROR, error=error) for error in (PERMISSION, TOO_LONG)))

READS = {"updates", "list", "get", "all", "resolve"}


@dataclass(frozen=True, slots=True)
class Course:
    """An operation without faults: the states before and after it, and what it asks of OX."""

    old: str
    new: str
    calls: list[Entry]


def differences(course: Course, state: str) -> str:
    """What makes a state neither the old nor the new one."""
    sides = {"old": course.old, "new": course.new}
    found = [
        list(unified_diff(side.split("\n"), state.split("\n"), name, "there is", lineterm="", n=1))
        for name, side in sides.items()
    ]
    return "\n".join(min(found, key=len)[:40])


async def undisturbed(stage: Stage, before: Step, act: Step) -> Course:
    await before(stage)
    old = await stage.state()
    with stage.world.upstream() as calls:
        answer = await act(stage)
    assert answer.status in (201, 204), answer.body
    new = await stage.state()
    assert new != old
    await stage.clear()
    return Course(old, new, calls)


def faults_of(number: int, call: Entry) -> Iterator[Fault]:
    """One of each kind that makes a difference; which one differs from call to call."""
    kinds = (NOT_READ,) if call.action in READS else (UNKNOWN_AND_NOT_DONE, UNKNOWN_AND_DONE, REFUSED)
    return (replace(kind[number % len(kind)], skip=number) for kind in kinds)


async def problem_of(stage: Stage, act: Step, course: Course, answer: Answer, told: str, *, partly: bool) -> str:
    """What is wrong after ``act`` had this answer, empty for nothing: there is neither the old nor the new state
    (which is right if only a part was stored: ``partly``), the answer says otherwise, or it cannot be done again."""
    state = await stage.state()
    if state not in (course.old, course.new) and not partly:
        return f"neither old nor new: {told}\n{differences(course, state)}"
    if (answer.status < 300) != (state == course.new):
        return f"{'new' if state == course.new else 'old'}, but said otherwise: {told}"
    if answer.status >= 300:
        again = await act(stage)
        state = await stage.state()
        if again.status >= 300 or state != course.new:
            answered = f"{again.status} {again.body[-200:]!r}"
            return f"could not be done again: {told}, then {answered}\n{differences(course, state)}"
    await stage.clear()
    return ""


async def either_old_or_new(new_stage: Callable[[], Stage], before: Step, act: Step) -> None:
    course = await undisturbed(new_stage(), before, act)
    wrong = [
        problem
        for number, call in enumerate(course.calls)
        for fault in faults_of(number, call)
        if (problem := await attempt(new_stage(), before, act, course, fault))
    ]
    assert not wrong, "\n\n".join(wrong)


async def attempt(stage: Stage, before: Step, act: Step, course: Course, fault: Fault) -> str:
    """Let one call go wrong. What is wrong afterwards, empty for nothing."""
    await before(stage)
    armed = stage.world.ox_server.faults.add(fault)
    answer = await act(stage)
    stage.world.ox_server.faults.clear()
    calls = [call.action for call in course.calls]
    kind = fault.error.code if fault.kind is Kind.ERROR else fault.kind.name
    told = f"{kind} at call {fault.skip} of {calls}: {answer.status} {answer.body[-200:]!r}"
    if not armed.hits:
        return f"did not happen: {told}"
    partly = answer.status == 409 and b"only a part could be stored" in answer.body
    return await problem_of(stage, act, course, answer, told, partly=partly)

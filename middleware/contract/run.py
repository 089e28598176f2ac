"""Running scenarios against a server."""

from __future__ import annotations

import secrets
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from middleware.contract.checks import Checks, Stopped
from middleware.contract.client import Person, Unreachable
from middleware.contract.scenario import NO_MODULE, Need, NotOffered, Scenario
from middleware.contract.stage import Stage, sweep


class Verdict(Enum):
    """How a scenario ended; values are what a reader is told."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_OFFERED = "not offered"


@dataclass(frozen=True, slots=True)
class Account:
    """Who signs in."""

    name: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a scenario. `notes` tell which of several right answers came, or what is not offered."""

    scenario: Scenario
    verdict: Verdict
    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(slots=True)
class Report:
    """What a run found. `left_behind` is what it made and could not remove."""

    outcomes: list[Outcome] = field(default_factory=list)
    left_behind: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Whether nothing differs and nothing was left behind."""
        return not self.left_behind and all(one.verdict is not Verdict.DIFFERS for one in self.outcomes)


Progress = Callable[[Scenario], None]


async def run(
    url: str, first: Account, second: Account | None, scenarios: Sequence[Scenario], report: Report, progress: Progress
) -> None:
    """Run scenarios one after the other and add what comes of them to the report.

    `progress` is called before each. What was made is removed at the end, also when the run is cancelled.
    Unreachable and SignInRefused when it cannot begin.
    """
    async with AsyncExitStack() as stack:
        people = [await _signed_in(stack, url, account) for account in (first, second) if account is not None]
        offered = await _offered(people)
        mark = secrets.token_hex(4)
        prefix = ""
        try:
            for scenario in scenarios:
                progress(scenario)
                stage = Stage(Checks(), people[0], people[1] if len(people) > 1 else None, mark)
                prefix = stage.prefix
                report.outcomes.append(await _play(scenario, stage, offered, report))
        finally:
            for person in people if prefix else ():
                report.left_behind.extend(await _swept(person, prefix))
            for person in people:
                await _signed_out(person)


async def _signed_in(stack: AsyncExitStack, url: str, account: Account) -> Person:
    person = await stack.enter_async_context(Person(url, account.name, account.password))
    await person.sign_in()
    return person


async def _offered(people: Sequence[Person]) -> frozenset[Need]:
    """What the server and the command line offer, by the capabilities of the first user and the modules there are."""
    answer = await people[0].call("capabilities", "all")
    listed = answer.data if isinstance(answer.data, list) else []
    ids = {one.get("id") for one in listed if isinstance(one, dict)}
    capabilities = {Need.CONTACTS: "contacts", Need.TASKS: "tasks"}
    offered = {need for need, name in capabilities.items() if name in ids}
    for need, module in ((Need.CALENDAR, "chronos"), (Need.APPOINTMENTS, "calendar")):
        if "calendar" in ids and (await people[0].call(module, "all")).status != NO_MODULE:
            offered.add(need)
    return frozenset(offered | ({Need.SECOND_USER} if len(people) > 1 else set()))


async def _play(scenario: Scenario, stage: Stage, offered: frozenset[Need], report: Report) -> Outcome:
    missing = [need.value for need in scenario.needs if need not in offered]
    if missing:
        return Outcome(scenario, Verdict.NOT_OFFERED, notes=tuple(missing))
    begin = time.monotonic()
    try:
        await scenario.script(stage)
    except NotOffered as reason:
        return Outcome(scenario, Verdict.NOT_OFFERED, notes=(str(reason),))
    except Stopped:
        pass
    except Unreachable as error:
        stage.check.differs(f"no answer: {error}")
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        stage.check.differs(f"an answer has an unexpected shape ({_place(error)})")
    finally:
        report.left_behind.extend(await stage.close())
    found = tuple(stage.check.differences)
    verdict = Verdict.DIFFERS if found else Verdict.AGREES
    return Outcome(scenario, verdict, found, tuple(stage.check.notes), time.monotonic() - begin)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {error}, at {Path(frame.filename).name}:{frame.lineno}"


async def _swept(person: Person, prefix: str) -> list[str]:
    try:
        return await sweep(person, prefix)
    except Unreachable as error:
        return [f"folders of {person.name} whose titles begin with '{prefix}', perhaps: {error}"]


async def _signed_out(person: Person) -> None:
    try:
        await person.sign_out()
    except Unreachable:
        # The session ends by itself.
        return

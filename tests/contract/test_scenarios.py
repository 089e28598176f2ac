"""Every scenario of the contract against the embedded OX, as it is and mended; and what a wrong server gets."""

from __future__ import annotations

import ast
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import middleware.contract
from middleware.call import Call
from middleware.chronos import module as chronos
from middleware.contacts import contacts_module as contacts
from middleware.context import Context, Settings
from middleware.contract.catalogue import SCENARIOS, named
from middleware.contract.run import Account, Report, Verdict, run
from middleware.contract.scenario import Need, Scenario
from middleware.envelope import Answer, Result
from middleware.errors import OXError
from middleware.generation import Generation
from middleware.registry import Module
from middleware.running import Running, open_context, serve
from middleware.tasks import module as tasks
from tests.middleware.conftest import populate

ALICE, BOB = Account("alice", "demo"), Account("bob", "demo")

# Where a server may answer one way or the other, what the table says: as recorded, and mended.
WHICH = {
    "event-fields": ("geo cannot be taken back: SVL-0011", "geo can be taken back"),
    "date-list-only": ("poisons the updates of its calendar once it is deleted", "does no harm"),
    "contact-updates": (
        "updates fail when there are only deletions: SVL-0011",
        "updates work when there are only deletions",
    ),
    "alarms": ("chronos/alarm has no action update", "chronos/alarm has the action update"),
}


# What only OX 7.8 has.
OLDER = frozenset({"busy-times"})


@pytest.fixture(params=[False, True], ids=["as-recorded", "mended"])
def mend(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
async def server(mend: bool) -> AsyncIterator[Running]:
    context = open_context(None, Settings(mend=mend))
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()


async def _run(server: Running, *names: str, second: Account | None = BOB) -> Report:
    report = Report()
    await run(server.url, ALICE, second, named(list(names)), report, lambda _: None)
    return report


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda one: one.name)
async def test_the_embedded_ox_agrees(server: Running, mend: bool, scenario: Scenario) -> None:
    before = _traces(server.context)
    report = await _run(server, scenario.name)
    (outcome,) = report.outcomes
    assert outcome.differences == ()
    assert outcome.verdict is (Verdict.NOT_OFFERED if scenario.name in OLDER else Verdict.AGREES)
    if scenario.name in WHICH:
        assert WHICH[scenario.name][mend] in outcome.notes
    assert report.clean
    assert _traces(server.context) == before


async def test_the_older_generation_agrees_with_what_it_offers() -> None:
    context = open_context(None, Settings(Generation.SEVEN))
    populate(context)
    server = await serve(context)
    before = _traces(context)
    report = Report()
    try:
        await run(server.url, ALICE, BOB, SCENARIOS, report, lambda _: None)
        assert report.clean, report
        for outcome in report.outcomes:
            newer = Need.CALENDAR in outcome.scenario.needs
            assert outcome.verdict is (Verdict.NOT_OFFERED if newer else Verdict.AGREES), outcome
        assert _traces(context) == before
    finally:
        await server.stop()


def _traces(context: Context) -> dict[str, Any]:
    """What a run could leave behind."""
    counted = ("chronos_events", "chronos_alarms", "contacts", "users", "groups", "resources")
    with context.store.reading() as connection:
        counts = {name: connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in counted}
    sessions = [session for user in context.users.all() for session in context.sessions.of_user(user.id)]
    return {**counts, "folders": [folder.id for folder in context.folders.all()], "sessions": len(sessions)}


# -- a server that is wrong ---------------------------------------------------------------------------------------

Change = Callable[[Call, Answer], Answer]


def _tampered(monkeypatch: pytest.MonkeyPatch, module: Module, name: str, change: Change) -> None:
    """Let an action of the embedded OX answer something else."""
    action = module.actions[name]

    def handler(call: Call, ox: Context) -> Answer:
        return change(call, action.handler(call, ox))

    monkeypatch.setitem(module.actions, name, replace(action, handler=handler))


def _without_deletions(call: Call, answer: Answer) -> Answer:
    assert isinstance(answer, Result)
    return replace(answer, data={**answer.data, "deleted": []})


def _backwards(call: Call, answer: Answer) -> Answer:
    assert isinstance(answer, Result)
    return replace(answer, data=answer.data[::-1])


def _numbers_for_ids(call: Call, answer: Answer) -> Answer:
    assert isinstance(answer, Result)
    return replace(answer, data={"id": int(answer.data["id"])})


def _only_rows(call: Call, answer: Answer) -> Answer:
    assert isinstance(answer, Result)
    return replace(answer, data=[row for row in answer.data if isinstance(row, list)])


def _another_code(call: Call, answer: Answer) -> Answer:
    raise OXError("CAL-9999", "ERROR")


def _unexpected_shape(call: Call, answer: Answer) -> Answer:
    return Result(["nothing", "of", "the", "kind"])


WRONG: dict[str, tuple[Module, str, Change, str, str]] = {
    "forgets deletions": (chronos, "updates", _without_deletions, "event-updates", "a tombstone"),
    "answers a list backwards": (chronos, "list", _backwards, "event-read", "list keeps the order"),
    "has numbers for ids": (contacts, "new", _numbers_for_ids, "contact-new", "not of type str"),
    "fails with another code": (chronos, "move", _another_code, "event-move", "CAL-9999"),
    "forgets deletions of tasks": (tasks, "updates", _only_rows, "task-updates", "a deletion is a bare number"),
    "answers another shape": (chronos, "updates", _unexpected_shape, "event-updates", "instead of"),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("mend", [False], indirect=True)
async def test_a_wrong_server_differs(server: Running, monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    module, action, change, name, said = WRONG[wrong]
    _tampered(monkeypatch, module, action, change)
    before = _traces(server.context)
    report = await _run(server, name)
    (outcome,) = report.outcomes
    assert outcome.verdict is Verdict.DIFFERS
    assert any(said in difference for difference in outcome.differences), outcome.differences
    assert not report.clean
    assert report.left_behind == []
    assert _traces(server.context) == before


@pytest.mark.parametrize("mend", [False], indirect=True)
async def test_a_server_that_takes_stale_stamps_differs(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    action = chronos.actions["update"]

    def careless(call: Call, ox: Context) -> Answer:
        return action.handler(replace(call, params={**call.params, "timestamp": str(2**53)}), ox)

    monkeypatch.setitem(chronos.actions, "update", replace(action, handler=careless))
    report = await _run(server, "event-update")
    (outcome,) = report.outcomes
    assert any("an old stamp" in difference for difference in outcome.differences)


# -- what is not offered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mend", [False], indirect=True)
async def test_without_a_second_user_what_needs_one_is_not_offered(server: Running) -> None:
    report = await _run(server, second=None)
    for outcome in report.outcomes:
        needs_one = Need.SECOND_USER in outcome.scenario.needs
        missing = needs_one or outcome.scenario.name in OLDER
        assert (outcome.verdict is Verdict.NOT_OFFERED) == missing, outcome
    assert report.clean


@pytest.mark.parametrize("mend", [False], indirect=True)
async def test_without_calendars_nothing_is_done_in_them(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    capabilities = server.context.registry.get("capabilities")
    assert capabilities is not None
    _tampered(monkeypatch, capabilities, "all", lambda call, answer: Result([{"id": "contacts", "attributes": {}}]))
    report = await _run(server, "event-new", "contact-new", "task-new")
    verdicts = [outcome.verdict for outcome in report.outcomes]
    assert verdicts == [Verdict.NOT_OFFERED, Verdict.AGREES, Verdict.NOT_OFFERED]
    assert report.outcomes[0].notes == ("the module chronos",)
    assert report.outcomes[2].notes == ("the capability tasks",)


def test_the_contract_knows_only_http() -> None:
    """It judges the embedded OX, so it shares no code with it, nor with the gateway."""
    package = Path(middleware.contract.__file__).parent
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] not in ("gateway", "mappings"), path
                assert not name.startswith("middleware") or name.startswith("middleware.contract"), path


def test_names_of_scenarios_are_unique_and_fit_a_command_line() -> None:
    names = [one.name for one in SCENARIOS]
    assert len(set(names)) == len(names)
    assert all(name.replace("-", "").isalpha() and name.islower() for name in names)
    with pytest.raises(LookupError, match="nosuch"):
        named(["nosuch"])

"""Runs of the contract that are interrupted or fail leave nothing behind; the command in processes of its own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import cli
from middleware.contract.catalogue import SCENARIOS, named
from middleware.contract.client import SignInRefused
from middleware.contract.run import Account, Report, Verdict, run
from middleware.faults import Fault, Kind
from middleware.running import Running, open_context, serve
from tests.middleware.conftest import populate

ALICE, BOB = Account("alice", "demo"), Account("bob", "demo")
PROGRAM = ("-c", "from gateway.cli import main; main()")


@pytest.fixture
async def server() -> AsyncIterator[Running]:
    context = open_context(None)
    populate(context)
    running = await serve(context)
    yield running
    await running.stop()


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("demo\n", "utf-8")
    return path


def _folders(server: Running) -> list[int]:
    return [folder.id for folder in server.context.folders.all()]


def _events(server: Running) -> int:
    with server.context.store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM chronos_events").scalar_one())


async def _until_interrupted(server: Running, report: Report, *names: str) -> None:
    await run(server.url, ALICE, BOB, named(list(names)), report, lambda _: None)


@pytest.mark.parametrize("action", ["new", "updateAttendee", "update"])
async def test_a_cancelled_run_removes_what_it_made(server: Running, action: str) -> None:
    """Also what was being made when it was cancelled."""
    before = _folders(server)
    report = Report()
    module = "folders" if action == "new" else "chronos"
    held = server.faults.add(Fault(Kind.HOLD, module, action))
    task = asyncio.create_task(_until_interrupted(server, report, "meeting"))
    await held.reached.wait()
    task.cancel()
    await asyncio.sleep(0)
    held.release()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert report.left_behind == []
    assert _folders(server) == before
    assert _events(server) == 0


async def test_a_lost_answer_leaves_no_folder(server: Running) -> None:
    before = _folders(server)
    server.faults.add(Fault(Kind.DROP_AFTER, "folders", "new"))
    report = Report()
    await _until_interrupted(server, report, "event-new")
    (outcome,) = report.outcomes
    assert outcome.verdict is Verdict.DIFFERS
    assert report.left_behind == []
    assert _folders(server) == before


async def test_what_cannot_be_removed_is_named(server: Running) -> None:
    server.faults.add(Fault(Kind.UNAVAILABLE, "folders", "delete", times=None))
    report = Report()
    await _until_interrupted(server, report, "address-book-folders")
    assert not report.clean
    assert any("folder" in what for what in report.left_behind)


async def test_a_server_that_asks_to_wait_is_obeyed(server: Running) -> None:
    server.faults.add(Fault(Kind.TOO_MANY_REQUESTS, "chronos", seconds=0, times=3))
    report = Report()
    await _until_interrupted(server, report, "event-new")
    assert report.clean


async def test_only_folders_of_its_own_are_touched(server: Running) -> None:
    """Every write names a folder that did not exist before, or the copy of an invitation made in one."""
    known = {str(number) for number in _folders(server)}
    report = Report()
    await run(server.url, ALICE, BOB, SCENARIOS, report, lambda _: None)
    assert report.clean
    bobs_calendar = "cal://0/41"
    for entry in server.journal.entries:
        if entry.action in ("new", "update", "delete", "move") and entry.module in ("chronos", "contacts"):
            folder = entry.params.get("folder", "")
            invited = folder == bobs_calendar and entry.action == "update"
            assert folder.rpartition("/")[2] not in known or invited, entry


# -- the command --------------------------------------------------------------------------------------------------


def _command(*words: str | Path) -> tuple[int, str]:
    outcome = CliRunner().invoke(cli, ["contract", *map(str, words)])
    return outcome.exit_code, outcome.output + outcome.stderr


def test_bad_usage(secret: Path) -> None:
    account = ("--user", "alice", "--password-file", secret)
    assert _command(*account)[0] == 2
    assert _command("--ox", "ftp://ox.example.com/", *account)[0] == 2
    assert _command("--ox", "https://alice:pw@ox.example.com/ajax/", *account)[0] == 2
    status, text = _command("--ox", "http://127.0.0.1:1/ajax/", "--scenario", "nosuch", *account)
    assert status == 2
    assert "nosuch" in text
    assert _command("--ox", "http://127.0.0.1:1/ajax/", *account)[0] == 2


async def _start(*words: str | Path) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, *PROGRAM, *map(str, words), stdout=PIPE, stderr=PIPE)


def _contract(server_url: str, secret: Path, *more: str | Path) -> tuple[str | Path, ...]:
    users = ("--user", "alice", "--password-file", secret, "--second-user", "bob", "--second-password-file", secret)
    return ("contract", "--ox", server_url, *users, *more)


async def test_the_command_agrees_with_the_embedded_ox_of_another_process(secret: Path, tmp_path: Path) -> None:
    ox = await _start("middleware", "--port", "0", "--data", tmp_path / "data")
    try:
        assert ox.stdout is not None
        first_line = (await ox.stdout.readline()).decode()
        url = next(word for word in first_line.split() if word.startswith("http://"))
        found = tmp_path / "found.json"
        command = await _start(*_contract(url, secret, "--json", found))
        output, problems = await command.communicate()
        assert command.returncode == 0, output.decode() + problems.decode()
        assert f"{len(SCENARIOS) - 1} agrees, 0 differs, 1 not offered" in output.decode()
        written = json.loads(found.read_text("utf-8"))
        assert [one["name"] for one in written["scenarios"]] == [one.name for one in SCENARIOS]
        assert [one["name"] for one in written["scenarios"] if one["result"] != "agrees"] == ["busy-times"]
        assert "demo" not in found.read_text("utf-8")
    finally:
        ox.terminate()
        await ox.wait()


async def test_differences_make_the_exit_status(server: Running, secret: Path) -> None:
    server.faults.add(Fault(Kind.ERROR, "chronos", "resolve", times=None))
    command = await _start(*_contract(server.url, secret, "--scenario", "event-read", "--scenario", "users"))
    output, _ = await command.communicate()
    assert command.returncode == 1
    assert "1 agrees, 1 differs" in output.decode()


async def test_a_wrong_password_is_not_a_difference(server: Running, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong", "utf-8")
    command = await _start("contract", "--ox", server.url, "--user", "alice", "--password-file", wrong)
    _, problems = await command.communicate()
    assert command.returncode == 2
    assert "alice could not sign in" in problems.decode()


async def test_an_address_that_is_not_that_of_the_api(server: Running) -> None:
    address = server.url.removesuffix("ajax/")
    assert address != server.url
    with pytest.raises(SignInRefused, match="mostly ends with /ajax/"):
        await run(address, ALICE, None, (), Report(), lambda scenario: None)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_command_removes_what_it_made(server: Running, secret: Path, number: int) -> None:
    before = _folders(server)
    held = server.faults.add(Fault(Kind.HOLD, "chronos", "new"))
    command = await _start(*_contract(server.url, secret, "--scenario", "event-new"))
    await held.reached.wait()
    assert _folders(server) != before
    command.send_signal(number)
    held.release()
    _, problems = await command.communicate()
    assert command.returncode == 1, problems.decode()
    assert "Interrupted" in problems.decode()
    assert _folders(server) == before

"""The command as people and CI use it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli import cli
from gateway.roundtrip import command
from gateway.roundtrip.findings import Finding, Verdict
from gateway.roundtrip.split import Resource
from gateway.roundtrip.trip import Journey, Traveller
from gateway.roundtrip.world import traveller
from mappings.contentline import parse_tree
from middleware.generation import Generation
from tests.roundtrip.texts import END, START, calendar_file, event

CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:c\nFN:Ann\nN:;Ann;;;\nEMAIL:a@example.org\nEND:VCARD\n"


def test_nothing_lost_is_success(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(calendar_file(event(START, END, "SUMMARY:a")))
    (tmp_path / "b.vcf").write_text(CARD)
    result = CliRunner().invoke(cli, ["roundtrip", str(tmp_path / "a.ics"), str(tmp_path / "b.vcf")])
    assert result.exit_code == 0, result.output
    assert "2 objects: 2 accepted, 0 refused; 2 came back unchanged" in result.stdout


def test_json_tells_everything(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_bytes(calendar_file(event(START, END, "SUMMARY:a")) + calendar_file("BEGIN:X", "END:X"))
    output = tmp_path / "out.json"
    result = CliRunner().invoke(cli, ["roundtrip", str(tmp_path / "a.ics"), "--json", str(output)])
    assert result.exit_code == 0, result.output
    stored, refused = json.loads(output.read_text())
    assert stored["refused"] == ""
    assert stored["rewritten"] == []
    assert "SUMMARY:a" in stored["answer"]
    assert refused["refused"].startswith("403 supported-calendar-component")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["roundtrip", str(tmp_path / "none.ics")]).exit_code == 2


def test_a_loss_is_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def losing(resources: Sequence[Resource], _: Generation) -> list[Journey]:
        return [Journey(one, findings=[Finding("SUMMARY", Verdict.LOST, "", "SUMMARY:a")]) for one in resources]

    monkeypatch.setattr(command, "travel", losing)
    (tmp_path / "a.ics").write_bytes(calendar_file(event(START, END, "SUMMARY:a")))
    result = CliRunner().invoke(cli, ["roundtrip", str(tmp_path / "a.ics")])
    assert result.exit_code == 1
    assert "sent SUMMARY:a" in result.stdout
    assert "1 with losses" in result.stdout


class Forgetful(Traveller):
    """Before a server that loses a property on every way."""

    async def _ask(self, method: str, url: str, headers: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        status, answer = await super()._ask(method, url, headers, body)
        return status, answer.replace(b"SUMMARY:a\r\n", b"")


async def test_losses_and_writes_are_noticed() -> None:
    content = calendar_file(event(START, END, "SUMMARY:a"))
    resource = Resource("a.ics", "1", content, parse_tree(content.decode()))
    async with traveller() as real:
        journey: Journey = await Forgetful(
            real.session, real.calendar, real.tasks, real.book, real.journal, real.users
        ).send(1, resource)
        refused = await real.send(2, Resource("b.ics", "", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", None))
    assert [one.item for one in journey.findings if one.verdict is Verdict.LOST] == ["SUMMARY"]
    assert journey.lost
    assert journey.rewritten == ("chronos?update",)
    assert refused.refused.startswith("403 ")
    assert not refused.lost

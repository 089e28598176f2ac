"""The benchmarks run, and what they time are right answers. Nothing is timed here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console

from benchmarks import cold, crowd, fairness, growth, memory, ours, table, users
from benchmarks.rows import all_rows

COUNT = 60


@pytest.fixture(scope="module", autouse=True)
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    directory = tmp_path_factory.mktemp("benchmarks")
    with pytest.MonkeyPatch.context() as patch:
        for module in (cold, ours, table, growth, memory, crowd, fairness):
            patch.setattr(module, "DATA", directory)
        yield


def test_every_row_is_measured_and_answered_with_the_right_number_of_resources(tmp_path: Path) -> None:
    console = Console(quiet=True)
    lines = table.run(console, COUNT, 0.0, with_peers=False, quiet_seconds=0.0)

    responses = {line.row.name: line.ours.responses for line in lines}
    assert list(responses) == [row.name for row in all_rows(COUNT)]
    assert responses["PROPFIND, Depth 1, getetag"] == COUNT + 1
    assert responses["sync-collection, initial"] == COUNT
    assert responses["sync-collection, nothing changed"] == 0
    assert responses["sync-collection after 10 changes"] == 10
    assert responses["multiget 50"] == 50
    assert all(line.ours.calls <= 4 for line in lines)

    table.show(console, lines)
    table.save(tmp_path / "table.json", COUNT, lines)
    assert len(json.loads((tmp_path / "table.json").read_text())["rows"]) == len(lines)


def test_an_exponent_is_that_of_the_cost() -> None:
    linear = growth.Growth("linear", 1.0, {100: 1.0, 10_000: 100.0}, {100: 1.0, 10_000: 1.0})

    assert linear.exponent == pytest.approx(1.0)
    assert linear.exponent_of_gateway == pytest.approx(0.0)


def test_a_first_visit_after_a_restart_gets_everything() -> None:
    console = Console(quiet=True)
    found = cold.run(console, COUNT)
    cold.show(console, found)
    assert [each.objects for each in found] == [COUNT] * 4
    assert all(each.cpu[0] > 0 for each in found)


def test_users_with_their_programs_are_answered() -> None:
    console = Console(quiet=True)
    found = users.run(console, users=20, objects=3, seconds=1.0, pause=0.2, poll_seconds=0.3)
    users.show(console, found)
    assert found.visits >= 20
    assert len(found.times) > found.visits
    assert found.calls > 0
    assert len(found.rss) == 3
    assert found.polls > 0
    assert found.bare > 0


def test_polls_are_answered_beside_large_requests() -> None:
    console = Console(quiet=True)
    found = fairness.run(console, COUNT, seconds=0.5)
    fairness.show(console, found)
    assert found.alone
    assert found.beside
    assert found.ratio > 0

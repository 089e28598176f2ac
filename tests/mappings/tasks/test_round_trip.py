"""Whatever a client writes comes back; whatever OX holds stays when a client writes it back."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from mappings.calendar import residue as of_calendar
from mappings.calendar.attachments import reference
from mappings.calendar.read import read
from mappings.contentline import parse_tree
from mappings.errors import InvalidData
from mappings.tasks import plan
from mappings.tasks.render import render
from tests.mappings.tasks.generated import objects, tasks
from tests.mappings.tasks.imitation import ALICE, Resource


def resource(text: str) -> Resource:
    try:
        return Resource(text)
    except InvalidData:
        assume(False)
        raise


def differences(sent: str, got: str) -> list[tuple[str, str]]:
    """The families in which a client would find something else than it wrote."""
    found = of_calendar.find(read(sent.encode()).tree, parse_tree(got), ALICE)
    there = {component.text("RECURRENCE-ID") for component in parse_tree(got).components}
    lost = [each for each in read(sent.encode()).overrides if each.text("RECURRENCE-ID") not in there]
    return [(each.component, each.family) for each in found] + [("lost", "") for _ in lost]


@given(objects())
def test_what_a_client_writes_comes_back(text: str) -> None:
    assert differences(text, resource(text).get()) == []


@given(objects())
def test_what_a_client_writes_back_unchanged_changes_nothing(text: str) -> None:
    stored = resource(text)
    for again in (text, stored.get()):
        assert not stored.change(again)
        before = stored.kept
        stored.put(again)
        assert stored.kept == before


@given(objects())
def test_ox_holds_what_was_planned_for_without_any_residue(text: str) -> None:
    stored = resource(text)
    assert not plan.changes(stored.task, read(text.encode()), ALICE).of_task


@given(objects(), objects())
def test_a_second_version_replaces_the_first(one: str, other: str) -> None:
    stored = resource(one)
    resource(other)
    continued = len(stored.ox.tasks)
    stored.put(other)
    families = differences(other, stored.get())
    if len(stored.ox.tasks) == continued:
        assert families == []
    else:  # OX has gone on with another task, which has the rule
        assert families == [("master", "TIME")]
    stored.put(stored.get())
    assert not stored.change(stored.get())


@given(objects())
def test_what_somebody_changes_in_ox_is_shown(text: str) -> None:
    stored = resource(text)
    level = 1 if stored.task.get("priority") == 3 else 3
    stored.ox.update(stored.id, {"title": "Changed in OX", "priority": level})
    got = read(stored.get().encode())
    assert got.master is not None
    assert got.master.text("SUMMARY") == "Changed in OX"
    assert got.master.text("PRIORITY") == {1: "9", 3: "1"}[level]
    assert set(differences(text, stored.get())) <= {("master", "SUMMARY"), ("master", "PRIORITY")}
    assert not stored.change(stored.get())


@given(objects(), st.sampled_from(["more", "fewer"]))
def test_files_that_somebody_changes_in_ox_are_shown(text: str, way: str) -> None:
    """Links to elsewhere and everything else stay."""
    stored = resource(text)
    held = list(stored.task.get("attachments", ()))
    new = [{"data": b"New", "filename": "new.txt", "fmtType": "text/plain"}]
    stored.ox.change_files(stored.id, [*held, *new] if way == "more" else held[1:])
    shown = read(stored.get().encode())
    assert shown.master is not None
    ids = [one["managedId"] for one in stored.task["attachments"]]
    if way == "more" or held:
        found = [found.managed_id for prop in shown.master.all("ATTACH") if (found := reference(prop.value))]
        assert found == ids
    assert set(differences(text, stored.get())) <= {("master", "FILES")}
    assert not stored.change(stored.get())


@given(tasks())
def test_what_ox_holds_stays(task: dict[str, Any]) -> None:
    text = render(task, ALICE)
    assert text == render(task, ALICE)
    assert not plan.changes(task, read(text.encode()), ALICE)

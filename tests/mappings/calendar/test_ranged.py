"""RANGE=THISANDFUTURE: instance by instance."""

from __future__ import annotations

import pytest

from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.contentline import Component
from mappings.errors import TooCostly
from tests.mappings.calendar.imitation import OX
from tests.mappings.calendar.test_series import ALICE, WEEKLY, calendar, moved, wanted


def ranged(day: str, *lines: str) -> tuple[str, ...]:
    first, *others = moved(day, *lines)
    return (first.replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;"), *others)


def overrides(*events: tuple[str, ...]) -> dict[str, str]:
    """Recurrence id -> start and summary."""
    found = read(calendar(*events)).overrides
    return {value(each, "RECURRENCE-ID"): f"{value(each, 'DTSTART')} {value(each, 'SUMMARY')}" for each in found}


def value(component: Component, name: str) -> str:
    prop = component.first(name)
    return "" if prop is None else prop.value


def test_all_instances_from_there_on_are_moved_by_the_same_time() -> None:
    assert overrides(WEEKLY, ranged("19", "SUMMARY:Later")) == {
        f"{day}T090000": f"{day}T140000 Later" for day in ("20270419", "20270426", "20270503", "20270510")
    }


def test_instances_with_an_override_of_their_own_or_in_a_later_range_keep_it() -> None:
    own = moved("26", "SUMMARY:Own")
    later = tuple(line.replace("0426", "0503") for line in ranged("26", "SUMMARY:Last"))
    found = overrides(WEEKLY, later, ranged("12", "SUMMARY:First"), own)
    assert [text.split()[1] for text in found.values()] == ["First", "First", "Own", "Last", "Last"]


def test_deleted_instances_stay_deleted_and_ox_takes_it() -> None:
    master = (*WEEKLY, "EXDATE;TZID=Europe/Berlin:20270426T090000")
    assert len(overrides(master, ranged("19"))) == 3
    ox, obj = OX(), read(calendar(master, ranged("19")))
    ox.apply(plan([], obj, ALICE))
    assert len(ox.all()) == 4
    assert plan(ox.all(), obj, ALICE) == ()


@pytest.mark.parametrize("rule", ["FREQ=WEEKLY", "FREQ=DAILY;COUNT=200"])
def test_too_many_instances_are_refused(rule: str) -> None:
    master = (*WEEKLY[:-1], f"RRULE:{rule}")
    with pytest.raises(TooCostly):
        wanted(master, ranged("12"))


def test_without_a_series_it_is_an_instance_of_its_own() -> None:
    assert len(overrides(ranged("19"))) == 1

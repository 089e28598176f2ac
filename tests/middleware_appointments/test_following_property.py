"""Whoever follows `updates` of `calendar` holds what a full listing shows, by whichever module it was changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleware.context import Context, Settings
from middleware.generation import Generation
from middleware.running import open_context
from tests.middleware.conftest import populate
from tests.middleware_appointments.people import DAY, FAR, HOUR, START, ms
from tests.middleware_chronos.test_following_property import PLACES, STEPS, call
from tests.middleware_chronos.test_following_property import step as chronos_step

COLUMNS = "1,6,20,200,201,202,206,207,208,209,210,211,215,220,221,222,223,225"
INVITED: tuple[list[dict[str, int]], ...] = ([], [{"type": 1, "id": 4}], [{"type": 2, "id": 6}, {"type": 3, "id": 7}])
RULES: tuple[dict[str, int], ...] = (
    {"recurrence_type": 0},
    {"recurrence_type": 1, "interval": 2, "occurrences": 4},
    {"recurrence_type": 2, "interval": 1, "days": 2, "until": START + 30 * DAY},
)
_WHO, _WHICH, _POSITION = st.sampled_from(PLACES), st.integers(0, 5), st.integers(0, 4)
APPOINTMENT_STEPS = st.one_of(
    st.tuples(st.just("new appointment"), _WHO, st.sampled_from(RULES), st.sampled_from(INVITED)),
    st.tuples(st.just("retitle"), _WHO, _WHICH, _POSITION),
    st.tuples(st.just("shift"), _WHO, _WHICH, _POSITION),
    st.tuples(st.just("repeat"), _WHO, _WHICH, st.sampled_from(RULES)),
    st.tuples(st.just("participants"), _WHO, _WHICH, st.sampled_from(INVITED)),
    st.tuples(st.just("confirm"), _WHO, _WHICH, _POSITION),
    st.tuples(st.just("delete appointment"), _WHO, _WHICH, _POSITION),
)
_MIXED = st.lists(st.one_of(APPOINTMENT_STEPS, APPOINTMENT_STEPS, STEPS.map(lambda steps: steps[0])), max_size=12)


@dataclass
class Follower:
    """A client of one calendar that keeps the rows that it was told."""

    place: tuple[int, str]
    stamp: int = 0
    held: dict[int, Any] = field(default_factory=dict)


def ask(context: Context, user: int, action: str, body: Any = None, **params: Any) -> Any:
    """The data of a call of `calendar`, None when it was refused."""
    return call(context, user, action, body, "calendar", timezone="UTC", **params)


def number_of(folder: str) -> str:
    """The plain id of a calendar."""
    return folder.rpartition("/")[2]


def follow(context: Context, follower: Follower) -> None:
    """Ask for changes once; what is told as row and as number was modified."""
    user, folder = follower.place
    params = {"folder": number_of(folder), "columns": COLUMNS, "recurrence_master": "true"}
    data = ask(context, user, "updates", timestamp=follower.stamp, **params)
    for gone in data:
        if isinstance(gone, int):
            follower.held.pop(gone, None)
    rows = [row for row in data if isinstance(row, list)]
    follower.held.update({row[0]: row for row in rows})
    follower.stamp = max([follower.stamp, *(row[1] for row in rows)])


def listing(context: Context, place: tuple[int, str]) -> dict[int, Any]:
    """The whole calendar of a user."""
    user, folder = place
    span = {"start": ms(2020, 1, 1), "end": ms(2040, 1, 1)}
    params = {"folder": number_of(folder), "columns": COLUMNS, "recurrence_master": "true", **span}
    return {row[0]: row for row in ask(context, user, "all", **params)}


def step(context: Context, kind: str, place: tuple[int, str], which: Any, detail: Any) -> None:
    """One action of a user on some appointment he sees; refusals are fine."""
    user, folder = place
    plain = {"title": "A", "start_date": START, "end_date": START + HOUR, "ignore_conflicts": True}
    if kind == "new appointment":
        ask(context, user, "new", {**plain, **which, "participants": detail, "folder_id": number_of(folder)})
        return
    appointments = sorted(listing(context, place))
    if not appointments:
        return
    number = appointments[which % len(appointments)]
    named = {"id": number, "folder": number_of(folder), "timestamp": FAR}
    occurrence = {"recurrence_position": detail} if isinstance(detail, int) and detail else {}
    match kind:
        case "retitle":
            ask(context, user, "update", {"title": f"T{which}", "ignore_conflicts": True, **occurrence}, **named)
        case "shift":
            dates = {"start_date": START + 3 * HOUR, "end_date": START + 4 * HOUR, "ignore_conflicts": True}
            ask(context, user, "update", {**dates, **occurrence}, **named)
        case "repeat":
            ask(context, user, "update", {**detail, "ignore_conflicts": True}, **named)
        case "participants":
            ask(context, user, "update", {"participants": detail, "ignore_conflicts": True}, **named)
        case "confirm":
            ask(context, user, "confirm", {"confirmation": which % 4}, **named, occurrence=detail)
        case "delete appointment":
            entry = {"id": number, "folder": number_of(folder), **occurrence}
            ask(context, user, "delete", [entry], timestamp=FAR)
        case _:
            chronos_step(context, kind, place, which, detail)


@pytest.mark.parametrize("generation", list(Generation))
def test_followers_hold_the_listing(generation: Generation) -> None:
    @given(_MIXED)
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    def check(steps: list[tuple[str, tuple[int, str], Any, Any]]) -> None:
        context = open_context(None, Settings(generation))
        try:
            populate(context)
            call(context, 3, "new", {"title": "Second", "module": "calendar"}, "folders", folder_id=1)
            followers = [Follower(place) for place in PLACES]
            for one in steps:
                step(context, *one)
                for follower in followers:
                    follow(context, follower)
            for follower in (*followers, *(Follower(place) for place in PLACES)):
                follow(context, follower)
                assert follower.held == listing(context, follower.place)
                _is_consistent(follower.held)
        finally:
            context.close()

    check()


def _is_consistent(held: dict[int, Any]) -> None:
    """Every changed occurrence that a series lists is an appointment of its own, and the other way round."""
    series, dates, changed = (COLUMNS.split(",").index(column) for column in ("206", "208", "210"))
    for number, row in held.items():
        if row[series] == number:
            instances = [one for one in held.values() if one[series] == number and one is not row]
            assert sorted(one[dates] for one in instances) == sorted(row[changed] or ())

"""Nothing changes on the way there and back, and every plan leads to what the client asked for."""

from typing import Any

from hypothesis import given, settings

from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.user import CalendarUser
from tests.mappings.calendar.generated import ox_events, vevents
from tests.mappings.calendar.imitation import OX

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")


@settings(deadline=None, max_examples=100)
@given(ox_events())
def test_an_ox_event_comes_back_unchanged(event: dict[str, Any]) -> None:
    text = render([event], ALICE)
    assert render([event], ALICE) == text
    assert plan([event], read(text.encode()), ALICE) == ()


@settings(deadline=None, max_examples=100)
@given(vevents())
def test_a_client_object_is_stored_and_comes_back(text: str) -> None:
    obj, ox = read(text.encode()), OX()
    ox.apply(plan([], obj, ALICE))
    assert plan(ox.all(), obj, ALICE) == ()
    shown = read(render(ox.all(), ALICE).encode())
    assert plan(ox.all(), shown, ALICE) == ()
    copy = OX()
    copy.apply(plan([], shown, ALICE))
    assert plan(copy.all(), obj, ALICE) == ()


@settings(deadline=None, max_examples=100)
@given(vevents(), vevents())
def test_any_object_may_follow_any_other(first: str, second: str) -> None:
    ox = OX()
    ox.apply(plan([], read(first.encode()), ALICE))
    ox.apply(plan(ox.all(), read(second.encode()), ALICE))
    assert plan(ox.all(), read(second.encode()), ALICE) == ()

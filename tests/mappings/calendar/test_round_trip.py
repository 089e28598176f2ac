"""Nothing changes on the way there and back, and every plan leads to what the client asked for."""

import contextlib
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.desired import desired
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.user import CalendarUser
from mappings.errors import InvalidData
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


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=200) | st.lists(st.sampled_from(LINES := [
    b"BEGIN:VCALENDAR", b"END:VCALENDAR", b"BEGIN:VEVENT", b"END:VEVENT", b"UID:1", b"DTSTART:20270301T000000Z",
    b"DTSTART;VALUE=DATE:99991231", b"DTEND;TZID=x:00010101T000000", b"DURATION:P999999999D", b"RRULE:FREQ=DAILY",
    b"RRULE:FREQ=YEARLY;COUNT=0", b"RRULE:", b"EXDATE:,,", b"RDATE;VALUE=PERIOD:20270301T000000Z/PT", b"GEO:a;b",
    b"RECURRENCE-ID:20270301T000000Z", b"RECURRENCE-ID:x", b"BEGIN:VALARM", b"TRIGGER:P", b"END:VALARM",
    b"ATTENDEE:", b"ORGANIZER;CN:x", b"SEQUENCE:-1", b"ATTACH;VALUE=BINARY:", b"CATEGORIES:,", b"\xff\xfe", b"",
])).map(b"\r\n".join))  # fmt: skip
def test_hostile_input_is_refused_with_a_reason(data: bytes) -> None:
    with contextlib.suppress(InvalidData):
        desired(read(data), ALICE)

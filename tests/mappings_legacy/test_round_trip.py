"""What OX 7.8 can hold comes back unchanged; what it cannot hold is not written again."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.compare import changes
from mappings.calendar.desired import desired
from mappings.calendar.identity import recurrence_instant
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.steps import Create
from mappings.legacy.appointment import to_appointment
from mappings.legacy.event import to_event
from mappings.legacy.holdable import holdable, holdable_series
from tests.mappings.calendar.generated import vevents
from tests.mappings_legacy.server import ALICE, KNOWN, Server
from tests.mappings_legacy.test_rules import _fields, _is_holdable

HOUR = 3_600_000
START = int(datetime(2027, 4, 5, 7, tzinfo=UTC).timestamp()) * 1000
TEXT = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)
PEOPLE = st.sampled_from(
    [
        {"type": 1, "id": 4},
        {"type": 2, "id": 2},
        {"type": 3, "id": 7},
        {"type": 5, "mail": "ext@other.example", "display_name": "Ext"},
    ]
)


@st.composite
def appointments(draw: st.DrawFn) -> dict[str, Any]:
    """The fields of any new appointment that OX 7.8 takes as they are."""
    fields: dict[str, Any] = {"title": draw(TEXT | st.just("(no title)")), "full_time": draw(st.booleans())}
    if fields["full_time"]:
        fields["start_date"] = START - 7 * HOUR + draw(st.integers(0, 400)) * 24 * HOUR
        fields["end_date"] = fields["start_date"] + draw(st.integers(1, 4)) * 24 * HOUR
    else:
        fields["timezone"] = draw(st.sampled_from(["Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata"]))
        fields["start_date"] = START + draw(st.integers(0, 9000)) * HOUR
        fields["end_date"] = fields["start_date"] + draw(st.integers(0, 30)) * HOUR // 2
    optional = {
        "note": TEXT,
        "location": TEXT,
        "categories": st.lists(st.sampled_from(["a", "b c", "ö"]), min_size=1, max_size=3, unique=True).map(",".join),
        "private_flag": st.just(True),
        "color_label": st.integers(1, 10),
        "shown_as": st.integers(1, 4),
        "alarm": st.integers(0, 20000),
        "sequence": st.integers(1, 5),
        "uid": st.just("some-uid"),
        "participants": st.lists(PEOPLE, min_size=1, max_size=4, unique_by=repr).map(
            lambda others: [{"type": 1, "id": 3}, *others]
        ),
    }
    for name, values in optional.items():
        if draw(st.booleans()):
            fields[name] = draw(values)
    rule = draw(st.none() | _fields())
    if rule is not None and _is_holdable(rule) and rule.get("until", START * 2) > fields["start_date"] + 24 * HOUR:
        fields |= rule
    return fields


@settings(deadline=None, max_examples=80)
@given(appointments())
def test_an_appointment_comes_back_unchanged(fields: dict[str, Any]) -> None:
    appointment = Server().new(dict(fields))
    event = to_event(appointment, ALICE, None, KNOWN)
    same = to_appointment(event, ALICE, appointment)
    assert {name: appointment.get(name) for name in same} == same
    copy = Server().new(to_appointment(event, ALICE))
    assert {**copy, "timezone": ""} == {**appointment, "timezone": "", "uid": copy["uid"]}
    assert fields["full_time"] or copy["timezone"] == fields["timezone"]


@settings(deadline=None, max_examples=80)
@given(vevents())
def test_an_event_comes_back_as_far_as_it_can_be_held(text: str) -> None:
    obj = read(text.encode())
    wanted = desired(obj, ALICE).master
    assert wanted is not None
    held = holdable(wanted, ALICE)
    assert holdable(held, ALICE) == held
    server = Server()
    server.apply([Create(wanted | {"attachments": held.get("attachments")})])
    (shown,) = server.events()
    assert {k: v for k, v in shown.items() if k in held and k not in ("attendees", "organizer", "sequence")} == {
        k: v for k, v in held.items() if k not in ("attendees", "organizer", "sequence")
    }
    assert not set(shown) - set(held) - {"id", "folder", "attendees", "organizer", "seriesId", "sequence", "uid"}
    assert not changes(shown, held | {"attendees": shown["attendees"]}, ALICE)


@settings(deadline=None, max_examples=80)
@given(vevents())
def test_a_stored_object_is_not_written_again(text: str) -> None:
    obj, server = read(text.encode()), Server()
    server.apply(plan([], obj, ALICE, holdable_series))
    assert plan(server.events(), obj, ALICE, holdable_series) == ()


@settings(deadline=None, max_examples=40)
@given(vevents(), vevents())
def test_any_object_may_follow_any_other(first: str, second: str) -> None:
    """Changed times and rules end all exceptions, so the rest is planned anew; only deleted occurrences stay so."""
    server = Server()
    server.apply(plan([], read(first.encode()), ALICE, holdable_series))
    wanted = read(second.encode())
    for _ in range(3):
        server.apply(plan(server.events(), wanted, ALICE, holdable_series))
    left = plan(server.events(), wanted, ALICE, holdable_series)
    assert all(getattr(step, "fields", {"": ""}).keys() <= {"deleteExceptionDates"} for step in left)


@settings(deadline=None, max_examples=60)
@given(vevents(), vevents(), st.booleans())
def test_each_event_has_the_files_that_are_wanted_of_it(first: str, second: str, copies: bool) -> None:
    """Whether an instance gets copies of the files of its series or not."""
    server = Server(copies=copies)
    server.apply(plan([], read(first.encode()), ALICE, holdable_series))
    wanted = read(second.encode())
    for _ in range(3):
        server.apply(plan(server.events(), wanted, ALICE, holdable_series))
    series, events = holdable_series(desired(wanted, ALICE), wanted.uid, ALICE), server.events()
    master = next(event for event in events if "recurrenceId" not in event)
    assert series.master is not None
    assert _files(master) == _files(series.master)
    instances = {recurrence_instant(event["recurrenceId"]): event for event in events if "recurrenceId" in event}
    for override in series.overrides:
        instance = instances.get(recurrence_instant(override.recurrence_id), master)
        assert _files(instance) == _files(override.event)


def _files(event: Mapping[str, Any]) -> list[str]:
    return sorted(repr(sorted(file.items())) for file in event.get("attachments") or ())

"""Whatever a client sends, it is read or refused with a reason, in bounded time."""

import contextlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.instances import expand, limit_freebusy_set, limit_recurrence_set, overlaps
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.user import CalendarUser
from mappings.contentline import decode, parse_tree
from mappings.errors import InvalidData
from tests.mappings.calendar.imitation import OX

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "America/Los_Angeles")
START, END = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 3, 1, tzinfo=UTC)

LINES = [
    *("BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER:-PT5M", "TRIGGER:P", "TRIGGER:P999999999D", "END:VALARM"),
    *("TRIGGER;VALUE=DATE-TIME:00010101T000000", "REPEAT:99999999999", "DURATION:PT5M", "ACKNOWLEDGED:x"),
    *("DTSTART:20270101T000000Z", "DTSTART;VALUE=DATE:99991231", "DTSTART;TZID=Asia/Tokyo:00010101T000000"),
    *("DTSTART;TZID=America/New_York:99991231T235959", "DTEND;TZID=x:00010101T000000", "DTEND:99991231T235959Z"),
    *("DURATION:P999999999D", "DURATION:-P1D", "DURATION:PT", "DUE:20270101T000000", "COMPLETED:20270101"),
    *("RRULE:FREQ=DAILY", "RRULE:FREQ=SECONDLY", "RRULE:FREQ=YEARLY;COUNT=0", "RRULE:", "RRULE:FREQ=DAILY;BYDAY=9XX"),
    *(
        "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z",
        "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "RRULE:FREQ=DAILY;UNTIL=x",
    ),
    *("RRULE:FREQ=DAILY;COUNT=999999999", "RRULE:FREQ=WEEKLY;INTERVAL=999999999", "RRULE:RSCALE=HEBREW;FREQ=YEARLY"),
    *("EXDATE:,,", "EXDATE:99991231T235959", "EXDATE;VALUE=DATE:00010101", "RDATE;VALUE=PERIOD:20270301T000000Z/PT"),
    *("RDATE:00010101T000000Z,99991231T235959Z", "RECURRENCE-ID:20270101T000000Z", "RECURRENCE-ID:x", "RECURRENCE-ID:"),
    *(
        "GEO:a;b",
        "GEO:nan;1",
        "GEO:1e400;1",
        "ATTENDEE:",
        "ORGANIZER;CN:x",
        "SEQUENCE:-1",
        "SEQUENCE:²",
        "ATTACH;VALUE=BINARY:",
    ),
    *("CATEGORIES:,", "ATTACH;MANAGED-ID=x:", "ATTACH;SIZE=²:https://x", "FREEBUSY:20270101T000000Z/P1D,x", "X-A;B=:"),
    *("END:VEVENT", "BEGIN:VEVENT", "UID:1", "BEGIN:VTIMEZONE", "TZID:x", "END:VTIMEZONE", "TZOFFSETFROM:+9999"),
]


@st.composite
def calendars(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["VEVENT", "VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"]))
    lines = draw(st.lists(st.sampled_from(LINES), max_size=8))
    return "\r\n".join(["BEGIN:VCALENDAR", f"BEGIN:{kind}", "UID:1", *lines, f"END:{kind}", "END:VCALENDAR"])


@settings(deadline=2000, max_examples=200)
@given(calendars())
def test_objects_are_stored_or_refused(text: str) -> None:
    with contextlib.suppress(InvalidData):
        obj, ox = read(text.encode()), OX()
        steps = plan([], obj, ALICE)
        ox.apply(steps)
        assert plan(ox.all(), obj, ALICE) == ()
        assert plan(ox.all(), read(render(ox.all(), ALICE).encode()), ALICE) == ()


@settings(deadline=2000, max_examples=150)
@given(calendars(), st.sampled_from([None, "VEVENT", "VTODO", "VALARM", "VFREEBUSY"]), st.booleans(), st.booleans())
def test_time_ranges_end(text: str, component: str | None, from_start: bool, to_end: bool) -> None:
    span = (None if from_start else START, None if to_end else END)
    with contextlib.suppress(InvalidData):
        tree = parse_tree(text)
        with contextlib.suppress(InvalidData):
            overlaps(tree, *span, ZoneInfo("Pacific/Kiritimati"), component)
        with contextlib.suppress(InvalidData):
            expand(tree, *span, ZoneInfo("America/Los_Angeles"))
        with contextlib.suppress(InvalidData):
            limit_recurrence_set(tree, *span, UTC)
        with contextlib.suppress(InvalidData):
            limit_freebusy_set(tree, *span)


@given(st.binary(max_size=200))
def test_arbitrary_bytes(data: bytes) -> None:
    with contextlib.suppress(InvalidData):
        read(data)
    with contextlib.suppress(InvalidData):
        parse_tree(decode(data))


@pytest.mark.parametrize(
    "value", ["P" * 100_000, "1" * 100_000, "\\" * 100_000, ";" * 100_000, ",".join(["x"] * 50_000)]
)
@pytest.mark.parametrize(
    "name", ["DTSTART", "RRULE", "EXDATE", "DURATION", "CATEGORIES", "ATTENDEE", "GEO", "SEQUENCE"]
)
def test_long_values(name: str, value: str) -> None:
    start = "" if name == "DTSTART" else "DTSTART:20270101T000000Z\r\n"
    text = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n{start}{name}:{value}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    with contextlib.suppress(InvalidData):
        plan([], read(text.encode()), ALICE)

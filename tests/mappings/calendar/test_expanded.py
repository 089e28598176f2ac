"""What is kept of an event's expansion gives that of every range inside, to the letter."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.expanded import Expanded, expanded_events
from mappings.calendar.instances import expand
from mappings.calendar.overlap import Range, event_overlaps
from mappings.contentline import parse_tree, write_tree
from tests.mappings.calendar.test_times import MOVED, SERIES, ranges

SINGLE = (
    "DTSTART;TZID=Europe/Berlin:20270401T090000\nDTEND;TZID=Europe/Berlin:20270401T090000",
    "DTSTART;VALUE=DATE:20270331\nSUMMARY:an\\, <all-day> event",
    "DTSTART:20270401T093000\nDURATION:P2DT1H",
    "DTSTART:20270401T100000Z\nDTEND:20270401T110000Z\nBEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nEND:VALARM",
)
START, END = datetime(2027, 2, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC)


def within(found: Expanded, start: datetime, end: datetime) -> str:
    span = Range(start, end)
    return "".join(
        [found.opening, *(text for *times, text in found.instances if event_overlaps(span, *times)), found.closing]
    )


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from((*SERIES, *SINGLE)),
    st.sampled_from(MOVED),
    ranges,
    st.timedeltas(timedelta(), timedelta(days=40)),
    st.timedeltas(timedelta(), timedelta(days=40)),
    st.sampled_from(["UTC", "Pacific/Kiritimati"]),
)
def test_a_part_of_an_expansion_is_the_expansion_of_a_part(
    when: str, moved: str, asked: tuple[datetime, datetime], before: timedelta, after: timedelta, zone: str
) -> None:
    text = f"BEGIN:VCALENDAR\nPRODID:x\nBEGIN:VEVENT\nUID:1\n{when}\n{moved}END:VEVENT\nEND:VCALENDAR"
    calendar, floating = parse_tree(text), ZoneInfo(zone)
    found = expanded_events(calendar, asked[0] - before, asked[1] + after, floating)
    if found is not None:
        assert within(found, *asked) == write_tree(expand(calendar, *asked, floating))


@pytest.mark.parametrize(
    "inner",
    [
        "BEGIN:VEVENT\nUID:1\nDTSTART:20270301T090000Z\nRRULE:FREQ=HOURLY\nEND:VEVENT",
        "BEGIN:VTODO\nUID:1\nDTSTART:20270301T090000Z\nEND:VTODO",
    ],
    ids=["too many instances", "no event"],
)
def test_what_is_not_kept(inner: str) -> None:
    calendar = parse_tree(f"BEGIN:VCALENDAR\n{inner}\nEND:VCALENDAR")
    assert expanded_events(calendar, START, END, UTC) is None

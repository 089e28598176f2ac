"""The times of an event answer ranges as its text does, or leave it to the text."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.instances import overlaps
from mappings.calendar.times import event_times
from mappings.contentline import parse_tree

SERIES = (
    "DTSTART;TZID=Europe/Berlin:20270301T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=90",
    "DTSTART;VALUE=DATE:20270301\nRRULE:FREQ=WEEKLY;UNTIL=20270501",
    "DTSTART:20270301T233000\nDTEND:20270302T013000\nRRULE:FREQ=MONTHLY",
    "DTSTART:20270301T090000Z\nRRULE:FREQ=HOURLY",
    "DTSTART:20270310T090000Z\nRDATE;VALUE=PERIOD:20270401T090000Z/PT5H\nRDATE:20270501T090000Z",
    "DTSTART;VALUE=DATE:20270315\nDTEND;VALUE=DATE:20270410",
    "DTSTART:20270301T090000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
)
MOVED = (
    "",
    "END:VEVENT\nBEGIN:VEVENT\nUID:1\nRECURRENCE-ID:20270308T080000Z\nDTSTART:20270620T080000Z\nDURATION:PT2H\n",
    "EXDATE;VALUE=DATE:20270308\nEXDATE:20270308T080000Z\n",
)
FIRST = datetime(2027, 2, 1, tzinfo=UTC)
moments = st.integers(0, 200 * 48).map(lambda number: FIRST + timedelta(minutes=30 * number))
ranges = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1])


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(SERIES),
    st.sampled_from(MOVED),
    ranges,
    st.tuples(moments, st.none() | moments).filter(lambda pair: pair[1] is None or pair[0] < pair[1]),
    st.sampled_from(["UTC", "Pacific/Kiritimati"]),
)
def test_times_answer_as_the_text_does(
    series: str,
    moved: str,
    covered: tuple[datetime, datetime],
    asked: tuple[datetime, datetime | None],
    zone: str,
) -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{series}\n{moved}END:VEVENT\nEND:VCALENDAR"
    calendar, floating = parse_tree(text), ZoneInfo(zone)
    told = event_times(calendar, *covered, floating).overlap(*asked)
    assert told in (None, overlaps(calendar, *asked, floating, "VEVENT"))


def test_times_tell_all_of_the_range_they_cover() -> None:
    text = f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{SERIES[1]}\nEND:VEVENT\nEND:VCALENDAR"
    times = event_times(parse_tree(text), FIRST, FIRST + timedelta(days=90), UTC)
    monday = datetime(2027, 3, 8, tzinfo=UTC)
    assert times.overlap(monday + timedelta(hours=5), monday + timedelta(hours=6)) is True
    assert times.overlap(monday + timedelta(days=1), monday + timedelta(days=2)) is False
    assert times.overlap(monday + timedelta(days=1), None) is True
    assert times.overlap(FIRST + timedelta(days=100), FIRST + timedelta(days=101)) is None

"""Time ranges over series with moved instances, in any kind of time and any zone, against a list made by dateutil."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.instances import overlaps
from mappings.contentline import parse_tree

FIRST = datetime(2027, 3, 20, 1, 30)
RULES = ["FREQ=DAILY;COUNT=20", "FREQ=WEEKLY;BYDAY=SU,WE;COUNT=9", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3"]
ZONES = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Kiritimati", "Australia/Lord_Howe"]


@settings(max_examples=150, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    kind=st.sampled_from(["DATE", "floating", "zoned"]),
    zone=st.sampled_from(ZONES),
    hours=st.integers(1, 60),
    moved=st.dictionaries(st.integers(0, 8), st.tuples(st.integers(-40, 40), st.integers(1, 90)), max_size=3),
    excluded=st.sets(st.integers(0, 8), max_size=3),
    after=st.integers(-50 * 24, 80 * 24),
    length=st.integers(1, 80),
)
def test_overlaps(
    rule: str,
    kind: str,
    zone: str,
    hours: int,
    moved: dict[int, tuple[int, int]],
    excluded: set[int],
    after: int,
    length: int,
) -> None:
    unit = timedelta(days=1) if kind == "DATE" else timedelta(hours=1)
    first = FIRST.replace(hour=0, minute=0) if kind == "DATE" else FIRST
    planned = list(rrulestr(rule, dtstart=first))
    if first not in planned:  # what DTSTART counts for then is a matter of taste
        first = planned[0]
        planned = list(rrulestr(rule, dtstart=first))
    spans = {}
    for number, start in enumerate(planned):
        days, own = moved.get(number, (0, hours))
        if number in moved or number not in excluded:
            spans[start] = (start + timedelta(days=days), own * unit)

    def prop(name: str, moment: datetime) -> str:
        if kind == "DATE":
            return f"{name};VALUE=DATE:{moment:%Y%m%d}"
        return f"{name}{f';TZID={zone}' if kind == 'zoned' else ''}:{moment:%Y%m%dT%H%M%S}"

    def duration(number: int) -> str:
        return f"DURATION:P{number}D" if kind == "DATE" else f"DURATION:PT{number}H"

    lines = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", prop("DTSTART", first), duration(hours), f"RRULE:{rule}"]
    lines += [prop("EXDATE", planned[n]) for n in excluded if n < len(planned) and n not in moved]
    lines.append("END:VEVENT")
    for number, (days, own) in moved.items():
        if number < len(planned):
            start = planned[number]
            lines += ["BEGIN:VEVENT", "UID:1", prop("RECURRENCE-ID", start)]
            lines += [prop("DTSTART", start + timedelta(days=days)), duration(own), "END:VEVENT"]
    calendar = parse_tree("\n".join([*lines, "END:VCALENDAR"]))
    floating = ZoneInfo(zone)
    begin = datetime(2027, 3, 20, tzinfo=UTC) + timedelta(hours=after)
    end = begin + timedelta(hours=length)

    def instant(moment: datetime) -> datetime:
        return moment.replace(tzinfo=floating).astimezone(UTC)

    def ends(start: datetime, long: timedelta) -> datetime:
        """Days count on the clock, hours exactly."""
        return instant(start + long) if kind == "DATE" else instant(start) + long

    expected = any(begin < ends(start, long) and instant(start) < end for start, long in spans.values())
    assert overlaps(calendar, begin, end, floating) is expected

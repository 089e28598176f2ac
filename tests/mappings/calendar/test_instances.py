"""Time ranges, expansion and limiting over calendar objects, with recurring-ical-events as the oracle."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.instances import expand, limit_freebusy_set, limit_recurrence_set, overlaps
from mappings.calendar.moments import parse_moment
from mappings.contentline import Component, parse_tree, write_tree
from mappings.errors import TooCostly

BERLIN = ZoneInfo("Europe/Berlin")


def tree(*lines: str, name: str = "VEVENT") -> Component:
    return parse_tree("\n".join(["BEGIN:VCALENDAR", f"BEGIN:{name}", "UID:1", *lines, f"END:{name}", "END:VCALENDAR"]))


def utc(text: str) -> datetime:
    moment = parse_moment(text + "Z")
    assert isinstance(moment, datetime)
    return moment


def starts(expanded: Component) -> list[str]:
    return [component.first("DTSTART").value for component in expanded.components]  # type: ignore[union-attr]


DAILY = (
    *("DTSTART;TZID=Europe/Berlin:20270301T090000", "DTEND;TZID=Europe/Berlin:20270301T100000"),
    *("RRULE:FREQ=DAILY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20270303T090000"),
)
MOVED = (
    *("END:VEVENT", "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20270304T080000Z"),
    *("DTSTART;TZID=Europe/Berlin:20270320T090000", "DURATION:PT2H"),
)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("20270301T075959", "20270301T080000", False),
        ("20270301T075959", "20270301T080001", True),
        ("20270301T085959", "20270301T090000", True),
        ("20270301T090000", "20270301T100000", False),
        ("20270302T083000", "20270302T084000", True),
        ("20270303T000000", "20270304T000000", False),  # deleted
        ("20270304T000000", "20270305T000000", False),  # moved away
        ("20270320T090000", "20270320T093000", True),  # moved here
        ("20270305T000000", "20270306T000000", True),
        ("20270306T000000", "20270307T000000", False),
    ],
)
def test_series_with_exceptions(first: str, last: str, expected: bool) -> None:
    assert overlaps(tree(*DAILY, *MOVED), utc(first), utc(last), UTC) is expected


def test_open_ranges() -> None:
    calendar = tree(*DAILY, *MOVED)
    assert overlaps(calendar, None, None, UTC)
    assert overlaps(calendar, utc("20270320T000000"), None, UTC)
    assert not overlaps(calendar, utc("20270321T000000"), None, UTC)
    assert not overlaps(calendar, None, utc("20270301T080000"), UTC)
    assert overlaps(tree("DTSTART:20200101T000000Z", "RRULE:FREQ=DAILY"), utc("20990101T000000"), None, UTC)


def test_expansion_in_utc_with_recurrence_ids() -> None:
    expanded = expand(tree(*DAILY, *MOVED), utc("20270301T000000"), utc("20270401T000000"), UTC)
    assert write_tree(expanded).split("\r\n") == [
        "BEGIN:VCALENDAR",
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20270301T080000Z", "DTEND:20270301T090000Z"),
        *("RECURRENCE-ID:20270301T080000Z", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20270302T080000Z", "DTEND:20270302T090000Z"),
        *("RECURRENCE-ID:20270302T080000Z", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20270305T080000Z", "DTEND:20270305T090000Z"),
        *("RECURRENCE-ID:20270305T080000Z", "END:VEVENT"),
        *("BEGIN:VEVENT", "UID:1", "DTSTART:20270320T080000Z", "DTEND:20270320T100000Z"),
        *("RECURRENCE-ID:20270304T080000Z", "END:VEVENT"),
        "END:VCALENDAR",
        "",
    ]


def test_floating_and_all_day_times_take_place_in_the_given_zone() -> None:
    for lines in (("DTSTART:20270301T003000",), ("DTSTART;VALUE=DATE:20270301",)):
        window = utc("20270228T230000"), utc("20270228T234500")
        assert overlaps(tree(*lines), *window, BERLIN)
        assert not overlaps(tree(*lines), *window, UTC)


def test_limited_to_overrides_that_matter() -> None:
    calendar = tree(*DAILY, *MOVED)
    for first, last, count in (
        ("20270301T000000", "20270302T000000", 1),
        ("20270304T000000", "20270305T000000", 2),
        ("20270320T000000", "20270321T000000", 2),
    ):
        assert len(limit_recurrence_set(calendar, utc(first), utc(last), UTC).components) == count


def test_costly_rules_are_refused_and_impossible_ones_end() -> None:
    secondly = tree("DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY")
    assert overlaps(secondly, utc("20270101T000000"), utc("20270101T000001"), UTC)
    with pytest.raises(TooCostly):
        expand(secondly, utc("20270101T000000"), utc("20280101T000000"), UTC)
    with pytest.raises(TooCostly):
        expand(tree("DTSTART:20200101T000000Z", "RRULE:FREQ=DAILY"), None, None, UTC)
    never = tree("DTSTART:20200101T000000Z", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30")
    assert not overlaps(never, utc("20270101T000000"), utc("20280101T000000"), UTC)


@pytest.mark.parametrize(
    ("lines", "first", "last", "expected"),
    [
        ((), "20270301T000000", "20270302T000000", True),
        (("DUE:20270301T120000Z",), "20270301T110000", "20270301T120000", True),
        (("DUE:20270301T120000Z",), "20270301T120000", "20270301T130000", False),
        (("DTSTART:20270301T120000Z",), "20270301T120000", "20270301T130000", True),
        (("DTSTART:20270301T100000Z", "DUE:20270301T120000Z"), "20270301T110000", "20270301T113000", True),
        (("DTSTART:20270301T100000Z", "DURATION:PT1H"), "20270301T110000", "20270301T113000", True),
        (("DTSTART:20270301T100000Z", "DURATION:PT1H"), "20270301T110001", "20270301T113000", False),
        (("COMPLETED:20270301T120000Z",), "20270301T110000", "20270301T120000", True),
        (("CREATED:20270301T120000Z",), "20270301T110000", "20270301T120000", False),
        (("CREATED:20270301T120000Z", "COMPLETED:20270303T120000Z"), "20270302T000000", "20270302T010000", True),
    ],
)
def test_tasks(lines: tuple[str, ...], first: str, last: str, expected: bool) -> None:
    assert overlaps(tree(*lines, name="VTODO"), utc(first), utc(last), UTC) is expected


def test_journals_and_free_busy() -> None:
    day = utc("20270301T000000"), utc("20270302T000000")
    assert not overlaps(tree(name="VJOURNAL"), *day, UTC)
    assert overlaps(tree("DTSTART;VALUE=DATE:20270301", name="VJOURNAL"), *day, UTC)
    busy = tree("FREEBUSY:20270228T100000Z/PT1H,20270301T100000Z/20270301T110000Z", name="VFREEBUSY")
    assert overlaps(busy, *day, UTC)
    assert overlaps(busy, *day, UTC, "VFREEBUSY")
    assert not overlaps(busy, *day, UTC, "VEVENT")
    limited = limit_freebusy_set(busy, *day)
    assert limited.components[0].first("FREEBUSY").value == "20270301T100000Z/20270301T110000Z"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("alarm", "first", "last", "expected"),
    [
        (("TRIGGER:-PT15M",), "20270302T074500", "20270302T074501", True),
        (("TRIGGER:-PT15M",), "20270302T080000", "20270302T090000", False),
        (("TRIGGER;RELATED=END:PT0S",), "20270302T090000", "20270302T090001", True),
        (("TRIGGER:-P1D", "REPEAT:2", "DURATION:PT1H"), "20270228T100000", "20270228T100001", True),
        (("TRIGGER;VALUE=DATE-TIME:20260101T000000Z",), "20260101T000000", "20260101T000001", True),
        (("TRIGGER;VALUE=DATE-TIME:20260101T000000Z",), "20270302T000000", "20270303T000000", False),
    ],
)
def test_alarms(alarm: tuple[str, ...], first: str, last: str, expected: bool) -> None:
    calendar = tree(*DAILY, "BEGIN:VALARM", "ACTION:AUDIO", *alarm, "END:VALARM")
    assert overlaps(calendar, utc(first), utc(last), UTC, "VALARM") is expected


RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3;COUNT=20",
    "FREQ=WEEKLY;BYDAY=MO,WE,SU",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU;COUNT=30",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=3,10;BYDAY=-1SU",
    "FREQ=DAILY;UNTIL=20270401T000000Z",
]


@settings(max_examples=60, deadline=None)
@given(
    rule=st.sampled_from(RULES),
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "", "DATE"]),
    hour=st.integers(4, 23),
    length=st.integers(0, 50),
    after=st.integers(0, 400),
    days=st.integers(1, 60),
    excluded=st.lists(st.integers(0, 60), max_size=3),
)
def test_same_instances_as_recurring_ical_events(
    rule: str, zone: str, hour: int, length: int, after: int, days: int, excluded: list[int]
) -> None:
    first = date(2027, 3, 14)  # a Sunday, shortly before the clocks change
    if zone == "DATE":
        lines = [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DURATION:P{length % 4 + 1}D"]
        rule = rule.replace("T000000Z", "")
        dates = [f"EXDATE;VALUE=DATE:{first + timedelta(days=n):%Y%m%d}" for n in excluded]
    else:
        params = f";TZID={zone}" if zone not in ("UTC", "") else ""
        suffix = "Z" if zone == "UTC" else ""
        rule = rule if zone else rule.replace("Z", "")
        lines = [f"DTSTART{params}:{first:%Y%m%d}T{hour:02}0000{suffix}", f"DURATION:PT{length}H"]
        dates = [f"EXDATE{params}:{first + timedelta(days=n):%Y%m%d}T{hour:02}0000{suffix}" for n in excluded]
    calendar = tree(*lines, f"RRULE:{rule}", *dates)
    start = datetime(2027, 3, 14, tzinfo=UTC) + timedelta(days=after)
    end = start + timedelta(days=days)
    query = recurring_ical_events.of(icalendar.Calendar.from_ical(write_tree(calendar)))
    if zone in ("", "DATE"):
        found = query.between(start.replace(tzinfo=None), end.replace(tzinfo=None))
    else:
        found = query.between(start, end)
    expected = sorted(text_of(event["DTSTART"].dt) for event in found)
    assert starts(expand(calendar, start, end, UTC)) == expected
    assert overlaps(calendar, start, end, UTC) is bool(expected)


def text_of(moment: date) -> str:
    if not isinstance(moment, datetime):
        return f"{moment:%Y%m%d}"
    if moment.tzinfo is None:
        return f"{moment:%Y%m%dT%H%M%S}"
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S}Z"

"""iCalendar objects against filters."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dav.filters.calendar import CompFilter, PropFilter
from gateway.dav.filters.calendar_hint import hint, verdict
from gateway.dav.filters.calendar_match import matches
from gateway.dav.filters.collation import ASCII_CASEMAP, COLLATIONS
from gateway.dav.filters.elements import ParamFilter, TextMatch
from gateway.dav.filters.time_range import TimeRange
from mappings.contentline import Component, parse_tree
from mappings.errors import TooCostly
from tests.dav_reports.texts import calendar, vevent

BERLIN = ZoneInfo("Europe/Berlin")
ALARM = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:x\nEND:VALARM"
SINGLE = parse_tree(
    calendar(
        vevent(
            "single",
            ";TZID=Europe/Berlin:20270405T090000",
            ";TZID=Europe/Berlin:20270405T100000",
            "CATEGORIES:Work,Äpfel",
            "LOCATION:Room 1\\, upstairs",
            "ATTENDEE;PARTSTAT=NEEDS-ACTION;CN=Ann:mailto:ann@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@example.com",
            ALARM,
        )
    )
)
SERIES = parse_tree(
    calendar(
        vevent("series", "20270405T090000Z", "20270405T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4", "LOCATION:A"),
        vevent("series", "20270414T090000Z", "20270414T100000Z", "RECURRENCE-ID:20270412T090000Z", "LOCATION:B"),
    )
)


def text(value: str, *, negate: bool = False) -> TextMatch:
    return TextMatch(value, ASCII_CASEMAP, negate=negate)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2027, 4, day, hour, tzinfo=UTC)


def holds(tree: Component, *props: PropFilter, time: TimeRange | None = None, inner: CompFilter | None = None) -> bool:
    event = CompFilter("VEVENT", time=time, props=props, comps=(inner,) if inner else ())
    return matches(CompFilter("VCALENDAR", comps=(event,)), tree, BERLIN)


@pytest.mark.parametrize(
    ("prop", "expected"),
    [
        (PropFilter("SUMMARY"), True),
        (PropFilter("DESCRIPTION"), False),
        (PropFilter("DESCRIPTION", defined=False), True),
        (PropFilter("SUMMARY", text=text("EVENT")), True),
        (PropFilter("SUMMARY", text=text("EVENT", negate=True)), False),
        (PropFilter("DESCRIPTION", text=text("x", negate=True)), False),
        (PropFilter("LOCATION", text=text("1, up")), True),
        (PropFilter("CATEGORIES", text=text("work")), True),
        (PropFilter("ATTENDEE", params=(ParamFilter("PARTSTAT", text=text("declined")),)), False),
        (PropFilter("ATTENDEE", text=text("ann"), params=(ParamFilter("PARTSTAT", text=text("needs-action")),)), True),
        (PropFilter("ATTENDEE", text=text("bob"), params=(ParamFilter("PARTSTAT", text=text("needs-action")),)), False),
        (PropFilter("ATTENDEE", params=(ParamFilter("ROLE", defined=False),)), True),
        (PropFilter("ATTENDEE", params=(ParamFilter("CN", defined=False),)), False),
        # 09:00 in Berlin is 07:00 in UTC
        (PropFilter("DTSTART", time=TimeRange(at(5, 7), at(5, 8))), True),
        (PropFilter("DTSTART", time=TimeRange(at(5, 6), at(5, 7))), False),
        (PropFilter("DTSTART", time=TimeRange(at(5, 8), None)), False),
        (PropFilter("DTEND", time=TimeRange(None, at(5, 9))), True),
        (PropFilter("COMPLETED", time=TimeRange(None, at(5, 9))), False),
        (PropFilter("X-WHEN", time=TimeRange(None, at(5, 9))), False),
    ],
)
def test_one_property(prop: PropFilter, expected: bool) -> None:
    assert holds(SINGLE, prop) is expected


def test_alarms() -> None:
    assert holds(SINGLE, inner=CompFilter("VALARM"))
    assert not holds(SERIES, inner=CompFilter("VALARM"))
    assert holds(SERIES, inner=CompFilter("VALARM", defined=False))


def test_time_and_properties_must_hold_for_the_same_instance() -> None:
    moved, first = TimeRange(at(14), at(15)), TimeRange(at(5), at(6))
    assert holds(SERIES, PropFilter("LOCATION", text=text("b")), time=moved)
    assert not holds(SERIES, PropFilter("LOCATION", text=text("a")), time=moved)
    assert holds(SERIES, PropFilter("LOCATION", text=text("a")), time=first)
    assert not holds(SERIES, PropFilter("LOCATION", text=text("b")), time=first)
    # the instance of the 12th went to the 14th
    assert not holds(SERIES, PropFilter("LOCATION"), time=TimeRange(at(12), at(13)))
    assert not holds(SERIES, PropFilter("LOCATION", text=text("a")), time=TimeRange(at(12), at(13)))


@pytest.mark.parametrize(("hour", "expected"), [(6, False), (7, True), (8, False)])
def test_a_zoned_event_in_time(hour: int, expected: bool) -> None:
    assert holds(SINGLE, time=TimeRange(at(5, hour), at(5, hour) + timedelta(hours=1))) is expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    # the alarm is at 06:45 UTC
    [(at(5, 6), at(5, 7), True), (at(5, 7), at(5, 8), False), (at(5, 5), at(5, 6), False)],
)
def test_alarms_in_time(first: datetime, last: datetime, expected: bool) -> None:
    assert holds(SINGLE, inner=CompFilter("VALARM", time=TimeRange(first, last))) is expected


def test_a_rule_without_end_is_bounded() -> None:
    endless = vevent("x", "19700101T000000Z", "19700101T000001Z", "RRULE:FREQ=SECONDLY;COUNT=100000000")
    with pytest.raises(TooCostly):
        holds(parse_tree(calendar(endless)), time=TimeRange(at(5), at(6)))


texts = st.builds(TextMatch, st.text(max_size=3), st.sampled_from(sorted(COLLATIONS)), negate=st.booleans())
moments = st.datetimes(datetime(2027, 4, 1), datetime(2027, 5, 1), timezones=st.just(UTC))
ranges = st.tuples(moments, moments).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: TimeRange(*pair))
ranges |= st.builds(TimeRange, moments, st.none()) | st.builds(TimeRange, st.none(), moments)
params = st.builds(ParamFilter, st.sampled_from(["TZID", "PARTSTAT", "X"]), st.booleans(), st.none() | texts)
props = st.builds(
    PropFilter,
    st.sampled_from(["UID", "SUMMARY", "DTSTART", "ATTENDEE", "TRIGGER", "RRULE", "X"]),
    st.booleans(),
    st.none() | ranges,
    st.none() | texts,
    st.lists(params, max_size=2).map(tuple),
)


def components(names: list[str], inner: st.SearchStrategy[CompFilter] | None) -> st.SearchStrategy[CompFilter]:
    return st.builds(
        CompFilter,
        st.sampled_from(names),
        st.booleans(),
        st.none() | ranges,
        st.lists(props, max_size=2).map(tuple),
        st.just(()) if inner is None else st.lists(inner, max_size=2).map(tuple),
    )


kinds = components(["VEVENT", "VTODO", "VTIMEZONE"], components(["VALARM"], None))
filters = st.builds(
    CompFilter,
    st.just("VCALENDAR"),
    st.booleans(),
    props=st.lists(props, max_size=1).map(tuple),
    comps=st.lists(kinds, max_size=2).map(tuple),
)
trees = st.sampled_from([SINGLE, SERIES, Component("VCALENDAR")])


@given(filters, trees)
def test_the_verdict_is_what_the_text_says(wanted: CompFilter, tree: Component) -> None:
    component = "VEVENT" if tree.components else "VTODO"
    if tree.components and (known := verdict(wanted, component)) is not None:
        assert matches(wanted, tree, BERLIN) is known


@given(filters, st.sampled_from([SINGLE, SERIES]))
def test_a_match_fulfils_the_hint(wanted: CompFilter, tree: Component) -> None:
    if matches(wanted, tree, BERLIN):
        narrowed = hint(wanted)
        assert narrowed.component in (None, "VEVENT")
        if narrowed.start or narrowed.end:
            assert holds(tree, time=TimeRange(narrowed.start, narrowed.end))


@given(st.sampled_from(["VEVENT", "VTODO"]), st.sampled_from(["SUMMARY", "X", "LOCATION"]), trees)
def test_not_defined_is_the_opposite_of_defined(component: str, prop: str, tree: Component) -> None:
    absent, present = (CompFilter("VCALENDAR", comps=(CompFilter(component, defined),)) for defined in (False, True))
    assert matches(absent, tree, BERLIN) is not matches(present, tree, BERLIN)
    if tree is SINGLE:
        assert holds(tree, PropFilter(prop, defined=False)) is not holds(tree, PropFilter(prop))


@given(st.sampled_from([SINGLE, SERIES]), moments, st.integers(0, 100_000), st.integers(0, 100_000))
def test_a_wider_range_matches_as_well(tree: Component, start: datetime, seconds: int, more: int) -> None:
    end = start + timedelta(seconds=seconds + 1)
    if holds(tree, time=TimeRange(start, end)):
        margin = timedelta(seconds=more)
        assert holds(tree, time=TimeRange(start - margin, end + margin))
        assert holds(tree, time=TimeRange(start, None))
        assert holds(tree, time=TimeRange(None, end))

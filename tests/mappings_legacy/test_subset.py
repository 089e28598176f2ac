"""Rules OX 7.8 cannot say: it never gets an occurrence that nobody wrote."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.calendar.moments import Moment
from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule
from mappings.legacy.subset import held_rule
from tests.mappings_legacy.test_rules import _rrules, first_day

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 4, 5, 9, tzinfo=BERLIN)  # the first Monday of April


@pytest.mark.parametrize(
    ("rrule", "held"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE;WKST=SU", "FREQ=WEEKLY;BYDAY=MO,WE"),
        ("FREQ=DAILY;UNTIL=20270501T215959Z", "FREQ=DAILY;UNTIL=20270501T070000Z"),
        ("FREQ=MONTHLY;BYMONTHDAY=5,20", "FREQ=MONTHLY;BYMONTHDAY=5"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=MONTHLY;BYDAY=1MO,3MO;COUNT=4", "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20270517T070000Z"),
        ("FREQ=MONTHLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3,-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=3"),
        ("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", None),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", None),
        ("FREQ=YEARLY;BYMONTH=4,10;BYMONTHDAY=5", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYMONTHDAY=5", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=5"),
        ("FREQ=YEARLY;BYDAY=14MO", None),
        ("FREQ=DAILY;BYHOUR=9,15", "FREQ=DAILY"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("FREQ=HOURLY;INTERVAL=5", None),
        ("FREQ=DAILY;COUNT=1200", "FREQ=DAILY;UNTIL=20300717T070000Z"),
        ("FREQ=DAILY;COUNT=100000000", None),
        ("nonsense", None),
    ],
)
def test_as_much_as_can_be_said(rrule: str, held: str | None) -> None:
    assert held_rule(rrule, START, BERLIN) == held


@settings(max_examples=150, deadline=None)
@given(_rrules(), st.integers(0, 400))
def test_never_more_than_was_written(rrule: str, shift: int) -> None:
    first = first_day(rrule, date(2027, 4, 5) + timedelta(days=shift))
    held = None if first is None else held_rule(rrule, first, BERLIN)
    if first is not None and held is not None:
        shown = _days(held, first)
        assert first in shown
        assert shown <= _days(rrule, first)


def _days(rrule: str, first: date) -> set[Moment]:
    end = datetime(first.year + 5, 1, 1, tzinfo=UTC)
    return set(Recurrence(first, parse_rule(rrule)).occurrences(last=end))

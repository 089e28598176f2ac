"""Recurrence against two independent oracles: python-dateutil and recurring-ical-events."""

from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mappings.calendar.recurrence import Recurrence
from mappings.calendar.rules import parse_rule

# python-dateutil walks to the year 9999 when a rule has no further occurrence: start shortly before.
START = datetime(9996, 3, 22, 9, 30)
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def numbers(low: int, high: int) -> st.SearchStrategy[str]:
    return st.lists(st.integers(low, high).filter(bool), min_size=1, max_size=3, unique=True).map(
        lambda found: ",".join(map(str, found))
    )


def part(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | values.map(lambda value: f";{name}={value}")


PLAIN_DAYS = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
NTH_DAYS = st.lists(
    st.tuples(st.sampled_from([-2, -1, 1, 2, 3, 5]), st.sampled_from(DAYS)), min_size=1, max_size=3, unique=True
).map(lambda days: ",".join(f"{nth}{day}" for nth, day in days))


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]))
    rule = f"FREQ={freq};INTERVAL={draw(st.integers(1, 4))}"
    rule += draw(part("BYMONTH", numbers(1, 12)))
    if freq != "WEEKLY":
        rule += draw(part("BYMONTHDAY", numbers(-31, 31)))
    if freq in ("YEARLY", "MONTHLY"):
        rule += draw(part("BYDAY", PLAIN_DAYS | NTH_DAYS))
    else:
        rule += draw(part("BYDAY", PLAIN_DAYS))
    if freq == "YEARLY":
        rule += draw(part("BYYEARDAY", numbers(-366, 366)))
        if "BYDAY" in rule:
            rule += draw(part("BYWEEKNO", numbers(-53, 53)))
    rule += draw(part("BYHOUR", numbers(1, 23)))
    rule += draw(part("BYMINUTE", numbers(1, 59)))
    if freq in ("YEARLY", "MONTHLY", "DAILY"):  # of the first week python-dateutil takes a part only
        rule += draw(part("BYSETPOS", numbers(-4, 4)))
    rule += draw(part("WKST", st.sampled_from(["SU", "WE"])))
    return rule + draw(st.just("") | st.integers(1, 30).map(lambda count: f";COUNT={count}"))


@settings(max_examples=150, deadline=None)
@given(rules(), st.integers(0, 700), st.integers(1, 500))
def test_same_occurrences_as_dateutil(rule: str, after: int, days: int) -> None:
    try:
        oracle = rrulestr(rule, dtstart=START)
    except ValueError:  # dateutil refuses rules without any time that fits
        assume(False)
    first = START + timedelta(days=after)
    last = first + timedelta(days=days)
    mine = list(islice(Recurrence(START, parse_rule(rule)).occurrences(aware(first), aware(last)), 40))
    expected: list[datetime] = []
    for occurrence in oracle:
        if occurrence >= last or len(expected) == 40:
            break
        if occurrence >= first:
            expected.append(occurrence)
    assert mine == expected


def aware(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)

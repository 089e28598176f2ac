"""Time ranges on VTODO: the table of RFC 4791 9.9, written out once more here; recurring tasks, alarms, expansion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.dav.filters.calendar import CompFilter
from gateway.dav.filters.calendar_match import matches
from gateway.dav.filters.time_range import TimeRange
from mappings.calendar.instances import expand, limit_recurrence_set
from mappings.contentline import Component, parse_tree

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
moments = st.integers(-3, 3).map(lambda hours: NOON + timedelta(hours=hours))
NEVER, ALWAYS = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Task:
    start: datetime | None = None
    due: datetime | None = None
    hours: int | None = None
    completed: datetime | None = None
    created: datetime | None = None

    @property
    def calendar(self) -> Component:
        stamps = {"DTSTART": self.start, "DUE": self.due, "COMPLETED": self.completed, "CREATED": self.created}
        lines = [f"{name}:{at:%Y%m%dT%H%M%SZ}" for name, at in stamps.items() if at is not None]
        if self.hours is not None:
            lines.append(f"DURATION:PT{self.hours}H")
        return tree(*lines)


def tree(*lines: str, more: str = "") -> Component:
    text = "\n".join(
        ["BEGIN:VCALENDAR", "BEGIN:VTODO", "UID:t", *lines, "END:VTODO", *more.split(), "END:VCALENDAR", ""]
    )
    return parse_tree(text)


def in_range(calendar: Component, start: datetime | None, end: datetime | None, alarm: bool = False) -> bool:
    span = TimeRange(start, end)
    inner = CompFilter("VTODO", comps=(CompFilter("VALARM", time=span),)) if alarm else CompFilter("VTODO", time=span)
    return matches(CompFilter("VCALENDAR", comps=(inner,)), calendar, UTC)


def by_the_table(task: Task, start: datetime, end: datetime) -> bool:
    """Row by row as the RFC has it."""
    begin, due, done, made = task.start, task.due, task.completed, task.created
    if begin is not None and task.hours is not None:
        last = begin + timedelta(hours=task.hours)
        return start <= last and (end > begin or end >= last)
    if begin is not None and due is not None:
        return (start < due or start <= begin) and (end > begin or end >= due)
    if begin is not None:
        return start <= begin < end
    if due is not None:
        return start < due <= end
    if done is not None and made is not None:
        return (start <= made or start <= done) and (end >= made or end >= done)
    if done is not None:
        return start <= done <= end
    if made is not None:
        return end > made
    return True


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    start = draw(st.none() | moments)
    hours = draw(st.none() | st.integers(0, 4)) if start is not None else None
    due = draw(st.none() | moments.filter(lambda at: start is None or at >= start)) if hours is None else None
    return Task(start, due, hours, draw(st.none() | moments), draw(st.none() | moments))


@given(tasks(), st.none() | moments, st.none() | moments)
@example(Task(), None, NOON)
@example(Task(due=NOON), NOON - timedelta(hours=1), NOON)
@example(Task(start=NOON, hours=0), NOON, NOON + timedelta(hours=1))
def test_every_row_of_the_table(task: Task, start: datetime | None, end: datetime | None) -> None:
    if (start is None and end is None) or (start is not None and end is not None and end <= start):
        return
    assert in_range(task.calendar, start, end) is by_the_table(task, start or NEVER, end or ALWAYS)


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, tzinfo=UTC)


DAILY = ("DTSTART:20270301T090000Z", "DUE:20270301T100000Z", "RRULE:FREQ=DAILY;COUNT=5")


@pytest.mark.parametrize(
    ("lines", "start", "end", "expected"),
    [
        (DAILY, at(3), at(4), True),
        (DAILY, at(3, 10), at(4, 9), False),
        (DAILY, at(6), None, False),
        (DAILY, None, at(1, 9), False),
        (DAILY, None, at(1, 10), True),
        ((*DAILY, "EXDATE:20270303T090000Z"), at(3), at(4), False),
        (("DUE:20270301T100000Z", "RRULE:FREQ=DAILY;COUNT=5"), at(3, 9), at(3, 10), True),
        (("DUE:20270301T100000Z", "RRULE:FREQ=DAILY;COUNT=5"), at(3, 10), at(4, 9), False),
        (("DTSTART;VALUE=DATE:20270301", "DURATION:P1D", "RRULE:FREQ=WEEKLY"), at(8, 12), at(8, 13), True),
        (("DTSTART;VALUE=DATE:20270301", "DURATION:P1D", "RRULE:FREQ=WEEKLY"), at(10), at(15), False),
    ],
)
def test_recurring_tasks(lines: tuple[str, ...], start: datetime | None, end: datetime | None, expected: bool) -> None:
    assert in_range(tree(*lines), start, end) is expected


ALARM = ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x")


@pytest.mark.parametrize(
    ("lines", "trigger", "day", "hour", "expected"),
    [
        (DAILY, "TRIGGER:-PT30M", 3, 8, True),
        (DAILY, "TRIGGER:-PT30M", 3, 9, False),
        (DAILY, "TRIGGER;RELATED=END:PT0S", 3, 10, True),
        (("DUE:20270301T100000Z",), "TRIGGER;RELATED=END:-PT1H", 1, 9, True),
        (("DUE:20270301T100000Z",), "TRIGGER;VALUE=DATE-TIME:20270228T100000Z", 1, 9, False),
        ((), "TRIGGER;VALUE=DATE-TIME:20270302T100000Z", 2, 10, True),
        ((), "TRIGGER:-PT5M", 2, 10, False),
    ],
)
def test_alarms(lines: tuple[str, ...], trigger: str, day: int, hour: int, expected: bool) -> None:
    calendar = tree(*lines, *ALARM, trigger, "END:VALARM")
    assert in_range(calendar, at(day, hour), at(day, hour) + timedelta(hours=1), alarm=True) is expected


OVERRIDE = "BEGIN:VTODO UID:t RECURRENCE-ID:20270303T090000Z DTSTART:20270310T090000Z DUE:20270310T100000Z END:VTODO"


def test_expansion() -> None:
    calendar = expand(tree(*DAILY, more=OVERRIDE), at(2), at(5), UTC)
    found = [(each.text("RECURRENCE-ID"), each.text("DTSTART"), each.text("DUE")) for each in calendar.components]
    assert found == [
        ("20270302T090000Z", "20270302T090000Z", "20270302T100000Z"),
        ("20270304T090000Z", "20270304T090000Z", "20270304T100000Z"),
    ]
    due_only = expand(tree("DUE;VALUE=DATE:20270301", "RRULE:FREQ=DAILY"), at(2), at(4), UTC)
    assert [each.text("DUE") for each in due_only.components] == ["20270303", "20270304"]


def test_limited_to_overrides_that_matter() -> None:
    for day, count in ((3, 2), (10, 2), (20, 1)):
        limited = limit_recurrence_set(tree(*DAILY, more=OVERRIDE), at(day), at(day + 1), UTC)
        assert len(limited.components) == count

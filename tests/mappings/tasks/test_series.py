"""Recurring tasks: what OX continues, what it does not, and what is completed."""

from __future__ import annotations

from typing import Any

import pytest

from mappings.calendar.read import read
from mappings.contentline import parse_tree
from mappings.tasks import plan
from tests.mappings.tasks.imitation import ALICE, DAY, Resource, override, todo

THIRD = 1804032000000  # of March 2027, a Wednesday
DATES = ("DTSTART;VALUE=DATE:20270303", "DUE;VALUE=DATE:20270304")
DAILY = (*DATES, "RRULE:FREQ=DAILY;COUNT=5")


def done(day: int, status: str = "COMPLETED") -> tuple[str, ...]:
    return override(f";VALUE=DATE:202703{day:02}", f"DTSTART;VALUE=DATE:202703{day:02}", f"STATUS:{status}")


def held(task: dict[str, Any]) -> tuple[Any, ...]:
    """Day of March, kind of rule, how often, status."""
    day = (task["start_time"] - THIRD) // DAY + 3
    return day, task["recurrence_type"], task.get("occurrences"), task.get("status")


def todos(text: str) -> int:
    return text.count("BEGIN:VTODO")


def test_a_rule_ox_has_fields_for() -> None:
    stored = Resource(todo(*DAILY))
    assert held(stored.task) == (3, 1, 5, None)
    assert "RRULE:FREQ=DAILY;COUNT=5" in stored.shown


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYMONTHDAY=3,20",
        "FREQ=HOURLY",
        "FREQ=YEARLY;BYWEEKNO=9;BYDAY=WE",
        "FREQ=DAILY\r\nEXDATE;VALUE=DATE:20270305",
        "FREQ=DAILY\r\nRDATE;VALUE=DATE:20270405",
        "RSCALE=HEBREW;FREQ=DAILY",
    ],
)
def test_what_ox_would_continue_otherwise_is_a_single_task_there(rule: str) -> None:
    text = todo("DTSTART;VALUE=DATE:20270303", "DUE;VALUE=DATE:20270304", f"RRULE:{rule}")
    stored = Resource(text)
    assert held(stored.task) == (3, 0, None, None)
    assert f"RRULE:{rule}" in stored.get()
    assert not stored.put(stored.get())


def test_days_that_are_others_in_utc_are_not_continued_by_ox() -> None:
    """OX counts in days of UTC: half past midnight in Berlin is the day before."""
    stored = Resource(todo("DTSTART;TZID=Europe/Berlin:20270303T003000", "RRULE:FREQ=WEEKLY;BYDAY=WE"))
    assert stored.task["recurrence_type"] == 0


def test_a_due_time_alone_recurs_as_well() -> None:
    """OX wants both dates of what recurs."""
    stored = Resource(todo("DUE;VALUE=DATE:20270303", "RRULE:FREQ=DAILY"))
    assert stored.task["start_time"] == stored.task["end_time"] == THIRD
    assert "DTSTART" not in stored.get()


def test_without_dates_nothing_recurs_in_ox() -> None:
    stored = Resource(todo("RRULE:FREQ=DAILY"))
    assert stored.task["recurrence_type"] == 0
    assert "RRULE:FREQ=DAILY" in stored.get()


def test_a_start_that_is_no_occurrence() -> None:
    stored = Resource(todo(*DATES, "RRULE:FREQ=WEEKLY;BYDAY=FR"))
    assert held(stored.task)[0] == 5
    assert "DTSTART;VALUE=DATE:20270303" in stored.get()


def test_completing_in_ox_makes_one_more_task_and_no_occurrence_twice() -> None:
    stored = Resource(todo(*DAILY, "STATUS:NEEDS-ACTION", "X-OWN:1"))
    stored.ox.update(stored.id, {"status": 3, "percent_completed": 100})
    following = stored.ox.tasks[stored.id + 1]
    assert held(following) == (4, 1, 4, 1)
    assert "STATUS:COMPLETED" in stored.get()
    assert "X-OWN:1" in stored.get()
    assert "RRULE" not in stored.get()
    assert not stored.put(stored.get())
    assert len(stored.ox.tasks) == 2


def test_a_client_that_completes_and_leaves_the_rule_lets_ox_go_on() -> None:
    """Home Assistant and others that know no occurrences."""
    stored = Resource(todo(*DAILY, "LOCATION:x"))
    change = stored.put(todo(*DAILY, "LOCATION:x", "STATUS:COMPLETED", "COMPLETED:20270303T101112Z"))
    assert change.fields.keys() == {"status", "percent_completed", "date_completed"}
    assert [held(task) for task in stored.ox.tasks.values()] == [(3, 1, 5, 3), (4, 1, 4, 1)]
    assert "RRULE" not in stored.get()
    assert "LOCATION:x" in stored.get()
    assert not stored.put(stored.get())


def test_completing_with_another_rule() -> None:
    """OX goes on as the client says now; where it could not, the series ends there and is kept."""
    stored = Resource(todo(*DAILY))
    stored.put(todo(*DATES, "RRULE:FREQ=WEEKLY", "STATUS:COMPLETED"))
    assert [held(task)[:2] for task in stored.ox.tasks.values()] == [(3, 2), (10, 2)]
    for rule in ("RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20", "RRULE:FREQ=DAILY\r\nEXDATE;VALUE=DATE:20270305"):
        stored = Resource(todo(*DAILY))
        stored.put(todo(*DATES, rule, "COMPLETED:20270303T101112Z"))
        assert [held(task) for task in stored.ox.tasks.values()] == [(3, 0, 5, 3)]
        assert rule in stored.get()
    stored = Resource(todo(*DAILY))
    stored.put(todo("RRULE:FREQ=DAILY;COUNT=5", "STATUS:COMPLETED"))
    assert len(stored.ox.tasks) == 1
    assert "RRULE" in stored.get()


def test_a_client_that_takes_the_rule_away_has_made_the_next_task_itself() -> None:
    """todoman and Apple Reminders: a finished copy without rule, the series goes on elsewhere."""
    stored = Resource(todo(*DAILY))
    change = stored.put(todo(*DATES, "STATUS:COMPLETED"))
    assert change.fields == {"status": 3, "percent_completed": 100, "recurrence_type": 0}
    assert len(stored.ox.tasks) == 1


def test_a_client_that_moves_the_dates_on() -> None:
    """Tasks.org, Evolution."""
    stored = Resource(todo(*DAILY))
    moved = ("DTSTART;VALUE=DATE:20270304", "DUE;VALUE=DATE:20270305", "RRULE:FREQ=DAILY;COUNT=4")
    change = stored.put(todo(*moved))
    assert change.fields == {
        **{"full_time": True, "start_time": THIRD + DAY, "end_time": THIRD + 2 * DAY},
        **{"recurrence_type": 1, "interval": 1, "occurrences": 4},
    }
    assert len(stored.ox.tasks) == 1


def test_a_series_that_is_stored_completed_is_a_single_task_in_ox() -> None:
    stored = Resource(todo(*DAILY, "STATUS:COMPLETED"))
    assert held(stored.task) == (3, 0, None, 3)
    assert "RRULE:FREQ=DAILY;COUNT=5" in stored.get()
    stored.put(todo(*DAILY, "STATUS:NEEDS-ACTION"))
    assert held(stored.task) == (3, 1, 5, 1)
    assert len(stored.ox.tasks) == 1


def test_a_done_task_with_a_rule_that_is_opened_again_is_a_single_one() -> None:
    """Its rule went to the following task, which would be there twice."""
    stored = Resource(todo(*DAILY))
    stored.ox.update(stored.id, {"status": 3})
    stored.put(stored.get().replace("STATUS:COMPLETED", "STATUS:NEEDS-ACTION"))
    assert held(stored.task) == (3, 0, 5, 1)


def test_completing_occurrence_by_occurrence() -> None:
    """Thunderbird, jtx Board, OpenTasks: an override for each; OX shows the first that is open."""
    stored = Resource(todo(*DAILY, more=done(3)))
    assert held(stored.task) == (4, 1, 4, None)
    text = todo(*DAILY, more=(*done(3), *done(4, "CANCELLED")))
    stored.put(text)
    assert held(stored.task) == (5, 1, 3, None)
    assert todos(stored.get()) == 3
    assert "RRULE:FREQ=DAILY;COUNT=5" in stored.get()
    assert not stored.put(stored.get())
    stored.put(todo(*DAILY, more=tuple(line for day in range(3, 8) for line in done(day))))
    assert held(stored.task)[3] == 3
    assert len(stored.ox.tasks) == 1
    assert todos(stored.get()) == 6
    stored.put(todo(*DAILY, more=done(3)))
    assert held(stored.task) == (4, 1, 4, 1)


def test_occurrences_settled_out_of_order() -> None:
    """OX would ask for the fifth again."""
    stored = Resource(todo(*DAILY, more=(*done(3), *done(5))))
    assert held(stored.task) == (4, 0, None, None)
    stored.put(todo(*DAILY, more=(*done(3), *done(4), *done(5))))
    assert held(stored.task) == (6, 1, 2, None)


def test_an_open_override_is_what_ox_shows_of_its_occurrence() -> None:
    moved = override(";VALUE=DATE:20270303", "DTSTART;VALUE=DATE:20270306", "SUMMARY:Later", "STATUS:IN-PROCESS")
    stored = Resource(todo(*DAILY, "SUMMARY:Daily", more=moved))
    assert held(stored.task) == (6, 0, None, 2)
    assert stored.task["title"] == "Later"
    assert "SUMMARY:Daily" in stored.get()
    assert todos(stored.get()) == 2
    assert not stored.put(stored.get())


def test_what_is_done_stays_when_ox_changes_the_dates() -> None:
    stored = Resource(todo(*DAILY, more=(*done(3), *done(6, "IN-PROCESS"))))
    stored.ox.update(stored.id, {"full_time": True, "start_time": THIRD + 2 * DAY, "end_time": THIRD + 2 * DAY})
    got = read(stored.get().encode())
    assert [each.text("RECURRENCE-ID") for each in got.overrides] == ["20270303"]
    assert got.master is not None
    assert got.master.text("DTSTART") == "20270305"


def test_instances_without_a_master_are_all_kept() -> None:
    body = (*done(3, "NEEDS-ACTION"), *done(4, "NEEDS-ACTION"))
    text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *body, "END:VCALENDAR", ""))
    stored = Resource(text)
    assert held(stored.task) == (3, 0, None, 1)
    assert todos(stored.get()) == 2
    assert "RECURRENCE-ID;VALUE=DATE:20270303" in stored.get()
    assert not stored.put(stored.get())
    stored.ox.update(stored.id, {"title": "Changed in OX"})
    assert todos(stored.get()) == 2
    assert "SUMMARY:Changed in OX" in stored.get()


def test_another_end_of_a_rule_clears_the_old_one() -> None:
    stored = Resource(todo(*DAILY))
    change = stored.put(todo(*DATES, "RRULE:FREQ=DAILY;UNTIL=20270310"))
    assert change.fields == {"recurrence_type": 1, "interval": 1, "until": THIRD + 7 * DAY, "occurrences": None}
    assert stored.put(todo(*DATES)).fields == {"recurrence_type": 0}


def test_times_recur_until_the_end_of_a_day() -> None:
    text = todo("DTSTART:20270303T120000Z", "DUE:20270303T130000Z", "RRULE:FREQ=DAILY;UNTIL=20270310T120000Z")
    stored = Resource(text)
    assert stored.task["until"] == THIRD + 7 * DAY
    assert "UNTIL=20270310T235959Z" in stored.shown
    assert "UNTIL=20270310T120000Z" in stored.get()


def test_ranges_of_instances_become_instances() -> None:
    text = todo(*DAILY, more=override(";RANGE=THISANDFUTURE;VALUE=DATE:20270306", "DUE;VALUE=DATE:20270306"))
    assert len(read(text.encode()).overrides) == 2


def test_a_long_series_costs_a_bounded_time() -> None:
    more = tuple(line for day in range(1, 29) for line in done(day))
    text = todo("DUE:20270301T000000Z", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", more=more)
    assert plan.create(read(text.encode()), ALICE)["end_time"] == THIRD - 2 * DAY
    assert parse_tree(text).components


def test_series_in_zones_that_cannot_be_named() -> None:
    """A zone of a client's own, 11 hours 37 minutes ahead: its times become UTC, the series stays."""
    zone = "BEGIN:VTIMEZONE|TZID:Own|BEGIN:STANDARD|DTSTART:19700101T000000|TZOFFSETFROM:+1137|TZOFFSETTO:+1137"
    more = override(";TZID=Own:20270303T120000", "STATUS:COMPLETED")
    text = todo("DTSTART;TZID=Own:20270303T120000", "RRULE:FREQ=MONTHLY;BYMONTHDAY=3,20", more=more)
    head, tail = text.split("BEGIN:VTODO", 1)
    stored = Resource(f"{head}{zone}|END:STANDARD|END:VTIMEZONE|BEGIN:VTODO{tail}".replace("|", "\r\n"))
    assert stored.task["start_time"] == 1805502180000  # the 20th, 00:23 UTC
    assert "DTSTART:20270303T002300Z\r\nRRULE:FREQ=MONTHLY;BYMONTHDAY=3,20" in stored.get()
    assert "RECURRENCE-ID:20270303T002300Z" in stored.get()
    assert not stored.put(stored.get())

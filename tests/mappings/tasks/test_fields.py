"""Single properties of a VTODO and fields of an OX task."""

from typing import Any

import pytest

from mappings.calendar.read import read
from mappings.contentline import parse_tree
from mappings.errors import InvalidCalendarData, UnsupportedCalendarComponent
from mappings.tasks import plan
from mappings.tasks.render import render
from tests.mappings.tasks.imitation import ALICE, DAY, NEW, Resource, todo

THIRD = 1804032000000  # of March 2027
AT_THIRD = "COMPLETED:20270303T000000Z"
TASK: dict[str, Any] = NEW | {"id": 2, "uid": "u", "last_modified": 1795324577351, "title": "T"}


def created(*lines: str) -> dict[str, Any]:
    return plan.create(read(todo(*lines).encode()), ALICE)


def changed(task: dict[str, Any], *lines: str) -> dict[str, Any]:
    return plan.changes(task, read(todo("SUMMARY:T", *lines).encode()), ALICE).fields


def shown(task: dict[str, Any]) -> list[str]:
    return render(task, ALICE).split("\r\n")


def test_a_task_recorded_from_ox() -> None:
    rich = TASK | {
        **{"full_time": True, "start_time": THIRD, "end_time": THIRD + DAY, "alarm": 1804028400000, "color_label": 2},
        **{"note": "text", "percent_completed": 40, "priority": 3, "status": 2, "categories": "A,B"},
        **{"target_duration": "60", "actual_costs": 2.5, "currency": "EUR", "trip_meter": "5", "companies": "co"},
    }
    assert shown(rich) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//OX DAV gateway//iCalendar//EN",
        "CALSCALE:GREGORIAN",
        "BEGIN:VTODO",
        "UID:u",
        "DTSTAMP:20261122T051617Z",
        "CREATED:20261122T051617Z",
        "LAST-MODIFIED:20261122T051617Z",
        "DTSTART;VALUE=DATE:20270303",
        "DUE;VALUE=DATE:20270304",
        "SUMMARY:T",
        "DESCRIPTION:text",
        "PRIORITY:1",
        "STATUS:IN-PROCESS",
        "PERCENT-COMPLETE:40",
        "CATEGORIES:A,B",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "TRIGGER;VALUE=DATE-TIME:20270302T230000Z",
        "DESCRIPTION:Reminder",
        "END:VALARM",
        "END:VTODO",
        "END:VCALENDAR",
        "",
    ]


@pytest.mark.parametrize(
    ("lines", "full_time", "start", "end"),
    [
        (["DTSTART;VALUE=DATE:20270303"], True, THIRD, None),
        (["DUE;VALUE=DATE:20270303"], True, None, THIRD),
        (["DTSTART;VALUE=DATE:20270303", "DURATION:P1D"], True, THIRD, THIRD + DAY),
        (["DUE:20270303T120000Z"], False, None, THIRD + DAY // 2),
        (["DUE;TZID=Europe/Berlin:20270303T130000"], False, None, THIRD + DAY // 2),
        (["DUE:20270303T130000"], False, None, THIRD + DAY // 2),  # floating: in the user's zone
        (["DTSTART;VALUE=DATE:20270303", "DUE:20270303T120000Z"], False, THIRD - DAY // 24, THIRD + DAY // 2),
        (["DTSTART:20270303T120000Z", "DUE;VALUE=DATE:20270303"], True, THIRD, THIRD),
    ],
)
def test_dates_and_times(lines: list[str], full_time: bool, start: int | None, end: int | None) -> None:
    expected = {"full_time": full_time, "start_time": start, "end_time": end}
    assert created(*lines) == {name: value for name, value in expected.items() if value is not None}


def test_full_time_goes_with_every_date() -> None:
    task = TASK | {"full_time": True, "start_time": THIRD, "end_time": THIRD + DAY}
    moved = changed(task, "DTSTART;VALUE=DATE:20270303", "DUE;VALUE=DATE:20270305")
    assert moved == {"full_time": True, "end_time": THIRD + 2 * DAY}
    timed = changed(task, "DTSTART:20270303T000000Z", "DUE:20270304T000000Z")
    assert timed == {"full_time": False, "start_time": THIRD, "end_time": THIRD + DAY}
    assert changed(task) == {"full_time": False, "start_time": None, "end_time": None}


@pytest.mark.parametrize(
    "lines",
    [
        ["DTSTART;VALUE=DATE:20270303", "DUE;VALUE=DATE:20270302"],
        ["DTSTART:20270303T100000Z", "DURATION:-PT1H"],
        ["DUE:tomorrow"],
        ["COMPLETED:yesterday"],
        ["DTSTART:20270303T100000Z", "RRULE:FREQ=SOMETIMES"],
        ["DTSTART:20270303T100000Z", "BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PXM", "END:VALARM"],
    ],
)
def test_what_is_no_valid_task(lines: list[str]) -> None:
    with pytest.raises(InvalidCalendarData):
        created(*lines)


def test_events_are_no_tasks() -> None:
    with pytest.raises(UnsupportedCalendarComponent):
        plan.create(read(todo("SUMMARY:T").replace("VTODO", "VEVENT").encode()), ALICE)


@pytest.mark.parametrize(
    ("lines", "fields"),
    [
        ([], {}),
        (["STATUS:NEEDS-ACTION"], {"status": 1}),
        (["STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:30"], {"status": 2, "percent_completed": 30}),
        (["STATUS:IN-PROCESS"], {"status": 2}),
        (["STATUS:COMPLETED"], {"status": 3, "percent_completed": 100}),
        (["STATUS:COMPLETED", "PERCENT-COMPLETE:40"], {"status": 3, "percent_completed": 40}),
        (
            ["STATUS:COMPLETED", "COMPLETED:20270303T000000Z"],
            {"status": 3, "percent_completed": 100, "date_completed": THIRD},
        ),
        (["COMPLETED:20270303T000000Z"], {"status": 3, "percent_completed": 100, "date_completed": THIRD}),
        (["PERCENT-COMPLETE:100"], {"status": 3, "percent_completed": 100}),
        (["PERCENT-COMPLETE:30"], {"status": 2, "percent_completed": 30}),
        (["STATUS:CANCELLED"], {"status": 5}),
        (["STATUS:X-LATER", "PERCENT-COMPLETE:101"], {}),
    ],
)
def test_progress_of_a_new_task(lines: list[str], fields: dict[str, Any]) -> None:
    assert created(*lines) == fields
    assert not Resource(todo(*lines)).change(todo(*lines))


@pytest.mark.parametrize(
    ("held", "lines", "fields"),
    [
        ({"status": 4}, ["STATUS:CANCELLED"], {}),
        ({"status": 5}, ["STATUS:CANCELLED"], {}),
        ({"status": 4}, ["STATUS:NEEDS-ACTION"], {"status": 1}),
        ({"status": 1}, [], {}),
        ({"status": 2, "percent_completed": 40}, ["STATUS:COMPLETED"], {"status": 3, "percent_completed": 100}),
        (
            {"status": 3, "percent_completed": 100, "date_completed": THIRD},
            ["STATUS:NEEDS-ACTION"],
            {"status": 1, "percent_completed": 0, "date_completed": None},
        ),
        (
            {"status": 3, "percent_completed": 100, "date_completed": THIRD},
            ["STATUS:COMPLETED", "PERCENT-COMPLETE:100", "COMPLETED:20270303T000000Z"],
            {},
        ),
        ({"status": 3, "percent_completed": 40}, ["STATUS:COMPLETED", "PERCENT-COMPLETE:40"], {}),
        ({"status": 2, "percent_completed": 40}, ["STATUS:IN-PROCESS"], {"percent_completed": 0}),
        ({"percent_completed": 150}, [], {}),
    ],
)
def test_progress_of_a_changed_task(held: dict[str, Any], lines: list[str], fields: dict[str, Any]) -> None:
    assert changed(TASK | held, *lines) == fields


@pytest.mark.parametrize("priority", range(11))
def test_priorities_do_not_jitter(priority: int) -> None:
    """RFC 5545 3.8.1.9: 1 to 4 high, 5 medium, 6 to 9 low, 0 undefined."""
    text = todo(f"PRIORITY:{priority}")
    stored = Resource(text)
    level = None if not 1 <= priority <= 9 else 3 if priority < 5 else 2 if priority == 5 else 1
    assert stored.task.get("priority") == level
    assert f"PRIORITY:{priority}" in stored.get()
    assert not stored.put(stored.get())
    other = 3 if level == 1 else 1
    stored.ox.update(stored.id, {"priority": other})
    assert f"PRIORITY:{ {3: 1, 1: 9}[other] }\r\n" in stored.get()
    assert not stored.put(stored.get())


@pytest.mark.parametrize(
    ("value", "private"), [("PUBLIC", False), ("PRIVATE", True), ("CONFIDENTIAL", True), ("X", True)]
)
def test_classes(value: str, private: bool) -> None:
    stored = Resource(todo(f"CLASS:{value}"))
    assert stored.task["private_flag"] is private
    assert f"CLASS:{value}" in stored.get()
    stored.ox.update(stored.id, {"private_flag": not private})
    assert (f"CLASS:{value}" in stored.get()) is False
    assert ("CLASS:PRIVATE" in stored.get()) is not private


def test_categories_are_one_text_in_ox() -> None:
    stored = Resource(todo("CATEGORIES:A,B\\, C", "CATEGORIES;LANGUAGE=de:D"))
    assert stored.task["categories"] == "A,B,C,D"
    assert "CATEGORIES:A,B\\, C\r\nCATEGORIES;LANGUAGE=de:D" in stored.get()
    stored.ox.update(stored.id, {"categories": "D,E"})
    assert "CATEGORIES:D,E\r\n" in stored.get()
    assert stored.put(todo()).fields == {"categories": None}


def test_nothing_is_shown_twice_or_as_nothing() -> None:
    bare = parse_tree(render({"id": 7, "uid": None, "title": "", "categories": "", "alarm": None}, ALICE)).components[0]
    assert [prop.name for prop in bare.properties] == ["UID", "DTSTAMP", "LAST-MODIFIED"]


def test_numbers_without_a_date() -> None:
    beyond = dict.fromkeys(("last_modified_utc", "creation_date", "start_time", "end_time", "alarm"), 10**17)
    text = render(TASK | beyond | {"status": 9, "percent_completed": -1, "priority": 7}, ALICE)
    assert [prop.name for prop in read(text.encode()).tree.components[0].properties] == [
        *("UID", "DTSTAMP", "LAST-MODIFIED", "SUMMARY")
    ]


ALARM = ("BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x")
NOON = THIRD + DAY // 2


@pytest.mark.parametrize(
    ("alarm", "at"),
    [
        (["TRIGGER:-PT15M"], NOON - 900_000),
        (["TRIGGER;RELATED=END:PT0S"], NOON + 3_600_000),
        (["TRIGGER;VALUE=DATE-TIME:20270303T080000Z"], NOON - 4 * 3_600_000),
        (["TRIGGER:-PT15M", "ACKNOWLEDGED:20270303T114500Z"], None),
        (["TRIGGER:-PT15M", "ACKNOWLEDGED:20270303T114459Z"], NOON - 900_000),
        (["TRIGGER;VALUE=DATE-TIME:19760401T005545Z"], None),  # Apple: an alarm that never goes off
        (["TRIGGER:-PT15M", "X-APPLE-PROXIMITY:ARRIVE"], None),  # Apple: at a place
        ([], None),
    ],
)
def test_the_alarm_of_ox_is_an_instant(alarm: list[str], at: int | None) -> None:
    text = todo("DTSTART:20270303T120000Z", "DUE:20270303T130000Z", *ALARM, *alarm, "END:VALARM")
    stored = Resource(text)
    assert stored.task.get("alarm") == at
    assert "\r\n".join([*ALARM, *alarm, "END:VALARM"]) in stored.get()


def test_alarms_follow_the_task_when_the_client_moves_it() -> None:
    alarm = (*ALARM, "TRIGGER:-PT15M", "END:VALARM")
    stored = Resource(todo("DUE:20270303T120000Z", *alarm))
    assert stored.put(todo("DUE:20270303T130000Z", *alarm)).fields == {
        **{"full_time": False, "end_time": NOON + 3_600_000, "alarm": NOON + 2_700_000}
    }


def test_an_alarm_changed_in_ox_replaces_those_of_the_client() -> None:
    alarm = (*ALARM, "TRIGGER:-PT15M", "END:VALARM")
    stored = Resource(todo("DUE:20270303T120000Z", *alarm))
    stored.ox.update(stored.id, {"alarm": NOON})
    assert "TRIGGER;VALUE=DATE-TIME:20270303T120000Z" in stored.get()
    assert "-PT15M" not in stored.get()
    assert stored.put(todo("DUE:20270303T120000Z")).fields == {"alarm": None}

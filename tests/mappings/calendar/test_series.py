"""Series: rules, additional and deleted dates, overrides, and what of them has to be written."""

from typing import Any

import pytest

from mappings.calendar.desired import Series, desired
from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import render
from mappings.calendar.steps import Create, DeleteInstance, Override, SetAlarms, Update
from mappings.calendar.user import CalendarUser
from mappings.errors import InvalidCalendarData, InvalidCalendarObject, UnsupportedCalendarComponent
from tests.mappings.calendar.imitation import OX

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")
START = "DTSTART;TZID=Europe/Berlin:20270405T090000"
TIMES = (START, "DTEND;TZID=Europe/Berlin:20270405T100000")
WEEKLY = (*TIMES, "SUMMARY:Series", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6")


def berlin(text: str) -> str:
    return f"TZID=Europe/Berlin:{text}"


def moved(day: str, *lines: str) -> tuple[str, ...]:
    """An override of the occurrence of a day of April 2027, moved to the afternoon."""
    return (
        f"RECURRENCE-ID;{berlin(f'202704{day}T090000')}",
        f"DTSTART;{berlin(f'202704{day}T140000')}",
        f"DTEND;{berlin(f'202704{day}T150000')}",
        *(lines or ("SUMMARY:Moved",)),
    )


def calendar(*events: tuple[str, ...]) -> bytes:
    text = "".join("\r\n".join(["BEGIN:VEVENT", "UID:s1", *event, "END:VEVENT", ""]) for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{text}END:VCALENDAR\r\n".encode()


def wanted(*events: tuple[str, ...]) -> Series:
    return desired(read(calendar(*events)), ALICE)


def master(*lines: str) -> dict[str, Any]:
    event = wanted((*TIMES, *lines)).master
    assert event is not None
    return event


class Stored:
    """What OX holds after a first PUT."""

    def __init__(self, *events: tuple[str, ...]) -> None:
        self.ox = OX()
        self.put(*events)

    def put(self, *events: tuple[str, ...]) -> tuple[Any, ...]:
        steps = plan(self.ox.all(), read(calendar(*events)), ALICE)
        self.ox.apply(steps)
        assert plan(self.ox.all(), read(calendar(*events)), ALICE) == ()
        assert plan(self.ox.all(), read(render(self.ox.all(), ALICE).encode()), ALICE) == ()
        return steps

    @property
    def id(self) -> str:
        return str(next(event["id"] for event in self.ox.all() if "recurrenceId" not in event))

    @property
    def instance(self) -> str:
        return str(next(event["id"] for event in self.ox.all() if "recurrenceId" in event))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO"),
        ("freq=weekly;byday=mo, su;", "FREQ=WEEKLY;BYDAY=MO,SU"),
        ("FREQ=DAILY;UNTIL=20270410T220000Z", "FREQ=DAILY;UNTIL=20270410T220000Z"),
        ("FREQ=DAILY;UNTIL=20270410T220000", "FREQ=DAILY;UNTIL=20270410T200000Z"),
        ("FREQ=DAILY;UNTIL=20270410", "FREQ=DAILY;UNTIL=20270410T215959Z"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270410", "FREQ=DAILY;COUNT=3"),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=OMIT", "FREQ=YEARLY"),
        ("FREQ=DAILY;X-OWN=1;INTERVAL=2", "FREQ=DAILY;INTERVAL=2"),
    ],
)
def test_rules_as_ox_takes_them(rule: str, expected: str) -> None:
    assert master(f"RRULE:{rule}")["rrule"] == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [("20270410", "20270410"), ("20270410T000000Z", "20270410"), ("20270409T220000Z", "20270410")],
)
def test_until_of_all_day_series_is_a_date(until: str, expected: str) -> None:
    event = wanted(("DTSTART;VALUE=DATE:20270405", f"RRULE:FREQ=DAILY;UNTIL={until}")).master
    assert event is not None
    assert event["rrule"] == f"FREQ=DAILY;UNTIL={expected}"


@pytest.mark.parametrize("rule", ["FREQ=SOMETIMES", "COUNT=3", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYHOUR=25"])
def test_invalid_rules_are_refused(rule: str) -> None:
    with pytest.raises(InvalidCalendarData):
        master(f"RRULE:{rule}")


def test_a_rule_in_another_calendar_is_kept_beside_the_first_occurrence() -> None:
    event = master("RRULE:RSCALE=HEBREW;FREQ=YEARLY")
    assert "rrule" not in event
    assert event["extendedProperties"] == {"RRULE": {"value": "RSCALE=HEBREW;FREQ=YEARLY"}}
    stored = Stored((*TIMES, "RRULE:RSCALE=HEBREW;FREQ=YEARLY"))
    assert "RRULE:RSCALE=HEBREW;FREQ=YEARLY" in render(stored.ox.all(), ALICE)


def test_a_start_that_is_no_occurrence_is_moved_as_ox_does() -> None:
    event = master("RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    assert event["startDate"] == {"value": "20270406T090000", "tzid": "Europe/Berlin"}
    assert event["endDate"] == {"value": "20270406T100000", "tzid": "Europe/Berlin"}


def test_exdates_in_any_spelling_and_only_of_occurrences() -> None:
    series = wanted(
        (
            *WEEKLY,
            "EXDATE:20270412T070000Z",
            "EXDATE;VALUE=DATE:20270419",
            "EXDATE:20270426T090000,20270427T090000",
            "EXDATE;TZID=America/New_York:20270503T030000",
            "EXDATE:",
        )
    )
    assert series.deleted == ("20270412T070000Z", "20270419T070000Z", "20270426T070000Z", "20270503T070000Z")


def test_additional_dates_with_a_rule() -> None:
    event = master("RRULE:FREQ=WEEKLY;COUNT=2", f"RDATE;{berlin('20270408T090000')},20270405T090000")
    assert event["recurrenceDates"] == ["20270408T070000Z"]


def test_additional_dates_without_a_rule_never_go_to_ox_without_one() -> None:
    lines = (*TIMES, f"RDATE;{berlin('20270408T090000')}", "RDATE:20270409T070000Z")
    stored = Stored(lines)
    (event,) = stored.ox.all()
    assert event["rrule"] == "FREQ=DAILY;COUNT=1"
    text = render([event], ALICE)
    assert "RRULE" not in text.partition("BEGIN:VEVENT")[2]
    assert f"RDATE;{berlin('20270408T090000')}\r\nRDATE;{berlin('20270409T090000')}" in text
    assert stored.put(TIMES) == (Update(stored.id, {"rrule": None, "recurrenceDates": None}),)


def test_periods_of_another_length_become_instances() -> None:
    series = wanted((*TIMES, f"RDATE;VALUE=PERIOD;{berlin('20270408T090000/PT3H,20270409T090000/20270409T100000')}"))
    assert [override.recurrence_id for override in series.overrides] == ["20270408T070000Z"]
    assert series.overrides[0].event["endDate"] == {"value": "20270408T120000", "tzid": "Europe/Berlin"}


def test_a_new_series_with_exceptions() -> None:
    obj = read(calendar((*WEEKLY, f"EXDATE;{berlin('20270419T090000')}"), moved("12")))
    create, override = plan([], obj, ALICE)
    assert isinstance(create, Create)
    assert create.event["deleteExceptionDates"] == ["20270419T070000Z"]
    assert override == Override(
        "",
        "20270412T070000Z",
        {
            "startDate": {"value": "20270412T140000", "tzid": "Europe/Berlin"},
            "endDate": {"value": "20270412T150000", "tzid": "Europe/Berlin"},
            "summary": "Moved",
        },
    )


def test_rendering_puts_exceptions_into_the_zone_of_the_series() -> None:
    stored = Stored((*WEEKLY, f"EXDATE;{berlin('20270419T090000')}"), moved("12"))
    events = stored.ox.all()
    for event in events:  # as OX spells what attendees did
        if "deleteExceptionDates" in event:
            event["deleteExceptionDates"] = ["20270419T070000Z"]
        else:
            event["rrule"] = "FREQ=WEEKLY;BYDAY=MO;COUNT=6"
    text = render(list(reversed(events)), ALICE)
    assert f"EXDATE;{berlin('20270419T090000')}\r\n" in text
    assert f"RECURRENCE-ID;{berlin('20270412T090000')}\r\n" in text
    assert text.count("RRULE:FREQ=WEEKLY") == 1
    assert text.index("RRULE:FREQ=WEEKLY") < text.index("RECURRENCE-ID")
    assert plan(events, read(calendar((*WEEKLY, "EXDATE:20270419T070000Z"), moved("12"))), ALICE) == ()


def test_overriding_changing_and_restoring_an_instance() -> None:
    stored = Stored(WEEKLY)
    (step,) = stored.put(WEEKLY, moved("12"))
    assert isinstance(step, Override)
    instance = stored.instance
    assert stored.put(WEEKLY, moved("12", "SUMMARY:Moved", "LOCATION:Here")) == (
        Update(instance, {"location": "Here"}),
    )
    assert stored.put(WEEKLY) == (DeleteInstance(instance), Update(stored.id, {"deleteExceptionDates": []}))


def test_deleting_and_restoring_occurrences() -> None:
    stored = Stored(WEEKLY)
    excluded = (*WEEKLY, f"EXDATE;{berlin('20270412T090000')}")
    assert stored.put(excluded) == (Update(stored.id, {"deleteExceptionDates": ["20270412T070000Z"]}),)
    assert stored.put(WEEKLY) == (Update(stored.id, {"deleteExceptionDates": []}),)


def test_an_overridden_instance_is_deleted_with_the_list_of_the_series() -> None:
    stored = Stored(WEEKLY, moved("12"))
    steps = stored.put((*WEEKLY, f"EXDATE;{berlin('20270412T090000')}"))
    assert steps == (Update(stored.id, {"deleteExceptionDates": ["20270412T070000Z"]}),)
    assert len(stored.ox.all()) == 1


def test_a_deleted_occurrence_comes_back_overridden() -> None:
    stored = Stored((*WEEKLY, f"EXDATE;{berlin('20270412T090000')}"))
    restore, override = stored.put(WEEKLY, moved("12"))
    assert restore == Update(stored.id, {"deleteExceptionDates": []})
    assert isinstance(override, Override)


def test_what_ox_copies_to_instances_is_not_written_again() -> None:
    stored = Stored(WEEKLY, moved("12"))
    renamed = (*TIMES, "SUMMARY:New", "LOCATION:All", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6")
    assert stored.put(renamed, moved("12", "SUMMARY:Moved", "LOCATION:All")) == (
        Update(stored.id, {"summary": "New", "location": "All"}),
    )
    steps = stored.put((*renamed, "CLASS:PRIVATE"), moved("12", "SUMMARY:Moved"))
    assert steps == (
        Update(stored.id, {"class": "PRIVATE"}),
        Update(stored.instance, {"location": None, "class": "PUBLIC"}),
    )


def test_moving_the_series_takes_its_exceptions_along() -> None:
    stored = Stored((*WEEKLY, f"EXDATE;{berlin('20270419T090000')}"), moved("12"))
    later = tuple(line.replace("T090000", "T110000").replace("T100000", "T120000") for line in WEEKLY)
    override = tuple(line.replace("12T090000", "12T110000") for line in moved("12"))
    steps = stored.put((*later, f"EXDATE;{berlin('20270419T110000')}"), override)
    assert [type(step) for step in steps] == [Update]


def test_a_rule_may_change_under_surviving_overrides() -> None:
    stored = Stored(WEEKLY, moved("12"), moved("26"))
    daily = (*TIMES, "SUMMARY:Series", "RRULE:FREQ=DAILY;COUNT=10")
    steps = stored.put(daily, moved("12"))
    assert steps == (Update(stored.id, {"rrule": "FREQ=DAILY;COUNT=10"}),)
    assert len(stored.ox.all()) == 2


def test_an_override_of_no_occurrence_becomes_an_additional_date() -> None:
    series = wanted(WEEKLY, moved("13"))
    assert series.master is not None
    assert series.master["recurrenceDates"] == ["20270413T070000Z"]
    Stored(WEEKLY, moved("13"))


def test_a_series_becomes_a_single_event_and_back() -> None:
    stored = Stored(WEEKLY, moved("12"))
    single = (*TIMES, "SUMMARY:Series")
    assert stored.put(single) == (Update(stored.id, {"rrule": None}),)
    assert len(stored.ox.all()) == 1
    assert stored.put(WEEKLY) == (Update(stored.id, {"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=6"}),)


def test_overrides_without_a_master_make_a_series_of_their_own() -> None:
    stored = Stored(moved("12"), moved("26"))
    assert len(stored.ox.all()) == 3
    text = render(stored.ox.all(), ALICE)
    assert text.count("RECURRENCE-ID") == 2


def test_only_the_alarms_of_an_occurrence() -> None:
    alarm = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM")
    stored = Stored((*WEEKLY, *alarm))
    regular = (
        f"RECURRENCE-ID;{berlin('20270412T090000')}",
        f"DTSTART;{berlin('20270412T090000')}",
        f"DTEND;{berlin('20270412T100000')}",
        "SUMMARY:Series",
    )
    assert stored.put((*WEEKLY, *alarm), regular) == (SetAlarms(stored.id, "20270412T070000Z", []),)


def test_an_override_that_says_nothing_new_is_not_written() -> None:
    regular = (f"RECURRENCE-ID;{berlin('20270412T090000')}", f"DTSTART;{berlin('20270412T090000')}")
    lines = (*regular, f"DTEND;{berlin('20270412T100000')}", "SUMMARY:Series")
    assert len(Stored(WEEKLY, lines).ox.all()) == 1


def test_of_two_overrides_of_one_instance_the_newer_counts() -> None:
    older, newer = moved("12", "SUMMARY:old", "SEQUENCE:1"), moved("12", "SUMMARY:new", "SEQUENCE:2")
    (override,) = wanted(WEEKLY, newer, older).overrides
    assert override.event["summary"] == "new"


@pytest.mark.parametrize(
    ("events", "error"),
    [
        ([("SUMMARY:no start",)], InvalidCalendarData),
        ([("DTSTART:20270405T090000", "DTEND:20270405T080000")], InvalidCalendarData),
        ([(START, "DTEND:soon")], InvalidCalendarData),
        ([(START, "DURATION:1 hour")], InvalidCalendarData),
        ([TIMES, TIMES], InvalidCalendarObject),
        ([TIMES, (*TIMES, "UID:other", f"RECURRENCE-ID;{berlin('20270405T090000')};RANGE=x")], InvalidCalendarData),
    ],
)
def test_what_is_no_calendar_object(events: list[tuple[str, ...]], error: type[Exception]) -> None:
    with pytest.raises(error):
        wanted(*events)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", InvalidCalendarObject),
        ("BEGIN:VCARD\nEND:VCARD", InvalidCalendarData),
        ("BEGIN:VCALENDAR\nVERSION:3.0\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR", InvalidCalendarData),
        ("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nEND:VCALENDAR", InvalidCalendarObject),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR", InvalidCalendarObject),
        ("BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nUID:1\nEND:VFREEBUSY\nEND:VCALENDAR", UnsupportedCalendarComponent),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VTODO\nUID:1\nEND:VTODO\nEND:VCALENDAR",
            InvalidCalendarObject,
        ),
        (
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\nEND:VCALENDAR",
            InvalidCalendarObject,
        ),
        ("BEGIN:VCALENDAR\nCALSCALE:HEBREW\nEND:VCALENDAR", InvalidCalendarData),
        ("", InvalidCalendarData),
    ],
)
def test_what_cannot_be_read(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text.encode())


def test_tasks_and_journals_are_recognised() -> None:
    for kind in ("VTODO", "VJOURNAL"):
        obj = read(f"BEGIN:VCALENDAR\nBEGIN:{kind}\nUID:1\nEND:{kind}\nEND:VCALENDAR".encode())
        assert obj.component == kind
        with pytest.raises(UnsupportedCalendarComponent):
            desired(obj, ALICE)

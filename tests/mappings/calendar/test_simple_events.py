"""Single events there and back: what each kind of property becomes in OX, and that reading it back changes nothing."""

from typing import Any

import pytest

from mappings.calendar.plan import plan
from mappings.calendar.read import read
from mappings.calendar.render import digest, render
from mappings.calendar.steps import Create, SetAlarms, Update
from mappings.calendar.user import CalendarUser

ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com", "aa@example.com"}), "Europe/Berlin")
BERLIN = {"value": "20270301T090000", "tzid": "Europe/Berlin"}


def calendar(*lines: str, uid: str = "u1") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", "BEGIN:VEVENT", f"UID:{uid}"]
    return "\r\n".join([*head, *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def created(*lines: str) -> dict[str, Any]:
    (step,) = plan([], read(calendar(*lines)), ALICE)
    assert isinstance(step, Create)
    return step.event


def stored(event: dict[str, Any]) -> dict[str, Any]:
    """A personal event as OX shows it."""
    alice = {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com", "entity": 3}
    return {
        "id": "13",
        "folder": "cal://0/31",
        "timestamp": 1795324559659,
        "created": 1795324559659,
        "lastModified": 1795324559659,
        "sequence": 0,
        "class": "PUBLIC",
        "transp": "OPAQUE",
        "organizer": alice,
        "attendees": [alice | {"cuType": "INDIVIDUAL", "partStat": "ACCEPTED", "folder": "31"}],
        "flags": ["organizer", "accepted"],
    } | event


ZONED = ("DTSTART;TZID=Europe/Berlin:20270301T090000", "DTEND;TZID=Europe/Berlin:20270301T100000")


@pytest.mark.parametrize(
    ("lines", "start", "end"),
    [
        (ZONED, BERLIN, {"value": "20270301T100000", "tzid": "Europe/Berlin"}),
        (
            ("DTSTART:20270301T080000Z", "DURATION:PT1H30M"),
            {"value": "20270301T080000Z"},
            {"value": "20270301T093000Z"},
        ),
        (("DTSTART:20270301T080000",), {"value": "20270301T080000"}, {"value": "20270301T080000"}),
        (("DTSTART;VALUE=DATE:20270301",), {"value": "20270301"}, {"value": "20270302"}),
        (("DTSTART;VALUE=DATE:20270301", "DURATION:P3D"), {"value": "20270301"}, {"value": "20270304"}),
        (
            ("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270301"),
            {"value": "20270301"},
            {"value": "20270302"},
        ),
        (
            ("DTSTART;TZID=W. Europe Standard Time:20270301T090000",),
            {"value": "20270301T090000", "tzid": "Europe/Berlin"},
            {"value": "20270301T090000", "tzid": "Europe/Berlin"},
        ),
        (
            ("DTSTART;TZID=/mozilla.org/20050126_1/America/New_York:20270301T090000", "DURATION:P1D"),
            {"value": "20270301T090000", "tzid": "America/New_York"},
            {"value": "20270302T090000", "tzid": "America/New_York"},
        ),
        (
            ("DTSTART;TZID=Nowhere:20270301T090000",),
            BERLIN,
            BERLIN,
        ),
        # the night of the change to daylight saving time is an hour short
        (
            ("DTSTART;TZID=Europe/Berlin:20270328T013000", "DURATION:PT1H"),
            {"value": "20270328T013000", "tzid": "Europe/Berlin"},
            {"value": "20270328T033000", "tzid": "Europe/Berlin"},
        ),
    ],
)
def test_times(lines: tuple[str, ...], start: dict[str, str], end: dict[str, str]) -> None:
    event = created(*lines)
    assert (event["startDate"], event["endDate"]) == (start, end)
    assert plan([stored(event)], read(calendar(*lines)), ALICE) == ()
    assert plan([stored(event)], read(render([stored(event)], ALICE).encode()), ALICE) == ()


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (r"SUMMARY;LANGUAGE=de:Über\, uns\n2", {"summary": "Über, uns\n2"}),
        ("LOCATION:Here", {"location": "Here"}),
        ("CLASS:private", {"class": "PRIVATE"}),
        ("STATUS:TENTATIVE", {"status": "TENTATIVE"}),
        ("TRANSP:TRANSPARENT", {"transp": "TRANSPARENT"}),
        (r"CATEGORIES:A,B\,C", {"categories": ["A", "B", "C"]}),
        ("GEO:50.94;6.96", {"geo": {"lat": 50.94, "long": 6.96}}),
        ("URL:https://example.com/?a=1;b,c", {"url": "https://example.com/?a=1;b,c"}),
        ("COLOR:red", {"color": "red"}),
        (
            "CONFERENCE;VALUE=URI;FEATURE=AUDIO,VIDEO;LABEL=Call;X-PIN=1:https://meet.example.com/1",
            {
                "conferences": [
                    {
                        "uri": "https://meet.example.com/1",
                        "label": "Call",
                        "features": ["AUDIO", "VIDEO"],
                        "extendedParameters": {"X-PIN": "1"},
                    }
                ]
            },
        ),
        (
            "ATTACH;FMTTYPE=application/pdf;FILENAME=a.pdf;SIZE=12:https://example.com/a.pdf",
            {
                "attachments": [
                    {
                        "uri": "https://example.com/a.pdf",
                        "filename": "a.pdf",
                        "fmtType": "application/pdf",
                        "size": 12,
                    }
                ]
            },
        ),
        ("PRIORITY:5", {"extendedProperties": {"PRIORITY": {"value": "5"}}}),
        (
            r'X-FOO;X-P="a;b";X-Q=1,2:some\, thing',
            {"extendedProperties": {"X-FOO": {"value": r"some\, thing", "X-P": "a;b", "X-Q": '"1","2"'}}},
        ),
        (
            "ATTACH;FMTTYPE=text/plain;ENCODING=BASE64;VALUE=BINARY:SGVsbG8=",
            {"attachments": [{"data": b"Hello", "filename": "attachment.txt", "fmtType": "text/plain"}]},
        ),
        (
            "ATTACH;ENCODING=BASE64;VALUE=BINARY:SGVsbG8",
            {"extendedProperties": {"ATTACH": {"value": "SGVsbG8", "ENCODING": "BASE64", "VALUE": "BINARY"}}},
        ),
    ],
)
def test_properties(line: str, fields: dict[str, Any]) -> None:
    event = created(*ZONED, line)
    assert {name: event[name] for name in fields} == fields
    assert plan([stored(event)], read(calendar(*ZONED, line)), ALICE) == ()
    assert plan([stored(event)], read(render([stored(event)], ALICE).encode()), ALICE) == ()


def test_several_properties_of_one_name_stay_several() -> None:
    event = created(*ZONED, "COMMENT:a", "COMMENT:b")
    assert event["extendedProperties"] == {"COMMENT": [{"value": "a"}, {"value": "b"}]}
    assert "COMMENT:a\r\nCOMMENT:b\r\n" in render([stored(event)], ALICE)


def test_alarms_both_ways() -> None:
    alarms = [
        ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT15M", "END:VALARM"),
        ("BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER;RELATED=END:-PT5M", "REPEAT:3", "DURATION:PT5M", "END:VALARM"),
        (
            *("BEGIN:VALARM", "UID:A1", "ACTION:EMAIL", "TRIGGER;VALUE=DATE-TIME:20270301T070000Z"),
            *("SUMMARY:Mail", "DESCRIPTION:text", "ATTENDEE:mailto:alice@example.com", "END:VALARM"),
        ),
        (
            *("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:PT0S", "DESCRIPTION:d", "ACKNOWLEDGED:20270115T080000Z"),
            *("RELATED-TO;RELTYPE=SNOOZE:A1", "X-WR-ALARMUID:Z", "END:VALARM"),
        ),
    ]
    lines = [line for alarm in alarms for line in alarm]
    event = created(*ZONED, *lines)
    assert event["alarms"] == [
        {"action": "DISPLAY", "trigger": {"duration": "-PT15M"}, "description": "Reminder"},
        {
            "action": "AUDIO",
            "trigger": {"duration": "-PT5M", "related": "END"},
            "extendedProperties": {"REPEAT": {"value": "3"}, "DURATION": {"value": "PT5M"}},
        },
        {
            "action": "EMAIL",
            "trigger": {"dateTime": "20270301T070000Z"},
            "description": "text",
            "summary": "Mail",
            "uid": "A1",
            "attendees": [{"uri": "mailto:alice@example.com"}],
        },
        {
            "action": "DISPLAY",
            "trigger": {"duration": "PT0S"},
            "description": "d",
            "acknowledged": 1800000000000,
            "relatedTo": {"value": "A1", "relType": "SNOOZE"},
            "extendedProperties": {"X-WR-ALARMUID": {"value": "Z"}},
        },
    ]
    shown = stored(event)
    for number, alarm in enumerate(shown["alarms"]):
        alarm |= {"id": number, "uid": alarm.get("uid", f"from-ox-{number}")}
    shown["alarms"][2]["extendedProperties"] = {"ALARM-AGENT": {"value": "SERVER"}}
    assert plan([shown], read(calendar(*ZONED, *lines)), ALICE) == ()
    assert plan([shown], read(render([shown], ALICE).encode()), ALICE) == ()
    (step,) = plan([shown], read(calendar(*ZONED)), ALICE)
    assert step == SetAlarms("13", None, [])


def test_only_changed_fields_are_written_and_what_is_missing_is_cleared() -> None:
    event = stored(created(*ZONED, "SUMMARY:a", "LOCATION:b", "CATEGORIES:c", "X-A:1", "COLOR:red", "CLASS:PRIVATE"))
    (step,) = plan([event], read(calendar(*ZONED, "SUMMARY:new", "X-B:2")), ALICE)
    assert step == Update(
        "13",
        {
            "summary": "new",
            "location": None,
            "color": None,
            "class": "PUBLIC",
            "categories": None,
            "extendedProperties": {"X-B": {"value": "2"}},
        },
    )


def test_geo_cannot_be_cleared_and_is_left_alone() -> None:
    event = stored(created(*ZONED, "GEO:1;2"))
    assert plan([event], read(calendar(*ZONED)), ALICE) == ()


def test_extended_properties_are_cleared_with_an_empty_object() -> None:
    event = stored(created(*ZONED, "X-A:1"))
    assert plan([event], read(calendar(*ZONED)), ALICE) == (Update("13", {"extendedProperties": {}}),)


def test_stamps_order_case_and_folding_mean_nothing() -> None:
    event = stored(created(*ZONED, "SUMMARY:a", "LOCATION:b"))
    lines = ["location:b", "summary:a", *ZONED, "DTSTAMP:20200101T000000Z", "CREATED:20200101T000000Z"]
    assert plan([event], read(calendar(*lines, "LAST-MODIFIED:20200101T000000Z").replace(b"\r\n", b"\n")), ALICE) == ()


def test_files_of_ox_stay_and_go_as_the_client_says() -> None:
    event = stored(created(*ZONED)) | {"attachments": [{"managedId": 4, "filename": "a.txt", "size": 3}]}
    line = "ATTACH;MANAGED-ID=4;FILENAME=a.txt;SIZE=3:ox-attachment:13/4"
    assert line in render([event], ALICE)
    assert plan([event], read(calendar(*ZONED, "ATTACH;MANAGED-ID=4:ox-attachment:13/4")), ALICE) == ()
    (step,) = plan([event], read(calendar(*ZONED, "ATTACH:https://example.com/b", line)), ALICE)
    assert isinstance(step, Update)
    assert step.fields["attachments"] == [{"uri": "https://example.com/b"}, *event["attachments"]]
    assert plan([event], read(calendar(*ZONED)), ALICE) == (Update("13", {"attachments": None}),)


def test_personal_events_have_no_attendees() -> None:
    event = stored(created(*ZONED))
    text = render([event], ALICE)
    assert "ATTENDEE" not in text
    assert "ORGANIZER" not in text
    as_meeting = calendar(*ZONED, "ORGANIZER:mailto:AA@example.com", "ATTENDEE:mailto:alice@example.com")
    assert plan([event], read(as_meeting), ALICE) == ()


def test_the_digest_ignores_what_every_touch_changes() -> None:
    event = stored(created(*ZONED, "SUMMARY:a"))
    touched = event | {"timestamp": 1795324559999, "lastModified": 1795324559999, "sequence": 7}
    assert digest([event], ALICE) == digest([touched], ALICE)
    assert digest([event], ALICE) != digest([event | {"summary": "b"}], ALICE)

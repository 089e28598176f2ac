"""Appointments as a real OX was seen to answer them, and the events it showed for the same objects."""

from typing import Any

import pytest

from mappings.errors import InvalidCalendarData
from mappings.legacy.appointment import to_appointment
from mappings.legacy.event import to_event
from mappings.legacy.people import confirmation
from mappings.legacy.positions import occurrence
from tests.mappings_legacy.server import ALICE, KNOWN

SINGLE: dict[str, Any] = {
    **{"id": 113, "folder_id": 31, "uid": "some-uid", "sequence": 0, "title": "Legacy", "location": "L", "note": "N"},
    **{"start_date": 1806570000000, "end_date": 1806573600000, "full_time": False, "timezone": "Europe/Berlin"},
    **{"color_label": 3, "private_flag": False, "categories": "a,b", "shown_as": 1, "alarm": 15, "recurrence_type": 0},
    **{"organizerId": 3, "organizer": "alice@example.com", "confirmations": [], "number_of_attachments": 0},
    **{"participants": [{"id": 3, "type": 1}], "users": [{"id": 3, "confirmation": 1}]},
    **{"creation_date": 1795324578190, "last_modified": 1795324578190, "last_modified_utc": 1795324578190},
}
SERIES: dict[str, Any] = {
    **{"id": 115, "folder_id": 31, "title": "LS", "start_date": 1806915600000, "end_date": 1806919200000},
    **{"full_time": False, "timezone": "Europe/Berlin", "recurrence_type": 2, "days": 2, "interval": 1},
    **{"occurrences": 5, "recurrence_id": 115, "recurrence_start": "1806883200000", "shown_as": 1, "sequence": 1},
    **{"change_exceptions": [1807488000000], "delete_exceptions": [1808092800000]},
    **{"participants": [{"id": 3, "type": 1}], "users": [{"id": 3, "confirmation": 1}]},
}


def test_a_single_appointment_is_the_event_ox_8_shows() -> None:
    event = to_event(SINGLE, ALICE, None, KNOWN)
    alice = {"uri": "mailto:alice@example.com", "cn": "Alice Archer", "email": "alice@example.com", "entity": 3}
    assert event == {
        **{"id": "113", "folder": "31", "uid": "some-uid", "sequence": 0, "timestamp": 1795324578190},
        **{"created": 1795324578190, "lastModified": 1795324578190, "dtstamp": 1795324578190},
        **{"summary": "Legacy", "location": "L", "description": "N", "categories": ["a", "b"]},
        **{"color": "#B89AE9", "class": "PUBLIC", "transp": "OPAQUE", "organizer": alice},
        "startDate": {"value": "20270401T110000", "tzid": "Europe/Berlin"},
        "endDate": {"value": "20270401T120000", "tzid": "Europe/Berlin"},
        "alarms": [{"action": "DISPLAY", "description": "Reminder", "trigger": {"duration": "-PT15M"}}],
        "attendees": [alice | {"cuType": "INDIVIDUAL", "partStat": "ACCEPTED"}],
    }


def test_a_series_names_its_exceptions() -> None:
    event = to_event(SERIES, ALICE)
    assert event["seriesId"] == event["id"] == "115"
    assert event["rrule"] == "FREQ=WEEKLY;BYDAY=MO;COUNT=5"
    assert event["changeExceptionDates"] == ["20270412T090000Z"]
    assert event["deleteExceptionDates"] == ["20270419T090000Z"]
    assert occurrence("20270419T090000Z", event, ALICE) == {"recurrence_position": 3}
    assert occurrence("20270420T090000Z", event, ALICE) == {"recurrence_date_position": 1808179200000}


@pytest.mark.parametrize(
    "where", [{"recurrence_date_position": 1807488000000, "recurrence_position": 2}, {"recurrence_position": 2}]
)
def test_an_exception_belongs_to_its_occurrence(where: dict[str, int]) -> None:
    moved = {**SERIES, "id": 116, "recurrence_type": 0, "start_date": 1807524000000, "end_date": 1807527600000, **where}
    event = to_event(moved, ALICE, SERIES)
    assert (event["id"], event["seriesId"], event["recurrenceId"]) == ("116", "115", "20270412T090000Z")
    assert "rrule" not in event
    assert event["startDate"]["value"] == "20270412T120000"


def test_days_of_occurrences_are_those_of_utc() -> None:
    late = SERIES | {"timezone": "America/New_York", "start_date": 1806976800000, "end_date": 1806980400000}
    late |= {"recurrence_start": "1806969600000", "delete_exceptions": [1807574400000]}  # 22:00, the next day in UTC
    assert to_event(late, ALICE)["deleteExceptionDates"] == ["20270413T020000Z"]
    local = late | {"recurrence_start": "1806883200000", "delete_exceptions": [1807488000000]}
    assert to_event(local, ALICE)["deleteExceptionDates"] == ["20270413T020000Z"]


def test_an_appointment_without_start_is_refused() -> None:
    with pytest.raises(InvalidCalendarData):
        to_event({"id": 1, "title": "x"}, ALICE)


@pytest.mark.parametrize(
    ("fields", "sent"),
    [
        ({"summary": None, "location": None}, {"title": "(no title)", "location": None}),
        ({"alarms": None}, {"alarm": -1}),
        ({"class": "CONFIDENTIAL"}, {"private_flag": True}),
        ({"transp": "TRANSPARENT"}, {"shown_as": 4}),
        ({"color": "red"}, {"color_label": 0}),
        ({"rrule": None}, {"recurrence_type": 0}),
        (
            {"rrule": "FREQ=DAILY;UNTIL=20270501T090000Z"},
            {"recurrence_type": 1, "interval": 1, "until": 1809129600000, "occurrences": None},
        ),
        ({"rrule": "FREQ=DAILY"}, {"recurrence_type": 1, "interval": 1, "occurrences": None}),
        ({"geo": {"lat": 1, "long": 2}, "url": "https://example.com", "status": "TENTATIVE"}, {}),
        (
            {"endDate": {"value": "20270405T120000", "tzid": "Europe/Berlin"}},
            {"full_time": False, "start_date": 1806915600000, "end_date": 1806919200000}
            | {"timezone": "Europe/Berlin"},
        ),
    ],
)
def test_changed_fields(fields: dict[str, Any], sent: dict[str, Any]) -> None:
    assert to_appointment(fields, ALICE, SERIES) == sent


def test_busy_stays_as_it_was_said_until_the_event_becomes_free() -> None:
    absent = SINGLE | {"shown_as": 3}
    event = to_event(absent, ALICE)
    assert event["extendedProperties"] == {"X-MICROSOFT-CDO-BUSYSTATUS": {"value": "OOF"}}
    assert to_appointment({"transp": "OPAQUE"}, ALICE, absent) == {"shown_as": 3}
    assert to_appointment({"transp": "TRANSPARENT"}, ALICE, absent) == {"shown_as": 4}


def test_people() -> None:
    meeting = SINGLE | {
        "participants": [
            *({"id": 3, "type": 1}, {"id": 2, "type": 2}, {"id": 7, "type": 3}),
            {"type": 5, "mail": "ext@other.example", "display_name": "Ext"},
        ],
        "users": [{"id": 3, "confirmation": 1}, {"id": 4, "confirmation": 3, "confirmmessage": "hm"}],
        "confirmations": [{"type": 5, "mail": "ext@other.example", "status": 2, "message": "no"}],
        **{"principal": "boss@example.com", "principalId": 9},
    }
    event = to_event(meeting, ALICE, None, KNOWN)
    told = [(each["uri"], each["cuType"], each["partStat"]) for each in event["attendees"]]
    assert told == [
        ("mailto:alice@example.com", "INDIVIDUAL", "ACCEPTED"),
        ("/principals/groups/2/", "GROUP", "ACCEPTED"),
        ("mailto:room@example.com", "RESOURCE", "ACCEPTED"),
        ("mailto:ext@other.example", "INDIVIDUAL", "DECLINED"),
        ("mailto:bob@example.com", "INDIVIDUAL", "TENTATIVE"),
    ]
    assert event["attendees"][4]["member"] == ["/principals/groups/2/"]
    assert event["organizer"]["uri"] == "mailto:boss@example.com"
    assert event["organizer"]["sentBy"]["uri"] == "mailto:alice@example.com"
    assert to_appointment({"attendees": event["attendees"]}, ALICE, meeting) == {
        "participants": meeting["participants"]
    }


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        ({"entity": 3, "partStat": "TENTATIVE"}, {"confirmation": 3}),
        ({"entity": 3, "partStat": "DECLINED", "comment": "no"}, {"confirmation": 2, "confirmmessage": "no"}),
        ({"entity": 3, "comment": "yes"}, {"confirmation": 1, "confirmmessage": "yes"}),
        ({"entity": 4, "partStat": "ACCEPTED"}, {"confirmation": 1, "id": 4}),
        (
            {"uri": "mailto:ext@other.example", "partStat": "ACCEPTED"},
            {"confirmation": 1, "mail": "ext@other.example", "type": 5},
        ),
        ({"entity": 3, "partStat": "DELEGATED"}, None),
        ({"entity": 3, "transp": "TRANSPARENT"}, None),
    ],
)
def test_answers(answer: dict[str, Any], body: dict[str, Any] | None) -> None:
    assert confirmation(answer, {"partStat": "ACCEPTED"}, ALICE) == body

"""iCalendar files into a calendar and out of it."""

from __future__ import annotations

from typing import Any

import icalendar

from tests.middleware_chronos.people import Person, meeting
from tests.middleware_transfer.conftest import exported, imported, upload


def calendar(*components: str) -> str:
    """A file with these components."""
    inner = "".join(component.strip().replace("\n", "\r\n") + "\r\n" for component in components)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{inner}END:VCALENDAR\r\n"


RICH = """
BEGIN:VEVENT
UID:rich@example.com
DTSTART;TZID=Europe/Berlin:20270405T090000
DURATION:PT90M
SUMMARY:Comma\\, semicolon\\; and\\nline
DESCRIPTION:a long text a long text a long text a long text a long text a lon
 g text a long text
LOCATION:Room
CATEGORIES:One,Two
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
STATUS:TENTATIVE
GEO:52.5;13.4
URL:https://example.com/x
COLOR:red
ATTACH;FMTTYPE=text/plain;FILENAME=a.txt;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=
ATTACH;FMTTYPE=text/html:https://example.com/agenda.html
X-OWN;X-P=1:kept
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER;RELATED=END:-PT15M
DESCRIPTION:Wake up
END:VALARM
END:VEVENT
"""
SERIES = """
BEGIN:VEVENT
UID:series@example.com
DTSTART;VALUE=DATE:20270405
RRULE:FREQ=DAILY;COUNT=5
EXDATE;VALUE=DATE:20270407,20270408
SUMMARY:Whole days
END:VEVENT
"""
INSTANCE = """
BEGIN:VEVENT
UID:series@example.com
RECURRENCE-ID;VALUE=DATE:20270406
DTSTART;VALUE=DATE:20270410
SUMMARY:Moved
END:VEVENT
"""


async def stored(person: Person, event_id: str) -> dict[str, Any]:
    answer = await person.call("get", folder=person.folder, id=event_id)
    data: dict[str, Any] = answer["data"]
    return data


async def test_every_property_with_a_field_is_imported(alice: Person) -> None:
    (entry,) = await imported(alice.client, "ICAL", alice.folder, calendar(RICH))
    event = await stored(alice, entry["id"])
    expected = {
        "uid": "rich@example.com",
        "summary": "Comma, semicolon; and\nline",
        "location": "Room",
        "categories": ["One", "Two"],
        "class": "CONFIDENTIAL",
        "transp": "TRANSPARENT",
        "status": "TENTATIVE",
        "color": "red",
        "url": "https://example.com/x",
        "geo": {"lat": 52.5, "long": 13.4},
        "startDate": {"value": "20270405T090000", "tzid": "Europe/Berlin"},
        "endDate": {"value": "20270405T103000", "tzid": "Europe/Berlin"},
        "extendedProperties": {"X-OWN": {"value": "kept", "X-P": "1"}},
    }
    assert {name: event[name] for name in expected} == expected
    assert len(str(event["description"])) > 80
    inline, link = event["attachments"]
    assert (inline["filename"], inline["size"], link["uri"]) == ("a.txt", 5, "https://example.com/agenda.html")
    (alarm,) = event["alarms"]
    assert alarm["trigger"] == {"duration": "-PT15M", "related": "END"}


async def test_what_was_imported_is_exported_again(alice: Person) -> None:
    entries = await imported(alice.client, "ICAL", alice.folder, calendar(RICH, SERIES, INSTANCE))
    assert [entry["folder_id"] for entry in entries] == [alice.folder] * 3
    text = await exported(alice.client, "ICAL", folder=alice.folder)
    events = {str(one["SUMMARY"]): one for one in icalendar.Calendar.from_ical(text).walk("VEVENT")}
    rich: Any = events["Comma, semicolon; and\nline"]
    assert bytes(rich["ATTACH"][0].to_ical()) == b"aGVsbG8="
    assert rich["X-OWN"].params["X-P"] == "1"
    assert str(rich.walk("VALARM")[0]["DESCRIPTION"]) == "Wake up"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    moved = events["Moved"]
    assert moved["RECURRENCE-ID"].to_ical() == b"20270406"
    assert moved["DTEND"].to_ical() == b"20270411"
    assert "EXDATE;VALUE=DATE:20270407\r\nEXDATE;VALUE=DATE:20270408" in text


async def test_meetings_are_exported_with_their_people(alice: Person) -> None:
    created = await alice.new(meeting(attendees=[{"entity": 3}, {"entity": 4}, {"uri": "mailto:ext@example.org"}]))
    text = await exported(alice.client, "ICAL", [{"folder_id": alice.folder, "id": created["id"]}])
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert str(event["ORGANIZER"]) == "mailto:alice@example.com"
    attendees: Any = event["ATTENDEE"]
    assert {str(one) for one in attendees} == {
        "mailto:alice@example.com",
        "mailto:bob@example.com",
        "mailto:ext@example.org",
    }


async def test_imported_meetings_are_the_importers_own(alice: Person) -> None:
    text = calendar(RICH.replace("LOCATION:Room", "ORGANIZER:mailto:x@example.net\nATTENDEE:mailto:bob@example.com"))
    (entry,) = await imported(alice.client, "ICAL", alice.folder, text)
    event = await stored(alice, entry["id"])
    assert event["organizer"]["entity"] == 3
    assert [one["entity"] for one in event["attendees"]] == [3]


async def test_zones_by_other_names(alice: Person) -> None:
    names = {
        "/example.org/20100101/America/New_York": "America/New_York",
        "Eastern Standard Time": "America/New_York",
        "Nowhere": "Europe/Berlin",
    }
    for number, (tzid, known) in enumerate(names.items()):
        text = calendar(
            f"BEGIN:VEVENT\nUID:{number}\nDTSTART;TZID={tzid}:20270405T090000\nSUMMARY:Z\nEND:VEVENT",
        )
        (entry,) = await imported(alice.client, "ICAL", alice.folder, text)
        event = await stored(alice, entry["id"])
        assert event["startDate"] == {"value": "20270405T090000", "tzid": known}


async def test_one_bad_event_does_not_hinder_the_others(alice: Person) -> None:
    good = "BEGIN:VEVENT\nUID:good\nDTSTART:20270405T090000Z\nSUMMARY:Good\nEND:VEVENT"
    bad = f"BEGIN:VEVENT\nUID:bad\nDTSTART:20270405T090000Z\nSUMMARY:{'x' * 300}\nEND:VEVENT"
    entries = await imported(alice.client, "ICAL", alice.folder, calendar(bad, "no line", good))
    assert entries[0]["code"] == "CAL-5070"
    assert "id" in entries[1]
    assert len(entries) == 2


async def test_a_series_is_imported_whole_or_not(alice: Person) -> None:
    stray = INSTANCE.replace("20270406", "20280101")
    (entry,) = await imported(alice.client, "ICAL", alice.folder, calendar(SERIES, stray))
    assert entry["code"] == "CAL-4061"
    assert await imported(alice.client, "ICAL", alice.folder, calendar(SERIES))


async def test_others_calendars_are_not_open(alice: Person, bob: Person) -> None:
    answer = await upload(bob.client, "ICAL", alice.folder, calendar(RICH), plainJson="true")
    assert answer["code"] == "CAL-4030"
    text = await exported(bob.client, "ICAL", folder=alice.folder)
    assert "CAL-4030" in text
    created = await alice.new(meeting())
    text = await exported(bob.client, "ICAL", [{"folder_id": alice.folder, "id": created["id"]}])
    assert "CAL-4030" in text


async def test_forms_of_browsers_get_a_page(alice: Person) -> None:
    page = await upload(alice.client, "ICAL", alice.folder, calendar(RICH))
    assert 'parent["callback_import"]' in page
    assert '"folder_id"' in page


async def test_without_a_file(alice: Person) -> None:
    answer = await alice.client.call("import", "ICAL", folder=alice.folder)
    assert answer["code"] == "SVL-0002"
    assert (await alice.client.call("export", "CSV", folder=alice.folder))["code"] == "SVL-0021"

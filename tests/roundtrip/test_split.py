"""Files as the resources a client would make of them."""

from __future__ import annotations

from gateway.roundtrip.split import split
from mappings.contentline import parse_tree
from tests.roundtrip.texts import END, START, calendar_file, event, zone


def test_one_object_stays_as_it_is() -> None:
    data = calendar_file(event(START, END), head="VERSION:2.0\nPRODID:x\nX-WR-CALNAME:kept")
    (resource,) = split("a.ics", data)
    assert resource.content == data
    assert resource.uid == "1"


def test_one_resource_a_uid_with_the_zones_it_uses() -> None:
    data = calendar_file(
        zone("A"),
        zone("B"),
        event("DTSTART;TZID=A:20270301T090000", "RRULE:FREQ=DAILY"),
        event("DTSTART:20270301T090000Z").replace("UID:1", "UID:2"),
        event("RECURRENCE-ID;TZID=A:20270302T090000", "DTSTART:20270302T100000Z"),
        head="VERSION:2.0\nPRODID:x\nMETHOD:PUBLISH\nX-WR-CALNAME:of the file",
    )
    first, second = split("a.ics", data)
    assert [first.uid, second.uid] == ["1", "2"]
    tree = parse_tree(first.content.decode())
    assert [inner.name for inner in tree.components] == ["VTIMEZONE", "VEVENT", "VEVENT"]
    assert tree.components[0].text("TZID") == "A"
    assert {prop.name for prop in tree.properties} == {"VERSION", "PRODID"}
    assert b"VTIMEZONE" not in second.content


def test_a_uid_is_made_and_always_the_same_one() -> None:
    data = calendar_file("BEGIN:VEVENT", START, "END:VEVENT", "BEGIN:VEVENT", END, "END:VEVENT")
    resources = split("a.ics", data)
    assert len({one.uid for one in resources}) == 2
    assert all(one.uid and one.uid.encode() in one.content for one in resources)
    assert [one.uid for one in split("a.ics", data)] == [one.uid for one in resources]


def test_a_second_state_of_an_object_is_a_resource_of_its_own() -> None:
    data = calendar_file(event(START), event(START, "SUMMARY:again"))
    assert [one.uid for one in split("a.ics", data)] == ["1", "1"]


def test_events_outside_of_a_calendar_are_wrapped() -> None:
    (resource,) = split("a.ics", event(START).encode())
    assert resource.tree is not None
    assert resource.tree.name == "VCALENDAR"
    assert resource.tree.text("VERSION") == "2.0"


def test_several_calendars_in_a_file() -> None:
    data = calendar_file(event(START)) + calendar_file(event(START).replace("UID:1", "UID:2"))
    assert [one.uid for one in split("a.ics", data)] == ["1", "2"]


def test_cards() -> None:
    with_uid = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:a\r\nUID:1\r\nEND:VCARD\r\n"
    first, second = split("a.vcf", (with_uid + with_uid.replace("UID:1\r\n", "")).encode())
    assert first.is_card
    assert second.is_card
    assert first.uid == "1"
    assert second.uid


def test_what_cannot_be_read_stays_and_spoils_no_other() -> None:
    bad = "BEGIN:VCARD\nVERSION:3.0\nno line\nEND:VCARD\n"
    good = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:b\nEND:VCARD\n"
    first, second = split("a.vcf", (bad + good).encode())
    assert first.tree is None
    assert b"no line" in first.content
    assert first.is_card
    assert second.uid == "1"


def test_an_old_card_goes_as_it_is() -> None:
    text = "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE:a=\nb\nEND:VCARD\n"
    (resource,) = split("a.vcf", text.encode())
    assert resource.content.decode() == text.replace("END:VCARD", f"UID:{resource.uid}\nEND:VCARD")
    assert resource.tree is not None
    assert resource.tree.text("N") == "ab"

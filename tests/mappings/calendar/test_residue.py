"""What OX cannot hold comes back as the client wrote it, until somebody changes that in OX."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from mappings.calendar import residue as residues
from mappings.calendar.residue import Wording, find, from_json, to_json
from mappings.calendar.user import CalendarUser
from mappings.contentline import Component, parse_tree, write_tree


def tree(*lines: str, more: str = "", calendar: str = "") -> Component:
    return parse_tree(text(*lines, more=more, calendar=calendar))


def text(*lines: str, more: str = "", calendar: str = "") -> str:
    body = "\r\n".join(
        [
            "BEGIN:VEVENT",
            "UID:u",
            "DTSTAMP:20270101T000000Z",
            "DTSTART;TZID=Europe/Berlin:20270301T090000",
            "DTEND;TZID=Europe/Berlin:20270301T100000",
            *lines,
            "END:VEVENT",
        ]
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{calendar}{body}\r\n{more}END:VCALENDAR\r\n"


ALICE = CalendarUser(3, 2, "Alice Archer", frozenset({"alice@example.com"}), "Europe/Berlin")


def merge(shown: str, residue: Sequence[Wording]) -> str:
    return residues.merge(shown, residue, ALICE)


def as_changed(sent: Component, shown: Component, residue: Sequence[Wording]) -> Component:
    return residues.as_changed(sent, shown, residue, ALICE)


def kept(sent: Component, shown: str, *, former: str | None = None, granted: str | None = None) -> tuple[Wording, ...]:
    before, allowed = (None if each is None else parse_tree(each) for each in (former, granted))
    residue = find(sent, parse_tree(shown), ALICE, former=before, granted=allowed)
    assert from_json(to_json(residue)) == residue
    return residue


ALARM = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "DESCRIPTION:x", "END:VALARM")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (["X-LOST:1", "X-LOST:2"], []),
        (["SUMMARY:" + "long " * 200], ["SUMMARY:" + "long " * 10]),
        (["CATEGORIES:A\\, B,C"], ["CATEGORIES:A,B,C"]),
        (["TRANSP:OPAQUE", "CLASS:PUBLIC"], []),
        ([], ["CLASS:PUBLIC", "TRANSP:OPAQUE"]),
        (["GEO:1.5;2.5"], []),
        ([*ALARM, "BEGIN:VALARM", "ACTION:AUDIO", "END:VALARM"], [*ALARM]),
        (["RRULE:FREQ=DAILY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20270401T090000"], ["RRULE:FREQ=DAILY;COUNT=3"]),
        (["BEGIN:VLOCATION", "UID:v", "NAME:Here", "END:VLOCATION"], []),
    ],
)
def test_what_is_missing_or_added_is_as_the_client_wrote_it(sent: list[str], shown: list[str]) -> None:
    residue = kept(tree(*sent), text(*shown))
    merged = parse_tree(merge(text(*shown), residue))
    assert find(tree(*sent), merged, ALICE) == ()
    assert write_tree(merged) == merge(text(*shown), residue)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (["SUMMARY:A"], ["SUMMARY:A"]),
        (["CATEGORIES:B", "CATEGORIES:A"], ["CATEGORIES:A,B"]),
        (["GEO:1.50;2"], ["GEO:1.5;2.0"]),
        (["RRULE:COUNT=3;FREQ=DAILY"], ["RRULE:FREQ=DAILY;COUNT=3"]),
        (["SEQUENCE:7", "CREATED:20200101T000000Z"], ["SEQUENCE:0"]),
        (["ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com"], ["ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.com"]),
        ([*ALARM], [*ALARM[:-1], "UID:of-ox", "END:VALARM"]),
    ],
)
def test_what_means_the_same_leaves_nothing(sent: list[str], shown: list[str]) -> None:
    assert kept(tree(*sent), text(*shown)) == ()


def test_a_duration_is_kept_as_one() -> None:
    sent = text().replace("DTEND;TZID=Europe/Berlin:20270301T100000", "DURATION:PT1H")
    (wording,) = kept(parse_tree(sent), text())
    assert wording.lines == ("DTSTART;TZID=Europe/Berlin:20270301T090000", "DURATION:PT1H")


def test_a_change_in_ox_ends_the_wording_of_that_property_only() -> None:
    residue = kept(tree("SUMMARY:Very long", "X-LOST:1"), text("SUMMARY:Very"))
    merged = merge(text("SUMMARY:Changed in OX"), residue)
    assert "SUMMARY:Changed in OX" in merged
    assert "Very long" not in merged
    assert "X-LOST:1" in merged


def test_overrides_and_the_calendar_have_their_own() -> None:
    override = text("SUMMARY:o", "X-O:1").split("PRODID:x\r\n")[1].removesuffix("END:VCALENDAR\r\n")
    override = override.replace("UID:u", "UID:u\r\nRECURRENCE-ID:20270308T080000Z")
    sent = text("RRULE:FREQ=WEEKLY", "X-M:1", more=override, calendar="X-WR-CALNAME:Mine\r\n")
    shown = text("RRULE:FREQ=WEEKLY", more=override.replace("X-O:1\r\n", ""))
    merged = merge(shown, kept(parse_tree(sent), shown))
    _, master, instance = parse_tree(merged).components
    assert (master.text("X-M"), master.text("X-O")) == ("1", None)
    assert (instance.text("X-M"), instance.text("X-O")) == (None, "1")
    assert parse_tree(merged).text("X-WR-CALNAME") == "Mine"
    assert parse_tree(merged).text("PRODID") == "x"


def test_what_an_attendee_may_not_change_is_not_kept_for_him() -> None:
    sent = ("SUMMARY:Bob was here", "LOCATION;LANGUAGE=en:Else", "X-BOB:1", *ALARM)
    residue = kept(tree(*sent), text("SUMMARY:Planning", "LOCATION:Else"), granted=text(sent[0], "LOCATION:Else"))
    assert {wording.family for wording in residue} == {"X-BOB", "VALARM", "LOCATION"}


def test_a_zone_only_the_client_knows_is_spelled_as_ours_or_left_out() -> None:
    sent = text().replace("TZID=Europe/Berlin:20270301T09", "TZID=W. Europe Standard Time:20270301T08")
    residue = kept(parse_tree(sent), text())
    assert "TZID=Europe/Berlin" in residue[0].lines[0]
    assert "BEGIN:VTIMEZONE" in merge(text(), residue)
    unknown = sent.replace("W. Europe Standard Time", "Nowhere")
    assert kept(parse_tree(unknown), text()) == ()


def test_a_wording_sent_back_is_no_change() -> None:
    shown = text("SUMMARY:Short", "CLASS:PUBLIC")
    residue = kept(tree("SUMMARY:Short and long", "X-LOST:1"), shown)
    back = parse_tree(merge(shown, residue))
    assert write_tree(as_changed(back, parse_tree(shown), residue)).count("SUMMARY:Short\r\n") == 1
    edited = parse_tree(merge(shown, residue).replace("Short and long", "Edited"))
    assert "SUMMARY:Edited" in write_tree(as_changed(edited, parse_tree(shown), residue))


PEOPLE = (
    "ORGANIZER;X-NOTE=1:mailto:alice@example.com",
    "ATTENDEE;X-GUID=7;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com",
)
OWNER = "ATTENDEE;CN=Alice;PARTSTAT=ACCEPTED:mailto:alice@example.com"


def test_parameters_of_people_are_kept_and_ox_knows_their_answers() -> None:
    shown = ("ORGANIZER;CN=Alice:mailto:alice@example.com", "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com")
    residue = kept(tree(*PEOPLE, OWNER), text(*shown, OWNER))
    answered = text(*shown, OWNER).replace("NEEDS-ACTION", "DECLINED")
    merged = merge(answered, residue)
    assert "ORGANIZER;CN=Alice;X-NOTE=1:mailto:alice@example.com" in merged
    assert "ATTENDEE;PARTSTAT=DECLINED;X-GUID=7:mailto:bob@example.com" in merged
    back = write_tree(as_changed(parse_tree(merged), parse_tree(answered), residue))
    assert "X-NOTE" not in back
    assert "X-GUID" not in back
    assert merge(text("ORGANIZER:mailto:alice@example.com"), residue).count("ATTENDEE") == 0


def test_the_owner_ox_adds_is_hidden_until_his_answer_changes() -> None:
    shown = ("ORGANIZER:mailto:boss@other.example", OWNER)
    residue = kept(tree(shown[0]), text(*shown))
    assert "ATTENDEE" not in merge(text(*shown), residue)
    assert "PARTSTAT=DECLINED" in merge(text(*shown).replace("ACCEPTED", "DECLINED"), residue)
    back = as_changed(tree(shown[0]), parse_tree(text(*shown)), residue)
    assert OWNER in write_tree(back)
    assert kept(tree(shown[0]), text(*shown), former=text(*shown)) == ()


def test_the_owner_alone_is_kept_until_it_is_a_meeting() -> None:
    alone = ("ORGANIZER:mailto:alice@example.com", OWNER)
    residue = kept(tree(*alone), text())
    assert all(line in merge(text(), residue) for line in alone)
    assert write_tree(as_changed(tree(*alone), parse_tree(text()), residue)) == text()
    assert OWNER not in merge(text("ORGANIZER:mailto:bob@example.com"), residue)


def test_single_instances_come_back_as_such_until_the_series_changes() -> None:
    single = text("SUMMARY:One").replace("UID:u", "UID:u\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270301T090000")
    shown = text("RRULE:FREQ=DAILY;COUNT=1", "SUMMARY:One")
    residue = kept(parse_tree(single), shown)
    merged = merge(shown, residue)
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20270301T090000" in merged
    assert "RRULE" not in merged.partition("BEGIN:VEVENT")[2]
    assert as_changed(parse_tree(merged), parse_tree(shown), residue) == parse_tree(shown)
    assert "SUMMARY:Two" in merge(shown.replace("One", "Two"), residue)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("RRULE:RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=FORWARD", "RRULE:FREQ=YEARLY"),
        ("RRULE;X-REGENERATE=TRASH:FREQ=DAILY", "RRULE:FREQ=DAILY"),
        ("CATEGORIES;LANGUAGE=en:A", "CATEGORIES:A"),
    ],
)
def test_parts_and_parameters_without_a_place_in_ox(sent: str, shown: str) -> None:
    assert sent in merge(text(shown), kept(tree(sent), text(shown)))


def test_an_end_that_the_client_did_not_write_and_parameters_of_times() -> None:
    end = "DTEND;TZID=Europe/Berlin:20270301T100000"
    short = text().replace(end, "DTEND;TZID=Europe/Berlin:20270301T090000")
    sent = text().replace(f"{end}\r\n", "").replace("DTSTART;", "DTSTART;X-SLACK=30.3;")
    merged = merge(short, kept(parse_tree(sent), short))
    assert "DTSTART;X-SLACK=30.3;TZID=Europe/Berlin:20270301T090000" in merged
    assert "DTEND" not in merged

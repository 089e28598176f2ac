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


def test_a_duration_says_the_same_as_an_end() -> None:
    sent = text().replace("DTEND;TZID=Europe/Berlin:20270301T100000", "DURATION:PT1H")
    assert kept(parse_tree(sent), text()) == ()


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

"""Laws of the comparison, for anything a file may hold."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.roundtrip.findings import Verdict
from gateway.roundtrip.split import split
from mappings.contentline import Component
from tests.roundtrip.texts import calendar, calendar_file, card, differences, event

DATES = [
    "20270301",
    "20270301T090000",
    "20270301T090000Z",
    "00010101T000000Z",
    "99991231T235959",
    "99991231",
    "20279999",
]
VALUES = st.one_of(
    st.sampled_from(
        [*DATES, "P1D", "-PT5M", "P999999W", "FREQ=DAILY", "FREQ=YEARLY;UNTIL=99991231", "1;2", ";", "nan;1"]
    ),
    st.sampled_from(
        ["mailto:a@x.org", "a,b,,c\\,d", "x;;y", "--0229", "1604-02-29", "data:,x", "data:;base64,?", "\\"]
    ),
    st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=12),
)
PARAMETERS = st.sampled_from(
    ["", ";TZID=Europe/Berlin", ";TZID=Nowhere", ";VALUE=DATE", ";VALUE=BINARY", ";ENCODING=b", ";RELATED=END", ";X-P"]
)
OF_EVENTS = [
    *("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SUMMARY", "CATEGORIES", "GEO"),
    *("ATTENDEE", "ORGANIZER", "SEQUENCE", "CLASS", "ATTACH", "URL", "TRIGGER", "REQUEST-STATUS", "X-OWN", "EXRULE"),
]
OF_CARDS = [
    "N",
    "ADR",
    "ORG",
    "TEL",
    "EMAIL",
    "BDAY",
    "PHOTO",
    "KEY",
    "GEO",
    "CATEGORIES",
    "LABEL",
    "X-ABDATE",
    "g.X-ABLABEL",
]

OLD_CARD = b"BEGIN:VCARD\nVERSION:2.1\nN;QUOTED-PRINTABLE:"


def lines(names: list[str]) -> st.SearchStrategy[list[str]]:
    line = st.builds(lambda name, params, value: f"{name}{params}:{value}", st.sampled_from(names), PARAMETERS, VALUES)
    return st.lists(line, max_size=6)


@settings(max_examples=100, deadline=None)
@given(lines(OF_EVENTS), lines(OF_EVENTS))
def test_events_equal_themselves(master: list[str], instance: list[str]) -> None:
    sent = calendar(event(*master), event("RECURRENCE-ID:20270301T090000Z", *instance))
    assert differences(sent, sent) == []


@settings(max_examples=100, deadline=None)
@given(lines(OF_EVENTS), lines(OF_EVENTS))
@example([], ["DTSTART:99991231", "DTEND:20270301"])
def test_any_two_events_can_be_compared(one: list[str], other: list[str]) -> None:
    found = differences(calendar(event(*one)), calendar(event(*other)))
    assert all(any(verdict in text for verdict in Verdict) for text in found)


@settings(max_examples=100, deadline=None)
@given(lines(OF_CARDS), lines(OF_CARDS))
def test_cards_equal_themselves_and_any_two_can_be_compared(one: list[str], other: list[str]) -> None:
    assert differences(card(*one), card(*one)) == []
    differences(card(*one), card(*other, version="4.0"))


@settings(max_examples=100, deadline=None)
@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"BEGIN:VCARD\nVERSION:2.1\nN;QUOTED-PRINTABLE:", b"BEGIN:VCALENDAR\n"]),
)
def test_any_file_can_be_split(data: bytes, head: bytes) -> None:
    assert all(isinstance(one.tree, Component | None) for one in split("a", head + data))


def test_a_file_of_no_object_is_one_resource() -> None:
    (resource,) = split("a.ics", b"nothing")
    assert resource.tree is None
    assert split("a.ics", calendar_file())[0].uid == ""

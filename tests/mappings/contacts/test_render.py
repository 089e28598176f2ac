"""OX contacts as vCard 3.0."""

import pytest
import vobject

from mappings.contacts.card import Picture
from mappings.contacts.render import render
from tests.mappings.contacts.cards import lines

FULL = {
    "uid": "u-1",
    "last_name": "Hopper",
    "first_name": "Ada",
    "second_name": "Lena",
    "title": "Dr.",
    "suffix": "jr.",
    "display_name": "Ada Hopper",
    "file_as": "Hopper, Ada",
    "company": "Engines; Ltd",
    "department": "Lab",
    "branches": "North, South",
    "email1": "a@example.org",
    "email2": "b@example.org",
    "email3": "c@example.org",
    "telephone_business1": "1",
    "telephone_business2": "2",
    "telephone_callback": "3",
    "telephone_telex": "4",
    "street_other": "Way 1",
    "country_other": "Chile",
    "addressOther": "Way 1\nChile",
    "instant_messenger1": "ada 1",
    "instant_messenger2": "xmpp:ada@example.org",
    "url": "https://example.org/a,b;c",
    "note": "one\r\ntwo, three",
    "categories": "Friends, Work ,",
    "private_flag": True,
    "color_label": 3,
    "anniversary": 1700006400000,
    "userfield07": "seven",
    "number_of_children": 2,
    "last_modified_utc": 1795324573352,
    "sort_name": "not written",
}
ITS_LINES = [
    "UID:u-1",
    "N:Hopper;Ada;Lena;Dr.;jr.",
    "FN:Ada Hopper",
    "ORG:Engines\\; Ltd;Lab;North;South",
    "EMAIL;TYPE=INTERNET,WORK,PREF:a@example.org",
    "EMAIL;TYPE=INTERNET,HOME:b@example.org",
    "EMAIL;TYPE=INTERNET,OTHER:c@example.org",
    "TEL;TYPE=WORK,VOICE:1",
    "TEL;TYPE=WORK,VOICE:2",
    "TEL;TYPE=X-TELEX:4",
    "TEL;TYPE=X-CALLBACK:3",
    "ADR;TYPE=OTHER:;;Way 1;;;;Chile",
    "LABEL;TYPE=OTHER:Way 1\\nChile",
    "IMPP;TYPE=WORK:im:ada%201",
    "IMPP;TYPE=HOME:xmpp:ada@example.org",
    "URL:https://example.org/a,b;c",
    "NOTE:one\\ntwo\\, three",
    "CATEGORIES:Friends,Work",
    "CLASS:PRIVATE",
    "X-OX-COLOR-LABEL:3",
    "X-MS-CHILD:2",
    "X-EVOLUTION-FILE-AS:Hopper\\, Ada",
    "X-OX-USERFIELD-07:seven",
    "item1.X-ABDATE;VALUE=date:2023-11-15",
    "item1.X-ABLabel:_$!<Anniversary>!$_",
]


def test_every_field_has_its_line() -> None:
    text = render(FULL)
    assert lines(text) == ITS_LINES
    assert text.startswith("BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:")
    assert text.endswith("\r\nREV:2026-11-22T05:16:13Z\r\nEND:VCARD\r\n")
    assert render(FULL) == text


@pytest.mark.parametrize(
    ("contact", "name"),
    [
        ({"display_name": "Shown", "first_name": "Not"}, "Shown"),
        ({"first_name": "Ada", "second_name": "Lena", "last_name": "Hopper", "company": "C"}, "Ada Lena Hopper"),
        ({"company": "C", "email1": "a@example.org"}, "C"),
        ({"email2": "b@example.org", "telephone_home1": "1"}, "b@example.org"),
        ({"telephone_home1": "1", "nickname": "Nick"}, "1"),
        ({}, ""),
    ],
)
def test_fn_falls_back(contact: dict[str, object], name: str) -> None:
    assert f"FN:{name}" in lines(render(contact))


@pytest.mark.parametrize(
    ("contact", "line"),
    [
        ({"display_name": "Reception"}, "N:Reception;;;;"),
        ({"display_name": "ACME", "company": "ACME"}, "N:;;;;"),
        ({"display_name": "Shown", "title": "Dr."}, "N:;;;Dr.;"),
        ({}, "N:;;;;"),
    ],
)
def test_n_is_always_there(contact: dict[str, object], line: str) -> None:
    assert line in lines(render(contact))


@pytest.mark.parametrize("empty", [None, "", "\x00"])
def test_empty_fields_have_no_line(empty: object) -> None:
    fields = dict.fromkeys(
        ("note", "email1", "telephone_car", "categories", "url", "street_home", "userfield01"), empty
    )
    unset = {"private_flag": False, "color_label": 0, "mark_as_distributionlist": False}
    assert lines(render({"display_name": "x", **fields, **unset})) == ["N:x;;;;", "FN:x"]


def test_lines_are_folded_by_octets_and_stay_utf_8() -> None:
    text = render({"note": "ä" * 300, "display_name": "😀" * 60})
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "NOTE:" + "ä" * 300 in lines(text)


def test_a_line_break_in_a_value_cannot_start_a_property() -> None:
    hostile = "x\r\nEND:VCARD\nBEGIN:VCARD"
    contact = dict.fromkeys(
        ("uid", "note", "url", "email1", "instant_messenger1", "categories", "street_home"), hostile
    )
    text = render(contact)
    assert text.count("\r\nEND:VCARD") == 1
    assert "\nEND:VCARD" not in text.replace("\r\n", "")


def test_another_parser_reads_the_same() -> None:
    contact = {"first_name": "Ada", "last_name": "Hopper, née Lovelace", "note": "a;b\\c\nd", "email1": "a@example.org"}
    picture = Picture(b"\x89PNG\r\n\x1a\n" + bytes(100), "image/png")
    found = vobject.readOne(render(contact, picture))
    assert found.n.value.family == "Hopper, née Lovelace"
    assert found.note.value == "a;b\\c\nd"
    assert found.email.value == "a@example.org"
    assert found.photo.value == picture.data

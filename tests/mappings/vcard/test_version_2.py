"""vCard 2.1 becomes 3.0 where it leaves no doubt."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mappings.contacts.change import create
from mappings.contacts.read import read
from mappings.errors import InvalidData, UnsupportedAddressData


def card(*lines: bytes) -> bytes:
    return b"\r\n".join([b"BEGIN:VCARD", b"VERSION:2.1", *lines, b"END:VCARD", b""])


def test_an_old_phone() -> None:
    data = card(
        b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg;;;",
        b"FN;CHARSET=ISO-8859-1:J\xf6rg M\xfcller",
        b"TEL;CELL;PREF:+49 1",
        b"TEL;WORK;VOICE:+49 2",
        b"EMAIL;INTERNET;HOME:joerg@example.org",
        b"ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;Weg 1=0D=0A2. Stock;K=C3=B6ln;;50667;D",
        b"NOTE;ENCODING=QUOTED-PRINTABLE:Erste Zeile, ja=0D=0A=",
        b"Zweite Zeile",
        b"TITLE:Chef\\;Koch C:\\neu",
        b"PHOTO;JPEG;ENCODING=BASE64:/9j/4AAQ",
        b" SkZJRg==",
        b"",
        b"BDAY:19700101",
    )
    fields = create(read(data)).fields
    assert (fields["last_name"], fields["first_name"], fields["display_name"]) == ("Müller", "Jörg", "Jörg Müller")
    assert (fields["cellular_telephone1"], fields["telephone_business1"]) == ("+49 1", "+49 2")
    assert fields["email2"] == "joerg@example.org"
    assert (fields["street_home"], fields["city_home"]) == ("Weg 1\n2. Stock", "Köln")
    assert fields["note"] == "Erste Zeile, ja\nZweite Zeile"
    assert fields["position"] == "Chef;Koch C:\\neu"
    assert fields["birthday"] == 0
    assert create(read(data)).picture.data == b"\xff\xd8\xff\xe0\x00\x10JFIF"  # type: ignore[union-attr]
    assert read(data).version == "3.0"


@pytest.mark.parametrize("line", [b"AGENT:", b"FN;CHARSET=KLINGON:x", b"FN;CHARSET=ascii:\xff", b"FN;CHARSET=hex:6"])
def test_doubtful_cards_are_refused(line: bytes) -> None:
    with pytest.raises(UnsupportedAddressData):
        read(card(line))


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_arbitrary_octets_are_refused_properly(lines: list[bytes]) -> None:
    with contextlib.suppress(InvalidData):
        read(card(*lines))


def test_a_label_of_android() -> None:
    number = b"TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=C3=9Cbung):1"
    (made,) = [prop for prop in read(card(b"N:A", number)).properties if prop.name == "TEL"]
    assert (made.params, made.value) == ((("TYPE", ("Übung",)),), "1")

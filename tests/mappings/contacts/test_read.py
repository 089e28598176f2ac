"""Reading what clients send: what is a card, what is refused and how."""

import pytest

from mappings.contacts.read import read
from mappings.errors import InvalidAddressData, UnsupportedAddressData
from tests.mappings.contacts.cards import card, octets


def test_a_card_keeps_its_properties_as_written() -> None:
    found = card("uid: abc ", 'item1.TEL;TYPE="HOME,VOICE":1\\;2', "item1.X-ABLabel:x", "X-P;A=^'q^':v")
    assert found.uid == "abc"
    assert found.version == "3.0"
    assert found.kind == "individual"
    assert [(prop.name, prop.value, prop.group) for prop in found.properties] == [
        ("UID", " abc ", None),
        ("TEL", "1\\;2", "item1"),
        ("X-ABLABEL", "x", "item1"),
        ("X-P", "v", None),
    ]
    assert found.properties[3].param("A") == '"q"'


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_both_versions_are_read(version: str) -> None:
    assert card("FN:x", version=version).version == version


def test_groups_of_both_versions_have_members_as_given() -> None:
    apple = card("FN:g", "X-ADDRESSBOOKSERVER-KIND:Group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:A")
    later = card("FN:g", "KIND:group", "MEMBER:mailto:a@example.org", "MEMBER:urn:uuid:B", version="4.0")
    assert (apple.kind, apple.members) == ("group", ("urn:uuid:A",))
    assert (later.kind, later.members) == ("group", ("mailto:a@example.org", "urn:uuid:B"))


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfBEGIN:VCARD\nVERSION:3.0\nFN:J\xc3\xb6rg\nEND:VCARD",
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:J\xf6rg\r\nEND:VCARD\r\n",
        b"begin:vcard\r\nversion:3.0\r\nfn:J\xc3\r\n \xb6rg\r\nend:vcard\r\n",
    ],
)
def test_octets_of_careless_clients_are_read(data: bytes) -> None:
    assert read(data).properties[0].value == "Jörg"


def test_a_card_without_names_is_read() -> None:
    assert card("EMAIL:a@example.org").uid is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"\x00\xff\xfe",
        octets()[:-10],
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCARD\r\nFN:no version\r\nEND:VCARD\r\n",
        octets("VERSION:4.0"),
        octets("no colon here"),
        octets("BEGIN:VCARD", "VERSION:3.0", "END:VCARD"),
    ],
)
def test_what_is_no_card_is_invalid(data: bytes) -> None:
    with pytest.raises(InvalidAddressData):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        octets("FN:x", version="2.0"),
        octets("FN:x", "AGENT:", version="2.1"),
        octets("FN:x", version="5.0"),
        octets("FN:x") + octets("FN:y"),
    ],
)
def test_other_versions_and_several_cards_are_unsupported(data: bytes) -> None:
    with pytest.raises(UnsupportedAddressData):
        read(data)


def test_reasons_hold_no_content() -> None:
    with pytest.raises(InvalidAddressData) as caught:
        read(octets("secret line"))
    assert "secret" not in caught.value.reason

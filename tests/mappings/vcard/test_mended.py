"""Lines that are no content lines, as programs have written them."""

from mappings.contacts.change import SetPicture, create
from mappings.contacts.read import read
from tests.mappings.contacts.cards import octets


def test_base64_that_continues_without_a_blank() -> None:
    change = create(read(octets("FN:x", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ", "SkZJ", "Rg==", "NOTE:kept")))
    assert isinstance(change.picture, SetPicture)
    assert change.picture.data == b"\xff\xd8\xff\xe0\x00\x10JFIF"
    assert change.fields["note"] == "kept"


def test_quoted_printable_in_a_card_of_version_3() -> None:
    card = octets("FN:x", "LABEL;TYPE=HOME;ENCODING=QUOTED-PRINTABLE:1 Road=0D=0A=", "K=C3=B6ln, N/A", "NOTE:kept")
    fields = create(read(card)).fields
    assert (fields["addressHome"], fields["note"]) == ("1 Road\nKöln, N/A", "kept")


def test_names_with_a_slash() -> None:
    card = read(octets("FN:x", "X-messaging/xmpp-All:some@jabber.id"))
    assert [(prop.name, prop.value) for prop in card.properties][1] == ("X-MESSAGING-XMPP-ALL", "some@jabber.id")

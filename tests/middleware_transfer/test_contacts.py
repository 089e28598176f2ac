"""vCards into an address book and out of it."""

from __future__ import annotations

import base64

import vobject

from tests.middleware_chronos.people import Person
from tests.middleware_transfer.conftest import exported, imported, upload

FOLDER = "32"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
CARD = f"""BEGIN:VCARD
VERSION:3.0
UID:card@example.com
N:Baker;Ann;Maria;Dr.;jr.
FN:Ann Baker
ORG:Example\\, Inc.;Research;Lab
EMAIL;TYPE=HOME:home@example.org
EMAIL;TYPE=WORK:work@example.org
TEL;TYPE=WORK,VOICE:1
TEL;TYPE=CELL:2
TEL;TYPE=HOME,FAX:3
ADR;TYPE=WORK:;;Street 1;Town;State;12345;Land
BDAY:1980-02-29
NOTE:first\\nsecond
PHOTO;ENCODING=b;TYPE=png:{PIXEL}
X-OWN:kept
END:VCARD
""".replace("\n", "\r\n")


async def test_a_card_becomes_a_contact(alice: Person) -> None:
    (entry,) = await imported(alice.client, "VCARD", FOLDER, CARD)
    assert entry["code"] == "VCARD-0003"
    contact = await alice.client.data("contacts", "get", folder=FOLDER, id=entry["id"])
    expected = {
        "uid": "card@example.com",
        "display_name": "Ann Baker",
        "last_name": "Baker",
        "first_name": "Ann",
        "second_name": "Maria",
        "title": "Dr.",
        "suffix": "jr.",
        "company": "Example, Inc.",
        "department": "Research, Lab",
        "email1": "work@example.org",
        "email2": "home@example.org",
        "telephone_business1": "1",
        "cellular_telephone1": "2",
        "fax_home": "3",
        "street_business": "Street 1",
        "city_business": "Town",
        "postal_code_business": "12345",
        "note": "first\nsecond",
        "birthday": 320630400000,
        "image1_content_type": "image/png",
    }
    assert {name: contact.get(name) for name in expected} == expected


async def test_the_card_comes_back_with_what_changed_since(alice: Person) -> None:
    (entry,) = await imported(alice.client, "VCARD", FOLDER, CARD)
    body = {"email1": "new@example.org", "cellular_telephone1": None, "nickname": "Annie"}
    await alice.client.call("contacts", "update", body=body, folder=FOLDER, id=entry["id"], timestamp=9007199254740991)
    card = vobject.readOne(await exported(alice.client, "VCARD", [{"folder_id": FOLDER, "id": entry["id"]}]))
    assert card.x_own.value == "kept"
    assert {one.value for one in card.email_list} == {"new@example.org", "home@example.org"}
    assert {one.value for one in card.tel_list} == {"1", "3"}
    assert card.nickname.value == "Annie"
    assert card.photo.value == base64.b64decode(PIXEL)


async def test_a_contact_of_our_own_is_exported(alice: Person) -> None:
    body = {"folder_id": FOLDER, "last_name": "Last", "first_name": "First", "cellular_telephone1": "1; 2"}
    created = await alice.client.data("contacts", "new", body=body)
    members = {
        "folder_id": FOLDER,
        "display_name": "List",
        "mark_as_distributionlist": True,
        "distribution_list": [{"mail": "m@example.org", "display_name": "M", "mail_field": 0}],
    }
    await alice.client.data("contacts", "new", body=members)
    text = await exported(alice.client, "VCARD", folder=FOLDER)
    card = vobject.readOne(text)
    assert (card.n.value.family, card.tel.value) == ("Last", "1; 2")
    assert "FN:List" not in text
    text = await exported(alice.client, "VCARD", folder=FOLDER, export_dlists="true")
    assert "FN:List" in text
    assert "EMAIL:m@example.org" in text
    assert created["id"]


async def test_old_cards(alice: Person) -> None:
    card = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;Jo\r\nEND:VCARD\r\n"
    (entry,) = await imported(alice.client, "VCARD", FOLDER, card)
    contact = await alice.client.data("contacts", "get", folder=FOLDER, id=entry["id"])
    assert contact["last_name"] == "Müller"


async def test_what_is_no_card_gives_nothing(alice: Person) -> None:
    assert await imported(alice.client, "VCARD", FOLDER, "BEGIN:VCARD\r\nFN:x\r\n") == []
    bad = CARD.replace("work@example.org", "no address")
    (entry,) = await imported(alice.client, "VCARD", FOLDER, bad)
    assert entry["code"] == "CON-0100"


async def test_others_address_books_are_not_open(alice: Person, bob: Person) -> None:
    assert (await upload(bob.client, "VCARD", FOLDER, CARD, plainJson="true"))["code"] == "CON-0112"
    assert "CON-0104" in await exported(bob.client, "VCARD", folder=FOLDER)

"""Contacts: cards and OX's rows show the same person."""

from __future__ import annotations

import base64

from gateway.demo.picture import portrait
from tests.davclient import DAV, card, child
from tests.oxclient import OX

GENERATIONS = ("8", "7.8", "addressbooks")

PHOTO = base64.b64encode(portrait("#336699")).decode()


def unfold(text: str) -> str:
    return text.replace("\r\n ", "")


async def test_a_new_card_is_in_ox_and_comes_back(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "ada.vcf")
    lines = [
        "ORG:Analytical;Engines",
        "TITLE:Countess",
        "EMAIL;TYPE=WORK:ada@example.org",
        "EMAIL;TYPE=HOME:ada.home@example.org",
        "TEL;TYPE=CELL:+44 1",
        "ADR;TYPE=HOME:;;1 Street;London;;N1;UK",
        "BDAY:1815-12-10",
        "NOTE:Two\\nlines\\, really",
        "CATEGORIES:Friends,Math",
        "URL:https://example.org/ada",
        "X-MY-OWN;X-P=1:kept",
    ]
    (await alice.put(href, card("ada-uid", "Ada Lovelace", *lines), if_none_match="*")).expect(201)
    stored = await alice_ox.contact((await alice_ox.contacts())["ada-uid"])
    assert stored["display_name"] == "Ada Lovelace"
    assert stored["company"] == "Analytical"
    assert stored["email1"] == "ada@example.org"
    assert stored["email2"] == "ada.home@example.org"
    assert stored["cellular_telephone1"] == "+44 1"
    assert stored["birthday"] == -4861728000000
    assert stored["note"] == "Two\nlines, really"
    answer = (await alice.get(href)).expect(200)
    assert answer.headers["Content-Type"].startswith("text/vcard")
    text = unfold(answer.text)
    for line in ("UID:ada-uid", "FN:Ada Lovelace", "BDAY", "X-MY-OWN;X-P=1:kept", "NOTE:Two\\nlines\\, really"):
        assert line in text, text


async def test_a_contact_made_in_ox_appears_and_can_be_edited(alice: DAV, alice_ox: OX, book: str) -> None:
    identifier = await alice_ox.add_contact(
        display_name="Web Made", first_name="Web", last_name="Made", email1="web@example.org", telephone_home1="1"
    )
    listed = (await alice.propfind(book, "D:getetag", depth=1)).responses
    (href,) = [one for one in listed if f"{identifier}" in one.rsplit("/", 1)[1]]
    text = (await alice.get(href)).expect(200).text
    assert "FN:Web Made" in text
    (await alice.put(href, text.replace("web@example.org", "new@example.org"))).expect(204)
    stored = await alice_ox.contact(identifier)
    assert stored["email1"] == "new@example.org"
    assert stored["telephone_home1"] == "1"


async def test_a_picture_survives_to_the_byte_and_can_be_removed(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "pictured.vcf")
    photo = f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}"
    (await alice.put(href, card("pictured-uid", "Pic Tured", photo))).expect(201)
    identifier = (await alice_ox.contacts())["pictured-uid"]
    assert (await alice_ox.contact(identifier))["number_of_images"] == 1
    text = unfold((await alice.get(href)).text)
    assert PHOTO in text
    before = (await alice_ox.contact(identifier))["last_modified_utc"]
    (await alice.put(href, text)).expect(204)
    assert (await alice_ox.contact(identifier))["last_modified_utc"] == before
    (await alice.put(href, card("pictured-uid", "Pic Tured"))).expect(204)
    assert (await alice_ox.contact(identifier))["number_of_images"] == 0
    assert "PHOTO" not in (await alice.get(href)).text


async def test_a_group_is_a_distribution_list(alice: DAV, alice_ox: OX, book: str) -> None:
    (
        await alice.put(child(book, "member.vcf"), card("member-uid", "Mem Ber", "EMAIL;TYPE=WORK:mem@example.org"))
    ).expect(201)
    group = card(
        "group-uid", "Team list", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:member-uid"
    )
    (await alice.put(child(book, "group.vcf"), group)).expect(201)
    stored = await alice_ox.contact((await alice_ox.contacts())["group-uid"])
    assert stored["mark_as_distributionlist"] is True
    assert [member["mail"] for member in stored["distribution_list"]] == ["mem@example.org"]
    text = unfold((await alice.get(child(book, "group.vcf"))).text)
    assert "X-ADDRESSBOOKSERVER-KIND:group" in text
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:member-uid" in text


async def test_deletion_and_stale_writes(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "stale.vcf")
    (await alice.put(href, card("stale-uid", "Old Name"))).expect(201)
    old = (await alice.get(href)).etag
    assert old
    identifier = (await alice_ox.contacts())["stale-uid"]
    await alice_ox.call(
        "contacts",
        "update",
        {"nickname": "Changed"},
        folder=await alice_ox.address_book(),
        id=identifier,
        timestamp=9007199254740991,
    )
    (await alice.put(href, card("stale-uid", "New Name"), if_match=old)).expect(412)
    (await alice.delete(href, if_match=old)).expect(412)
    (await alice.delete(href)).expect(204)
    (await alice.get(href)).expect(404)
    assert "stale-uid" not in await alice_ox.contacts()


async def test_the_global_address_list_is_readable_and_refuses_writes(alice: DAV) -> None:
    books = await alice.address_books()
    (everybody,) = [href for name, href in books.items() if "lobal" in name or "All" in name]
    listed = (await alice.propfind(everybody, "D:getetag", depth=1)).responses
    assert len(listed) >= 4
    answer = (await alice.put(child(everybody, "new.vcf"), card("nobody", "No Body"))).expect(403)
    assert answer.precondition("D:need-privileges")
    privileges = (await alice.propfind(everybody, "D:current-user-privilege-set")).only
    assert b"bind" not in b"".join(
        child.tag.encode() for child in privileges.element("D:current-user-privilege-set").iter()
    )

"""What OX has no room for, or refuses: the card is stored, OX has what fits, and the client gets back all of it."""

from __future__ import annotations

import base64
import random
from io import BytesIO

import pytest
from PIL import Image

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, card, child
from tests.oxclient import OX
from tests.stories.test_contacts import PHOTO
from tests.world import World

GENERATIONS = ("8", "addressbooks")
pytestmark = pytest.mark.usefixtures("no_fault_left")

LONG = "Much to say about it, "


def noise(width: int, height: int) -> bytes:
    """A PNG that hardly gets smaller."""
    out = BytesIO()
    Image.frombytes("RGB", (width, height), random.Random(1).randbytes(width * height * 3)).save(out, "PNG")
    return out.getvalue()


async def lines_of(alice: DAV, href: str) -> set[str]:
    return set((await alice.get(href)).expect(200).text.replace("\r\n ", "").split("\r\n"))


async def test_long_texts_are_kept_and_ox_has_their_beginning(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "long.vcf")
    lines = [
        f"NOTE:{'x' * 6000}",
        f"TITLE:{'Chief 😀' * 30}",
        f"ADR;TYPE=HOME:;;{'s' * 300};Town;;{'1' * 70};UK",
        "CATEGORIES:" + ",".join(f"category {number}" for number in range(500)),
        f"TEL;TYPE=CELL:{'1' * 80}",
        f"EMAIL;TYPE=WORK:{'a' * 300}@example.org",
        "EMAIL;TYPE=HOME:no mail at all",
        f"X-PHONETIC-LAST-NAME:{'y' * 300}",
    ]
    (await alice.put(href, card("long-uid", "Long", *lines))).expect(201)
    assert set(lines) <= await lines_of(alice, href)
    stored = await alice_ox.contact((await alice_ox.contacts())["long-uid"])
    assert (len(stored["note"]), len(stored["street_home"]), len(stored["postal_code_home"])) == (5680, 256, 64)
    assert stored["categories"].endswith(",category 290") or len(stored["categories"]) <= 4096
    assert "cellular_telephone1" not in stored, "half a number is a wrong number"
    assert "email1" not in stored
    assert "email2" not in stored
    before = (await alice.get(href)).etag
    (await alice.put(href, (await alice.get(href)).text)).expect(204)
    assert (await alice.get(href)).etag == before


async def test_a_long_text_edited_in_ox_is_not_restored(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "long2.vcf")
    (await alice.put(href, card("long2-uid", "Long", f"NOTE:{LONG * 400}"))).expect(201)
    identifier = (await alice_ox.contacts())["long2-uid"]
    await alice_ox.call(
        "contacts", "update", {"note": "short"}, folder=await alice_ox.address_book(), id=identifier, timestamp=2**53
    )
    assert "NOTE:short" in await lines_of(alice, href)


@pytest.mark.parametrize("known", [True, False])
async def test_what_ox_refuses_by_its_own_rules_is_kept_beside_it(
    world: World, alice: DAV, alice_ox: OX, book: str, known: bool
) -> None:
    """A limit that nobody told us: OX names the length only, or the column."""
    href = child(book, f"refused-{known}.vcf")
    problem = {"id": 514 if known else 0, "length": 20, "max_size": 10}
    error = OXError("CON-0154", "USER_INPUT", "too long", params=["Profession", 10, 20])
    error.extra = {"problematic": [problem]}
    world.ox_server.faults.add(Fault(Kind.ERROR, action="new", error=error))
    (await alice.put(href, card(f"refused-{known}", "Some One", f"ROLE:{'r' * 20}", "TITLE:kept"))).expect(201)
    stored = await alice_ox.contact((await alice_ox.contacts())[f"refused-{known}"])
    assert (stored.get("profession"), stored["position"]) == (None, "kept")
    assert f"ROLE:{'r' * 20}" in await lines_of(alice, href)


async def test_a_picture_that_ox_refuses_is_kept_beside_it(world: World, alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "odd-picture.vcf")
    error = OXError("CON-0136", "USER_INPUT", "not a picture")
    world.ox_server.faults.add(Fault(Kind.ERROR, action="new", error=error))
    photo = f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}"
    (await alice.put(href, card("odd-picture", "Odd Picture", photo))).expect(201)
    assert photo in await lines_of(alice, href)
    stored = await alice_ox.contact((await alice_ox.contacts())["odd-picture"])
    assert stored["number_of_images"] == 0
    before = (await alice.get(href)).etag
    (await alice.put(href, card("odd-picture", "Odd Picture", photo))).expect(204)
    assert (await alice.get(href)).etag == before


async def test_a_picture_too_large_for_ox_is_scaled_there_and_comes_back_whole(
    world: World, alice: DAV, alice_ox: OX, book: str
) -> None:
    href = child(book, "large.vcf")
    large = noise(2400, 300)
    photo = f"PHOTO;ENCODING=b;TYPE=PNG;X-OWN=crop:{base64.b64encode(large).decode()}"
    error = OXError("CON-0101", "USER_INPUT", "too large")
    for _ in range(2):
        world.ox_server.faults.add(Fault(Kind.ERROR, action="new", error=error))
    (await alice.put(href, card("large", "Large", photo))).expect(201)
    stored = await alice_ox.contact((await alice_ox.contacts())["large"])
    assert (stored["number_of_images"], stored["image1_content_type"]) == (1, "image/jpeg")
    assert photo in await lines_of(alice, href)
    before = (await alice.get(href)).etag
    (await alice.put(href, card("large", "Large", photo))).expect(204)
    assert (await alice.get(href)).etag == before

    (await alice.put(href, card("large", "Larger", photo))).expect(204)
    assert {photo, "FN:Larger"} <= await lines_of(alice, href)
    (await alice.put(href, card("large", "Larger", f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}"))).expect(204)
    assert f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}" in await lines_of(alice, href)
    (await alice.put(href, card("large", "Larger"))).expect(204)
    assert not any(line.startswith("PHOTO") for line in await lines_of(alice, href))


async def test_an_error_that_names_nothing_refuses_the_whole(world: World, alice: DAV, alice_ox: OX, book: str) -> None:
    world.ox_server.faults.add(Fault(Kind.ERROR, action="new", error=OXError("CON-0168", "USER_INPUT", "bad")))
    answer = await alice.put(child(book, "bad-char.vcf"), card("bad-char", "Bad"))
    assert answer.expect(403).precondition("CR:valid-address-data")
    assert "bad-char" not in await alice_ox.contacts()


async def test_a_picture_beyond_the_limit_is_refused(alice: DAV, alice_ox: OX, book: str) -> None:
    (limit,) = [int((await alice.propfind(book, "CR:max-image-size")).only.text("CR:max-image-size"))]
    photo = f"PHOTO;ENCODING=b;TYPE=JPEG:{'/9j/' + 'A' * (4 * (limit // 3 + 2))}"
    answer = await alice.put(child(book, "huge.vcf"), card("huge-uid", "Huge", photo))
    assert answer.expect(403).precondition("CR:max-resource-size")
    assert "huge-uid" not in await alice_ox.contacts()


async def test_links_to_pictures_are_kept_and_never_fetched(world: World, alice: DAV, book: str) -> None:
    href = child(book, "linked.vcf")
    photo = "PHOTO;VALUE=uri:http://127.0.0.1:1/secret.jpg"
    (await alice.put(href, card("linked-uid", "Linked", photo))).expect(201)
    assert photo in await lines_of(alice, href)


async def test_members_that_are_no_addresses_stay_in_the_list(alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "odd-members.vcf")
    members = [
        "X-ADDRESSBOOKSERVER-MEMBER:mailto:nobody",
        "X-ADDRESSBOOKSERVER-MEMBER:mailto:ok@example.org",
        "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:unknown-person",
    ]
    (await alice.put(href, card("odd-members", "Odd", "X-ADDRESSBOOKSERVER-KIND:group", *members))).expect(201)
    assert set(members) <= await lines_of(alice, href)
    stored = await alice_ox.contact((await alice_ox.contacts())["odd-members"])
    assert [member["mail"] for member in stored["distribution_list"]] == ["ok@example.org"]

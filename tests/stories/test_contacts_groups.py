"""Groups are distribution lists: order, members nobody knows, members that go, clients that know no groups."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, card, child
from tests.oxclient import OX

GENERATIONS = ("8", "addressbooks")

MEMBER = "X-ADDRESSBOOKSERVER-MEMBER:"


async def members_of(alice: DAV, href: str) -> list[str]:
    lines = (await alice.get(href)).expect(200).text.replace("\r\n ", "").split("\r\n")
    return [line.removeprefix(MEMBER) for line in lines if line.startswith(MEMBER)]


def group(uid: str, *members: str) -> str:
    return card(uid, "Team", "X-ADDRESSBOOKSERVER-KIND:group", *(MEMBER + member for member in members))


@pytest.fixture
async def people(alice: DAV, book: str) -> list[str]:
    for name in "abc":
        person = card(f"person-{name}", f"Person {name}", f"EMAIL:{name}@example.org")
        (await alice.put(child(book, f"person-{name}.vcf"), person)).expect(201, 204)
    return [f"urn:uuid:person-{name}" for name in "abc"]


async def test_order_and_unknown_members_are_kept(alice: DAV, alice_ox: OX, book: str, people: list[str]) -> None:
    href = child(book, "order.vcf")
    wanted = [people[2], "mailto:ext@example.net", people[0], "urn:uuid:nobody", "http://example.org/x", people[1]]
    (await alice.put(href, group("order", *wanted))).expect(201)
    assert await members_of(alice, href) == wanted
    etag = (await alice.get(href)).etag
    (await alice.put(href, group("order", *wanted))).expect(204)
    assert (await alice.get(href)).etag == etag
    turned = wanted[::-1]
    (await alice.put(href, group("order", *turned))).expect(204)
    assert await members_of(alice, href) == turned
    stored = await alice_ox.contact((await alice_ox.contacts())["order"])
    assert {member["mail"] for member in stored["distribution_list"]} == {
        "a@example.org",
        "b@example.org",
        "c@example.org",
        "ext@example.net",
    }


async def test_a_member_deleted_elsewhere_leaves_the_others(
    alice: DAV, alice_ox: OX, book: str, people: list[str]
) -> None:
    href = child(book, "shrinking.vcf")
    wanted = [people[2], "mailto:ext@example.net", people[0]]
    (await alice.put(href, group("shrinking", *wanted))).expect(201)
    (await alice.delete(child(book, "person-c.vcf"))).expect(204)
    left = await members_of(alice, href)
    assert [member for member in left if member in wanted[1:]] == wanted[1:]
    (await alice.put(href, group("shrinking", *left, "mailto:more@example.net"))).expect(204)
    assert await members_of(alice, href) == [*left, "mailto:more@example.net"]


async def test_a_client_that_knows_no_groups_destroys_none(alice: DAV, book: str, people: list[str]) -> None:
    href = child(book, "ignored.vcf")
    wanted = ["mailto:ext@example.net", people[1], people[0]]
    (await alice.put(href, group("ignored", *wanted))).expect(201)
    (await alice.put(href, card("ignored", "Renamed"))).expect(204)
    assert await members_of(alice, href) == wanted
    assert "FN:Renamed" in (await alice.get(href)).text


async def test_groups_and_pictures_move_and_are_copied_with_all_they_have(
    alice: DAV, alice_ox: OX, book: str, people: list[str]
) -> None:
    home = book.rstrip("/").rsplit("/", 1)[0]
    other = f"{home}/other/"
    (await alice.mkcol(other, "CR:addressbook", "Other")).expect(201)
    wanted = ["mailto:ext@example.net", people[1], "urn:uuid:nobody"]
    (await alice.put(child(book, "moving.vcf"), group("moving", *wanted))).expect(201)
    (await alice.move(child(book, "moving.vcf"), child(other, "moved.vcf"))).expect(201)
    assert await members_of(alice, child(other, "moved.vcf")) == wanted
    (await alice.get(child(book, "moving.vcf"))).expect(404)
    copied = await alice.request("COPY", child(other, "moved.vcf"), headers={"Destination": child(book, "copy.vcf")})
    copied.expect(201)
    assert await members_of(alice, child(book, "copy.vcf")) == wanted
    (await alice.move(child(other, "moved.vcf"), child(other, "renamed.vcf"))).expect(201)
    (await alice.put(child(other, "renamed.vcf"), group("moving", people[1]))).expect(204)
    (await alice.delete(child(book, "copy.vcf"))).expect(204)
    (await alice.move(child(other, "renamed.vcf"), child(book, "back.vcf"))).expect(201)
    assert await members_of(alice, child(book, "back.vcf")) == [people[1]], "nothing old comes back"

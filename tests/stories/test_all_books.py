"""The address book with the cards of all books: for macOS by rule, for everybody by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.dav.clients import uses_one_book
from tests.davclient import DAV, card, child
from tests.oxclient import OX
from tests.stories.test_contacts import PHOTO
from tests.world import World

MAC = "macOS/14.5 (23F79) AddressBookCore/2606.800.1"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """For one test alone: these look at everything there is."""
    made = World(tmp_path)
    yield made
    made.close()


@pytest.fixture
async def everything(book: str) -> str:
    """Href of the book with all cards."""
    return f"{book.rstrip('/').rpartition('/')[0]}/~all/"


@pytest.fixture
async def friends(alice: DAV, everything: str) -> str:
    """Href of a second book of alice's."""
    href = everything.replace("~all/", "friends/")
    (await alice.mkcol(href, "CR:addressbook", "Friends")).expect(201)
    return href


async def cards_in(client: DAV, book: str) -> dict[str, str]:
    """Formatted name -> href."""
    found = {}
    for href, one in (await client.propfind(book, "D:getetag", depth=1)).responses.items():
        if href != book:
            answer = (await client.get(href)).expect(200)
            assert answer.etag == one.text("D:getetag")
            (line,) = (line for line in answer.text.splitlines() if line.startswith("FN:"))
            found[line.removeprefix("FN:")] = href
    return found


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (MAC, True),
        ("Mac OS X/10.11.2 (15C31f) AddressBook/1679.3", True),
        ("AddressBook/6.1 (1083) CardDAVPlugin/200 CFNetwork/520.3.2 Mac_OS_X/10.7.3 (11D50)", True),
        ("iOS/17.4 (21E219) dataaccessd/1.0", False),
        ("macOS/14.5 (23F79) CalendarAgent/1035", False),
        ("DAVx5/4.3 (2024/01/01; dav4jvm; okhttp/4.12.0) Android/14", False),
        ("", False),
        (None, False),
    ],
)
def test_who_uses_one_book(agent: str | None, expected: bool) -> None:
    assert uses_one_book(agent) is expected


async def test_macos_sees_that_book_alone(world: World, alice: DAV, everything: str, friends: str) -> None:
    home = everything.replace("~all/", "")
    async with world.dav("alice", agent=MAC) as mac:
        listed = (await mac.propfind(home, "D:resourcetype", "D:displayname", "CS:getctag", depth=1)).responses
        assert list(listed) == [home, everything]
        assert listed[everything].text("D:displayname") == "All contacts"
    others = (await alice.propfind(home, "D:displayname", depth=1)).responses
    assert everything not in others
    assert friends in others


async def test_all_cards_under_names_of_their_own(alice: DAV, book: str, everything: str, friends: str) -> None:
    (await alice.put(child(book, "x.vcf"), card("u1", "One", "X-OWN:1"))).expect(201)
    (await alice.put(child(friends, "x.vcf"), card("u2", "Two", "TEL:2", "TEL:3"))).expect(201)
    found = await cards_in(alice, everything)
    assert sorted(found) == ["One", "Two"]
    assert "X-OWN:1" in (await alice.get(found["One"])).text
    answer = await alice.multiget(everything, found.values(), card=True)
    assert {href: one.text("D:getetag") for href, one in answer.responses.items()} == {
        href: one.text("D:getetag")
        for href, one in (await alice.propfind(everything, "D:getetag", depth=1)).responses.items()
        if href != everything
    }
    query = await alice.card_query(
        everything, '<CR:prop-filter name="FN"><CR:text-match>two</CR:text-match></CR:prop-filter>'
    )
    assert list(query.responses) == [found["Two"]]


async def test_writing_goes_to_the_book_of_the_card(alice: DAV, book: str, everything: str, friends: str) -> None:
    (await alice.put(child(friends, "f.vcf"), card("u2", "Two"))).expect(201)
    (await alice.put(child(everything, "mine.vcf"), card("u3", "Three"))).expect(201)
    assert await cards_in(alice, book) == {"Three": child(book, "mine.vcf")}
    found = await cards_in(alice, everything)
    assert found["Three"] == child(everything, "mine.vcf")
    (await alice.put(found["Two"], card("u2", "Two b", "X-OWN:kept"))).expect(204)
    assert await cards_in(alice, friends) == {"Two b": child(friends, "f.vcf")}
    assert "X-OWN:kept" in (await alice.get(found["Two"])).text
    (await alice.delete(found["Two"])).expect(204)
    assert await cards_in(alice, friends) == {}
    assert await cards_in(alice, everything) == {"Three": child(everything, "mine.vcf")}


async def test_a_name_that_another_card_has_in_the_default_book(alice: DAV, book: str, everything: str) -> None:
    (await alice.put(child(book, "x.vcf"), card("u1", "One"))).expect(201)
    (await alice.put(child(everything, "x.vcf"), card("u2", "Two"))).expect(201)
    found = await cards_in(alice, everything)
    assert found["Two"] == child(everything, "x.vcf")
    assert found["One"] != found["Two"]
    assert (await cards_in(alice, book))["One"] == child(book, "x.vcf")


async def test_preconditions(alice: DAV, book: str, everything: str, friends: str) -> None:
    (await alice.put(child(friends, "f.vcf"), card("u2", "Two"))).expect(201)
    href = (await cards_in(alice, everything))["Two"]
    conflict = (await alice.put(child(everything, "again.vcf"), card("u2", "Two"))).expect(409, 403)
    assert conflict.precondition("CR:no-uid-conflict")
    assert href in conflict.text
    etag = (await alice.get(href)).etag or ""
    (await alice.put(child(friends, "f.vcf"), card("u2", "Two b"))).expect(204)
    (await alice.put(href, card("u2", "Two c"), if_match=etag)).expect(412)
    (await alice.delete(href, if_match=etag)).expect(412)
    (await alice.put(href, card("u2", "Two c"), if_none_match="*")).expect(412)
    (await alice.delete(everything)).expect(403)
    assert list(await cards_in(alice, friends)) == ["Two b"]


async def test_sync_tells_a_move_as_a_change(alice: DAV, book: str, everything: str, friends: str) -> None:
    (await alice.put(child(book, "a.vcf"), card("u1", "One", "X-OWN:kept"))).expect(201)
    (await alice.put(child(book, "b.vcf"), card("u2", "Two"))).expect(201)
    found = await cards_in(alice, everything)
    first = await alice.sync(everything)
    assert set(first.changed) == set(found.values())
    (await alice.move(child(book, "a.vcf"), child(friends, "moved.vcf"))).expect(201)
    (await alice.delete(child(book, "b.vcf"))).expect(204)
    second = await alice.sync(everything, first.token)
    assert list(second.changed) == [found["One"]]
    assert second.removed == [found["Two"]]
    assert "X-OWN:kept" in (await alice.get(found["One"])).text
    third = await alice.sync(everything, second.token)
    assert (third.changed, third.removed) == ({}, [])


async def test_a_card_can_be_moved_out_of_it(alice: DAV, book: str, everything: str, friends: str) -> None:
    (await alice.put(child(everything, "a.vcf"), card("u1", "One", "X-OWN:kept"))).expect(201)
    (await alice.move(child(everything, "a.vcf"), child(friends, "there.vcf"))).expect(201)
    assert await cards_in(alice, friends) == {"One": child(friends, "there.vcf")}
    assert await cards_in(alice, book) == {}
    assert "X-OWN:kept" in (await alice.get(child(everything, "a.vcf"))).text


async def test_deletions_are_told_after_a_restart(world: World, alice: DAV, book: str, everything: str) -> None:
    async with world.dav("bob") as bob:
        books = await bob.address_books()
        mine = books["Contacts"]
        whole = f"{mine.rstrip('/').rpartition('/')[0]}/~all/"
        (await bob.put(child(whole, "a.vcf"), card("r1", "One"))).expect(201)
        (await bob.put(child(whole, "b.vcf"), card("r2", "Two"))).expect(201)
        before = await bob.sync(whole)
        world.restart_gateway()
    async with world.dav("bob") as bob:
        (await bob.delete(child(mine, "a.vcf"))).expect(204)
        after = await bob.sync(whole, before.token)
        assert after.removed == [child(whole, "a.vcf")]
        assert after.changed == {}
        assert await cards_in(bob, whole) == {"Two": child(whole, "b.vcf")}


async def test_the_url_stays_when_books_come_and_go(alice: DAV, everything: str, book: str) -> None:
    home = everything.replace("~all/", "")
    (await alice.put(child(book, "a.vcf"), card("u1", "One"))).expect(201)
    before = await cards_in(alice, everything)
    token = (await alice.sync(everything)).token
    (await alice.mkcol(f"{home}club/", "CR:addressbook", "Club")).expect(201)
    (await alice.put(f"{home}club/c.vcf", card("c1", "Club Member"))).expect(201)
    assert (await alice.sync_report(everything, token)).expect(403).precondition("D:valid-sync-token")
    assert sorted(await cards_in(alice, everything)) == ["Club Member", "One"]
    (await alice.delete(f"{home}club/")).expect(204)
    assert await cards_in(alice, everything) == before
    (await alice.mkcol(everything, "CR:addressbook", "Mine")).expect(403, 405)


async def test_cards_that_can_only_be_read(alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX, everything: str) -> None:
    rights = 1 | 4 << 7  # sees the folder, reads all objects
    permissions = [
        {"entity": int(bob_ox.user_id), "group": False, "bits": 403710016 | 4},
        {"entity": int(alice_ox.user_id), "group": False, "bits": rights},
    ]
    shared = {"title": "Read", "module": "contacts", "permissions": permissions}
    await bob_ox.call("folders", "new", shared, folder_id=1)
    theirs = (await bob.address_books())["Read"]
    (await bob.put(child(theirs, "s.vcf"), card("s", "Sha Red"))).expect(201)
    await alice.address_books()  # a single collection is served from a list of folders some seconds old
    (await alice.put(child(everything, "own.vcf"), card("own", "Own"))).expect(201)
    found = await cards_in(alice, everything)
    assert sorted(found) == ["Own", "Sha Red"]
    listed = (await alice.propfind(everything, "D:current-user-privilege-set", depth=1)).responses
    granted = {
        name: {str(one.tag) for one in listed[found[name]].element("D:current-user-privilege-set").iter()}
        for name in found
    }
    assert "{DAV:}write-content" in granted["Own"]
    assert not granted["Sha Red"] & {"{DAV:}write-content", "{DAV:}unbind", "{DAV:}write"}
    for answer in (
        await alice.put(found["Sha Red"], card("s", "Changed")),
        await alice.delete(found["Sha Red"]),
        await alice.move(found["Sha Red"], child(everything.replace("~all", "32"), "stolen.vcf")),
    ):
        assert answer.expect(403).precondition("D:need-privileges")
        assert found["Sha Red"] in answer.text
    assert "Sha Red" in (await alice.get(found["Sha Red"])).text


async def test_a_poll_is_one_call(world: World, alice: DAV, everything: str, friends: str) -> None:
    token = (await alice.sync(everything)).token
    with world.upstream() as calls:
        await alice.sync(everything, token)
    assert len(calls) == 1
    with world.upstream() as calls:
        (await alice.propfind(everything, "CS:getctag", "D:sync-token")).only.text("CS:getctag")
    assert len(calls) == 1


async def test_groups_pictures_and_residue_come_through(alice: DAV, everything: str, friends: str) -> None:
    photo = f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}"
    (await alice.put(child(friends, "f.vcf"), card("g1", "One", photo, "X-OWN:kept", "EMAIL:one@example.org"))).expect(
        201
    )
    members = "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:g1"
    (
        await alice.put(child(everything, "g.vcf"), card("g2", "Group", "X-ADDRESSBOOKSERVER-KIND:group", members))
    ).expect(201)
    found = await cards_in(alice, everything)
    assert {photo, "X-OWN:kept"} <= set((await alice.get(found["One"])).text.replace("\r\n ", "").splitlines())
    assert members in (await alice.get(found["Group"])).text
    before = (await alice.propfind(everything, "CS:getctag")).only.text("CS:getctag")
    for href in found.values():
        got = await alice.get(href)
        (await alice.put(href, got.body, if_match=got.etag or "")).expect(204)
    assert (await alice.propfind(everything, "CS:getctag")).only.text("CS:getctag") == before


async def test_a_new_member_by_post(alice: DAV, book: str, everything: str) -> None:
    headers = {"Content-Type": "text/vcard"}
    made = (await alice.request("POST", everything, card("p1", "Posted"), headers)).expect(201)
    assert made.headers["Location"].startswith(everything)
    assert await cards_in(alice, everything) == {"Posted": made.headers["Location"]}
    assert list(await cards_in(alice, book)) == ["Posted"]

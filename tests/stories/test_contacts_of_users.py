"""The address list of all users: everybody edits his own entry, nobody another one; shared books as OX shares them."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, Propstats, card, child
from tests.oxclient import OX

GENERATIONS = ("8", "7.8", "addressbooks")


@pytest.fixture
async def everybody(alice: DAV) -> str:
    (href,) = [href for name, href in (await alice.address_books()).items() if "lobal" in name or "All" in name]
    return href


async def entry_of(client: DAV, book: str, name: str) -> tuple[str, str]:
    for href in (await client.propfind(book, "D:getetag", depth=1)).responses:
        if href != book and f"FN:{name}" in (text := (await client.get(href)).text):
            return href, text
    raise AssertionError(f"no entry of {name}")


async def test_the_own_entry_can_be_edited(alice: DAV, alice_ox: OX, everybody: str) -> None:
    href, text = await entry_of(alice, everybody, "Alice Archer")
    (await alice.put(href, text.replace("END:VCARD", "TEL;TYPE=CELL:+49 170\r\nEND:VCARD"))).expect(204)
    assert "+49 170" in (await alice.get(href)).text
    (await alice.delete(href)).expect(403)


async def test_what_one_may_do_to_the_own_entry_is_told(alice: DAV, everybody: str) -> None:
    own, _ = await entry_of(alice, everybody, "Alice Archer")
    other, _ = await entry_of(alice, everybody, "Bob Baker")
    listed = (await alice.propfind(everybody, "D:current-user-privilege-set", depth=1)).responses
    single = (await alice.propfind(own, "D:current-user-privilege-set")).only

    def granted(one: Propstats) -> set[str]:
        return {str(each.tag) for each in one.element("D:current-user-privilege-set").iter()}

    assert "{DAV:}write-content" in granted(listed[own])
    assert granted(single) == granted(listed[own])
    assert "{DAV:}unbind" not in granted(listed[own])
    assert not granted(listed[other]) & {"{DAV:}write-content", "{DAV:}write"}
    assert "{DAV:}write-content" not in granted(listed[everybody])


async def test_a_user_keeps_his_names(alice: DAV, everybody: str) -> None:
    href, text = await entry_of(alice, everybody, "Alice Archer")
    nameless = text.replace("N:Archer;Alice;;;", "N:Archer;;;;")
    assert nameless != text
    assert (await alice.put(href, nameless)).expect(403).precondition("CR:valid-address-data")
    assert "N:Archer;Alice" in (await alice.get(href)).text


async def test_a_changed_own_entry_is_what_others_see(alice: DAV, bob: DAV, alice_ox: OX, everybody: str) -> None:
    href, text = await entry_of(alice, everybody, "Alice Archer")
    (await alice.put(href, text.replace("Alice Archer", "Alice A. Archer"))).expect(204)
    (theirs,) = [href for href in (await bob.address_books()).values() if href.endswith("/6/")]
    await entry_of(bob, theirs, "Alice A. Archer")
    user = await alice_ox.call("user", "get", id=alice_ox.user_id)
    assert user["display_name"] == "Alice A. Archer"
    href, text = await entry_of(alice, everybody, "Alice A. Archer")
    (await alice.put(href, text.replace("Alice A. Archer", "Alice Archer"))).expect(204)


async def test_entries_of_others_cannot(alice: DAV, everybody: str) -> None:
    href, text = await entry_of(alice, everybody, "Bob Baker")
    answer = (await alice.put(href, text.replace("END:VCARD", "TEL:1\r\nEND:VCARD"))).expect(403)
    assert answer.precondition("D:need-privileges")
    assert (await alice.get(href)).text == text
    moved = await alice.move(href, child((await alice.address_books())["Contacts"], "stolen.vcf"))
    assert moved.expect(403).precondition("D:need-privileges")


async def test_a_book_shared_for_reading_only(alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX) -> None:
    rights = 1 | 4 << 7  # sees the folder, reads all objects
    owner = 403710016 | 4
    permissions = [
        {"entity": int(alice_ox.user_id), "group": False, "bits": owner},
        {"entity": int(bob_ox.user_id), "group": False, "bits": rights},
    ]
    await alice_ox.call(
        "folders", "new", {"title": "Shared", "module": "contacts", "permissions": permissions}, folder_id=1
    )
    mine = (await alice.address_books())["Shared"]
    (await alice.put(child(mine, "shared.vcf"), card("shared", "Sha Red", "X-OWN:1"))).expect(201)
    theirs = [href for name, href in (await bob.address_books()).items() if "Shared" in name]
    if not theirs:
        pytest.fail("the shared book is not shown")
    href, text = await entry_of(bob, theirs[0], "Sha Red")
    privileges = (await bob.propfind(theirs[0], "D:current-user-privilege-set")).only
    names = {str(one.tag) for one in privileges.element("D:current-user-privilege-set").iter()}
    assert not names & {"{DAV:}write", "{DAV:}write-content", "{DAV:}bind", "{DAV:}unbind"}
    for answer in (
        await bob.put(href, text.replace("Sha Red", "Changed")),
        await bob.put(child(theirs[0], "new.vcf"), card("new", "New")),
        await bob.delete(href),
    ):
        assert answer.expect(403).precondition("D:need-privileges")
    assert (await bob.get(href)).text == text


async def test_rights_that_are_taken_and_given_back(alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX) -> None:
    def permissions(read: int) -> list[dict[str, object]]:
        guest: dict[str, object] = {
            "entity": int(bob_ox.user_id),
            "group": False,
            "bits": 2 | read << 7 | 2 << 14 | 2 << 21,
        }
        return [{"entity": int(alice_ox.user_id), "group": False, "bits": 403710016 | 4}, guest]

    folder = {"title": "Given back", "module": "contacts", "permissions": permissions(2)}
    number = await alice_ox.call("folders", "new", folder, folder_id=1)
    mine = (await alice.address_books())["Given back"]
    (await alice.put(child(mine, "back.vcf"), card("back", "Back Again"))).expect(201)
    (theirs,) = [href for name, href in (await bob.address_books()).items() if "Given back" in name]
    whole = f"{theirs.rstrip('/').rpartition('/')[0]}/~all/"

    async def seen(book: str) -> list[str]:
        await bob.address_books()
        listed = [href for href in (await bob.propfind(book, "D:getetag", depth=1)).responses if href != book]
        return [href for href in listed if "Back Again" in (await bob.get(href)).text]

    before = await seen(theirs), await seen(whole)
    assert [len(found) for found in before] == [1, 1]
    await alice_ox.call("folders", "update", {"permissions": permissions(1)}, id=number)
    assert (await seen(theirs), await seen(whole)) == ([], [])
    await alice_ox.call("folders", "update", {"permissions": permissions(2)}, id=number)
    assert (await seen(theirs), await seen(whole)) == before

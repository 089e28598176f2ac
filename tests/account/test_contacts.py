"""Address books: what OX holds as cards, and cards into OX, one write at a time."""

from __future__ import annotations

import asyncio

import pytest

from gateway.dav.errors import NoAddressUidConflict, PreconditionFailed, SupportedAddressData, ValidAddressData
from tests.account.world import World, etags, text_of

PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def card(uid: str, name: str, *lines: str) -> bytes:
    text = ["BEGIN:VCARD", "VERSION:3.0", f"UID:{uid}", f"FN:{name}", f"N:{name};;;;", *lines, "END:VCARD", ""]
    return "\r\n".join(text).encode()


async def test_a_contact_of_another_client_appears_under_its_id(world: World) -> None:
    ox = await world.ox()
    made = await ox.data("contacts", "new", body={"folder_id": "32", "display_name": "Ada", "email1": "a@example.org"})
    book = await world.book()
    name = f"{made['id']}.vcf"
    assert list(etags(await book.entries())) == [name]
    text = await text_of(book, name)
    assert text is not None
    assert "FN:Ada\r\n" in text
    assert "a@example.org" in text


async def test_a_card_keeps_its_name_also_after_a_restart(world: World) -> None:
    book = await world.book()
    stored = await book.put("my card.vcf", card("u1", "Ada"), None)
    assert stored.created
    assert stored.name == "my card.vcf"
    await world.restart()
    book = await world.book()
    assert list(etags(await book.entries())) == ["my card.vcf"]
    assert "UID:u1\r\n" in (await text_of(book, "my card.vcf") or "")


async def test_put_costs_one_look_and_one_write(world: World) -> None:
    book = await world.book()
    await book.entries()
    async with world.upstream() as calls:
        book = await world.book()
        assert await book.entry("a.vcf") is None
        await book.put("a.vcf", card("u1", "Ada"), None)
    assert [(call.module, call.action) for call in calls] == [("contacts", "updates"), ("contacts", "new")]


async def test_an_equal_card_is_not_written(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada", "TEL;TYPE=CELL:1", "X-HOBBY:chess"), None)
    book = await world.book()
    entry = await book.entry("a.vcf")
    async with world.upstream() as calls:
        await book.put("a.vcf", card("u1", "Ada", "X-HOBBY:chess", "TEL;TYPE=CELL:1"), entry)
    assert "update" not in [call.action for call in calls]
    assert await (await world.book()).entry("a.vcf") == entry


async def test_what_ox_cannot_hold_comes_back(world: World) -> None:
    book = await world.book()
    lines = ("X-HOBBY;LEVEL=high:chess", "EMAIL:1@x.org", "EMAIL:2@x.org", "EMAIL:3@x.org", "EMAIL:4@x.org")
    await book.put("a.vcf", card("u1", "Ada", *lines), None)
    await world.restart()
    book = await world.book()
    text = await text_of(book, "a.vcf") or ""
    assert "X-HOBBY;LEVEL=high:chess\r\n" in text
    assert all(f"{number}@x.org" in text for number in range(1, 5))


async def test_a_change_of_residue_alone_changes_the_etag_for_everybody(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada", "X-HOBBY:chess"), None)
    token = (await (await world.book()).changes(None, None)).token
    book = await world.book()
    entry = await book.entry("a.vcf")
    await book.put("a.vcf", card("u1", "Ada", "X-HOBBY:go"), entry)
    book = await world.book()
    changes = await book.changes(token, None)
    assert [changed.name for changed in changes.changed] == ["a.vcf"]
    assert entry is not None
    assert changes.changed[0].etag != entry.etag
    assert "X-HOBBY:go" in (await text_of(book, "a.vcf") or "")


async def test_removing_what_only_the_ledger_holds(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada", "X-HOBBY:chess"), None)
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada"), await book.entry("a.vcf"))
    assert "X-HOBBY" not in (await text_of(await world.book(), "a.vcf") or "")


async def test_a_picture_goes_and_comes(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada", f"PHOTO;ENCODING=b;TYPE=PNG:{PNG}"), None)
    book = await world.book()
    text = (await text_of(book, "a.vcf") or "").replace("\r\n ", "")
    assert PNG in text
    async with world.upstream() as calls:
        book = await world.book()
        await book.put("a.vcf", card("u1", "Ada", f"PHOTO;ENCODING=b;TYPE=PNG:{PNG}"), await book.entry("a.vcf"))
    assert "update" not in [call.action for call in calls]
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada"), await book.entry("a.vcf"))
    assert "PHOTO" not in (await text_of(await world.book(), "a.vcf") or "")


async def test_a_group_refers_to_its_members_by_uid(world: World) -> None:
    book = await world.book()
    await book.put("ada.vcf", card("u-ada", "Ada", "EMAIL:ada@example.org"), None)
    book = await world.book()
    group = card(
        "u-group",
        "Friends",
        "X-ADDRESSBOOKSERVER-KIND:group",
        "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u-ada",
        "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u-unknown",
    )
    await book.put("group.vcf", group, None)
    ox = await world.ox()
    rows = await ox.data("contacts", "all", folder="32", columns="500,592")
    members = next(row[1] for row in rows if row[0] == "Friends")
    assert [member["mail"] for member in members] == ["ada@example.org"]
    text = await text_of(await world.book(), "group.vcf") or ""
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u-ada\r\n" in text
    assert "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:u-unknown\r\n" in text
    async with world.upstream() as calls:
        book = await world.book()
        await book.put("group.vcf", group, await book.entry("group.vcf"))
    assert "update" not in [call.action for call in calls]


async def test_an_emptied_group_is_still_a_group(world: World) -> None:
    book = await world.book()
    lines = ("X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:mailto:x@example.org")
    await book.put("group.vcf", card("u-group", "Friends", *lines), None)
    book = await world.book()
    await book.put("group.vcf", card("u-group", "Friends", lines[0]), await book.entry("group.vcf"))
    text = await text_of(await world.book(), "group.vcf") or ""
    assert "X-ADDRESSBOOKSERVER-KIND:group" in text
    assert "X-ADDRESSBOOKSERVER-MEMBER" not in text


async def test_a_stale_base_is_refused_and_nothing_is_stored(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada"), None)
    book = await world.book()
    base = await book.entry("a.vcf")
    ox = await world.ox()
    contact = (await ox.data("contacts", "all", folder="32", columns="1"))[0][0]
    await ox.call("contacts", "update", folder="32", id=contact, timestamp=2**52, body={"note": "by OX"})
    with pytest.raises(PreconditionFailed):
        await book.put("a.vcf", card("u1", "Ada B"), base)
    assert "by OX" in (await text_of(await world.book(), "a.vcf") or "")


async def test_an_existing_name_and_an_existing_uid_are_refused(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada"), None)
    book = await world.book()
    with pytest.raises(PreconditionFailed):
        await book.put("a.vcf", card("u2", "Bea"), None)
    with pytest.raises(NoAddressUidConflict) as caught:
        await book.put("b.vcf", card("u1", "Bea"), None)
    assert caught.value.paths == ((*book.path, "a.vcf"),)
    with pytest.raises(NoAddressUidConflict):
        await book.put("a.vcf", card("other", "Ada"), await book.entry("a.vcf"))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"hello", ValidAddressData),
        (b"BEGIN:VCARD\r\nVERSION:2.0\r\nN:x\r\nEND:VCARD\r\n", SupportedAddressData),
    ],
)
async def test_bad_cards_are_refused_and_nothing_is_stored(world: World, data: bytes, error: type[Exception]) -> None:
    book = await world.book()
    with pytest.raises(error):
        await book.put("a.vcf", data, None)
    assert await (await world.book()).entries() == []


async def test_removing_and_making_again_under_the_same_name(world: World) -> None:
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada"), None)
    book = await world.book()
    entry = await book.entry("a.vcf")
    assert entry is not None
    await book.remove("a.vcf", entry)
    book = await world.book()
    assert await book.entries() == []
    await book.put("a.vcf", card("u2", "Bea"), None)
    book = await world.book()
    assert "FN:Bea" in (await text_of(book, "a.vcf") or "")
    assert len(await book.entries()) == 1


async def test_a_move_keeps_everything(world: World) -> None:
    ox = await world.ox()
    other = await ox.data("folders", "new", folder_id=1, body={"title": "Other", "module": "contacts"})
    book = await world.book()
    await book.put("a.vcf", card("u1", "Ada", "X-HOBBY:chess"), None)
    book = await world.book()
    entry = await book.entry("a.vcf")
    assert entry is not None
    target = await world.book(segment=other)
    assert await book.move("a.vcf", entry, target, "b.vcf")
    assert await (await world.book()).entries() == []
    target = await world.book(segment=other)
    assert list(etags(await target.entries())) == ["b.vcf"]
    assert "X-HOBBY:chess" in (await text_of(target, "b.vcf") or "")


async def test_the_directory_is_read_only(world: World) -> None:
    book = await world.book(segment="6")
    assert {privilege.value for privilege in book.privileges} == {"read", "read-free-busy"}
    texts = [body.text async for body in book.bodies([entry.name for entry in await book.entries()])]
    assert any("FN:Bob Baker" in text for text in texts)


async def test_a_repeated_request_does_not_make_a_second_contact(world: World) -> None:
    await (await world.book()).entries()

    async def put() -> str:
        try:
            return (await (await world.book()).put("a.vcf", card("u1", "Ada"), None)).name
        except (PreconditionFailed, NoAddressUidConflict):
            return "refused"

    results = await asyncio.gather(put(), put(), put())
    assert sorted(results) == ["a.vcf", "refused", "refused"]
    assert len(await (await world.book()).entries()) == 1

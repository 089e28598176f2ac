"""Following sync tokens of address books, whose deletions OX tells without stamps or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from gateway.account.book_modules import BookModules
from gateway.account.generations import BOOK_MODULES
from gateway.dav.errors import ValidSyncToken
from tests.account.test_contacts import card
from tests.account.test_sync import FAR, delete_contact, new_contact
from tests.account.world import Device, World, etags, text_of

TELLING = ("as OX 8.19", "mended")
"""Servers whose module for contacts tells what changed."""


@pytest.fixture(params=[*TELLING, "addressbooks"])
async def contacts_world(request: pytest.FixtureRequest) -> Any:
    modules = BOOK_MODULES.get(request.param)
    async with World(mend=request.param == "mended", book_modules=modules) as running:
        yield running


async def test_contacts_change_and_go(contacts_world: World) -> None:
    world = contacts_world
    ox, device = await world.ox(), Device()
    await device.sync(await world.book())
    one, two = await new_contact(ox, "one"), await new_contact(ox, "two")
    await device.sync(await world.book())
    assert sorted(device.known) == sorted([f"{one}.vcf", f"{two}.vcf"])
    await delete_contact(ox, one)
    await device.sync(await world.book())
    assert list(device.known) == [f"{two}.vcf"]
    await delete_contact(ox, two)
    await device.sync(await world.book())
    assert device.known == {}
    assert not (await device.sync(await world.book())).removed
    three = await new_contact(ox, "three")
    await device.sync(await world.book())
    assert list(device.known) == [f"{three}.vcf"]
    assert len(device.told) == 5


async def test_an_unchanged_address_book_is_one_call(contacts_world: World) -> None:
    world = contacts_world
    ox, device = await world.ox(), Device()
    await delete_contact(ox, await new_contact(ox, "gone"))
    await device.sync(await world.book())
    for _ in range(2):
        async with world.upstream() as calls:
            await device.sync(await world.book())
        assert len(calls) == 1
    one = await new_contact(ox, "one")
    await device.sync(await world.book())
    await delete_contact(ox, one)
    await device.sync(await world.book())
    async with world.upstream() as calls:
        assert not (await device.sync(await world.book())).removed
    assert len(calls) == 1


@pytest.mark.parametrize("contacts_world", TELLING, indirect=True)
async def test_contacts_deleted_while_the_gateway_was_down(contacts_world: World) -> None:
    world = contacts_world
    ox, device = await world.ox(), Device()
    one, two = await new_contact(ox, "one"), await new_contact(ox, "two")
    await device.sync(await world.book())
    await world.restart()
    assert not (await device.sync(await world.book())).changed
    await delete_contact(ox, two)
    await world.restart()
    device.told.clear()
    await device.sync(await world.book())
    assert device.told == [f"-{two}.vcf"]
    assert list(device.known) == [f"{one}.vcf"]
    assert not (await device.sync(await world.book())).removed


async def test_deletions_that_cannot_be_told_after_a_restart() -> None:
    async with World(book_modules=BookModules.ADDRESSBOOKS) as world:
        ox, device = await world.ox(), Device()
        one, two = await new_contact(ox, "one"), await new_contact(ox, "two")
        await device.sync(await world.book())
        await world.restart()
        assert not (await device.sync(await world.book())).changed
        await world.restart()
        await delete_contact(ox, two)
        with pytest.raises(ValidSyncToken):
            await device.sync(await world.book())
        anew = Device()
        await anew.sync(await world.book())
        assert list(anew.known) == [f"{one}.vcf"]


async def test_what_is_written_while_ox_lists_is_not_gone() -> None:
    async with World(book_modules=BookModules.ADDRESSBOOKS) as world:
        book = await world.book()
        await book.entries()
        account = await world.account()
        state = account.synced(book.folder.id)
        assert state is not None
        (listing,) = state.question()
        answer = await account.session.run(listing)
        await book.put("meanwhile.vcf", card("u1", "Ada", "X-OWN:kept"), None)
        await state.learn([answer])
        assert list(etags(await (await world.book()).entries())) == ["meanwhile.vcf"]
        assert "X-OWN:kept" in (await text_of(await world.book(), "meanwhile.vcf") or "")


async def test_an_emptied_address_book_after_a_restart(contacts_world: World) -> None:
    """OX 8.19 cannot tell the deletions of a folder without contacts; then the client starts anew."""
    world = contacts_world
    ox, device = await world.ox(), Device()
    one = await new_contact(ox, "one")
    await device.sync(await world.book())
    await delete_contact(ox, one)
    await world.restart()
    if world.mend:
        device.told.clear()
        await device.sync(await world.book())
        assert device.told == [f"-{one}.vcf"]
        return
    with pytest.raises(ValidSyncToken):
        await device.sync(await world.book())


async def test_a_token_that_is_older_than_the_tombstones(contacts_world: World) -> None:
    world = contacts_world
    ox, device = await world.ox(), Device()
    one, _ = await new_contact(ox, "one"), await new_contact(ox, "two")
    await device.sync(await world.book())
    await delete_contact(ox, one)
    await world.restart()
    (await world.account()).identity = replace((await world.account()).identity, remembered=0)
    with pytest.raises(ValidSyncToken):
        await device.sync(await world.book())


async def test_a_contact_moved_to_another_book(contacts_world: World) -> None:
    world = contacts_world
    ox, device = await world.ox(), Device()
    other = await ox.data("folders", "new", folder_id=1, body={"title": "Other", "module": "contacts"})
    one = await new_contact(ox, "one")
    await device.sync(await world.book())
    await ox.data("contacts", "update", folder="32", id=one, timestamp=FAR, body={"folder_id": other})
    await device.sync(await world.book())
    assert device.known == {}
    await ox.data("contacts", "update", folder=other, id=one, timestamp=FAR, body={"folder_id": "32"})
    await device.sync(await world.book())
    assert list(device.known) == [f"{one}.vcf"]

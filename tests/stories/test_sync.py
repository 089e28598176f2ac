"""A client that only follows sync-collection always knows exactly what is there."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, card, child, event
from tests.oxclient import FAR_FUTURE, OX
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH


async def listing(client: DAV, collection: str) -> dict[str, str]:
    responses = (await client.propfind(collection, "D:getetag", depth=1)).responses
    return {href: one.text("D:getetag") for href, one in responses.items() if one.has("D:getetag")}


async def test_changes_from_both_sides_and_nothing_twice(alice: DAV, alice_ox: OX, calendar: str) -> None:
    (await alice.put(child(calendar, "sync-1.ics"), event("sync-1"))).expect(201)
    first = await alice.sync(calendar)
    assert first.changed == await listing(alice, calendar)
    assert (await alice.sync(calendar, first.token)).changed == {}

    made = await alice_ox.add_event(uid="sync-2@ox", summary="From OX")
    (await alice.put(child(calendar, "sync-1.ics"), event("sync-1", "Changed"))).expect(204)
    second = await alice.sync(calendar, first.token)
    assert (
        set(second.changed) == {child(calendar, "sync-1.ics"), child(calendar, "sync-2@ox.ics")}
        or len(second.changed) == 2
    )
    assert second.removed == []
    again = await alice.sync(calendar, second.token)
    assert (again.changed, again.removed) == ({}, [])

    await alice_ox.delete_event(made)
    (await alice.delete(child(calendar, "sync-1.ics"))).expect(204)
    third = await alice.sync(calendar, second.token)
    assert third.changed == {}
    assert sorted(third.removed) == sorted(second.changed)
    assert (await alice.sync(calendar, third.token)).removed == []


async def test_contacts_deletions_are_seen(alice: DAV, alice_ox: OX, book: str) -> None:
    (await alice.put(child(book, "sync-a.vcf"), card("sync-a", "A A"))).expect(201)
    identifier = await alice_ox.add_contact(display_name="B", uid="sync-b")
    first = await alice.sync(book)
    assert first.changed == await listing(alice, book)
    folder = await alice_ox.address_book()
    await alice_ox.call("contacts", "delete", [{"id": identifier, "folder": folder}], timestamp=FAR_FUTURE)
    second = await alice.sync(book, first.token)
    assert (len(second.removed), second.changed) == (1, {})
    await alice_ox.add_contact(display_name="C", uid="sync-c")
    (await alice.delete(child(book, "sync-a.vcf"))).expect(204)
    third = await alice.sync(book, second.token)
    assert (third.removed, len(third.changed)) == ([child(book, "sync-a.vcf")], 1)


@pytest.mark.chronos  # OX 7.8 tells the ids of deletions, not their names
async def test_a_token_survives_a_restart(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    (await alice.put(child(calendar, "restart-1.ics"), event("restart-1"))).expect(201)
    (await alice.put(child(calendar, "restart-2.ics"), event("restart-2"))).expect(201)
    before = await alice.sync(calendar)
    await alice_ox.delete_event(await alice_ox.event("restart-1"))
    await alice_ox.add_event(uid="restart-3")
    world.restart_gateway()
    async with world.dav() as client:
        after = await client.sync(calendar, before.token)
        assert after.removed == [child(calendar, "restart-1.ics")]
        assert [href for href in after.changed if "restart-3" in href]
        assert child(calendar, "restart-2.ics") not in after.changed
        untouched = before.changed[child(calendar, "restart-2.ics")]
        assert (await client.get(child(calendar, "restart-2.ics"))).etag == untouched


async def test_limit_pages_cover_everything_once(world: World, calendar: str) -> None:
    async with world.dav() as client:
        for number in range(7):
            (await client.put(child(calendar, f"page-{number}.ics"), event(f"page-{number}"))).expect(201)
        everything = await listing(client, calendar)
        seen: dict[str, str] = {}
        token, truncated = "", True
        while truncated:
            page = await client.sync(calendar, token, limit=3)
            assert not set(page.changed) & set(seen)
            assert len(page.changed) <= 3
            seen.update(page.changed)
            token, truncated = page.token, page.truncated
        assert seen == everything


async def test_foreign_and_broken_tokens_are_refused(world: World, calendar: str) -> None:
    async with world.dav() as client:
        for token in ("nonsense", "http://example.com/ns/sync/1", "urn:x", "data:,"):
            answer = (await client.sync_report(calendar, token)).expect(403, 409, 412)
            assert answer.precondition("D:valid-sync-token")


async def test_a_move_leaves_one_collection_and_enters_the_other(world: World, calendar: str) -> None:
    async with world.dav() as client:
        home = calendar.rsplit("/", 2)[0] + "/"
        (await client.mkcalendar(f"{home}moves/", "Moves")).expect(201)
        (await client.put(child(calendar, "mover.ics"), event("mover"))).expect(201)
        here, there = await client.sync(calendar), await client.sync(f"{home}moves/")
        (await client.move(child(calendar, "mover.ics"), f"{home}moves/mover.ics")).expect(201)
        left, entered = await client.sync(calendar, here.token), await client.sync(f"{home}moves/", there.token)
        assert left.removed == [child(calendar, "mover.ics")]
        assert list(entered.changed) == [f"{home}moves/mover.ics"]
        assert "UID:mover" in (await client.get(f"{home}moves/mover.ics")).text

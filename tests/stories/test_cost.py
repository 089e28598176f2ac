"""What the design promises about calls to OX."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, card, child, event
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH


async def warm(client: DAV, *collections: str) -> None:
    for collection in collections:
        await client.propfind(collection, "CS:getctag")


async def test_an_unchanged_poll_of_one_calendar_is_one_call(world: World, alice: DAV, calendar: str) -> None:
    await warm(alice, calendar)
    with world.upstream() as calls:
        await alice.propfind(calendar, "CS:getctag", "D:sync-token")
    assert len(calls) == 1


async def test_an_unchanged_poll_of_all_calendars_is_one_call(world: World, alice: DAV, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"
    for number in range(5):
        (await alice.mkcalendar(f"{home}poll-{number}/", f"Poll {number}")).expect(201)
    listing = ("D:displayname", "CS:getctag", "D:sync-token", "D:resourcetype", "A:calendar-color")
    await alice.propfind(home, *listing, depth=1)
    with world.upstream() as calls:
        answer = await alice.propfind(home, *listing, depth=1)
    assert len(calls) == 1
    assert len([one for one in answer.responses.values() if one.has("CS:getctag")]) >= 6


async def test_sync_and_listing_are_one_call(world: World, alice: DAV, calendar: str) -> None:
    await warm(alice, calendar)
    token = (await alice.sync(calendar)).token
    with world.upstream() as calls:
        await alice.sync(calendar, token)
    assert len(calls) == 1
    with world.upstream() as calls:
        await alice.propfind(calendar, "D:getetag", depth=1)
    assert len(calls) == 1


async def test_multiget_of_fifty_is_two_calls_cold_and_one_warm(world: World, alice: DAV, calendar: str) -> None:
    hrefs = [child(calendar, f"many-{number}.ics") for number in range(50)]
    for number, href in enumerate(hrefs):
        (await alice.put(href, event(f"many-{number}"))).expect(201)
    world.restart_gateway()
    async with world.dav() as client:
        await warm(client, calendar)
        with world.upstream() as calls:
            assert len((await client.multiget(calendar, hrefs)).responses) == 50
        assert len(calls) <= 2
        with world.upstream() as calls:
            await client.multiget(calendar, hrefs)
        assert len(calls) == 1


@pytest.mark.chronos  # see test_generation_7_8 for what it costs there
async def test_writing_costs_little(world: World) -> None:
    async with world.dav() as alice:
        calendar = (await alice.calendars())["Calendar"]
        href = child(calendar, "cost.ics")
        await warm(alice, calendar)
        with world.upstream() as calls:
            (await alice.put(href, event("cost"))).expect(201)
        assert len(calls) == 1
        with world.upstream() as calls:
            (await alice.put(child(calendar, "named.ics"), event("not named after it"))).expect(201)
        assert len(calls) == 2
        with world.upstream() as calls:
            (await alice.put(href, event("cost", "Changed"))).expect(204)
        assert len(calls) == 1
        with world.upstream() as calls:
            (await alice.put(href, event("cost", "Changed"))).expect(204)
        assert not [call for call in calls if call.action in ("update", "new", "updateAttendee")]
        assert len(calls) == 1
        with world.upstream() as calls:
            (await alice.delete(href)).expect(204)
        assert len(calls) == 1


async def test_an_unchanged_poll_of_contacts_is_one_call(world: World) -> None:
    async with world.dav() as alice:
        book = (await alice.address_books())["Contacts"]
        (await alice.put(child(book, "cost.vcf"), card("cost-card"))).expect(201)
        await warm(alice, book)
        with world.upstream() as calls:
            await alice.propfind(book, "CS:getctag", "D:sync-token")
        assert len(calls) == 1


async def test_writing_contacts_costs_little(world: World) -> None:
    async with world.dav() as alice:
        book = (await alice.address_books())["Contacts"]
        href = child(book, "cost-written.vcf")
        await warm(alice, book)
        for more, most in ((), 2), (("NOTE:changed",), 2):
            with world.upstream() as calls:
                await alice.put(href, card("cost-written", *more))
            assert len(calls) <= most
        with world.upstream() as calls:
            (await alice.delete(href)).expect(204)
        assert len(calls) == 1

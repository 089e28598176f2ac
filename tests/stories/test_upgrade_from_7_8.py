"""An OX 7.8 becomes an OX 8 over the same data: what the ledger kept is found, although calendars have other ids."""

from __future__ import annotations

from tests.davclient import DAV, card, child, event
from tests.world import World

GENERATIONS = ("7.8",)

ORDER = "<D:set><D:prop><A:calendar-order>7</A:calendar-order></D:prop></D:set>"
EXTRA = ("STATUS:TENTATIVE", "URL:https://example.com/", "X-OWN:1", "GEO:48.1;11.6")


async def test_names_residues_and_properties_are_found_again(world: World) -> None:
    made = "/calendars/3/of-my-own/"
    async with world.dav("alice") as client:
        (await client.mkcalendar(made, "My own")).expect(201)
        calendars, book = await client.calendars(), (await client.address_books())["Contacts"]
        for calendar in (calendars["Calendar"], made):
            (await client.proppatch(calendar, ORDER)).expect(207)
            (await client.put(child(calendar, "name.ics"), event(f"in {calendar}", lines=EXTRA))).expect(201)
        (await client.put(child(book, "name.vcf"), card("card", "Ada Lovelace", "X-OWN:1"))).expect(201)
        await everything_is_there(client, (calendars["Calendar"], made), book)
    world.ox_url = world.witness_url
    world.restart_gateway()
    async with world.dav("alice") as client:
        assert await client.calendars() == calendars
        await everything_is_there(client, (calendars["Calendar"], made), book)
        changed = event(f"in {made}", "Changed", lines=EXTRA)
        (await client.put(child(made, "name.ics"), changed)).expect(204)
        await everything_is_there(client, (calendars["Calendar"], made), book)


async def everything_is_there(client: DAV, calendars: tuple[str, ...], book: str) -> None:
    for calendar in calendars:
        text = (await client.get(child(calendar, "name.ics"))).expect(200).text
        assert set(EXTRA) <= set(text.splitlines())
        assert ">7<" in (await client.propfind(calendar, "A:calendar-order")).expect(207).text
    assert "X-OWN:1" in (await client.get(child(book, "name.vcf"))).expect(200).text.splitlines()

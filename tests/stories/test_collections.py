"""Making, changing and deleting calendars and address books."""

from __future__ import annotations

from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.world import World


def home_of(collection: str) -> str:
    return collection.rsplit("/", 2)[0] + "/"


def set_(inner: str) -> str:
    return f"<D:set><D:prop>{inner}</D:prop></D:set>"


async def folders(ox: OX, content_type: str = "event") -> dict[str, str]:
    """Title -> id of private folders."""
    data = await ox.call("folders", "allVisible", content_type=content_type, columns="1,300")
    return {title: identifier for identifier, title in data["private"]}


async def test_a_calendar_lives_where_the_client_made_it(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = f"{home_of(calendar)}My%20Trips/"
    (await alice.mkcalendar(href, "Trips", more="<A:calendar-color>#FF8800FF</A:calendar-color>")).expect(201)
    assert "Trips" in await folders(alice_ox)
    one = (await alice.propfind(href, "D:displayname", "A:calendar-color", "D:resourcetype")).only
    assert one.href == href
    assert one.text("D:displayname") == "Trips"
    assert one.text("A:calendar-color").upper().startswith("#FF8800")
    (await alice.put(child(href, "t.ics"), event("trip"))).expect(201)
    world.restart_gateway()
    async with world.dav() as again:
        assert (await again.calendars())["Trips"] == href
        (await again.get(child(href, "t.ics"))).expect(200)
        (await again.mkcalendar(href, "Trips again")).expect(405)
        (await again.delete(href)).expect(204)
        (await again.propfind(href, "D:displayname")).expect(404)
    assert "Trips" not in await folders(alice_ox)


async def test_an_address_book_by_extended_mkcol(world: World, alice_ox: OX) -> None:
    async with world.dav() as alice:
        home = home_of((await alice.address_books())["Contacts"])
        (await alice.mkcol(f"{home}club/", "CR:addressbook", "Club")).expect(201)
        assert "Club" in await folders(alice_ox, "contacts")
        assert (await alice.address_books())["Club"] == f"{home}club/"


async def test_a_name_and_a_colour_reach_ox_the_rest_is_kept(world: World, alice_ox: OX) -> None:
    async with world.dav() as alice:
        home = home_of((await alice.calendars())["Calendar"])
        href = f"{home}painted/"
        (await alice.mkcalendar(href, "Plain")).expect(201)
        answer = await alice.proppatch(
            href,
            set_("<D:displayname>Painted</D:displayname>"),
            set_("<A:calendar-color>#00FF00FF</A:calendar-color>"),
            set_("<A:calendar-order>7</A:calendar-order>"),
            set_("<C:calendar-description>What it is for</C:calendar-description>"),
            set_('<X:own xmlns:X="urn:example:x"><X:deep a="1">é</X:deep></X:own>'),
        )
        assert list(answer.only.by_status) == [200]
        identifier = (await folders(alice_ox))["Painted"]
        folder = await alice_ox.call("folders", "get", id=identifier)
        assert folder["com.openexchange.calendar.extendedProperties"]["color"]["value"].upper().startswith("#00FF00")
        shown = await alice.propfind(href, "A:calendar-order", "C:calendar-description")
        assert shown.only.text("A:calendar-order") == "7"
        assert shown.only.text("C:calendar-description") == "What it is for"
        body = '<propfind xmlns="DAV:" xmlns:X="urn:example:x"><prop><X:own/></prop></propfind>'
        dead = await alice.request("PROPFIND", href, body, {"Depth": "0"})
        assert 'a="1"' in dead.text
        assert "é" in dead.text


async def test_proppatch_is_all_or_nothing(world: World, alice_ox: OX) -> None:
    async with world.dav() as alice:
        href = (await alice.calendars())["Calendar"]
        answer = await alice.proppatch(
            href, set_("<D:displayname>Never</D:displayname>"), set_("<D:getetag>x</D:getetag>")
        )
        statuses = answer.only.by_status
        assert set(statuses) == {403, 424}
        assert "Never" not in await folders(alice_ox)


async def test_the_default_calendar_cannot_be_deleted(world: World) -> None:
    async with world.dav() as alice:
        href = (await alice.calendars())["Calendar"]
        (await alice.delete(href)).expect(403)
        (await alice.propfind(href, "D:displayname")).expect(207)


async def test_a_calendar_made_in_ox_appears_and_one_shared_by_bob(world: World, alice_ox: OX, bob_ox: OX) -> None:
    async with world.dav() as alice:
        await alice_ox.call("folders", "new", {"title": "Made in OX", "module": "event"}, folder_id="1")
        assert "Made in OX" in await alice.calendars()
        shared = await bob_ox.call("folders", "new", {"title": "Bob shares", "module": "event"}, folder_id="1")
        permissions = [
            {"entity": bob_ox.user_id, "group": False, "bits": 403710016},
            {"entity": alice_ox.user_id, "group": False, "bits": 257},
        ]
        await bob_ox.call("folders", "update", {"permissions": permissions}, id=shared, timestamp=9007199254740991)
        await bob_ox.add_event(shared, uid="shared-1", summary="Seen by alice")
        href = next(href for name, href in (await alice.calendars()).items() if "Bob shares" in name)
        listed = (await alice.propfind(href, "D:getetag", depth=1)).responses
        (found,) = [one for one in listed if "shared-1" in one]
        assert "Seen by alice" in (await alice.get(found)).text
        refused = (await alice.put(child(href, "x.ics"), event("x-shared"))).expect(403)
        assert refused.precondition("D:need-privileges")
        (await alice.delete(found)).expect(403)
        (await alice.get(found)).expect(200)

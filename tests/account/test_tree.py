"""URLs, homes, principals, properties, and making and deleting collections."""

from __future__ import annotations

from typing import cast

import pytest

from gateway.account.homes import AccountHome
from gateway.account.principals import AccountPrincipal, Principals
from gateway.dav.errors import (
    CalendarCollectionLocationOk,
    Conflict,
    Forbidden,
    NotFound,
    PropertiesRefused,
    SupportedCalendarComponent,
)
from gateway.dav.names import dav
from gateway.dav.paths import Path
from gateway.dav.ports import Container, ObjectCollection, ScheduleBox
from gateway.dav.values import CollectionPatch
from tests.account.test_events import stored, vevent
from tests.account.world import World, etags

FAR = 2**52
EVENTS = frozenset({"VEVENT"})


async def home(world: World, branch: str = "calendars", login: str = "alice") -> AccountHome:
    tree = await world.tree(login)
    return cast(AccountHome, await tree.find((branch, tree.principal[-1])))


async def collections(world: World, branch: str = "calendars", login: str = "alice") -> dict[str, str | None]:
    members = await (await home(world, branch, login)).members()
    return {member.path[-1]: member.display_name for member in members if isinstance(member, ObjectCollection)}


async def test_the_root_leads_to_everything(world: World) -> None:
    tree = await world.tree()

    async def walk(path: Path) -> set[Path]:
        resource = await tree.find(path)
        assert resource.path == path
        found = {path}
        if isinstance(resource, Container) and not isinstance(resource, ObjectCollection | Principals):
            for member in await resource.members():
                found |= await walk(member.path)
        return found

    paths = await walk(())
    assert {("calendars", "3", "31"), ("calendars", "3", "inbox"), ("addressbooks", "3", "32")} <= paths


@pytest.mark.parametrize(
    "path",
    [
        ("nothing",),
        ("calendars", "4"),
        ("calendars", "4", "41"),
        ("calendars", "3", "41"),
        ("calendars", "3", "31", "x.ics"),
        ("addressbooks", "3", "31"),
        ("principals", "users", "99"),
        ("principals", "users", "3", "x"),
        ("principals", "robots"),
    ],
)
async def test_what_is_not_there_is_not_found(world: World, path: Path) -> None:
    tree = await world.tree()
    with pytest.raises(NotFound):
        await tree.find(path)


async def test_there_must_be_a_collection_above(world: World) -> None:
    tree = await world.tree()
    parent, name = await tree.find_parent(("calendars", "3", "31", "x.ics"))
    assert (parent.path, name) == (("calendars", "3", "31"), "x.ics")
    for path in ((), ("calendars", "3", "nothing", "x.ics"), ("calendars", "4", "41", "x.ics")):
        with pytest.raises(Conflict):
            await tree.find_parent(path)


async def test_finding_costs_nothing_while_the_folders_are_recent(world: World) -> None:
    await world.account()
    async with world.upstream() as calls:
        tree = await world.tree()
        for path in ((), ("calendars",), ("calendars", "3"), ("calendars", "3", "31"), tree.principal):
            await tree.find(path)
    assert calls == []


async def test_a_poll_with_old_folders_is_still_one_call() -> None:
    async with World(folder_seconds=0) as world:
        await (await world.calendar()).entries()
        async with world.upstream() as calls:
            await (await world.calendar()).entries()
        assert len(calls) == 1


async def test_a_new_folder_is_found_at_once(world: World) -> None:
    await world.account()
    ox = await world.ox()
    made = await ox.data("folders", "new", folder_id=1, body={"title": "New", "module": "event"})
    assert (await world.calendar(segment=made.removeprefix("cal://0/"))).display_name == "New"


async def test_hidden_folders_are_not_shown(world: World) -> None:
    ox = await world.ox()
    made = await ox.data("folders", "new", folder_id=1, body={"title": "New", "module": "event"})
    assert "New" in (await collections(world)).values()
    await ox.data("folders", "update", id=made, timestamp=FAR, body={"used_for_sync": {"value": "false"}})
    assert "New" not in (await collections(world)).values()


async def test_a_calendar_lives_where_the_client_made_it(world: World) -> None:
    patch = CollectionPatch(
        given=frozenset({"display_name", "color", "description", "order", "transparent"}),
        display_name="Sport",
        color="#FF0000FF",
        description="About sport",
        order=7,
        transparent=True,
        dead={"{x:}y": b'<y xmlns="x:"/>'},
    )
    made = await (await home(world)).make("my-place", EVENTS, patch)
    assert made.path == ("calendars", "3", "my-place")
    await world.restart()
    calendar = await world.calendar(segment="my-place")
    assert (calendar.display_name, calendar.color, calendar.description) == ("Sport", "#FF0000FF", "About sport")
    assert (calendar.order, calendar.transparent) == (7, True)
    assert await calendar.dead_properties() == {"{x:}y": b'<y xmlns="x:"/>'}
    assert (await collections(world))["my-place"] == "Sport"
    await calendar.delete()
    assert "my-place" not in await collections(world)
    with pytest.raises(NotFound):
        await world.calendar(segment="my-place")


async def test_an_address_book_can_be_made(world: World) -> None:
    made = await (await home(world, "addressbooks")).make("friends", frozenset({"VCARD"}), CollectionPatch())
    assert made.display_name == "friends"
    assert "friends" in await collections(world, "addressbooks")


async def test_what_cannot_be_made_is_refused(world: World) -> None:
    calendars = await home(world)
    for components in ({"VJOURNAL"}, {"VEVENT", "VTODO"}):
        with pytest.raises(SupportedCalendarComponent):
            await calendars.make("mixed", frozenset(components), CollectionPatch())
    with pytest.raises(CalendarCollectionLocationOk):
        await calendars.make("inbox", EVENTS, CollectionPatch())
    with pytest.raises(PropertiesRefused) as caught:
        await calendars.make("x", EVENTS, CollectionPatch(frozenset({"display_name"}), "Calendar"))
    assert list(caught.value.refused) == [dav("displayname")]
    assert "x" not in await collections(world)


async def test_properties_change_and_go(world: World) -> None:
    calendar = await world.calendar()
    assert calendar.timezone is not None
    assert calendar.zone == "Europe/Berlin"
    zone = calendar.timezone.replace("Europe/Berlin", "America/New_York")
    given = frozenset({"color", "description", "timezone"})
    await calendar.patch(CollectionPatch(given, description="D", color="#112233", timezone=zone))
    calendar = await world.calendar()
    assert (calendar.color, calendar.description, calendar.zone) == ("#112233", "D", "America/New_York")
    await calendar.patch(CollectionPatch(given))
    calendar = await world.calendar()
    assert (calendar.description, calendar.zone) == (None, "Europe/Berlin")
    assert calendar.color != "#112233"


async def test_the_default_calendar_cannot_be_deleted(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    with pytest.raises(Forbidden):
        await (await world.calendar()).delete()
    assert list(etags(await (await world.calendar()).entries())) == ["a.ics"]


async def test_a_share_is_shown_with_its_owner_and_may_be_coloured(world: World) -> None:
    ox = await world.ox()
    permissions = [{"entity": 3, "group": False, "bits": 403710016}, {"entity": 4, "group": False, "bits": 257}]
    await ox.data("folders", "update", id="cal://0/31", timestamp=FAR, body={"permissions": permissions})
    assert "31" in await collections(world, login="bob")
    calendar = await world.calendar("bob", segment="31")
    assert calendar.owner == ("principals", "users", "3")
    await calendar.patch(CollectionPatch(frozenset({"color"}), color="#00FF00"))
    assert (await world.calendar("bob", segment="31")).color == "#00FF00"
    assert (await world.calendar()).color != "#00FF00"
    with pytest.raises(PropertiesRefused):
        await calendar.patch(CollectionPatch(frozenset({"display_name"}), display_name="Mine"))


async def test_principals_are_found_and_searched(world: World) -> None:
    tree = await world.tree()
    own = await tree.find(tree.principal)
    assert isinstance(own, AccountPrincipal)
    assert own.calendar_home == ("calendars", "3")
    assert own.default_calendar == ("calendars", "3", "31")
    assert own.mail_addresses[0].startswith("alice@")
    bob = await tree.find(("principals", "users", "4"))
    assert isinstance(bob, AccountPrincipal)
    assert (bob.display_name, bob.calendar_home, bob.kind) == ("Bob Baker", None, "INDIVIDUAL")
    everybody = cast(Principals, await tree.find(("principals",)))
    async with world.upstream() as calls:
        found = await everybody.search([("displayname", "BAK"), ("email", "nobody")], any_of=True)
        assert [principal.path for principal in found] == [("principals", "users", "4")]
        assert await everybody.search([("displayname", "bak"), ("email", "nobody")], any_of=False) == []
        rooms = await everybody.search([("calendar-user-type", "resource")], any_of=True)
    assert {room.display_name for room in rooms} == {"Beamer", "Room 1"}
    assert calls == []
    group = await tree.find(("principals", "groups", "6"))
    assert isinstance(group, AccountPrincipal)
    assert ("principals", "users", "4") in group.group_members


async def test_inbox_and_outbox_are_empty(world: World) -> None:
    tree = await world.tree()
    for segment in ("inbox", "outbox"):
        box = await tree.find((*tree.calendar_home, segment))
        assert isinstance(box, ScheduleBox)
        assert box.inbox is (segment == "inbox")
        assert list(await box.members()) == []

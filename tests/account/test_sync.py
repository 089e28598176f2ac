"""Following sync tokens gives exactly the collection, with colliding stamps, deletions, moves and restarts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.dav.errors import ValidSyncToken
from gateway.dav.values import QueryHint
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.account.world import Device, World, etags
from tests.middleware.client import OXClient

FAR = 2**52


def event(summary: str, **fields: Any) -> dict[str, Any]:
    return {
        "summary": summary,
        "startDate": {"value": "20270301T090000", "tzid": "Europe/Berlin"},
        "endDate": {"value": "20270301T100000", "tzid": "Europe/Berlin"},
        **fields,
    }


async def new_event(ox: OXClient, summary: str, **fields: Any) -> str:
    result = await ox.data("chronos", "new", folder="cal://0/31", body=event(summary, uid=f"uid-{summary}", **fields))
    return str(result["created"][0]["id"])


async def delete_event(ox: OXClient, event_id: str, **more: str) -> None:
    body = {"events": [{"folder": "cal://0/31", "id": event_id, **more}]}
    assert "error" not in (await ox.data("chronos", "delete", timestamp=FAR, body=body))[0]


async def new_contact(ox: OXClient, name: str) -> str:
    return str((await ox.data("contacts", "new", body={"folder_id": "32", "display_name": name}))["id"])


async def delete_contact(ox: OXClient, contact_id: str) -> None:
    await ox.data("contacts", "delete", timestamp=FAR, body=[{"folder": "32", "id": contact_id}])


async def test_changes_of_another_client_arrive(world: World) -> None:
    ox, device = await world.ox(), Device()
    await device.sync(await world.calendar())
    one = await new_event(ox, "one")
    await device.sync(await world.calendar())
    assert list(device.known) == ["uid-one.ics"]
    before = dict(device.known)
    await ox.data("chronos", "update", folder="cal://0/31", id=one, timestamp=FAR, body={"summary": "changed"})
    await device.sync(await world.calendar())
    assert list(device.known) == ["uid-one.ics"]
    assert device.known != before
    await delete_event(ox, one)
    await device.sync(await world.calendar())
    assert device.known == {}
    assert device.told == ["uid-one.ics", "uid-one.ics", "-uid-one.ics"]


async def test_an_unchanged_poll_is_one_call_and_tells_nothing(world: World) -> None:
    ox, device = await world.ox(), Device()
    await new_event(ox, "one")
    await device.sync(await world.calendar())
    token = device.token
    async with world.upstream() as calls:
        calendar = await world.calendar()
        await device.sync(calendar)
        assert await calendar.sync_token() == token
        await calendar.ctag()
        await calendar.entries()
    assert device.token == token
    assert [(call.module, call.action) for call in calls] == [("chronos", "updates")]


async def test_a_home_with_many_collections_is_one_call(world: World) -> None:
    ox = await world.ox()
    for title in ("A", "B", "C"):
        await ox.data("folders", "new", folder_id=1, body={"title": title, "module": "event"})

    async def poll() -> list[str]:
        tree = await world.tree()
        home = await tree.find(tree.calendar_home)
        members = await home.members()  # type: ignore[attr-defined]
        return [await member.ctag() for member in members if hasattr(member, "ctag")]

    first = await poll()
    async with world.upstream() as calls:
        assert await poll() == first
    assert len(first) == 5
    assert len(calls) == 1


async def change_occurrence(ox: OXClient, series: str) -> str:
    """Another title for the second occurrence; the id of the instance that this makes."""
    where = {"folder": "cal://0/31", "id": series, "recurrenceId": "20270302T080000Z"}
    result = await ox.data("chronos", "update", timestamp=FAR, body={"summary": "moved"}, **where)
    return str(result["created"][0]["id"])


async def test_a_series_is_one_resource_with_its_instances(world: World) -> None:
    ox, device = await world.ox(), Device()
    series = await new_event(ox, "series", rrule="FREQ=DAILY;COUNT=5")
    await device.sync(await world.calendar())
    first = dict(device.known)
    await change_occurrence(ox, series)
    await device.sync(await world.calendar())
    assert list(device.known) == list(first) == ["uid-series.ics"]
    assert device.known != first
    await delete_event(ox, series)
    await device.sync(await world.calendar())
    assert device.known == {}


async def test_deleting_an_instance_changes_the_resource(world: World) -> None:
    ox, device = await world.ox(), Device()
    series = await new_event(ox, "series", rrule="FREQ=DAILY;COUNT=5")
    instance = await change_occurrence(ox, series)
    await device.sync(await world.calendar())
    await delete_event(ox, instance)
    await device.sync(await world.calendar())
    assert device.told == ["uid-series.ics", "uid-series.ics"]
    assert device.known == etags(await (await world.calendar()).entries())


async def test_colliding_stamps_miss_nothing(world: World) -> None:
    ox, device = await world.ox(), Device()
    world.running.context.clock.collide(40)
    for number in range(4):
        await new_event(ox, f"e{number}")
        await device.sync(await world.calendar())
    assert len(device.known) == 4
    assert sorted(device.told) == [f"uid-e{number}.ics" for number in range(4)]


async def test_limited_pages_cover_exactly_what_they_hold(world: World) -> None:
    ox, device = await world.ox(), Device()
    world.running.context.clock.collide(40)
    for number in range(7):
        await new_event(ox, f"e{number}")
    pages = []
    while True:
        changes = await device.sync(await world.calendar(), 3)
        pages.append(len(changes.changed))
        if not changes.truncated:
            break
    assert pages == [3, 3, 1]
    assert sorted(device.told) == sorted(device.known)
    assert len(device.known) == 7


async def test_a_token_from_before_a_restart_is_answered_exactly(world: World) -> None:
    ox, device = await world.ox(), Device()
    keep, change, drop = [await new_event(ox, name) for name in ("keep", "change", "drop")]
    await device.sync(await world.calendar())
    token = device.token
    await world.restart()
    assert not (await device.sync(await world.calendar())).changed
    assert device.token == token
    await ox.data("chronos", "update", folder="cal://0/31", id=change, timestamp=FAR, body={"summary": "new"})
    await delete_event(ox, drop)
    await new_event(ox, "fresh")
    await world.restart()
    device.told.clear()
    await device.sync(await world.calendar())
    assert sorted(device.told) == ["-uid-drop.ics", "uid-change.ics", "uid-fresh.ics"]
    assert device.known == etags(await (await world.calendar()).entries())
    assert keep


async def test_an_event_moved_away_and_back(world: World) -> None:
    ox, device = await world.ox(), Device()
    other = await ox.data("folders", "new", folder_id=1, body={"title": "Other", "module": "event"})
    one = await new_event(ox, "one")
    await device.sync(await world.calendar())
    await ox.data("chronos", "move", folder="cal://0/31", id=one, targetFolder=other, timestamp=FAR)
    second = Device()
    await second.sync(await world.calendar(segment=other.removeprefix("cal://0/")))
    assert list(second.known) == ["uid-one.ics"]
    await ox.data("chronos", "move", folder=other, id=one, targetFolder="cal://0/31", timestamp=FAR)
    await device.sync(await world.calendar())
    assert device.known == etags(await (await world.calendar()).entries())
    assert list(device.known) == ["uid-one.ics"]
    await second.sync(await world.calendar(segment=other.removeprefix("cal://0/")))
    assert second.known == {}


@pytest.mark.parametrize("token", ["", "data:,", "http://example.com/x", "data:,a/b/c/d/0.x/0/", "x" * 20000])
async def test_a_foreign_token_is_refused(world: World, token: str) -> None:
    calendar = await world.calendar()
    with pytest.raises(ValidSyncToken):
        await calendar.changes(token, None)


async def test_a_token_of_another_collection_is_refused(world: World) -> None:
    token = (await (await world.calendar()).changes(None, None)).token
    with pytest.raises(ValidSyncToken):
        await (await world.book()).changes(token, None)


# -- contacts ----------------------------------------------------------------------------------------------------------


async def test_other_rights_show_other_objects() -> None:
    """With "own objects" bob sees what he made; with "all objects" older ones of alice, whose stamps stay."""
    async with World(folder_seconds=0) as world:
        ox, bob, device = await world.ox(), await world.ox("bob"), Device()
        await new_event(ox, "alices")

        async def share(read: int) -> None:
            bits = 2 | read << 7 | 1 << 14 | 1 << 21
            permissions = [
                {"entity": 3, "group": False, "bits": 403710016},
                {"entity": 4, "group": False, "bits": bits},
            ]
            await ox.data("folders", "update", id="cal://0/31", timestamp=FAR, body={"permissions": permissions})

        await share(1)
        await bob.data("chronos", "new", folder="cal://0/31", body=event("bobs", uid="uid-bobs"))
        await device.sync(await world.calendar("bob", segment="31"))
        assert list(device.known) == ["uid-bobs.ics"]
        await share(2)
        with pytest.raises(ValidSyncToken):
            await device.sync(await world.calendar("bob", segment="31"))
        device.token = None
        await device.sync(await world.calendar("bob", segment="31"))
        assert sorted(device.known) == ["uid-alices.ics", "uid-bobs.ics"]


async def test_a_calendar_whose_updates_are_broken_is_listed_instead(world: World) -> None:
    ox, device = await world.ox(), Device()
    keep, drop = await new_event(ox, "keep"), await new_event(ox, "drop")
    await device.sync(await world.calendar())
    broken = OXError("CAL-4002", "USER_INPUT", "The supplied recurrence rule is invalid.")
    world.running.faults.add(Fault(Kind.ERROR, "chronos", "updates", times=None, error=broken))
    await delete_event(ox, drop)
    await new_event(ox, "fresh")
    await device.sync(await world.calendar())
    assert sorted(device.known) == ["uid-fresh.ics", "uid-keep.ics"]
    assert device.known == etags(await (await world.calendar()).entries())
    await world.restart()
    calendar = await world.calendar()
    assert sorted(etags(await calendar.entries())) == ["uid-fresh.ics", "uid-keep.ics"]
    assert not (await device.sync(calendar)).changed
    await delete_event(ox, keep)
    await device.sync(await world.calendar())
    assert sorted(device.known) == ["uid-fresh.ics"]


async def test_more_events_than_ox_gives_at_once(world: World) -> None:
    """CAL-5072: then the identifying fields are asked for, and the dates apart."""
    ox, device = await world.ox(), Device()
    context = world.running.context
    context.settings = replace(context.settings, max_events=3)
    made = [await new_event(ox, str(number)) for number in range(8)]
    await new_event(ox, "later", startDate={"value": "20280301"}, endDate={"value": "20280302"})
    await device.sync(await world.calendar())
    assert len(device.known) == 9
    year = QueryHint(start=datetime(2027, 1, 1, tzinfo=UTC), end=datetime(2028, 1, 1, tzinfo=UTC))
    found = await (await world.calendar()).candidates(year)
    assert sorted(found.names) == [f"uid-{number}.ics" for number in range(8)]

    for event_id in made[:4]:
        await ox.data("chronos", "update", folder="cal://0/31", id=event_id, timestamp=FAR, body={"summary": "changed"})
    for event_id in made[4:]:
        await delete_event(ox, event_id)
    before = dict(device.known)
    await device.sync(await world.calendar())
    assert len(device.known) == 5
    assert all(device.known[f"uid-{number}.ics"] != before[f"uid-{number}.ics"] for number in range(4))

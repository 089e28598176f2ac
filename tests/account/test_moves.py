"""MOVE between calendars: single events, personal series, meetings; never in neither place."""

from __future__ import annotations

import pytest

from gateway.account.events import EventCollection
from gateway.dav.errors import Conflict, Forbidden
from gateway.dav.values import Entry
from tests.account.test_events import ics, stored, vevent
from tests.account.world import Device, World, etags, text_of

FAR = 2**52


async def second_calendar(world: World) -> str:
    ox = await world.ox()
    made = await ox.data("folders", "new", folder_id=1, body={"title": "Other", "module": "event"})
    return str(made.removeprefix("cal://0/"))


async def ends(world: World, other: str) -> tuple[EventCollection, EventCollection]:
    """Source and target as one request sees them."""
    tree = await world.tree()
    source = await tree.find((*tree.calendar_home, "31"))
    target = await tree.find((*tree.calendar_home, other))
    assert isinstance(source, EventCollection)
    assert isinstance(target, EventCollection)
    return source, target


async def moved(world: World, other: str, name: str, entry: Entry, target_name: str) -> bool:
    source, target = await ends(world, other)
    return await source.move(name, entry, target, target_name)


async def test_a_single_event_moves(world: World) -> None:
    other = await second_calendar(world)
    here, there = Device(), Device()
    entry = await stored(world, "a.ics", vevent("u1", "Lunch", "X-THING:1"))
    await here.sync(await world.calendar())
    await there.sync(await world.calendar(segment=other))
    assert await moved(world, other, "a.ics", entry, "a.ics")
    await here.sync(await world.calendar())
    await there.sync(await world.calendar(segment=other))
    assert here.known == {}
    assert list(there.known) == ["a.ics"]
    assert "X-THING:1" in (await text_of(await world.calendar(segment=other), "a.ics") or "")


async def test_the_new_name_lasts(world: World) -> None:
    other = await second_calendar(world)
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    await moved(world, other, "a.ics", entry, "b.ics")
    await world.restart()
    assert list(etags(await (await world.calendar(segment=other)).entries())) == ["b.ics"]


async def test_an_existing_target_is_replaced(world: World) -> None:
    other = await second_calendar(world)
    await (await world.calendar(segment=other)).put("a.ics", ics(vevent("u2", "Old")), None)
    entry = await stored(world, "a.ics", vevent("u1", "New"))
    assert not await moved(world, other, "a.ics", entry, "a.ics")
    target = await world.calendar(segment=other)
    assert list(etags(await target.entries())) == ["a.ics"]
    assert "SUMMARY:New" in (await text_of(target, "a.ics") or "")


async def test_a_personal_series_moves_with_its_instances(world: World) -> None:
    other = await second_calendar(world)
    override = vevent("u1", "Moved", "RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000", start="20270302T150000")
    override = override.replace("DTEND;TZID=Europe/Berlin:20270301T100000", "DTEND;TZID=Europe/Berlin:20270302T160000")
    master = vevent("u1", "Daily", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20270303T090000")
    entry = await stored(world, "s.ics", master, override)
    before = await text_of(await world.calendar(), "s.ics") or ""
    await moved(world, other, "s.ics", entry, "s.ics")
    assert await (await world.calendar()).entries() == []
    after = await text_of(await world.calendar(segment=other), "s.ics") or ""
    volatile = ("DTSTAMP", "LAST-MODIFIED", "CREATED", "SEQUENCE")

    def meaning(text: str) -> list[str]:
        return [line for line in text.split("\r\n") if not line.startswith(volatile)]

    assert meaning(after) == meaning(before)


async def test_a_recurring_meeting_stays_where_it_is(world: World) -> None:
    other = await second_calendar(world)
    people = (
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE:mailto:alice@example.com",
        "ATTENDEE:mailto:bob@example.com",
    )
    entry = await stored(world, "m.ics", vevent("u1", "Weekly", "RRULE:FREQ=WEEKLY;COUNT=5", *people))
    with pytest.raises(Forbidden):
        await moved(world, other, "m.ics", entry, "m.ics")
    assert await (await world.calendar()).entry("m.ics") == entry
    assert await (await world.calendar(segment=other)).entries() == []


async def test_a_rename_reaches_other_devices(world: World) -> None:
    device = Device()
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    await device.sync(await world.calendar())
    calendar = await world.calendar()
    assert await calendar.move("a.ics", entry, calendar, "b.ics")
    await device.sync(await world.calendar())
    assert list(device.known) == ["b.ics"]
    await world.restart()
    assert list(etags(await (await world.calendar()).entries())) == ["b.ics"]


async def test_an_event_does_not_move_into_an_address_book(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    with pytest.raises(Conflict):
        await (await world.calendar()).move("a.ics", entry, await world.book(), "a.ics")

"""Calendars: what OX holds as iCalendar, and iCalendar into OX by the smallest set of writes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.dav.errors import (
    DAVError,
    Forbidden,
    NeedPrivileges,
    NotFound,
    NoUidConflict,
    PreconditionFailed,
    SupportedCalendarComponent,
    ValidCalendarData,
    ValidCalendarObjectResource,
)
from gateway.dav.values import Entry, QueryHint
from tests.account.world import World, etags, text_of

FAR = 2**52


def ics(*components: str) -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *components, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def vevent(uid: str, summary: str, *lines: str, start: str = "20270301T090000", end: str = "20270301T100000") -> str:
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20270101T000000Z",
            f"SUMMARY:{summary}",
            f"DTSTART;TZID=Europe/Berlin:{start}",
            f"DTEND;TZID=Europe/Berlin:{end}",
            *lines,
            "END:VEVENT",
        ]
    )


async def stored(world: World, name: str, *components: str, login: str = "alice") -> Entry:
    """PUT a new object; its entry as the next request sees it."""
    await (await world.calendar(login)).put(name, ics(*components), None)
    entry = await (await world.calendar(login)).entry(name)
    assert entry is not None
    return entry


async def writes(calls: list[Any]) -> list[str]:
    return [call.action for call in calls if call.module == "chronos" and call.action not in ("updates", "list", "get")]


async def test_a_new_event_keeps_its_name_in_ox(world: World) -> None:
    result = await (await world.calendar()).put("my name.ics", ics(vevent("u1", "Lunch")), None)
    assert result.created
    assert result.name == "my name.ics"
    ox = await world.ox()
    answer = await ox.data("chronos", "updates", folder="cal://0/31", timestamp=0)
    (event,) = answer["newAndModified"]
    assert (event["summary"], event["uid"], event["filename"]) == ("Lunch", "u1", "my name")
    await world.restart()
    assert list(etags(await (await world.calendar()).entries())) == ["my name.ics"]


async def test_a_name_that_ox_cannot_hold_is_kept_all_the_same(world: World) -> None:
    await stored(world, "without suffix", vevent("u1", "Lunch"))
    await world.restart()
    calendar = await world.calendar()
    assert list(etags(await calendar.entries())) == ["without suffix"]
    assert "SUMMARY:Lunch" in (await text_of(calendar, "without suffix") or "")


async def test_create_is_one_write_and_a_get_after_it_costs_no_body(world: World) -> None:
    await (await world.calendar()).entries()
    async with world.upstream() as calls:
        calendar = await world.calendar()
        assert await calendar.entry("a.ics") is None
        await calendar.put("a.ics", ics(vevent("u1", "Lunch")), None)
    assert [call.action for call in calls] == ["updates", "new"]
    async with world.upstream() as calls:
        assert await text_of(await world.calendar(), "a.ics")
    assert [call.action for call in calls] == ["updates"]


async def test_an_equal_object_is_not_written(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch", "X-THING;A=b:c", "CATEGORIES:x,y"))
    async with world.upstream() as calls:
        calendar = await world.calendar()
        await calendar.put("a.ics", ics(vevent("u1", "Lunch", "CATEGORIES:x,y", "X-THING;A=b:c")), entry)
    assert await writes(calls) == []
    assert await (await world.calendar()).entry("a.ics") == entry


async def test_what_a_get_answers_can_be_put_back_and_its_etag_is_answered(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch", "RRULE:FREQ=DAILY;COUNT=3"))
    text = await text_of(await world.calendar(), "a.ics") or ""
    result = await (await world.calendar()).put("a.ics", text.encode(), entry)
    assert result.etag == entry.etag


async def test_an_update_is_one_read_and_one_write(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    async with world.upstream() as calls:
        calendar = await world.calendar()
        await calendar.put("a.ics", ics(vevent("u1", "Breakfast")), entry)
    assert [call.action for call in calls] == ["updates", "update"], "it was written just now"
    await world.restart()
    found = await (await world.calendar()).entry("a.ics")
    assert found is not None
    entry = found
    async with world.upstream() as calls:
        calendar = await world.calendar()
        await calendar.entry("a.ics")
        await calendar.put("a.ics", ics(vevent("u1", "Dinner")), entry)
    assert [call.action for call in calls] == ["updates", "list", "update"]
    calendar = await world.calendar()
    assert "SUMMARY:Dinner" in (await text_of(calendar, "a.ics") or "")
    assert (await calendar.entry("a.ics")) != entry


async def test_a_series_with_a_moved_and_a_deleted_instance(world: World) -> None:
    override = vevent(
        "u1",
        "Moved",
        "RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000",
        start="20270302T150000",
        end="20270302T160000",
    )
    master = vevent("u1", "Daily", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE;TZID=Europe/Berlin:20270303T090000")
    entry = await stored(world, "s.ics", master, override)
    calendar = await world.calendar()
    text = await text_of(calendar, "s.ics") or ""
    assert text.count("BEGIN:VEVENT") == 2
    assert "EXDATE;TZID=Europe/Berlin:20270303T090000" in text
    assert len(await calendar.entries()) == 1
    # The instance becomes regular again, another one is moved, the deletion is taken back.
    other = vevent(
        "u1",
        "Other",
        "RECURRENCE-ID;TZID=Europe/Berlin:20270304T090000",
        start="20270304T150000",
        end="20270304T160000",
    )
    await (await world.calendar()).put("s.ics", ics(vevent("u1", "Daily", "RRULE:FREQ=DAILY;COUNT=5"), other), entry)
    text = await text_of(await world.calendar(), "s.ics") or ""
    assert "EXDATE" not in text
    assert "SUMMARY:Moved" not in text
    assert "SUMMARY:Other" in text
    await world.restart()
    assert await text_of(await world.calendar(), "s.ics") == text


async def test_removing_a_series_removes_all_of_it(world: World) -> None:
    override = vevent("u1", "Moved", "RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000")
    entry = await stored(world, "s.ics", vevent("u1", "Daily", "RRULE:FREQ=DAILY;COUNT=5"), override)
    async with world.upstream() as calls:
        await (await world.calendar()).remove("s.ics", entry)
    assert await writes(calls) == ["delete"]
    calendar = await world.calendar()
    assert await calendar.entries() == []
    ox = await world.ox()
    assert (await ox.data("chronos", "updates", folder="cal://0/31", timestamp=0))["newAndModified"] == []
    await calendar.put("s.ics", ics(vevent("u1", "Again")), None)


async def test_a_stale_base_is_refused_and_nothing_is_stored(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    ox = await world.ox()
    (event,) = (await ox.data("chronos", "updates", folder="cal://0/31", timestamp=0))["newAndModified"]
    await ox.data("chronos", "update", folder="cal://0/31", id=event["id"], timestamp=FAR, body={"summary": "OX"})
    with pytest.raises(PreconditionFailed):
        await (await world.calendar()).put("a.ics", ics(vevent("u1", "Dinner")), entry)
    with pytest.raises(PreconditionFailed):
        await (await world.calendar()).remove("a.ics", entry)
    assert "SUMMARY:OX" in (await text_of(await world.calendar(), "a.ics") or "")


async def test_a_change_between_the_look_and_the_write_is_a_failed_precondition(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    calendar = await world.calendar()
    assert await calendar.entry("a.ics") == entry
    ox = await world.ox()
    (event,) = (await ox.data("chronos", "updates", folder="cal://0/31", timestamp=0))["newAndModified"]
    await ox.data("chronos", "update", folder="cal://0/31", id=event["id"], timestamp=FAR, body={"summary": "OX"})
    with pytest.raises(PreconditionFailed):
        await calendar.put("a.ics", ics(vevent("u1", "Dinner")), entry)
    with pytest.raises(PreconditionFailed):
        await calendar.remove("a.ics", entry)
    assert "SUMMARY:OX" in (await text_of(await world.calendar(), "a.ics") or "")


async def test_a_uid_is_unique_in_the_calendar_and_that_of_a_meeting_in_the_account(world: World) -> None:
    people = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:bob@example.com")
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    await stored(world, "m.ics", vevent("m1", "Meeting", *people))
    calendar = await world.calendar()
    with pytest.raises(NoUidConflict) as caught:
        await calendar.put("b.ics", ics(vevent("u1", "Other")), None)
    assert caught.value.paths == ((*calendar.path, "a.ics"),)
    ox = await world.ox()
    other = await ox.data("folders", "new", folder_id=1, body={"title": "Other", "module": "event"})
    second = await world.calendar(segment=other.removeprefix("cal://0/"))
    with pytest.raises(NoUidConflict) as caught:
        await second.put("b.ics", ics(vevent("m1", "Meeting", *people)), None)
    assert caught.value.paths == ((*calendar.path, "m.ics"),)
    await second.put("b.ics", ics(vevent("u1", "Other")), None)
    assert (await second.candidates(QueryHint(uid="u1"))).names == ["b.ics"]
    with pytest.raises(NoUidConflict):
        await calendar.put("a.ics", ics(vevent("u2", "Other")), await calendar.entry("a.ics"))


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"hello", ValidCalendarData),
        (ics(vevent("u1", "a"), vevent("u2", "b")), ValidCalendarObjectResource),
        (ics("BEGIN:VTODO\r\nUID:t\r\nDTSTAMP:20270101T000000Z\r\nEND:VTODO"), SupportedCalendarComponent),
    ],
)
async def test_bad_objects_are_refused_and_nothing_is_stored(world: World, data: bytes, error: type[DAVError]) -> None:
    with pytest.raises(error):
        await (await world.calendar()).put("a.ics", data, None)
    assert await (await world.calendar()).entries() == []


async def test_a_booked_room_is_refused_and_nothing_is_stored(world: World) -> None:
    room = "ATTENDEE;CUTYPE=RESOURCE:mailto:room1@example.com"
    ox = await world.ox()
    resources = await ox.data("resource", "search", body={"pattern": "Room*"})
    room = f"ATTENDEE;CUTYPE=RESOURCE:mailto:{resources[0]['mailaddress']}"
    organizer = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com")
    await stored(world, "a.ics", vevent("u1", "First", *organizer, room))
    with pytest.raises(Forbidden):
        await (await world.calendar()).put("b.ics", ics(vevent("u2", "Second", *organizer, room)), None)
    assert list(etags(await (await world.calendar()).entries())) == ["a.ics"]


async def test_an_invitation_is_answered_by_a_put(world: World) -> None:
    people = (
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com",
    )
    await stored(world, "m.ics", vevent("u1", "Meeting", *people))
    calendar = await world.calendar("bob")
    (entry,) = await calendar.entries()
    text = await text_of(calendar, entry.name) or ""
    answer = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED").replace("SUMMARY:Meeting", "SUMMARY:Mine")
    await (await world.calendar("bob")).put(entry.name, answer.encode(), entry)
    seen = await text_of(await world.calendar(), "m.ics") or ""
    assert "NEEDS-ACTION" not in seen
    assert "SUMMARY:Meeting" in seen
    entry_of_bob = await (await world.calendar("bob")).entry(entry.name)
    assert entry_of_bob is not None
    await (await world.calendar("bob")).remove(entry.name, entry_of_bob)
    assert await (await world.calendar("bob")).entries() == []
    assert "PARTSTAT=DECLINED" in (await text_of(await world.calendar(), "m.ics") or "")


async def test_a_shared_calendar_shows_what_its_rights_allow(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Open"))
    await stored(world, "p.ics", vevent("u2", "Secret", "CLASS:PRIVATE"))
    ox = await world.ox()
    permissions = [
        {"entity": 3, "group": False, "bits": 403710016},
        {"entity": 4, "group": False, "bits": 257},
    ]
    await ox.data("folders", "update", id="cal://0/31", timestamp=FAR, body={"permissions": permissions})
    calendar = await world.calendar("bob", segment="31")
    assert {privilege.value for privilege in calendar.privileges} == {"read", "read-free-busy"}
    assert calendar.owner == ("principals", "users", "3")
    assert list(etags(await calendar.entries())) == ["a.ics"]
    entry = await calendar.entry("a.ics")
    assert entry is not None
    with pytest.raises(NeedPrivileges):
        await calendar.put("a.ics", ics(vevent("u1", "Changed")), entry)
    with pytest.raises(NeedPrivileges):
        await calendar.put("n.ics", ics(vevent("n", "New")), None)
    with pytest.raises(NeedPrivileges):
        await calendar.remove("a.ics", entry)
    await ox.data("folders", "update", id="cal://0/31", timestamp=FAR, body={"permissions": permissions[:1]})
    with pytest.raises(DAVError):
        await (await world.calendar("bob", segment="31")).entries()


async def test_time_ranges_leave_out_only_what_is_surely_outside(world: World) -> None:
    await stored(world, "march.ics", vevent("u1", "March"))
    await stored(world, "daily.ics", vevent("u2", "Daily", "RRULE:FREQ=DAILY;COUNT=100"))
    await stored(world, "for ever.ics", vevent("u3", "For ever", "RRULE:FREQ=YEARLY"))
    calendar = await world.calendar()
    may = QueryHint(start=datetime(2027, 5, 1, tzinfo=UTC), end=datetime(2027, 5, 2, tzinfo=UTC))
    assert sorted((await calendar.candidates(may)).names) == ["daily.ics", "for ever.ics"]
    before = QueryHint(start=None, end=datetime(2027, 1, 1, tzinfo=UTC))
    assert not (await calendar.candidates(before)).names
    assert (await calendar.candidates(QueryHint(uid="u1"))).names == ["march.ics"]
    assert not (await calendar.candidates(QueryHint(component="VTODO"))).names


async def test_bodies_come_in_batches_and_in_the_order_asked_for(world: World) -> None:
    ox = await world.ox()
    body = {
        "startDate": {"value": "20270301T090000Z"},
        "endDate": {"value": "20270301T100000Z"},
    }
    for number in range(130):
        await ox.data("chronos", "new", folder="cal://0/31", body={**body, "uid": f"u{number}", "summary": "x"})
    names = [f"u{number}.ics" for number in reversed(range(130))]
    await (await world.calendar()).entries()
    async with world.upstream() as calls:
        calendar = await world.calendar()
        found = [body.entry.name async for body in calendar.bodies([*names[:65], "no such.ics", *names[65:]])]
    assert found == names
    assert [call.action for call in calls] == ["updates", "list", "list"]


async def test_a_body_that_changed_meanwhile_has_the_etag_of_its_text(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    await world.restart()
    calendar = await world.calendar()
    before = await calendar.entry("a.ics")
    ox = await world.ox()
    (event,) = (await ox.data("chronos", "updates", folder="cal://0/31", timestamp=0))["newAndModified"]
    await ox.data("chronos", "update", folder="cal://0/31", id=event["id"], timestamp=FAR, body={"summary": "OX"})
    bodies = [body async for body in calendar.bodies(["a.ics"])]
    assert before is not None
    assert "SUMMARY:OX" in bodies[0].text
    assert bodies[0].entry.etag != before.etag
    assert bodies[0].entry == await (await world.calendar()).entry("a.ics")


async def test_an_event_deleted_meanwhile_is_left_out(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    await stored(world, "b.ics", vevent("u2", "Dinner"))
    await world.restart()
    calendar = await world.calendar()
    entry = await calendar.entry("a.ics")
    assert entry is not None
    await (await world.calendar()).remove("a.ics", entry)
    assert [body.entry.name async for body in calendar.bodies(["a.ics", "b.ics"])] == ["b.ics"]
    with pytest.raises((NotFound, PreconditionFailed)):
        await calendar.remove("a.ics", entry)


async def test_a_shared_calendar_is_written_on_behalf_of_its_owner(world: World) -> None:
    ox = await world.ox()
    permissions = [
        {"entity": 3, "group": False, "bits": 403710016},
        {"entity": 4, "group": False, "bits": 4227332},
    ]
    await ox.data("folders", "update", id="cal://0/31", timestamp=FAR, body={"permissions": permissions})
    calendar = await world.calendar("bob", segment="31")
    await calendar.put("a.ics", ics(vevent("u1", "By bob")), None)
    calendar = await world.calendar("bob", segment="31")
    text = await text_of(calendar, "a.ics") or ""
    assert "SUMMARY:By bob" in text
    assert "ATTENDEE" not in text
    result = await calendar.put("a.ics", text.replace("By bob", "Again").encode(), await calendar.entry("a.ics"))
    assert not result.created
    assert "SUMMARY:Again" in (await text_of(await world.calendar(), "a.ics") or "")
    assert await (await world.calendar("bob")).entries() == []

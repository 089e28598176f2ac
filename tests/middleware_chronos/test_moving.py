"""Moving events between calendars, and what deleting or clearing a calendar does to them."""

from __future__ import annotations

from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, meeting, part_stats, weekly


async def test_move_and_back(alice: Person) -> None:
    event = await alice.new(meeting())
    other = await alice.calendar("Other")
    stamp = event["timestamp"]
    there = {"folder": alice.folder, "id": event["id"], "targetFolder": other, "timestamp": FAR_FUTURE}
    answer = await alice.call("move", **there)
    assert answer["data"] == {"created": [], "updated": [], "deleted": [event]}
    _, deleted, _ = await alice.updates(stamp)
    assert ids(deleted) == [event["id"]]
    modified, _, _ = await alice.updates(stamp, folder=other)
    assert modified[0]["attendees"][0]["folder"] == other.rpartition("/")[2]
    assert await alice.code("get", folder=alice.folder, id=event["id"]) == "CAL-4041"
    await alice.call("move", **{**there, "folder": other, "targetFolder": alice.folder})
    modified, deleted, _ = await alice.updates(stamp)
    assert (ids(modified), deleted) == ([event["id"]], [])
    assert ids((await alice.updates(stamp, folder=other))[1]) == [event["id"]]


async def test_moved_and_then_deleted_has_left_both_folders(alice: Person) -> None:
    event = await alice.new(meeting())
    other = await alice.calendar("Other")
    where = {"folder": alice.folder, "id": event["id"], "targetFolder": other, "timestamp": FAR_FUTURE}
    await alice.call("move", **where)
    await alice.delete(event["id"], folder=other)
    for folder in (alice.folder, other):
        modified, deleted, _ = await alice.updates(event["timestamp"], folder=folder)
        assert (modified, ids(deleted)) == ([], [event["id"]])


async def test_move_to_the_same_folder_touches(alice: Person) -> None:
    event = await alice.new(meeting())
    where = {"folder": alice.folder, "id": event["id"], "targetFolder": alice.folder, "timestamp": FAR_FUTURE}
    answer = await alice.call("move", **where)
    assert ids(answer["data"]["updated"]) == [event["id"]]
    assert answer["timestamp"] > event["timestamp"]


async def test_refused_moves(alice: Person) -> None:
    series, single = await alice.new(weekly()), await alice.new(meeting())
    instance = (await alice.update(series["id"], {"summary": "x"}, recurrenceId="20270412T070000Z"))["created"][0]
    other = await alice.calendar("Other")

    async def code(event_id: str, target: str, stamp: int = FAR_FUTURE) -> str:
        return await alice.code("move", folder=alice.folder, id=event_id, targetFolder=target, timestamp=stamp)

    assert await code(series["id"], other) == "CAL-4224"
    assert await code(instance["id"], other) == "CAL-4225"
    assert await code(single["id"], other, 1) == "CAL-4120"
    assert await code(single["id"], "cal://0/99999") == "CAL-4045"
    assert await code(single["id"], "cal://0/41") == "CAL-4030"
    assert await code("99999", other) == "CAL-4040"


async def test_into_the_calendar_of_somebody_else(alice: Person, bob: Person) -> None:
    permissions = [
        {"bits": 403710016, "entity": 4, "group": False},
        {"bits": 8454660, "entity": 3, "group": False},
    ]
    target = await bob.calendar("For both", permissions)
    event = await alice.new(meeting())
    secret = await alice.new(meeting(**{"class": "PRIVATE"}))
    group = await alice.new(meeting(attendees=[{"entity": 5}]))

    async def move(event_id: str) -> dict[str, object]:
        where = {"folder": alice.folder, "id": event_id, "targetFolder": target, "timestamp": FAR_FUTURE}
        return await alice.call("move", **where)

    assert "data" in await move(event["id"])
    moved = await bob.get(event["id"], folder=target)
    assert (moved["organizer"]["entity"], part_stats(moved)) == (4, {4: "ACCEPTED"})
    assert (await move(secret["id"]))["code"] == "CAL-4226"
    assert (await move(group["id"]))["code"] == "CAL-4060"


async def test_deleting_a_calendar_ends_its_events(alice: Person, bob: Person) -> None:
    folder = await alice.calendar("Doomed")
    hers = await alice.new(meeting(attendees=[{"entity": 4}]), folder=folder)
    his = await bob.new(meeting(attendees=[{"entity": 3}]))
    number = folder.rpartition("/")[2]
    await alice.answer(his["id"], attendee={"folder": number})
    await alice.client.call("folders", "delete", body=[folder], timestamp=FAR_FUTURE)
    assert await alice.code("updates", folder=folder, timestamp=0) == "CAL-4045"
    modified, deleted, _ = await bob.updates(his["timestamp"])
    assert ids(deleted) == [hers["id"], his["id"]]
    assert (ids(modified), part_stats(modified[0])[3]) == ([his["id"]], "DECLINED")


async def test_clearing_a_calendar_leaves_tombstones(alice: Person) -> None:
    folder = await alice.calendar("Full")
    event = await alice.new(weekly(), folder=folder)
    await alice.client.call("folders", "clear", body=[folder], timestamp=FAR_FUTURE)
    modified, deleted, _ = await alice.updates(event["timestamp"], folder=folder)
    assert (modified, ids(deleted)) == ([], [event["id"]])

"""Series between users: answers to single occurrences, leaving some, being invited to one only."""

from __future__ import annotations

from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, part_stats, weekly

TEAM = [{"uri": "mailto:alice@example.com"}, {"uri": "mailto:bob@example.com"}]
CAROL = {"uri": "mailto:carol@example.com"}
SECOND, THIRD, FOURTH = "20270412T070000Z", "20270419T070000Z", "20270426T070000Z"


async def test_declining_one_occurrence(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    await bob.answer(event["id"], "ACCEPTED")
    data = await bob.answer(event["id"], "DECLINED", recurrenceId=SECOND)
    instance, master = data["created"][0], data["updated"][0]
    assert part_stats(instance) == {3: "ACCEPTED", 4: "DECLINED"}
    assert (instance["sequence"], instance["createdBy"]["entity"], instance["modifiedBy"]["entity"]) == (0, 3, 4)
    assert instance["flags"] == ["scheduled", "attendee", "declined", "overridden"]
    # The master keeps the spelling of the request.
    assert master["changeExceptionDates"] == [SECOND]
    assert part_stats(master) == {3: "ACCEPTED", 4: "ACCEPTED"}
    modified, _, _ = await alice.updates(event["timestamp"])
    assert ids(modified) == [event["id"], instance["id"]]
    assert modified[1]["flags"][-1] == "all_others_declined"


async def test_leaving_one_occurrence(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    kept = (await bob.answer(event["id"], "ACCEPTED", recurrenceId=SECOND))["created"][0]
    stamp = kept["timestamp"]
    entry = await bob.delete(event["id"], recurrenceId=THIRD)
    assert entry["created"] == []
    assert entry["updated"][0]["changeExceptionDates"] == [SECOND, THIRD]
    assert entry["deleted"][0]["recurrenceId"] == "Europe/Berlin:20270419T090000"
    modified, deleted, _ = await bob.updates(stamp)
    # For bob the instance he left is a deleted occurrence, the other one keeps the server's spelling.
    assert ids(modified) == [event["id"]]
    assert modified[0]["changeExceptionDates"] == ["Europe/Berlin:20270412T090000"]
    assert modified[0]["deleteExceptionDates"] == [THIRD]
    assert deleted == []
    modified, _, _ = await alice.updates(stamp)
    assert modified[0]["changeExceptionDates"] == [SECOND, THIRD]
    assert part_stats(modified[1])[4] == "DECLINED"
    days = [one["startDate"]["value"][:8] for one in await bob.all(expand="true", sort="startDate")]
    assert days == ["20270405", "20270412", "20270426", "20270503", "20270510"]


async def test_leaving_by_the_exception_dates(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    await bob.update(event["id"], {"deleteExceptionDates": [SECOND]})
    mine = await bob.get(event["id"])
    assert [date.rpartition(":")[2] for date in mine["deleteExceptionDates"]] == ["20270412T090000"]
    assert "deleteExceptionDates" not in await alice.get(event["id"])
    await bob.update(event["id"], {"deleteExceptionDates": mine["deleteExceptionDates"]})
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await bob.code("update", {"event": {"deleteExceptionDates": []}}, **where) == "CAL-4035"


async def test_invited_to_one_occurrence_only(alice: Person, carol: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    data = await alice.update(event["id"], {"attendees": [*TEAM, CAROL]}, recurrenceId=FOURTH)
    instance = data["created"][0]
    assert instance["sequence"] == 1
    modified, _, _ = await carol.updates(0)
    assert ids(modified) == ids(await carol.all()) == ids(await carol.all(expand="true")) == [instance["id"]]
    assert await carol.code("get", folder=carol.folder, id=event["id"]) == "CAL-4041"
    assert (await carol.get(event["id"], recurrenceId=FOURTH))["id"] == instance["id"]
    where = {"folder": carol.folder, "id": event["id"], "timestamp": FAR_FUTURE, "recurrenceId": FOURTH}
    body = {"attendee": {"entity": 5, "partStat": "ACCEPTED"}}
    assert await carol.code("updateAttendee", body, **where) == "CAL-4041"
    answered = await carol.answer(instance["id"], "ACCEPTED")
    assert ids(answered["updated"]) == [instance["id"]]


async def test_leaving_an_instance_touches_the_master(alice: Person, carol: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    instance = (await alice.update(event["id"], {"attendees": [*TEAM, CAROL]}, recurrenceId=FOURTH))["created"][0]
    entry = await carol.delete(instance["id"])
    assert (ids(entry["deleted"]), entry["updated"]) == ([instance["id"]], [])
    modified, deleted, _ = await alice.updates(instance["timestamp"])
    assert (ids(modified), ids(deleted)) == ([event["id"], instance["id"]], [instance["id"]])


async def test_leaving_the_whole_series(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    answered = (await bob.answer(event["id"], "ACCEPTED", recurrenceId=SECOND))["created"][0]
    await bob.delete(event["id"], recurrenceId=THIRD)
    stamp = (await alice.get(event["id"]))["timestamp"]
    entry = await bob.delete(event["id"])
    assert ids(entry["deleted"]) == [answered["id"], event["id"]]
    modified, deleted, _ = await bob.updates(stamp)
    assert (modified, len(deleted)) == ([], 3)
    modified, deleted, _ = await alice.updates(stamp)
    assert len(modified) == len(deleted) == 3
    assert all(part_stats(one)[4] == "DECLINED" for one in modified)


async def test_everybody_invited_or_removed_everywhere(alice: Person, carol: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    data = await alice.update(event["id"], {"attendees": [*TEAM, CAROL]})
    assert ids(data["updated"]) == [instance["id"], event["id"]]
    assert sorted(ids(await carol.all())) == sorted([event["id"], instance["id"]])
    stamp = data["updated"][0]["timestamp"]
    await alice.update(event["id"], {"attendees": TEAM})
    modified, deleted, _ = await carol.updates(stamp)
    assert (modified, sorted(ids(deleted))) == ([], sorted([event["id"], instance["id"]]))


async def test_attendees_cannot_override_occurrences(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=TEAM))
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE, "recurrenceId": SECOND}
    assert await bob.code("update", {"event": {"summary": "x"}}, **where) == "CAL-4038"
    assert await alice.get(event["id"]) == event
    assert len(await alice.all()) == 1

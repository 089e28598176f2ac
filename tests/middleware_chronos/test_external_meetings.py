"""Meetings organized by somebody outside: every user has a copy of his own."""

from __future__ import annotations

from typing import Any

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, meeting, part_stats

BOSS = {"uri": "mailto:boss@other.example", "cn": "Boss"}


def invitation(user: str, **more: Any) -> dict[str, Any]:
    """The copy of a series of four days for one user."""
    attendees = [
        {"uri": BOSS["uri"], "partStat": "ACCEPTED"},
        {"uri": f"mailto:{user}@example.com", "partStat": "NEEDS-ACTION"},
    ]
    fields = {"uid": "ext@example.com", "rrule": "FREQ=DAILY;COUNT=4", "sequence": 1, "organizer": BOSS}
    return meeting("Ext", **{**fields, "attendees": attendees, **more})


async def test_separate_copies(alice: Person, bob: Person) -> None:
    mine, his = await alice.new(invitation("alice")), await bob.new(invitation("bob"))
    assert mine["organizer"] == {**BOSS, "email": "boss@other.example"}
    assert part_stats(mine) == {"mailto:boss@other.example": "ACCEPTED", 3: "NEEDS-ACTION"}
    assert mine["flags"] == ["scheduled", "attendee", "needs_action", "series"]
    assert "dtstamp" not in mine
    assert mine["id"] != his["id"]
    assert not await bob.sees(mine["id"])
    await alice.delete(mine["id"])
    assert await bob.sees(his["id"])


async def test_users_inside_are_external_in_a_copy(alice: Person, bob: Person) -> None:
    attendees = [{"uri": "mailto:alice@example.com"}, {"uri": "mailto:bob@example.com"}]
    event = await alice.new(meeting(organizer={"uri": "mailto:bob@example.com"}, attendees=attendees))
    assert event["organizer"] == {"uri": "mailto:bob@example.com", "email": "bob@example.com"}
    assert event["attendees"][0] == {"uri": "mailto:bob@example.com", "email": "bob@example.com"}
    assert not await bob.sees(event["id"])


async def test_updates_of_the_organizer_repeat_organizer_and_uid(alice: Person) -> None:
    event = await alice.new(invitation("alice"))
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    change = {"summary": "new", "sequence": 2}
    assert await alice.code("update", {"event": change}, **where) == "CAL-4038"
    assert await alice.code("update", {"event": {**change, "organizer": BOSS}}, **where) == "CAL-4038"
    complete = {**change, "organizer": BOSS, "uid": "ext@example.com"}
    after = (await alice.update(event["id"], complete))["updated"][0]
    assert (after["summary"], after["sequence"]) == ("new", 2)
    assert await alice.code("update", {"event": {**complete, "sequence": 1}}, **where) == "CAL-4121"
    override = {**complete, "sequence": 4, "startDate": at("20270406T110000"), "endDate": at("20270406T120000")}
    data = await alice.update(event["id"], override, recurrenceId="20270406T070000Z")
    assert (data["created"][0]["sequence"], data["created"][0]["dtstamp"]) == (4, 0)


async def test_answers(alice: Person) -> None:
    event = await alice.new(invitation("alice"))
    assert part_stats((await alice.answer(event["id"], "ACCEPTED"))["updated"][0])[3] == "ACCEPTED"
    data = await alice.answer(event["id"], "TENTATIVE", recurrenceId="20270406T070000Z")
    assert data["updated"][0]["changeExceptionDates"] == ["20270406T070000Z"]
    assert part_stats(data["created"][0])[3] == "TENTATIVE"


async def test_detached_instances(alice: Person) -> None:
    orphan = invitation("alice", rrule=None, recurrenceId="20270405T070000Z")
    event = await alice.new(orphan)
    assert event["recurrenceId"] == "Europe/Berlin:20270405T090000"
    assert event["seriesId"] not in (None, event["id"])
    assert event["flags"][-1] == "overridden"
    second = await alice.new({**orphan, "recurrenceId": "20270406T070000Z"})
    assert second["seriesId"] == event["seriesId"]
    entry = await alice.delete(event["id"])
    assert ids(entry["deleted"]) == [event["id"]]
    assert ids(await alice.all()) == [second["id"]]

"""Conflicts: resources always, people on demand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, meeting

BEAMER = {"entity": 8, "cuType": "RESOURCE"}
BEAMER_JSON = {"uri": "mailto:beamer@example.com", "cn": "Beamer", "email": "beamer@example.com", "entity": 8}


def overlapping(summary: str = "Other", **more: Any) -> dict[str, Any]:
    """An event half an hour later than `meeting`."""
    dates = {"startDate": at("20270405T093000"), "endDate": at("20270405T103000")}
    return meeting(summary, **{**dates, **more})


async def test_a_resource_is_booked_once(alice: Person) -> None:
    event = await alice.new(meeting(attendees=[BEAMER]))
    answer = await alice.call("new", overlapping(attendees=[BEAMER]), folder=alice.folder)
    assert answer == {
        "data": {
            "conflicts": [
                {
                    "hard_conflict": True,
                    "conflicting_attendees": [BEAMER_JSON],
                    "event": {
                        "id": event["id"],
                        "folder": alice.folder,
                        "summary": "Meeting",
                        "startDate": event["startDate"],
                        "endDate": event["endDate"],
                        "createdBy": event["createdBy"],
                        "transp": "OPAQUE",
                    },
                }
            ]
        }
    }
    assert ids(await alice.all()) == [event["id"]]


async def test_of_the_meetings_of_others_little_is_told(alice: Person, carol: Person) -> None:
    await alice.new(meeting(attendees=[BEAMER]))
    answer = await carol.call("new", overlapping(attendees=[BEAMER]), folder=carol.folder)
    event = answer["data"]["conflicts"][0]["event"]
    assert event["folder"] is None
    assert "summary" not in event


async def test_people_conflict_only_when_asked(alice: Person, bob: Person) -> None:
    await alice.new(meeting(attendees=[{"entity": 4}]))
    assert "created" in (await bob.call("new", overlapping(), folder=bob.folder))["data"]
    answer = await bob.call("new", overlapping(attendees=[{"entity": 3}]), folder=bob.folder, checkConflicts="true")
    conflicts = answer["data"]["conflicts"]
    told = [(one["hard_conflict"], [who["entity"] for who in one["conflicting_attendees"]]) for one in conflicts]
    assert told == [(False, [3, 4]), (False, [4])]


async def test_resources_come_first(alice: Person) -> None:
    await alice.new(meeting("early", startDate=at("20270405T080000"), endDate=at("20270405T093500")))
    await alice.new(meeting(attendees=[BEAMER]))
    answer = await alice.call("new", overlapping(attendees=[BEAMER]), folder=alice.folder, checkConflicts="true")
    conflicts = answer["data"]["conflicts"]
    assert [one["event"]["summary"] for one in conflicts] == ["Meeting", "early"]
    assert [who["entity"] for who in conflicts[0]["conflicting_attendees"]] == [8, 3]


@pytest.mark.parametrize(
    "harmless",
    [
        meeting(transp="TRANSPARENT"),
        meeting(status="CANCELLED"),
        meeting(**{"class": "PRIVATE"}),
        meeting(startDate=at("20270405T083000"), endDate=at("20270405T093000")),
        meeting(rrule="FREQ=DAILY;COUNT=2", deleteExceptionDates=["20270405T070000Z"]),
    ],
)
async def test_what_does_not_conflict(alice: Person, harmless: dict[str, Any]) -> None:
    await alice.new(harmless)
    answer = await alice.call("new", overlapping(), folder=alice.folder, checkConflicts="true")
    assert "created" in answer["data"]


async def test_the_past_does_not_conflict(alice: Person) -> None:
    past = {"startDate": at("20200405T090000"), "endDate": at("20200405T100000"), "attendees": [BEAMER]}
    await alice.new(past)
    assert "created" in (await alice.call("new", past, folder=alice.folder))["data"]


async def test_declined_meetings_do_not_conflict(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 4}]))
    await bob.answer(event["id"], "DECLINED")
    answer = await bob.call("new", overlapping(), folder=bob.folder, checkConflicts="true")
    assert "created" in answer["data"]


async def test_a_series_conflicts_in_one_occurrence(alice: Person) -> None:
    await alice.new(meeting(rrule="FREQ=WEEKLY;COUNT=3", attendees=[BEAMER]))
    third = overlapping(startDate=at("20270419T093000"), endDate=at("20270419T103000"), attendees=[BEAMER])
    conflict = (await alice.call("new", third, folder=alice.folder))["data"]["conflicts"][0]
    assert conflict["event"]["recurrenceId"] == "Europe/Berlin:20270419T090000"
    assert conflict["event"]["startDate"] == at("20270419T090000")


async def test_moving_onto_a_booked_resource_changes_nothing(alice: Person) -> None:
    await alice.new(meeting(attendees=[BEAMER]))
    later = overlapping(startDate=at("20270405T110000"), endDate=at("20270405T120000"), attendees=[BEAMER])
    event = await alice.new(later)
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    dates = {"startDate": at("20270405T093000"), "endDate": at("20270405T103000")}
    answer = await alice.call("update", {"event": dates}, **where)
    assert answer["data"]["conflicts"][0]["hard_conflict"]
    assert await alice.get(event["id"]) == event
    # A change of something else does not look for conflicts again.
    assert (await alice.update(event["id"], {"summary": "x"}))["updated"]


async def test_a_series_does_not_conflict_with_itself(alice: Person) -> None:
    event = await alice.new(meeting(rrule="FREQ=DAILY;COUNT=3", attendees=[BEAMER]))
    dates = {"startDate": at("20270406T093000"), "endDate": at("20270406T103000")}
    assert (await alice.update(event["id"], dates, recurrenceId="20270406T070000Z"))["created"]
    assert (await alice.update(event["id"], {"rrule": "FREQ=DAILY;COUNT=4"}))["updated"]


async def test_accepting_with_a_check(alice: Person, bob: Person) -> None:
    await bob.new(meeting("busy"))
    event = await alice.new(overlapping(attendees=[{"entity": 4}]))
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE, "checkConflicts": "true"}
    body = {"attendee": {"entity": 4, "partStat": "ACCEPTED"}}
    assert (await bob.call("updateAttendee", body, **where))["data"]["conflicts"][0]["event"]["summary"] == "busy"

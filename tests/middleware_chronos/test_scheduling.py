"""Meetings between users: invitations, answers, changes by the organizer, leaving."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, meeting, part_stats

INVITED = [{"uri": "mailto:alice@example.com"}, {"uri": "mailto:bob@example.com"}, {"uri": "mailto:carol@example.com"}]


async def test_an_invitation_appears_in_the_calendar_of_the_attendee(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    assert event["flags"] == ["scheduled", "organizer", "accepted"]
    modified, _, stamp = await bob.updates(0)
    seen = {**event, "folder": bob.folder, "flags": ["scheduled", "attendee", "needs_action"]}
    assert (modified, stamp) == ([seen], event["timestamp"])
    assert await bob.get(event["id"]) == seen


@pytest.mark.parametrize("me", [[], [{"entity": 3}]])
async def test_the_creator_always_takes_part(alice: Person, me: list[dict[str, Any]]) -> None:
    event = await alice.new(meeting(attendees=[*me, {"entity": "4"}]))
    assert part_stats(event) == {3: "ACCEPTED", 4: "NEEDS-ACTION"}
    assert [one["folder"] for one in event["attendees"]] == ["31", "41"]


async def test_what_the_organizer_says_about_attendees(alice: Person) -> None:
    external = {"uri": "mailto:ext@other.example", "cn": "Extern", "extendedParameters": {"X-NUM": "2"}}
    bob = {"uri": "mailto:BOB@example.com", "cn": "Bobby", "role": "OPT-PARTICIPANT", "rsvp": True}
    event = await alice.new(meeting(attendees=[bob, external]))
    # Externals come first.
    assert event["attendees"][0] == {**external, "email": "ext@other.example"}
    assert event["attendees"][2] == {
        "uri": "mailto:bob@example.com",
        "cn": "Bobby",
        "email": "bob@example.com",
        "entity": 4,
        "cuType": "INDIVIDUAL",
        "role": "OPT-PARTICIPANT",
        "partStat": "NEEDS-ACTION",
        "rsvp": True,
        "folder": "41",
    }


async def test_groups_bring_their_members(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 6, "cuType": "GROUP"}]))
    uri = "urn:uuid:00000002-0000-0006-00fc-c0e11e000002"
    assert part_stats(event) == {3: "ACCEPTED", 4: "NEEDS-ACTION", 5: "NEEDS-ACTION", 6: "ACCEPTED"}
    members = {one["entity"]: one.get("member") for one in event["attendees"]}
    assert members == {3: None, 4: [uri], 5: [uri], 6: None}
    assert event["attendees"][3] == {
        "uri": uri,
        "cn": "Team",
        "entity": 6,
        "cuType": "GROUP",
        "partStat": "ACCEPTED",
    }
    assert await bob.sees(event["id"])


async def test_a_member_removed_from_a_group_stays_away(alice: Person, carol: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 6, "cuType": "GROUP"}]))
    left = [one for one in event["attendees"] if one["entity"] != 5]
    assert part_stats((await alice.update(event["id"], {"attendees": left}))["updated"][0]) == {
        3: "ACCEPTED",
        4: "NEEDS-ACTION",
        6: "ACCEPTED",
    }
    assert not await carol.sees(event["id"])


async def test_users_without_calendar_can_be_invited(alice: Person) -> None:
    event = await alice.new(meeting(attendees=[{"uri": "mailto:oxadmin@example.com"}]))
    admin = event["attendees"][0]
    assert (admin["entity"], "folder" in admin) == (2, False)


async def test_resources_accept(alice: Person) -> None:
    for sent in ({"entity": 7, "cuType": "RESOURCE"}, {"uri": "mailto:beamer@example.com"}):
        event = await alice.new(meeting(attendees=[sent]))
        resource = event["attendees"][1]
        assert (resource["cuType"], resource["partStat"]) == ("RESOURCE", "ACCEPTED")
        assert resource["comment"] in ("Meeting room", "Projector")
        assert "folder" not in resource


async def test_answers_travel_back(alice: Person, bob: Person, carol: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    data = await bob.answer(event["id"], "ACCEPTED", attendee={"comment": "fine"})
    answered = data["updated"][0]
    assert answered["flags"] == ["scheduled", "attendee", "accepted"]
    assert answered["modifiedBy"]["entity"] == 4
    for other in (alice, carol):
        modified, deleted, _ = await other.updates(event["timestamp"])
        assert part_stats(modified[0]) == {3: "ACCEPTED", 4: "ACCEPTED", 5: "NEEDS-ACTION"}
        assert modified[0]["attendees"][1]["comment"] == "fine"
        assert (modified[0]["sequence"], deleted) == (0, [])


@pytest.mark.parametrize("attendee", [{}, {"entity": 4}, {"uri": "mailto:bob@example.com"}])
async def test_ways_to_name_oneself(alice: Person, bob: Person, attendee: dict[str, Any]) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 4, "rsvp": True}]))
    where = {"folder": bob.folder, "id": event["id"], "timestamp": event["timestamp"]}
    answer = await bob.call("updateAttendee", {"attendee": {**attendee, "partStat": "TENTATIVE"}}, **where)
    shown = answer["data"]["updated"][0]
    assert part_stats(shown)[4] == "TENTATIVE"
    assert "rsvp" not in shown["attendees"][1]
    assert await bob.code("updateAttendee", {"attendee": {}}, **where) == "CAL-4120"


async def test_nobody_answers_for_others(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    answer = await bob.call("updateAttendee", {"attendee": {"entity": 5, "partStat": "DECLINED"}}, **where)
    assert answer["code"] == "CAL-4038"
    assert answer["error_params"] == [bob.folder, event["id"], "mailto:alice@example.com", "Alice Archer"]
    unknown = {"attendee": {"uri": "mailto:x@other.example", "partStat": "ACCEPTED"}}
    assert await bob.code("updateAttendee", unknown, **where) == "CAL-4043"
    kind = {"attendee": {"entity": 4, "cuType": "ROOM"}}
    assert await bob.code("updateAttendee", kind, **where) == "CAL-4033"


async def test_repeating_an_answer_touches_for_everybody(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    stamp = (await bob.answer(event["id"], "ACCEPTED"))["updated"][0]["timestamp"]
    for change in (bob.answer(event["id"], "ACCEPTED"), bob.answer(event["id"], attendee={"transp": "TRANSPARENT"})):
        again = (await change)["updated"][0]
        assert again["timestamp"] > stamp
        stamp = again["timestamp"]
        assert (await alice.get(event["id"]))["timestamp"] == stamp
        # The transparency of one attendee is not that of the event.
        assert again["transp"] == "OPAQUE"


@pytest.mark.parametrize(
    "change",
    [{"summary": "x"}, {"transp": "TRANSPARENT"}, {"color": "blue"}, {"organizer": {"entity": 4}}, {"attendees": []}],
)
async def test_attendees_cannot_change_the_meeting(alice: Person, bob: Person, change: dict[str, Any]) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    if change.get("attendees") == []:
        change = {"attendees": INVITED[:2]}
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await bob.code("update", {"event": change}, **where) == "CAL-4038"
    assert await alice.get(event["id"]) == event


async def test_an_attendee_may_send_the_whole_event_with_his_own_answer(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    mine = await bob.get(event["id"])
    mine["attendees"][1]["partStat"] = "ACCEPTED"
    writable = {name: value for name, value in mine.items() if name not in ("id", "folder", "timestamp", "flags")}
    after = (await bob.update(event["id"], writable))["updated"][0]
    assert part_stats(after) == {3: "ACCEPTED", 4: "ACCEPTED", 5: "NEEDS-ACTION"}
    mine["attendees"][2]["partStat"] = "ACCEPTED"
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await bob.code("update", {"attendees": mine["attendees"]}, **where) == "CAL-4038"


async def test_with_the_privilege_attendees_may_change_the_meeting(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2], attendeePrivileges="MODIFY"))
    await bob.update(event["id"], {"summary": "by bob"})
    assert (await alice.get(event["id"]))["summary"] == "by bob"


async def test_another_time_asks_for_new_answers(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    await bob.answer(event["id"], "ACCEPTED", attendee={"comment": "fine"})
    await alice.update(event["id"], {"summary": "only the title"})
    assert part_stats(await bob.get(event["id"]))[4] == "ACCEPTED"
    data = await alice.update(event["id"], {"startDate": at("20270405T110000"), "endDate": at("20270405T120000")})
    assert part_stats(data["updated"][0]) == {3: "ACCEPTED", 4: "NEEDS-ACTION"}
    assert data["updated"][0]["attendees"][1]["comment"] == "fine"


async def test_the_organizer_cannot_change_the_answer_of_a_user(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    await bob.answer(event["id"], "ACCEPTED")
    stale = [{**one, "partStat": "NEEDS-ACTION"} for one in INVITED[1:2]]
    data = await alice.update(event["id"], {"attendees": [INVITED[0], *stale]})
    assert part_stats(data["updated"][0])[4] == "ACCEPTED"


async def test_removed_and_invited_again(alice: Person, carol: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    data = await alice.update(event["id"], {"attendees": INVITED[:2]})
    assert data["updated"][0]["sequence"] == 1
    modified, deleted, stamp = await carol.updates(event["timestamp"])
    assert (modified, ids(deleted)) == ([], [event["id"]])
    assert await carol.code("get", folder=carol.folder, id=event["id"]) == "CAL-4041"
    await alice.update(event["id"], {"attendees": INVITED})
    modified, _, _ = await carol.updates(stamp)
    assert ids(modified) == [event["id"]]


async def test_deleting_the_own_copy_declines(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    await bob.answer(event["id"], "ACCEPTED", attendee={"comment": "fine"})
    stamp = (await alice.get(event["id"]))["timestamp"]
    entry = await bob.delete(event["id"])
    assert ids(entry["deleted"]) == [event["id"]]
    modified, deleted, _ = await bob.updates(stamp)
    assert (modified, ids(deleted)) == ([], [event["id"]])
    assert await bob.code("get", folder=bob.folder, id=event["id"]) == "CAL-4041"
    # The organizer finds the id in both lists, as on the real server.
    modified, deleted, _ = await alice.updates(stamp)
    assert (ids(modified), ids(deleted)) == ([event["id"]], [event["id"]])
    assert part_stats(modified[0])[4] == "DECLINED"
    assert "comment" not in modified[0]["attendees"][1]


async def test_the_organizer_deletes_for_everybody(alice: Person, bob: Person, carol: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED))
    await bob.delete(event["id"])
    stamp = (await alice.get(event["id"]))["timestamp"]
    await alice.delete(event["id"])
    for person in (alice, bob, carol):
        modified, deleted, _ = await person.updates(stamp)
        assert (modified, ids(deleted)) == ([], [event["id"]])


async def test_all_others_declined(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    await bob.answer(event["id"], "DECLINED")
    assert (await alice.get(event["id"]))["flags"][-1] == "all_others_declined"
    assert await bob.sees(event["id"])


async def test_handing_over_by_a_plain_update(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    data = await alice.update(event["id"], {"organizer": {"uri": "mailto:bob@example.com"}})
    after = data["updated"][0]
    assert (after["organizer"]["entity"], after["sequence"]) == (4, 0)
    assert after["flags"] == ["scheduled", "attendee", "accepted"]
    assert (await bob.get(event["id"]))["flags"] == ["scheduled", "organizer", "needs_action"]
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await alice.code("update", {"event": {"summary": "x"}}, **where) == "CAL-4038"


async def test_not_to_an_external_organizer(alice: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    body = {"event": {"organizer": {"uri": "mailto:x@other.example"}}}
    assert await alice.code("update", body, **where) == "CAL-4035"


async def test_an_attendee_keeps_his_copy_in_another_calendar(alice: Person, bob: Person) -> None:
    event = await alice.new(meeting(attendees=INVITED[:2]))
    other = await bob.calendar("Other")
    await bob.answer(event["id"], attendee={"folder": other.rpartition("/")[2]})
    assert not await bob.sees(event["id"])
    assert (await bob.get(event["id"], folder=other))["folder"] == other
    _, deleted, _ = await bob.updates(event["timestamp"])
    assert ids(deleted) == [event["id"]]
    series = await alice.new(meeting(rrule="FREQ=DAILY;COUNT=2", attendees=INVITED[:2]))
    where = {"folder": bob.folder, "id": series["id"], "timestamp": FAR_FUTURE}
    body = {"attendee": {"entity": 4, "folder": other}}
    assert await bob.code("updateAttendee", body, **where) == "CAL-4224"

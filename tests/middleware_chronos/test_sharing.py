"""Calendars of others: rights, private and confidential events, acting for the owner."""

from __future__ import annotations

from typing import Any

from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, meeting, part_stats

OWNER = {"bits": 403710016, "entity": 3, "group": False}
READER, AUTHOR, OWN_ONLY = 257, 8454660, 1 | 2 | (1 << 7) | (1 << 14) | (1 << 21)


async def shared(alice: Person, bits: int) -> str:
    """A calendar of alice on which bob has these rights."""
    return await alice.calendar("Shared", [OWNER, {"bits": bits, "entity": 4, "group": False}])


async def test_private_is_invisible_and_confidential_anonymous(alice: Person, bob: Person) -> None:
    folder = await shared(alice, READER)
    public = await alice.new(meeting("Pub"), folder=folder)
    private = await alice.new(meeting("Secret", **{"class": "PRIVATE"}), folder=folder)
    hidden = await alice.new(
        meeting("Doctor", location="Clinic", description="hush", **{"class": "CONFIDENTIAL"}), folder=folder
    )
    modified, _, _ = await bob.updates(0, folder=folder)
    assert ids(modified) == [public["id"], hidden["id"]]
    assert modified[0] == {**public, "flags": ["organizer_on_behalf", "accepted"]}
    left_out = ("location", "description", "attendees", "organizer", "attendeePrivileges", "lastModified")
    anonymous = {name: value for name, value in hidden.items() if name not in left_out}
    assert modified[1] == {**anonymous, "summary": "Private", "flags": ["confidential"]}
    assert await bob.code("get", folder=folder, id=private["id"]) == "CAL-4030"
    answer = await bob.call("all", folder=folder, rangeStart="20270101", rangeEnd="20280101", fields="id,summary")
    assert answer["data"] == [{"id": public["id"], "summary": "Pub"}, {"id": hidden["id"], "summary": "Private"}]
    await alice.delete(private["id"], folder=folder)
    assert (await bob.updates(modified[1]["timestamp"], folder=folder))[1] == []


async def test_readers_change_nothing(alice: Person, bob: Person) -> None:
    folder = await shared(alice, READER)
    event = await alice.new(meeting(), folder=folder)
    where = {"folder": folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await bob.code("update", {"event": {"summary": "x"}}, **where) == "CAL-4031"
    assert await bob.code("new", meeting(), folder=folder) == "CAL-4030"
    assert (await bob.delete(event["id"], folder=folder))["error"]["code"] == "CAL-4032"
    assert await bob.code("move", **where, targetFolder=bob.folder) == "CAL-4032"


async def test_authors_act_for_the_owner(alice: Person, bob: Person, carol: Person) -> None:
    folder = await shared(alice, AUTHOR)
    event = await bob.new(meeting("By bob", attendees=[{"entity": 5}]), folder=folder)
    assert (event["organizer"]["entity"], event["calendarUser"]["entity"], event["createdBy"]["entity"]) == (3, 3, 4)
    assert part_stats(event) == {3: "ACCEPTED", 5: "NEEDS-ACTION"}
    assert event["flags"] == ["scheduled", "organizer_on_behalf", "accepted"]
    assert await carol.sees(event["id"])
    changed = (await bob.update(event["id"], {"summary": "again"}, folder=folder))["updated"][0]
    assert (changed["sequence"], changed["modifiedBy"]["entity"]) == (1, 4)
    assert ids((await bob.delete(event["id"], folder=folder))["deleted"]) == [event["id"]]


async def test_classified_events_of_others(alice: Person, bob: Person) -> None:
    folder = await shared(alice, AUTHOR)
    for classification in ("PRIVATE", "CONFIDENTIAL"):
        event = await alice.new(meeting(**{"class": classification}), folder=folder)
        where = {"folder": folder, "id": event["id"], "timestamp": FAR_FUTURE}
        answer = await bob.call("update", {"event": {"summary": "x"}}, **where)
        assert (answer["code"], answer["error_params"]) == ("CAL-4037", [folder, event["id"], classification])
        assert (await bob.delete(event["id"], folder=folder))["error"]["code"] == "CAL-4037"
        body: dict[str, Any] = meeting(**{"class": classification})
        assert await bob.code("new", body, folder=folder) == "CAL-4222"


async def test_alarms_belong_to_the_owner_of_the_calendar(alice: Person, bob: Person) -> None:
    folder = await shared(alice, AUTHOR)
    event = await alice.new(meeting(), folder=folder)
    alarms = [{"action": "DISPLAY", "trigger": {"duration": "-PT5M"}, "description": "b"}]
    await bob.update(event["id"], {"alarms": alarms}, folder=folder)
    assert (await alice.get(event["id"], folder=folder))["alarms"][0]["description"] == "b"


async def test_rights_on_own_objects(alice: Person, bob: Person) -> None:
    folder = await shared(alice, OWN_ONLY)
    hers, his = await alice.new(meeting(), folder=folder), await bob.new(meeting(), folder=folder)
    modified, _, _ = await bob.updates(0, folder=folder)
    assert ids(modified) == [his["id"]]
    assert await bob.code("get", folder=folder, id=hers["id"]) == "CAL-4030"
    await bob.update(his["id"], {"summary": "x"}, folder=folder)
    assert (await bob.delete(hers["id"], folder=folder))["error"]["code"] == "CAL-4032"


async def test_losing_access(alice: Person, bob: Person) -> None:
    folder = await shared(alice, READER)
    await bob.updates(0, folder=folder)
    await alice.client.call("folders", "update", id=folder, timestamp=FAR_FUTURE, body={"permissions": [OWNER]})
    assert await bob.code("updates", folder=folder, timestamp=0) == "CAL-4030"


async def test_public_folders(alice: Person, bob: Person) -> None:
    everybody = {"bits": AUTHOR, "entity": 0, "group": True}
    body = {"title": "Public", "module": "event", "permissions": [OWNER, everybody]}
    folder = await alice.client.data("folders", "new", folder_id="2", body=body)
    event = await alice.new(meeting(attendees=[{"entity": 4}]), folder=folder)
    assert "calendarUser" not in event
    assert [("folder" in one) for one in event["attendees"]] == [False, False]
    assert not await bob.sees(event["id"])
    assert (await bob.get(event["id"], folder=folder))["flags"] == ["scheduled", "attendee", "needs_action"]
    await bob.answer(event["id"], "ACCEPTED", folder=folder)
    assert part_stats(await alice.get(event["id"], folder=folder))[4] == "ACCEPTED"
    await bob.update(event["id"], {"summary": "by bob"}, folder=folder)
    await alice.delete(event["id"], folder=folder)
    assert ids((await bob.updates(0, folder=folder))[1]) == [event["id"]]

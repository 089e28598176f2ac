"""Changing single events: fields, null and empty values, stamps, sequence numbers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, meeting


async def test_only_the_given_fields_change(alice: Person) -> None:
    before = await alice.new(meeting(location="Here", filename="name"))
    data = await alice.update(before["id"], {"summary": "Other"})
    after = data["updated"][0]
    stamp = after["timestamp"]
    assert stamp > before["timestamp"]
    assert after == {**before, "summary": "Other", "sequence": 1} | dict.fromkeys(
        ("timestamp", "lastModified", "dtstamp"), stamp
    )
    assert (data["created"], data["deleted"]) == ([], [])


async def test_bare_body_is_understood(alice: Person) -> None:
    event = await alice.new(meeting())
    answer = await alice.call("update", {"summary": "bare"}, folder=alice.folder, id=event["id"], timestamp=FAR_FUTURE)
    assert answer["data"]["updated"][0]["summary"] == "bare"


@pytest.mark.parametrize("name", ["location", "description", "url", "color", "status", "filename", "class", "summary"])
async def test_null_removes_and_an_empty_text_stays(alice: Person, name: str) -> None:
    event = await alice.new(meeting(**{name: "value"}) | {name: "value"})
    emptied = (await alice.update(event["id"], {name: ""}))["updated"][0]
    assert emptied[name] == ""
    removed = (await alice.update(event["id"], {name: None}))["updated"][0]
    assert name not in removed


@pytest.mark.parametrize("name", ["categories", "conferences", "alarms", "attachments"])
@pytest.mark.parametrize("nothing", [None, []])
async def test_lists_are_removed_by_null_and_by_an_empty_list(alice: Person, name: str, nothing: Any) -> None:
    values: dict[str, Any] = {
        "categories": ["a"],
        "conferences": [{"uri": "https://meet.example.com"}],
        "alarms": [{"action": "DISPLAY", "trigger": {"duration": "-PT5M"}, "description": "d"}],
        "attachments": [{"uri": "https://example.com/a"}],
    }
    event = await alice.new(meeting(**{name: values[name]}))
    assert name in event
    assert name not in (await alice.update(event["id"], {name: nothing}))["updated"][0]


async def test_extended_properties_are_removed_by_an_empty_object(alice: Person) -> None:
    event = await alice.new(meeting(extendedProperties={"X-A": {"value": "1"}}))
    assert "extendedProperties" not in (await alice.update(event["id"], {"extendedProperties": {}}))["updated"][0]


@pytest.mark.parametrize("body", [{"geo": None}, {"geo": {}}, {"endDate": None}, {"extendedProperties": None}])
async def test_what_cannot_be_removed(alice: Person, body: Any) -> None:
    event = await alice.new(meeting(geo={"lat": 1, "long": 2}))
    code = await alice.code("update", body, folder=alice.folder, id=event["id"], timestamp=FAR_FUTURE)
    assert code in ("SVL-0011", "SVL-0002")
    assert await alice.get(event["id"]) == event


@pytest.mark.parametrize("body", [{"attendees": None}, {"attendees": []}, {"organizer": None}])
async def test_the_owner_stays_organizer_and_attendee(alice: Person, body: Any) -> None:
    event = await alice.new(meeting())
    after = (await alice.update(event["id"], body))["updated"][0]
    assert (after["attendees"], after["organizer"], after["sequence"]) == (event["attendees"], event["organizer"], 0)


async def test_every_write_raises_the_stamp_but_not_the_sequence(alice: Person) -> None:
    event = await alice.new(meeting())
    stamp = event["timestamp"]
    for body in ({}, {"summary": event["summary"]}, {"priority": 1}, {"color": "red"}, {"filename": "f"}):
        after = (await alice.update(event["id"], body))["updated"][0]
        assert (after["timestamp"] > stamp, after["sequence"]) == (True, 0)
        stamp = after["timestamp"]


@pytest.mark.parametrize("name", ["summary", "location"])
async def test_what_matters_raises_the_sequence(alice: Person, name: str) -> None:
    event = await alice.new(meeting())
    assert (await alice.update(event["id"], {name: "new"}))["updated"][0]["sequence"] == 1


async def test_sequence_of_the_client(alice: Person) -> None:
    event = await alice.new(meeting(sequence=5))
    answer = await alice.call(
        "update", {"event": {"sequence": 0}}, folder=alice.folder, id=event["id"], timestamp=FAR_FUTURE
    )
    assert (answer["code"], answer["error_params"]) == ("CAL-4121", [event["id"], 0, 5])
    assert (await alice.update(event["id"], {"sequence": 10}))["updated"][0]["sequence"] == 10


async def test_odd_values_are_kept_or_corrected(alice: Person) -> None:
    event = await alice.new(meeting())
    after = (await alice.update(event["id"], {"transp": "MAYBE", "status": "WHATEVER", "class": "SECRET"}))["updated"][
        0
    ]
    assert (after["transp"], after["status"], after["class"]) == ("OPAQUE", "WHATEVER", "SECRET")


async def test_stale_missing_and_odd_stamps(alice: Person) -> None:
    event = await alice.new(meeting())
    where = {"folder": alice.folder, "id": event["id"]}
    current = await alice.call("update", {"event": {"summary": "2"}}, **where, timestamp=event["timestamp"])
    newest = current["timestamp"]
    stale = await alice.call("update", {"event": {"summary": "3"}}, **where, timestamp=event["timestamp"])
    assert (stale["code"], stale["error_params"]) == ("CAL-4120", [event["id"], event["timestamp"], newest])
    assert stale["categories"] == "CONFLICT"
    assert await alice.code("update", {"event": {}}, **where) == "SVL-0002"
    assert await alice.code("update", {"event": {}}, **where, timestamp="abc") == "SVL-0010"
    assert "data" in await alice.call("update", {"event": {}}, **where, timestamp=2**63 - 1)
    assert (await alice.get(event["id"]))["summary"] == "2"


async def test_unknown_ids_and_wrong_folders(alice: Person) -> None:
    event = await alice.new(meeting())
    other = await alice.calendar("Other")
    wanted = {"timestamp": FAR_FUTURE}
    assert await alice.code("update", {}, folder=alice.folder, id="99999", **wanted) == "CAL-4040"
    assert await alice.code("update", {}, folder=other, id=event["id"], **wanted) == "CAL-4041"
    assert await alice.code("update", {}, folder=alice.folder, id="abc", **wanted) == "SVL-0011"


async def test_uid_never_changes(alice: Person) -> None:
    event = await alice.new(meeting())
    answer = await alice.call(
        "update", {"event": {"uid": "other"}}, folder=alice.folder, id=event["id"], timestamp=FAR_FUTURE
    )
    assert (answer["code"], answer["error_params"]) == ("CAL-4035", [event["id"], "UID"])


async def test_change_organizer_is_switched_off(alice: Person) -> None:
    event = await alice.new(meeting())
    answer = await alice.call(
        "changeOrganizer", {"organizer": {"entity": 4}}, folder=alice.folder, id=event["id"], timestamp=FAR_FUTURE
    )
    assert (answer["code"], answer["error_params"]) == ("CAL-4035", [event["id"], "ORGANIZER"])

"""A series of dates without a rule: the fault of the real server."""

from __future__ import annotations

from typing import Any

from tests.middleware_chronos.people import Person, ids, meeting

DATES: dict[str, Any] = {"recurrenceDates": ["20270408T070000Z"]}


async def test_it_is_accepted_shown_nowhere_and_poisons_updates(alice: Person) -> None:
    answer = await alice.call("new", meeting(**DATES), folder=alice.folder)
    event = answer["data"]["created"][0]
    assert (answer["code"], answer["problematic"]) == ("CAL-1990", [{}])
    assert (event["seriesId"], event["flags"]) == (event["id"], ["organizer", "accepted", "series"])
    assert await alice.all(expand="true") == await alice.all() == []
    modified, _, stamp = await alice.updates(0)
    assert modified == [event] == [await alice.get(event["id"])]
    entry_answer = await alice.call("delete", [{"folder": alice.folder, "id": event["id"]}], timestamp=stamp)
    assert entry_answer["code"] == "CAL-1990"
    for since in (0, stamp):
        broken = await alice.call("updates", folder=alice.folder, timestamp=since, fields="id")
        assert (broken["code"], broken["error_params"]) == ("CAL-4002", [])
    other = await alice.new(meeting())
    modified, _, _ = await alice.updates(entry_answer["timestamp"])
    assert ids(modified) == [other["id"]]

"""Following changes with the action updates."""

from __future__ import annotations

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, ids, meeting, weekly


async def test_an_empty_folder_echoes_the_stamp(alice: Person) -> None:
    for stamp in (0, -1, 1795324569767, 2795324569836, FAR_FUTURE, 2**63 - 1):
        assert await alice.updates(stamp) == ([], [], stamp)


async def test_strictly_younger_than_the_stamp(alice: Person) -> None:
    one, two = await alice.new(meeting()), await alice.new(meeting())
    assert await alice.updates(0) == ([one, two], [], two["timestamp"])
    assert await alice.updates(-5) == ([one, two], [], two["timestamp"])
    assert await alice.updates(one["timestamp"]) == ([two], [], two["timestamp"])
    assert await alice.updates(two["timestamp"] - 1) == ([two], [], two["timestamp"])
    assert await alice.updates(two["timestamp"]) == ([], [], two["timestamp"])


async def test_changes_come_by_their_stamp(alice: Person) -> None:
    one, two = await alice.new(meeting()), await alice.new(meeting())
    await alice.update(one["id"], {"summary": "later"})
    modified, _, _ = await alice.updates(0)
    assert ids(modified) == [two["id"], one["id"]]


async def test_a_deletion_leaves_a_tombstone_without_details(alice: Person) -> None:
    event = await alice.new(meeting(description="d", filename="name"))
    entry = await alice.delete(event["id"])
    assert entry == {
        "folderId": alice.folder,
        "id": event["id"],
        "timestamp": entry["timestamp"],
        "created": [],
        "updated": [],
        "deleted": [event],
    }
    modified, deleted, stamp = await alice.updates(event["timestamp"])
    gone = {
        name: value for name, value in event.items() if name not in ("summary", "description", "organizer", "flags")
    }
    gone |= dict.fromkeys(("timestamp", "lastModified", "dtstamp"), entry["timestamp"])
    assert (modified, deleted, stamp) == ([], [gone], entry["timestamp"])
    assert await alice.updates(stamp) == ([], [], stamp)
    _, deleted, _ = await alice.updates(0, fields="id,summary,filename")
    assert deleted == [{"id": event["id"], "filename": "name"}]


async def test_deleting_a_series_lists_every_instance(alice: Person) -> None:
    event = await alice.new(weekly())
    data = await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270412T070000Z")
    entry = await alice.delete(event["id"])
    # Instances come before the master in the result, by id in updates.
    assert ids(entry["deleted"]) == [data["created"][0]["id"], event["id"]]
    _, deleted, _ = await alice.updates(0)
    assert ids(deleted) == [event["id"], data["created"][0]["id"]]
    assert deleted[1]["seriesId"] == event["id"]
    assert deleted[1]["recurrenceId"] == "Europe/Berlin:20270412T090000"


async def test_the_range_holds_for_both_lists(alice: Person) -> None:
    event, gone = await alice.new(meeting()), await alice.new(meeting())
    await alice.delete(gone["id"])
    inside = {"rangeStart": "20270101T000000Z", "rangeEnd": "20280101T000000Z"}
    outside = {"rangeStart": "20280101T000000Z", "rangeEnd": "20290101T000000Z"}
    modified, deleted, _ = await alice.updates(0, **inside)
    assert (ids(modified), ids(deleted)) == ([event["id"]], [gone["id"]])
    assert await alice.updates(0, **outside) == ([], [], 0)


async def test_expand_lists_occurrences(alice: Person) -> None:
    await alice.new(weekly())
    modified, _, _ = await alice.updates(0, expand="true", fields="recurrenceId")
    assert [one["recurrenceId"][-15:-7] for one in modified] == [
        "20270405",
        "20270412",
        "20270419",
        "20270426",
        "20270503",
        "20270510",
    ]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"timestamp": "x"}, "SVL-0010"),
        ({}, "SVL-0002"),
        ({"timestamp": 0, "folder": "31"}, "CAL-4060"),
        ({"timestamp": 0, "folder": "cal://0/99999"}, "CAL-4045"),
        ({"timestamp": 0, "folder": "cal://0/41"}, "CAL-4030"),
        ({"timestamp": 0, "folder": "cal://1/0"}, "CAL-4228"),
        ({"timestamp": 0, "fields": "id,nosuch"}, "SVL-0010"),
    ],
)
async def test_refused(alice: Person, params: dict[str, str], code: str) -> None:
    assert await alice.code("updates", **{"folder": alice.folder, **params}) == code

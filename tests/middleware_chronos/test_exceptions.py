"""Single occurrences of a series: overriding, changing, deleting, restoring."""

from __future__ import annotations

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, meeting, weekly

SECOND, THIRD, LAST = "20270412T070000Z", "20270419T070000Z", "20270510T070000Z"
ZONED_SECOND, ZONED_THIRD = "Europe/Berlin:20270412T090000", "Europe/Berlin:20270419T090000"


async def test_overriding_an_occurrence(alice: Person) -> None:
    event = await alice.new(weekly(filename="series-file", description="d"))
    moved = {"summary": "Moved", "startDate": at("20270412T140000"), "endDate": at("20270412T150000")}
    data = await alice.update(event["id"], moved, recurrenceId=SECOND)
    instance, master = data["created"][0], data["updated"][0]
    stamp = instance["timestamp"]
    expected = {**event, **moved, "id": instance["id"], "sequence": 1, "recurrenceId": ZONED_SECOND}
    expected |= {"changeExceptionDates": [ZONED_SECOND], "flags": ["organizer", "accepted", "overridden"]}
    expected |= dict.fromkeys(("timestamp", "created", "lastModified", "dtstamp"), stamp)
    del expected["rrule"]
    assert instance == expected
    assert master == {**event, "changeExceptionDates": [ZONED_SECOND]} | dict.fromkeys(
        ("timestamp", "lastModified", "dtstamp"), stamp
    )
    assert await alice.get(event["id"], recurrenceId=SECOND) == instance
    modified, _, _ = await alice.updates(event["timestamp"])
    assert modified == [master, instance]


async def test_an_instance_is_read_by_its_own_id_with_its_own_recurrence_id_only(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    assert await alice.get(instance["id"], recurrenceId=SECOND) == instance
    assert await alice.code("get", folder=alice.folder, id=instance["id"], recurrenceId=THIRD) == "CAL-4042"


async def test_changing_an_instance_by_its_own_id_leaves_the_master_alone(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    data = await alice.update(instance["id"], {"location": "Here"})
    assert ids(data["updated"]) == [instance["id"]]
    through_master = await alice.update(event["id"], {"location": "There"}, recurrenceId=ZONED_SECOND)
    assert ids(through_master["updated"]) == [instance["id"], event["id"]]
    assert through_master["updated"][0]["sequence"] == 3


async def test_recurrence_id_in_the_body(alice: Person) -> None:
    event = await alice.new(weekly())
    data = await alice.update(event["id"], {"recurrenceId": THIRD, "summary": "By body"})
    assert data["created"][0]["recurrenceId"] == ZONED_THIRD


async def test_what_is_no_occurrence(alice: Person) -> None:
    event = await alice.new(weekly(deleteExceptionDates=[SECOND]))
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await alice.code("update", {"summary": "x"}, **where, recurrenceId="20270413T070000Z") == "CAL-4061"
    assert await alice.code("update", {"summary": "x"}, **where, recurrenceId="nonsense") == "CAL-4061"
    assert await alice.code("update", {"summary": "x"}, **where, recurrenceId=SECOND) == "CAL-4042"


async def test_deleting_an_occurrence(alice: Person) -> None:
    event = await alice.new(weekly())
    entry = await alice.delete(event["id"], recurrenceId=SECOND)
    assert entry["recurrenceId"] == SECOND
    assert entry["updated"][0]["deleteExceptionDates"] == [ZONED_SECOND]
    assert (entry["updated"][0]["sequence"], entry["deleted"]) == (1, [])
    again = await alice.delete(event["id"], recurrenceId=SECOND)
    assert again["updated"][0]["sequence"] == 2
    modified, deleted, _ = await alice.updates(event["timestamp"])
    assert (ids(modified), deleted) == ([event["id"]], [])


async def test_deleting_an_instance_by_its_own_id(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    entry = await alice.delete(instance["id"])
    assert ids(entry["deleted"]) == [instance["id"]]
    assert entry["updated"][0]["deleteExceptionDates"] == [ZONED_SECOND]
    assert "changeExceptionDates" not in entry["updated"][0]
    modified, deleted, _ = await alice.updates(instance["timestamp"])
    assert (ids(modified), ids(deleted)) == ([event["id"]], [instance["id"]])


async def test_deleting_an_instance_through_its_master_fails(alice: Person) -> None:
    event = await alice.new(weekly())
    await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND)
    entry = await alice.delete(event["id"], recurrenceId=SECOND)
    assert entry["timestamp"] == 0
    assert entry["error"]["code"] == "CAL-4061"
    assert "exDates=[1807513200000]" in entry["error"]["error_params"][1]


async def test_entries_fail_one_by_one(alice: Person) -> None:
    event = await alice.new(weekly())
    entries = [
        {"folder": alice.folder, "id": "99999"},
        {"folder": alice.folder, "id": event["id"]},
        {"folder": "cal://0/41", "id": "1"},
        {"folder": alice.folder, "id": "abc"},
    ]
    answer = await alice.call("delete", entries, timestamp=FAR_FUTURE)
    codes = [entry.get("error", {}).get("code") for entry in answer["data"]]
    assert codes == ["CAL-4040", None, "CAL-4030", "SVL-0011"]
    assert "error" not in answer
    assert answer["timestamp"] == answer["data"][1]["timestamp"]
    assert await alice.all() == []


async def test_a_stale_stamp_deletes_nothing(alice: Person) -> None:
    event = await alice.new(weekly())
    answer = await alice.call("delete", {"events": [{"folder": alice.folder, "id": event["id"]}]}, timestamp=1)
    assert answer["data"][0]["error"]["code"] == "CAL-4120"
    assert answer["timestamp"] == 0
    assert await alice.sees(event["id"])


async def test_restoring_an_occurrence(alice: Person) -> None:
    event = await alice.new(weekly(deleteExceptionDates=[SECOND, THIRD]))
    data = await alice.update(event["id"], {"deleteExceptionDates": [THIRD]})
    assert data["updated"][0]["deleteExceptionDates"] == [ZONED_THIRD]
    assert data["updated"][0]["sequence"] == 1
    assert (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"]


async def test_the_date_of_an_instance_among_the_deleted_ones(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    data = await alice.update(event["id"], {"deleteExceptionDates": [THIRD, SECOND]})
    assert ids(data["deleted"]) == [instance["id"]]
    assert data["updated"][0]["deleteExceptionDates"] == [ZONED_SECOND, ZONED_THIRD]
    assert "changeExceptionDates" not in data["updated"][0]


async def test_deleting_the_last_occurrence_ends_the_series(alice: Person) -> None:
    event = await alice.new(meeting(rrule="FREQ=DAILY;COUNT=2"))
    await alice.delete(event["id"], recurrenceId="20270405T070000Z")
    entry = await alice.delete(event["id"], recurrenceId="20270406T070000Z")
    assert ids(entry["deleted"]) == [event["id"]]
    assert not await alice.sees(event["id"])


async def test_get_recurrence(alice: Person) -> None:
    event = await alice.new(weekly())
    plain = (await alice.call("getRecurrence", folder=alice.folder, id=event["id"], recurrenceId=THIRD))["data"]
    assert (plain["overridden"], plain["recurrenceEvent"]["startDate"]) == (False, at("20270419T090000"))
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    answer = await alice.call("getRecurrence", folder=alice.folder, id=event["id"], recurrenceId=SECOND)
    data = answer["data"]
    assert (data["overridden"], data["recurrenceEvent"], data["masterEvent"]["id"]) == (True, instance, event["id"])

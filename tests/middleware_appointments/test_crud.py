"""Appointments come and go: new, get, all, list, update, delete, updates."""

from __future__ import annotations

from tests.middleware_appointments.people import DAY, FAR, HOUR, START, Person, ms


async def test_new_appointment_has_exactly_these_members(alice: Person) -> None:
    number = await alice.new(location="Room", note="Text", categories="a,b", alarm=15, shown_as=3, color_label=3)

    found = await alice.get(number)

    stamp = found.pop("last_modified")
    assert len(found.pop("uid")) == 36
    assert found == {
        "id": number,
        "folder_id": 31,
        "created_by": 3,
        "modified_by": 3,
        "creation_date": stamp,
        "last_modified_utc": stamp,
        "title": "Call",
        "location": "Room",
        "note": "Text",
        "categories": "a,b",
        "alarm": 15,
        "shown_as": 3,
        "color_label": 3,
        "private_flag": False,
        "number_of_attachments": 0,
        "start_date": START,
        "end_date": START + HOUR,
        "full_time": False,
        "timezone": "Europe/Berlin",
        "sequence": 0,
        "organizer": "alice@example.com",
        "organizerId": 3,
        "participants": [{"type": 1, "id": 3}],
        "users": [{"id": 3, "confirmation": 1}],
        "confirmations": [],
        "recurrence_type": 0,
    }


async def test_chronos_sees_the_same(alice: Person) -> None:
    number = await alice.new(shown_as=3, private_flag=True)
    event = await alice.client.data("chronos", "get", folder="cal://0/31", id=number)
    assert (event["summary"], event["class"], event["transp"]) == ("Call", "CONFIDENTIAL", "OPAQUE")
    assert event["startDate"] == {"value": "20270405T090000", "tzid": "Europe/Berlin"}
    assert "shownAs" not in event


async def test_times_are_shifted_into_the_zone_of_the_request(alice: Person) -> None:
    number = await alice.new()
    in_berlin = await alice.get(number, timezone="Europe/Berlin")
    assert in_berlin["start_date"] == START + 2 * HOUR
    assert in_berlin["last_modified"] == in_berlin["last_modified_utc"] + HOUR
    body = alice.appointment(start_date=START + 2 * HOUR, end_date=START + 3 * HOUR)
    answer = await alice.call("new", body, timezone="Europe/Berlin")
    assert (await alice.get(answer["data"]["id"]))["start_date"] == START


async def test_whole_days_are_dates_in_every_zone(alice: Person) -> None:
    number = await alice.new(full_time=True, start_date=ms(2027, 4, 5), end_date=ms(2027, 4, 7))
    found = await alice.get(number, timezone="America/New_York")
    assert (found["full_time"], found["start_date"], found["end_date"]) == (True, ms(2027, 4, 5), ms(2027, 4, 7))
    assert "timezone" not in found


async def test_update_changes_what_it_names(alice: Person) -> None:
    number = await alice.new(note="Text", location="Room")
    before = await alice.get(number)

    answer = await alice.update(number, title="Other", note=None)

    after = await alice.get(number)
    assert (after["title"], after["location"]) == ("Other", "Room")
    assert "note" not in after
    assert answer["data"] == {"id": str(number)}
    assert answer["timestamp"] == after["last_modified_utc"] > before["last_modified_utc"]


async def test_stale_stamps_are_refused(alice: Person) -> None:
    number = await alice.new()
    answer = await alice.call("update", {"title": "x"}, id=number, folder=31, timestamp=1)
    assert (answer["code"], answer["category"]) == ("CAL-4120", 9)
    assert (await alice.get(number))["title"] == "Call"


async def test_deleted_appointments_are_bare_numbers_in_updates(alice: Person) -> None:
    kept, gone = await alice.new(), await alice.new(title="Gone")
    stamp = (await alice.get(gone))["last_modified_utc"]
    await alice.update(kept, title="Changed")
    assert (await alice.delete(gone))["data"] == []

    answer = await alice.updates(stamp)

    assert answer["data"] == [[kept, "Changed"], gone]
    assert (await alice.updates(answer["timestamp"]))["data"] == []
    assert (await alice.updates(stamp, ignore="deleted"))["data"] == [[kept, "Changed"]]
    assert (await alice.updates(stamp, ignore="changed"))["data"] == [gone]
    assert (await alice.updates(stamp, ignore="changed,deleted"))["data"] == []


async def test_lists_are_rows_in_the_order_of_the_columns(alice: Person) -> None:
    first, second = (
        await alice.new(title="First", start_date=START + DAY, end_date=START + DAY + HOUR),
        await alice.new(),
    )
    assert await alice.all("200,1,402,208") == [["First", first, 1, None], ["Call", second, 1, None]]
    assert await alice.all("1", sort=201, order="asc") == [[second], [first]]
    assert await alice.all("1", sort=201, order="desc") == [[first], [second]]
    assert await alice.all("1", left_hand_limit=1, right_hand_limit=2) == [[second]]
    wanted = [{"id": str(second), "folder": "31"}, {"id": 999, "folder": 31}, {"id": first, "folder": 31}]
    listed = await alice.call("list", wanted, columns="1,20")
    assert listed["data"] == [[second, 31], [first, 31]]


async def test_all_takes_what_overlaps_the_range(alice: Person) -> None:
    number = await alice.new()
    spans = {START - HOUR: START, START: START + 1, START + HOUR - 1: START + HOUR, START + HOUR: START + 2 * HOUR}
    found = [await alice.all("1", start=start, end=end) for start, end in spans.items()]
    assert found == [[], [[number]], [[number]], []]


async def test_moving_leaves_a_number_behind(alice: Person) -> None:
    other = int(await _new_folder(alice))
    number = await alice.new()
    stamp = (await alice.get(number))["last_modified_utc"]
    answer = await alice.update(number, folder_id=other, title="Moved")
    assert answer["data"] == {"id": str(number)}
    assert (await alice.get(number, other))["title"] == "Moved"
    assert (await alice.updates(stamp))["data"] == [number]


async def _new_folder(person: Person) -> str:
    body = {"title": "Other", "module": "calendar", "permissions": [{"entity": person.id, "bits": 403710016}]}
    answer = await person.client.call("folders", "new", body=body, folder_id=1)
    return str(answer["data"]).removeprefix("cal://0/")


async def test_timestamp_of_a_deletion_without_anything_is_the_one_sent(alice: Person) -> None:
    answer = await alice.call("delete", [], timestamp=FAR)
    assert answer == {"data": [], "timestamp": FAR}

"""Meetings: participants, users and confirmations; conflicts; what others may do and see."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_appointments.conftest import Login
from tests.middleware_appointments.people import DAY, FAR, HOUR, START, Person

BOB, TEAM, ROOM = {"type": 1, "id": 4}, {"type": 2, "id": 6}, {"type": 3, "id": 7}
STRANGER = {"type": 5, "mail": "Eve@Example.org", "display_name": "Eve"}


async def test_everybody_has_his_place(alice: Person, bob: Person) -> None:
    number = await alice.new(participants=[TEAM, ROOM, STRANGER])

    found = await alice.get(number)

    assert found["participants"] == [STRANGER, {"type": 1, "id": 3}, TEAM, ROOM]
    assert found["users"] == [
        {"id": 3, "confirmation": 1},
        {"id": 4, "confirmation": 0},
        {"id": 5, "confirmation": 0},
    ]
    assert found["confirmations"] == [{**STRANGER, "status": 0}]
    copy = await bob.get(number)
    assert (copy["folder_id"], copy["organizerId"]) == (41, 3)


async def test_members_of_a_group_stay_when_its_list_is_sent_again(alice: Person, bob: Person) -> None:
    number = await alice.new(participants=[TEAM])
    await bob.call("confirm", {"confirmation": 1}, id=number, folder=41, timestamp=FAR)
    await alice.update(number, participants=[{"type": 1, "id": 3}, TEAM, ROOM])
    found = await alice.get(number)
    assert [one["id"] for one in found["users"]] == [3, 4, 5]
    assert found["users"][1]["confirmation"] == 1
    await alice.update(number, participants=[ROOM])
    assert [one["id"] for one in (await alice.get(number))["users"]] == [3]
    assert (await bob.call("get", id=number, folder=41))["code"] == "APP-0059"


async def test_mail_addresses_of_users_become_users(alice: Person) -> None:
    number = await alice.new(participants=[{"type": 5, "mail": "bob@example.com"}])
    assert (await alice.get(number))["participants"] == [{"type": 1, "id": 3}, BOB]


async def test_own_answer_in_a_new_appointment(alice: Person) -> None:
    number = await alice.new(confirmation=3, confirmmessage="perhaps", participants=[BOB])
    users = (await alice.get(number))["users"]
    assert users[0] == {"id": 3, "confirmation": 3, "confirmmessage": "perhaps"}


async def test_confirming(alice: Person, bob: Person) -> None:
    number = await alice.new(participants=[BOB, STRANGER], recurrence_type=1, interval=1, occurrences=3)
    before = (await alice.get(number))["last_modified_utc"]

    answer = await bob.call("confirm", {"confirmation": 2, "confirmmessage": "no"}, id=number, folder=41, timestamp=FAR)

    found = await alice.get(number)
    assert answer == {"data": {}, "timestamp": found["last_modified_utc"]}
    assert found["last_modified_utc"] > before
    assert found["users"][1] == {"id": 4, "confirmation": 2, "confirmmessage": "no"}
    for_one = await bob.call("confirm", {"confirmation": 1}, id=number, folder=41, timestamp=FAR, occurrence=2)
    assert for_one["data"] == {}
    rows = (await alice.call("getChangeExceptions", id=number, folder=31, columns="207,221"))["data"]
    assert rows[0][0] == 2
    assert rows[0][1][1]["confirmation"] == 1
    guest = {"confirmation": 1, "type": 5, "mail": "eve@example.org"}
    await alice.call("confirm", guest, id=number, folder=31, timestamp=FAR)
    assert (await alice.get(number))["confirmations"] == [{**STRANGER, "status": 1}]
    refused = await bob.call("confirm", {}, id=number, folder=41, timestamp=FAR)
    assert refused["code"] == "SVL-0009"


async def test_only_the_organizer_changes_a_meeting(alice: Person, bob: Person) -> None:
    number = await alice.new(participants=[BOB])
    assert (await bob.update(number, title="Other"))["code"] == "CAL-4038"
    assert (await bob.update(number, alarm=10))["data"] == {"id": str(number)}
    assert (await bob.get(number))["alarm"] == 10
    assert "alarm" not in await alice.get(number)


async def test_conflicts(alice: Person, bob: Person) -> None:
    first = await alice.new(participants=[BOB, ROOM])
    plain = {"ignore_conflicts": False, "title": "Second"}

    people = await bob.call("new", bob.appointment(**plain))
    room = await bob.call("new", bob.appointment(title="Third", participants=[ROOM]))

    (conflict,) = people["data"]["conflicts"]
    assert (conflict["id"], conflict["start_date"], conflict["end_date"]) == (first, START, START + HOUR)
    assert conflict["participants"] == [{"type": 1, "id": 4, "confirmation": 0}]
    assert "hard_conflict" not in conflict
    assert "timestamp" not in people
    assert room["data"]["conflicts"][0]["hard_conflict"] is True
    assert await bob.all("200") == [["Call"]]
    assert "id" in (await bob.call("new", bob.appointment(**plain, shown_as=4)))["data"]


async def test_conflict_with_an_occurrence(alice: Person) -> None:
    series = await alice.new(recurrence_type=1, interval=1, occurrences=5)
    late = {"start_date": START + DAY, "end_date": START + DAY + HOUR, "ignore_conflicts": False}
    (conflict,) = (await alice.call("new", alice.appointment(**late)))["data"]["conflicts"]
    assert (conflict["id"], conflict["recurrence_id"], conflict["recurrence_position"]) == (series, series, 2)
    assert conflict["start_date"] == START + DAY


async def test_busy_times_tell_what_one_may_know(alice: Person, bob: Person) -> None:
    shared, own = (
        await alice.new(participants=[BOB]),
        await alice.new(title="Own", start_date=START + HOUR, end_date=START + 2 * HOUR),
    )
    span: dict[str, Any] = {"start": START, "end": START + DAY}
    mine = await alice.call("freebusy", id=3, type=1, **span)
    assert [one["title"] for one in mine["data"]] == ["Call", "Own"]
    assert mine["timestamp"] == 0
    his = (await bob.call("freebusy", id=3, type=1, **span))["data"]
    assert [one.get("title") for one in his] == ["Call", None]
    assert set(his[1]) == {
        *("id", "start_date", "end_date", "shown_as", "full_time", "timezone", "color_label"),
        *("confirmations", "recurrence_type"),
    }
    assert [one["id"] for one in his] == [shared, own]


async def _share(alice: Person, bits: int) -> None:
    permissions = [{"entity": 3, "group": False, "bits": 403710016}, {"entity": 4, "group": False, "bits": bits}]
    await alice.client.data("folders", "update", body={"permissions": permissions}, id="31", timestamp=FAR)


async def test_private_appointments_in_a_shared_calendar(alice: Person, bob: Person) -> None:
    await _share(alice, 4227332)
    number = await alice.new(private_flag=True, note="secret", location="secret")
    found = await bob.get(number, 31)
    assert (found["title"], found["private_flag"]) == ("Private", True)
    assert "secret" not in str(found)
    assert "participants" not in found
    assert (await bob.update(number, 31, title="x"))["code"] == "CAL-4037"


@pytest.mark.parametrize("action", ["get", "getChangeExceptions"])
async def test_folders_that_are_not_shared_stay_shut(alice: Person, bob: Person, action: str) -> None:
    number = await alice.new()
    answer = await bob.call(action, id=number, folder=31, columns="1")
    assert answer["code"] == "APP-0062"
    assert answer["error_params"] == ["31"]


async def test_lists_over_all_calendars(alice: Person, login: Login) -> None:
    made = await alice.client.data("folders", "new", body={"title": "Other", "module": "calendar"}, folder_id=1)
    here, there = await alice.new(title="Here"), await alice.new(title="There", folder_id=made)
    assert sorted(await alice.all("1,20", folder=0)) == [[here, 31], [there, int(made)]]
    span: dict[str, Any] = {"start": START - DAY, "end": START + 2 * DAY}
    changed = await alice.call("updates", timestamp=0, columns="1", ignore="deleted", **span)
    assert changed["data"] == [[here], [there]]
    assert (await alice.call("updates", timestamp=0, columns="1"))["code"] == "SVL-0002"
    assert (await alice.call("updates", timestamp=0, columns="1", ignore="deleted"))["code"] == "SVL-0002"
    found = await alice.call("newappointments", columns="200", limit=1, **span)
    assert found["data"] == [["Here"]]
    found = await alice.call("search", {"pattern": "*er?"}, columns="200")
    assert found["data"] == [["Here"], ["There"]]
    found = await alice.call("search", {"startletter": "t"}, columns="200")
    assert found["data"] == [["There"]]
    days = await alice.call("has", **span)
    assert days["data"] == [False, True, False]
    carol = await login("carol")
    assert (await carol.call("search", {"pattern": "*"}, columns="200"))["data"] == []


async def test_copies(alice: Person) -> None:
    made = await alice.client.data("folders", "new", body={"title": "Other", "module": "calendar"}, folder_id=1)
    number = await alice.new(recurrence_type=1, interval=1, occurrences=2, note="Text", participants=[BOB])
    answer = await alice.call("copy", {"folder_id": made}, id=number, folder=31, ignore_conflicts=True)
    copy = await alice.get(int(answer["data"]["id"]), int(made))
    assert (copy["title"], copy["note"], copy["occurrences"]) == ("Call", "Text", 2)
    assert copy["uid"] != (await alice.get(number))["uid"]
    assert [one["id"] for one in copy["users"]] == [3, 4]


async def test_uids_are_resolved_and_unique(alice: Person) -> None:
    number = await alice.new(uid="one@example.com")
    assert (await alice.call("resolveuid", uid="one@example.com"))["data"] == {"id": str(number)}
    assert (await alice.call("new", alice.appointment(uid="one@example.com")))["code"] == "APP-0100"
    assert (await alice.call("resolveuid", uid="two@example.com"))["code"] == "OX-0001"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"color_label": 11}, "APP-0021"),
        ({"shown_as": 5}, "APP-0025"),
        ({"shown_as": 0}, "APP-0025"),
        ({"end_date": START - 1}, "APP-0020"),
        ({"participants": [{"type": 5}]}, "APP-0008"),
        ({"participants": [{"type": 1, "id": 99}]}, "CAL-4034"),
        ({"participants": [3]}, "SVL-0002"),
        ({"title": ["x"]}, "SVL-0002"),
        ({"title": "x" * 256}, "CAL-5070"),
        ({"start_date": "soon"}, "SVL-0002"),
        ({"recurrence_type": 1}, "APP-0087"),
        ({"recurrence_type": 1, "interval": 0}, "APP-0055"),
        ({"recurrence_type": 1, "interval": 1, "days": 2}, "APP-0097"),
        ({"recurrence_type": 2, "interval": 1}, "APP-0089"),
        ({"recurrence_type": 2, "interval": 1, "days": 128}, "APP-0056"),
        ({"recurrence_type": 3, "interval": 1}, "APP-0090"),
        ({"recurrence_type": 3, "interval": 1, "day_in_month": 32}, "APP-0042"),
        ({"recurrence_type": 3, "interval": 1, "day_in_month": 6, "days": 2}, "APP-0045"),
        ({"recurrence_type": 4, "interval": 1, "day_in_month": 31, "month": 3}, "APP-0046"),
        ({"recurrence_type": 4, "interval": 1, "day_in_month": 1, "month": 12}, "APP-0064"),
        ({"recurrence_type": 5, "interval": 1}, "APP-0092"),
        ({"recurrence_type": 1, "interval": 1, "until": START - 2 * DAY}, "APP-0086"),
        ({"recurrence_type": 1, "interval": 1, "until": START + DAY, "occurrences": 2}, "APP-0095"),
        ({"folder_id": "cal://0/31"}, "CAL-4045"),
        ({"folder_id": 32}, "CAL-4045"),
        ({"folder_id": None}, "SVL-0002"),
    ],
)
async def test_what_is_refused(alice: Person, members: dict[str, object], code: str) -> None:
    answer = await alice.call("new", alice.appointment(**members))
    assert answer["code"] == code
    assert await alice.all("1") == []


async def test_series_and_occurrences_do_not_move(alice: Person) -> None:
    made = await alice.client.data("folders", "new", body={"title": "Other", "module": "calendar"}, folder_id=1)
    number = await alice.new(recurrence_type=1, interval=1, occurrences=5)
    changed = int((await alice.update(number, recurrence_position=2, title="Other"))["data"]["id"])
    assert (await alice.update(number, folder_id=made))["code"] == "APP-0093"
    assert (await alice.update(changed, folder_id=made))["code"] == "APP-0066"
    assert (await alice.update(number, recurrence_position=9, title="x"))["code"] == "APP-0074"
    await alice.delete(number, recurrence_position=3)
    assert (await alice.update(number, recurrence_position=3, title="x"))["code"] == "APP-0098"

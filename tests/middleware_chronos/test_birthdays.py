"""The calendar of birthdays, which is computed from the contacts a user can read."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_chronos.people import Person

YEAR = {"rangeStart": "20270101T000000Z", "rangeEnd": "20280101T000000Z"}
BIRTHDAYS = "cal://1/0"
LEAP_DAY, NEW_YEAR = 951782400000, 631152000000  # 2000-02-29 and 1990-01-01


async def contact(person: Person, **fields: Any) -> str:
    """A contact in the default address book; its id there as birthdays have it."""
    folder = int(person.folder.rpartition("/")[2]) + 1  # it follows the default calendar
    answer = await person.client.call("contacts", "new", body={"folder_id": folder, **fields})
    return f"{folder}-{answer['data']['id']}"


async def test_a_birthday_is_a_series_from_the_birth_on(alice: Person) -> None:
    event_id = await contact(alice, display_name="Ann", birthday=LEAP_DAY, email1="ann@example.org")
    await contact(alice, display_name="Without")

    answer = await alice.call("all", folder=BIRTHDAYS, **YEAR)
    (event,) = answer["data"]
    assert (event["id"], event["startDate"], event["endDate"]) == (
        event_id,
        {"value": "20000229"},
        {"value": "20000301"},
    )
    assert answer["timestamp"] == event["timestamp"]
    got = await alice.call("get", folder=BIRTHDAYS, id=event_id)
    assert got["data"] == event

    days = await alice.call("all", folder=BIRTHDAYS, expand="true", fields="startDate,recurrenceId", **YEAR)
    assert days["data"] == [{"startDate": {"value": "20270228"}, "recurrenceId": "20270228"}]
    day = await alice.call("get", folder=BIRTHDAYS, id=event_id, recurrenceId="20280229")
    assert day["data"]["startDate"] == {"value": "20280229"}
    assert await alice.code("get", folder=BIRTHDAYS, id=event_id, recurrenceId="20270301") == "CAL-4042"
    assert await alice.code("get", folder=BIRTHDAYS, id=event_id, recurrenceId="19960229") == "CAL-4042"
    before = {"rangeStart": "19990101T000000Z", "rangeEnd": "20000101T000000Z"}
    assert (await alice.call("all", folder=BIRTHDAYS, **before))["data"] == []


async def test_it_holds_what_its_user_can_read(alice: Person, bob: Person) -> None:
    await contact(alice, display_name="Hers", birthday=NEW_YEAR)
    await contact(bob, display_name="His", birthday=NEW_YEAR)

    for person, folder, name in ((alice, "cal://1/0", "Hers"), (bob, "cal://2/0", "His")):
        answer = await person.call("all", folder=folder, fields="summary", **YEAR)
        assert [event["summary"][2:] for event in answer["data"]] == [name]
    assert await bob.code("all", folder="cal://1/0", **YEAR) == "CAL-4045"


async def test_it_is_searched(alice: Person) -> None:
    await contact(alice, display_name="Ann", birthday=NEW_YEAR)
    for term, hits in ((["=", {"field": "summary"}, "*Ann"], 1), (["=", {"field": "summary"}, "Ann"], 0)):
        answer = await alice.call("advancedSearch", {"filter": term}, **YEAR)
        (found,) = answer["data"]
        assert (found["folder"], len(found["events"])) == (BIRTHDAYS, hits)


@pytest.mark.parametrize(
    ("action", "params"),
    [("updates", {"timestamp": 0}), ("new", {}), ("update", {"id": "32-1", "timestamp": 0})],
)
async def test_it_is_not_changed_or_followed(alice: Person, action: str, params: dict[str, Any]) -> None:
    body = None if action == "updates" else {"summary": "x"}
    assert await alice.code(action, body, folder=BIRTHDAYS, **params) == "CAL-4228"


@pytest.mark.parametrize("birthday", [-62_135_596_800_000, 253_402_214_400_000, -1])
async def test_days_at_the_ends_of_time(alice: Person, birthday: int) -> None:
    await contact(alice, display_name="Old", birthday=birthday)
    answer = await alice.call("all", folder=BIRTHDAYS, rangeStart="00010101T000000Z", rangeEnd="99991231T000000Z")
    assert "error" not in answer


async def test_its_folder_cannot_be_changed(alice: Person) -> None:
    got = await alice.client.call("folders", "get", id=BIRTHDAYS)
    assert (got["data"]["title"], got["data"]["com.openexchange.calendar.provider"]) == ("Birthdays", "birthdays")
    changed = await alice.client.call("folders", "update", id=BIRTHDAYS, body={"folder": {"title": "x"}})
    assert changed["code"] == "CAL-4044"

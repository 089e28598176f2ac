"""An OX 7.8: what it has, and what it does not have yet."""

from __future__ import annotations

from typing import Any

import pytest

from middleware.context import Settings
from middleware.generation import Generation
from tests.middleware_appointments.people import DAY, FAR, HOUR, START, Person, ms


@pytest.fixture
def settings() -> Settings:
    return Settings(Generation.SEVEN)


@pytest.mark.parametrize(
    "module", ["chronos", "chronos/alarm", "chronos/itip", "addressbooks", "contacts/picture", "system", "appPasswords"]
)
async def test_newer_modules_are_not_there(alice: Person, module: str) -> None:
    async with alice.client.raw(module, "all", folder="31") as response:
        assert response.status == 404
        assert "Resource does not exist." in await response.text()


async def test_nothing_tells_of_what_is_not_there(alice: Person) -> None:
    capabilities = {one["id"] for one in await alice.client.data("capabilities", "all")}
    assert {"calendar", "contacts", "tasks", "freebusy", "caldav"} <= capabilities
    assert "calendar_chronos" not in capabilities
    tree = await alice.client.data("config", "")
    assert tree["serverVersion"].startswith("7.8")
    assert set(tree["folder"]) == {"calendar", "contacts", "tasks", "infostore", "eas"}
    assert "tombstoneCleanup" not in tree
    documents = await alice.client.data("jslob", "all")
    calendar = next(one for one in documents if one["id"] == "io.ox/calendar")
    assert "chronos" not in calendar["tree"]
    assert "chronos" not in calendar["meta"]


async def test_folders_have_plain_ids_only(alice: Person) -> None:
    columns = "1,301,321,319,3201"
    visible = await alice.client.data("folders", "allVisible", content_type="calendar", columns=columns)
    assert visible["private"] == [["31", "calendar", None, None, None]]
    refused = await alice.client.call("folders", "allVisible", content_type="event", columns="1")
    assert refused["code"] == "SVL-0010"
    unknown = await alice.client.call("folders", "get", id="cal://0/31")
    assert unknown["code"] == "FLD-0008"
    listed = await alice.client.data("folders", "list", parent="1", columns="1")
    assert sorted(listed) == [["31"], ["32"], ["33"]]
    body = {"title": "Other", "module": "event"}
    assert "error" in await alice.client.call("folders", "new", body=body, folder_id=1)
    made = await alice.client.data("folders", "new", body={"title": "Other", "module": "calendar"}, folder_id=1)
    assert made.isdecimal()
    assert await alice.client.data("folders", "delete", body=[made], timestamp=FAR) == []


async def test_deleting_a_folder_deletes_its_appointments(alice: Person, bob: Person) -> None:
    made = await alice.client.data("folders", "new", body={"title": "Other", "module": "calendar"}, folder_id=1)
    number = await alice.new(folder_id=made, participants=[{"type": 1, "id": 4}])
    await alice.client.data("folders", "delete", body=[made], timestamp=FAR, hardDelete=True)
    assert (await bob.call("get", id=number, folder=41))["code"] == "OX-0001"


async def test_appointments(alice: Person) -> None:
    answer = await alice.call("new", alice.appointment())
    number = answer["data"]["id"]
    assert isinstance(number, int)
    assert (await alice.get(number))["title"] == "Call"
    stale = await alice.call("update", {"title": "x"}, id=number, folder=31, timestamp=1)
    assert (stale["code"], stale["category"]) == ("OX-0001", 9)
    assert (await alice.call("resolveuid", uid=(await alice.get(number))["uid"]))["data"] == {"id": number}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"title": None}, "APP-0028"),
        ({"title": ""}, "APP-0028"),
        ({"start_date": None}, "APP-0026"),
        ({"end_date": None}, "APP-0027"),
        ({"end_date": START - HOUR}, "APP-0020"),
        ({"private_flag": True, "participants": [{"type": 1, "id": 3}, {"type": 1, "id": 4}]}, "APP-0023"),
        ({"title": "x" * 256}, "APP-0072"),
        ({"folder_id": 32}, "APP-0054"),
    ],
)
async def test_what_it_does_not_take(alice: Person, members: dict[str, Any], code: str) -> None:
    answer = await alice.call("new", alice.appointment(**members))
    assert answer["code"] == code
    assert await alice.all("1") == []


async def test_all_is_in_order_of_the_starts(alice: Person) -> None:
    later = await alice.new(start_date=START + DAY, end_date=START + DAY + HOUR)
    series = await alice.new(recurrence_type=1, interval=1, occurrences=3, title="Series")
    assert await alice.all("1,207") == [[series, 1], [later, None], [series, 2], [series, 3]]


async def test_updates_without_range_tell_of_the_first_occurrence_only(alice: Person) -> None:
    series = await alice.new(recurrence_type=1, interval=1)
    assert (await alice.updates(0, "1,207"))["data"] == [[series, 1]]
    ranged = await alice.updates(0, "1,207", start=START, end=START + 2 * DAY)
    assert ranged["data"] == [[series, 1], [series, 2]]


async def test_the_last_day_of_shorter_months(alice: Person) -> None:
    start = ms(2027, 1, 31, 9)
    series = {"recurrence_type": 3, "interval": 1, "day_in_month": 31, "occurrences": 4}
    number = await alice.new(series, start_date=start, end_date=start + HOUR, timezone="UTC")
    found = await alice.all("201", start=start, end=ms(2028, 1, 1))
    days = [ms(2027, 1, 31), ms(2027, 2, 28), ms(2027, 3, 31), ms(2027, 4, 30)]
    assert found == [[day + 9 * HOUR] for day in days]
    assert {name: (await alice.get(number))[name] for name in series} == series


async def test_changed_occurrences(alice: Person) -> None:
    number = await alice.new(recurrence_type=1, interval=1, occurrences=5)
    changed = int((await alice.update(number, recurrence_position=2, title="Other"))["data"]["id"])
    assert (await alice.delete(number, recurrence_position=2))["code"] == "APP-0011"
    assert (await alice.update(changed, recurrence_position=3, title="x"))["code"] == "APP-0083"
    assert (await alice.update(changed, recurrence_type=1, interval=1))["code"] == "APP-0099"
    assert (await alice.update(changed, uid="other"))["code"] == "APP-0058"
    await alice.update(number, sequence=9)
    assert (await alice.update(number, sequence=8))["code"] == "APP-0105"
    stranger = await alice.call("confirm", {"id": 5, "confirmation": 1}, id=number, folder=31, timestamp=FAR)
    assert stranger["code"] == "APP-0103"


async def test_the_position_of_the_texts_is_not_read(alice: Person) -> None:
    number = await alice.new(recurrence_type=1, interval=1, occurrences=5)
    await alice.delete(number, pos=2)
    assert await alice.all("1") == []


async def test_busy_times(alice: Person, bob: Person) -> None:
    number = await alice.new(participants=[{"type": 1, "id": 4}, {"type": 3, "id": 7}], location="There")
    span = {"from": START - DAY, "until": START + DAY}
    plain = {"start_date": START, "end_date": START + HOUR, "shown_as": 1}
    told = {**plain, "id": str(number), "folder_id": "31", "title": "Call", "location": "There"}
    found = await alice.call("get", module="freebusy", participant=3, **span)
    assert found["data"] == [told]
    found = await bob.call("get", module="freebusy", participant="alice@example.com", **span)
    assert found["data"] == [{**told, "folder_id": "41"}]
    listed = await bob.call("list", ["7", "6", "x@example.org"], module="freebusy", **span)
    assert set(listed["data"]) == {"7", "6", "3", "4", "5", "x@example.org"}
    assert listed["data"]["5"] == {"data": []}
    assert listed["data"]["x@example.org"]["warnings"][0]["category"] == 13
    clipped = await alice.call(
        "list", ["3", "4"], module="freebusy", merged=True, **{**span, "until": START + HOUR // 2}
    )
    assert clipped["data"]["merged"]["data"] == [{**plain, "end_date": START + HOUR // 2}]


async def test_private_appointments_of_others_tell_only_when_they_are(alice: Person, bob: Person) -> None:
    await alice.new(private_flag=True, shown_as=2)
    span = {"from": START - DAY, "until": START + DAY}
    found = await bob.call("get", module="freebusy", participant=3, **span)
    assert found["data"] == [{"start_date": START, "end_date": START + HOUR, "shown_as": 2}]
    refused = await bob.call("get", module="freebusy", participant=3)
    assert refused["code"] == "SVL-0002"


async def test_contacts_have_the_older_numbers_of_readings(alice: Person) -> None:
    book = str((await alice.client.data("config", ""))["folder"]["contacts"])
    made = {"folder_id": book, "display_name": "Ada", "yomiFirstName": "Ei", "addressOther": "There"}
    number = str((await alice.client.data("contacts", "new", body=made))["id"])
    asked = [{"folder": book, "id": number}]
    assert await alice.client.data("contacts", "list", columns="610,615,500", body=asked) == [["Ei", "There", "Ada"]]
    assert await alice.client.data("contacts", "list", columns="616,500,621", body=asked) == [["Ada"]]

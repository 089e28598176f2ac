"""Reading events: get, list, all, resolve; fields, order, ranges."""

from __future__ import annotations

import pytest

from tests.middleware_chronos.people import Person, at, ids, meeting, weekly

APRIL = {"rangeStart": "20270401T000000Z", "rangeEnd": "20270501T000000Z"}


async def _three(alice: Person) -> list[str]:
    days = ("20270410", "20270411", "20270412")
    events = [
        await alice.new({"summary": f"E{n}", "startDate": at(f"{day}T090000"), "endDate": at(f"{day}T100000")})
        for n, day in enumerate(days)
    ]
    return ids(events)


async def test_all_in_a_range(alice: Person) -> None:
    three = await _three(alice)
    answer = await alice.call("all", folder=alice.folder, fields="id", **APRIL)
    newest = max(event["timestamp"] for event in await alice.all())
    assert (answer["data"], answer["timestamp"]) == ([{"id": one} for one in three], newest)
    assert ids(await alice.all(rangeStart="20270401", rangeEnd="20270501", fields="id")) == three


@pytest.mark.parametrize(
    ("begin", "end", "found"),
    [
        ("20270410T080000Z", "20270411T070000Z", []),  # E0 ends when the range begins, E1 starts when it ends
        ("20270410T075959Z", "20270411T070000Z", ["E0"]),
        ("20270410T080000Z", "20270411T070001Z", ["E1"]),
        ("19000101T000000Z", "23000101T000000Z", ["E0", "E1", "E2"]),
    ],
)
async def test_ranges_include_their_start_only(alice: Person, begin: str, end: str, found: list[str]) -> None:
    await _three(alice)
    answer = await alice.call("all", folder=alice.folder, rangeStart=begin, rangeEnd=end)
    assert [event["summary"] for event in answer["data"]] == found
    assert ("timestamp" in answer) == bool(found)


async def test_floating_and_all_day_events_take_place_where_the_user_is(alice: Person) -> None:
    await alice.new(meeting("all-day", startDate=at("20270410", None), endDate=at("20270411", None)))
    await alice.new(meeting("floating", startDate=at("20270410T000000", None), endDate=at("20270410T000000", None)))
    # In Berlin the day begins at 22:00 UTC of the day before.
    before = {"rangeStart": "20270409T210000Z", "rangeEnd": "20270409T220001Z"}
    assert len(await alice.all(**before)) == 2
    assert await alice.all(**before, timezone="UTC") == []
    assert len(await alice.all(rangeStart="20270410T213000Z", rangeEnd="20270411T000000Z")) == 1


@pytest.mark.parametrize(
    ("params", "code", "name"),
    [
        ({}, "SVL-0002", "rangeStart"),
        ({"rangeStart": "20270401T000000Z"}, "SVL-0002", "rangeEnd"),
        ({"rangeStart": "2027-04-01", "rangeEnd": "x"}, "SVL-0010", "rangeStart"),
        ({**APRIL, "fields": "id,nosuch"}, "SVL-0010", "fields"),
        ({**APRIL, "fields": "id,relatedTo"}, "SVL-0010", "fields"),
        ({**APRIL, "sort": "nosuch"}, "SVL-0010", "sort"),
        ({**APRIL, "folder": "cal://0/99999"}, "CAL-4045", "cal://0/99999"),
        ({**APRIL, "folder": "cal://0/41"}, "CAL-4030", "cal://0/41"),
        ({**APRIL, "folder": "31"}, "CAL-4060", "31"),
    ],
)
async def test_all_refuses(alice: Person, params: dict[str, str], code: str, name: str) -> None:
    answer = await alice.call("all", **{"folder": alice.folder, **params})
    assert (answer["code"], answer["error_params"][0]) == (code, name)


async def test_order(alice: Person) -> None:
    three = await _three(alice)
    late_but_first = await alice.new(meeting("A", startDate=at("20270401T090000"), endDate=at("20270401T100000")))
    everything = [*three, late_but_first["id"]]
    assert ids(await alice.all(fields="id")) == everything
    assert ids(await alice.all(fields="id", sort="startDate")) == [late_but_first["id"], *three]
    assert ids(await alice.all(fields="id", sort="startDate", order="DESC")) == [*three[::-1], late_but_first["id"]]
    assert await alice.all(fields="id", sort="summary") == [{"id": one} for one in (late_but_first["id"], *three)]


async def test_without_folder_all_calendars_of_the_user(alice: Person, bob: Person) -> None:
    other = await alice.calendar("Other")
    one, two = await alice.new(meeting()), await alice.new(meeting(), folder=other)
    invited = await bob.new(meeting(attendees=[{"entity": 3}]))
    await bob.new(meeting("not hers"))
    answer = await alice.call("all", **APRIL, fields="id,folder")
    assert sorted((event["id"], event["folder"]) for event in answer["data"]) == sorted(
        [(one["id"], alice.folder), (invited["id"], alice.folder), (two["id"], other)]
    )


async def test_several_folders_fail_one_by_one(alice: Person) -> None:
    event = await alice.new(meeting())
    body = {"folders": [alice.folder, "cal://0/99999", "cal://0/41", "cal://1/0"]}
    answer = await alice.call("all", body, fields="id", **APRIL)
    by_folder = {one.pop("folder"): one for one in answer["data"]}
    assert by_folder[alice.folder] == {"events": [{"id": event["id"]}], "timestamp": event["timestamp"]}
    assert by_folder["cal://0/99999"]["error"]["code"] == "CAL-4045"
    assert by_folder["cal://0/41"]["error"]["code"] == "CAL-4030"
    assert by_folder["cal://1/0"] == {"events": [], "timestamp": 0}
    assert answer["timestamp"] == event["timestamp"]


async def test_list_keeps_positions_and_answers_null_for_unknown_ids(alice: Person) -> None:
    three = await _three(alice)
    asked = [{"folder": alice.folder, "id": one} for one in (three[2], "99999", three[0])]
    answer = await alice.call("list", asked, fields="id,summary")
    assert answer["data"] == [{"id": three[2], "summary": "E2"}, None, {"id": three[0], "summary": "E0"}]
    assert answer["timestamp"] == (await alice.get(three[2]))["timestamp"]


async def test_list_fails_for_a_wrong_folder(alice: Person) -> None:
    event = await alice.new(meeting())
    other = await alice.calendar("Other")
    assert await alice.code("list", [{"folder": other, "id": event["id"]}]) == "CAL-4041"
    assert await alice.code("list", [{"id": event["id"]}]) == "SVL-0002"
    assert await alice.code("list", {"id": event["id"]}) == "SVL-0031"
    assert await alice.call("list", []) == {"data": []}


async def test_list_of_an_occurrence(alice: Person) -> None:
    event = await alice.new(weekly())
    asked = [{"folder": alice.folder, "id": event["id"], "recurrenceId": "20270412T070000Z"}]
    answer = await alice.call("list", asked, fields="id,seriesId,recurrenceId,startDate")
    assert answer["data"] == [
        {
            "id": event["id"],
            "seriesId": event["id"],
            "recurrenceId": "Europe/Berlin:20270412T090000",
            "startDate": at("20270412T090000"),
        }
    ]


async def test_get_with_fields_and_without_what_it_needs(alice: Person) -> None:
    event = await alice.new(meeting())
    assert await alice.get(event["id"], fields="id,uid") == {"id": event["id"], "uid": event["uid"]}
    assert await alice.code("get", folder=alice.folder) == "SVL-0002"
    assert await alice.code("get", id=event["id"]) == "SVL-0002"
    assert await alice.code("get", folder=alice.folder, id="99999") == "CAL-4040"
    assert await alice.code("get", folder=alice.folder, id="abc") == "SVL-0011"


async def test_extended_entities(alice: Person) -> None:
    attendees = [{"entity": 3}, {"entity": 7, "cuType": "RESOURCE"}, {"entity": 6, "cuType": "GROUP"}]
    event = await alice.new(meeting(attendees=attendees))
    shown = await alice.get(event["id"], extendedEntities="true")
    by_entity = {one["entity"]: one for one in shown["attendees"]}
    contact = {"last_name": "Archer", "first_name": "Alice", "display_name": "Alice Archer"}
    assert by_entity[3]["contact"] == shown["organizer"]["contact"] == contact
    assert by_entity[7]["resource"]["display_name"] == "Room 1"
    assert by_entity[6]["group"]["display_name"] == "Team"


async def test_resolve_finds_the_folder_of_the_user(alice: Person, bob: Person, carol: Person) -> None:
    event = await alice.new(meeting(attendees=[{"entity": 4}]))
    assert (await bob.call("resolve", id=event["id"]))["data"]["folder"] == bob.folder
    assert await carol.call("resolve", id=event["id"]) == {}
    assert await alice.call("resolve", id="99999") == {}
    assert await alice.call("resolve", id=event["id"], sequence=7) == {}
    assert await alice.code("resolve", id=event["uid"]) == "SVL-0011"


async def test_unknown_actions(alice: Person) -> None:
    answer = await alice.call("search", query="E1")
    assert (answer["code"], answer["error_params"]) == ("SVL-0021", ["search", "chronos"])


async def test_needs_action_until_answered(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=[{"entity": 4}]))
    await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270412T070000Z")
    answer = await bob.call("needsAction", **APRIL, fields="id,flags")
    assert answer["data"] == [{"id": event["id"], "flags": ["scheduled", "attendee", "needs_action", "series"]}]
    await bob.answer(event["id"], "TENTATIVE")
    left = await bob.call("needsAction", **APRIL, fields="id,seriesId")
    # The instance has an answer of its own, which is still missing.
    assert [one["seriesId"] for one in left["data"]] == [event["id"]]

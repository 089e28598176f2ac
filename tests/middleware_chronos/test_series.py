"""Series: rules, occurrences, and changes of the whole series."""

from __future__ import annotations

import pytest

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, meeting, weekly

SECOND = "20270412T070000Z"


async def test_a_new_series(alice: Person) -> None:
    event = await alice.new(weekly())
    assert (event["seriesId"], event["rrule"]) == (event["id"], "FREQ=WEEKLY;BYDAY=MO;COUNT=6")
    assert event["flags"] == ["organizer", "accepted", "series"]


@pytest.mark.parametrize(
    ("rule", "stored"),
    [
        ("FREQ=DAILY;UNTIL=20270410T220000Z", "FREQ=DAILY;UNTIL=20270410T220000Z"),
        ("FREQ=DAILY;UNTIL=20270410", "FREQ=DAILY;UNTIL=20270410T000000Z"),
        ("FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=4", "FREQ=MONTHLY;BYMONTHDAY=5,20;COUNT=4"),
        ("FREQ=HOURLY;COUNT=3", "FREQ=HOURLY;COUNT=3"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU;COUNT=4", "FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU;COUNT=4"),
    ],
)
async def test_accepted_rules(alice: Person, rule: str, stored: str) -> None:
    assert (await alice.new(meeting(rrule=rule)))["rrule"] == stored


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;UNTIL=20270410T220000",
        "RRULE:FREQ=DAILY;COUNT=2",
        "FREQ=SOMETIMES",
        "FREQ=DAILY;COUNT=3;UNTIL=20270601T000000Z",
        "COUNT=3",
        "FREQ=DAILY;COUNT=0",
        "FREQ=DAILY;INTERVAL=-1",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;BYMONTH=13",
        "FREQ=WEEKLY;BYDAY=1MO",
        "FREQ=DAILY;FREQ=WEEKLY",
        "nonsense",
        "FREQ=MONTHLY;BYSETPOS=1",
        "FREQ=DAILY;COUNT=" + "9" * 5000,
    ],
)
async def test_refused_rules(alice: Person, rule: str) -> None:
    answer = await alice.call("new", meeting(rrule=rule), folder=alice.folder)
    assert (answer["code"], answer["error_params"]) == ("CAL-4002", [rule])


async def test_a_start_beside_the_rule_is_moved_with_a_warning(alice: Person) -> None:
    answer = await alice.call("new", meeting(rrule="FREQ=WEEKLY;BYDAY=TU;COUNT=3"), folder=alice.folder)
    created = answer["data"]["created"][0]
    assert (created["startDate"], created["endDate"]) == (at("20270406T090000"), at("20270406T100000"))
    assert (answer["code"], answer["categories"]) == ("CAL-1993", "WARNING")
    assert answer["warnings"]["code"] == "CAL-1993"


@pytest.mark.parametrize("spelling", ["20270412T070000Z", "Europe/Berlin:20270412T090000"])
async def test_exception_dates_in_the_spelling_of_the_server(alice: Person, spelling: str) -> None:
    event = await alice.new(weekly(deleteExceptionDates=[spelling]))
    assert event["deleteExceptionDates"] == ["Europe/Berlin:20270412T090000"]
    days = [one["startDate"]["value"][:8] for one in await alice.all(expand="true")]
    assert days == ["20270405", "20270419", "20270426", "20270503", "20270510"]


@pytest.mark.parametrize("spelling", ["20270412T090000", "20270412", "20270413T070000Z", "Mars/Base:20270412T090000"])
async def test_exception_dates_that_are_none(alice: Person, spelling: str) -> None:
    answer = await alice.call("new", weekly(deleteExceptionDates=[spelling]), folder=alice.folder)
    described = (
        "DefaultRecurrenceData [rrule=FREQ=WEEKLY;BYDAY=MO;COUNT=6, start=20270405T090000, "
        "timezone=Europe/Berlin, exDates=null, rDates=null]"
    )
    assert (answer["code"], answer["error_params"]) == ("CAL-4061", [spelling, described])


async def test_change_exceptions_cannot_be_made_by_the_client(alice: Person) -> None:
    assert "changeExceptionDates" not in await alice.new(weekly(changeExceptionDates=[SECOND]))


async def test_additional_dates(alice: Person) -> None:
    event = await alice.new(weekly(recurrenceDates=["20270408T070000Z"]))
    assert event["recurrenceDates"] == ["Europe/Berlin:20270408T090000"]
    days = [one["startDate"]["value"][:8] for one in await alice.all(expand="true")]
    assert days[:3] == ["20270405", "20270408", "20270412"]


async def test_expanded_occurrences(alice: Person) -> None:
    event = await alice.new(weekly())
    occurrences = await alice.all(expand="true", fields="id,seriesId,recurrenceId,startDate,endDate,rrule,flags")
    assert len(occurrences) == 6
    assert occurrences[1] == {
        "id": event["id"],
        "seriesId": event["id"],
        "recurrenceId": "Europe/Berlin:20270412T090000",
        "startDate": at("20270412T090000"),
        "endDate": at("20270412T100000"),
        "rrule": event["rrule"],
        "flags": ["organizer", "accepted", "series"],
    }
    assert occurrences[0]["flags"][-1] == "first_occurrence"
    assert occurrences[5]["flags"][-1] == "last_occurrence"


async def test_a_series_is_in_a_range_by_its_occurrences(alice: Person) -> None:
    event = await alice.new(weekly(deleteExceptionDates=[SECOND]))
    around = {"rangeStart": "20270419T000000Z", "rangeEnd": "20270420T000000Z"}
    assert ids(await alice.all(**around)) == [event["id"]]
    between = {"rangeStart": "20270406T000000Z", "rangeEnd": "20270412T000000Z"}
    assert await alice.all(**between) == []
    deleted = {"rangeStart": "20270412T000000Z", "rangeEnd": "20270413T000000Z"}
    assert await alice.all(**deleted) == []


async def test_get_of_an_occurrence(alice: Person) -> None:
    event = await alice.new(weekly())
    for spelling in (SECOND, "Europe/Berlin:20270412T090000", "Asia/Tokyo:20270412T160000"):
        occurrence = await alice.get(event["id"], recurrenceId=spelling)
        assert occurrence["recurrenceId"] == "Europe/Berlin:20270412T090000"
        assert occurrence["startDate"] == at("20270412T090000")
    for none in ("20270412T090000", "20270413T070000Z", "20270412", "x"):
        assert await alice.code("get", folder=alice.folder, id=event["id"], recurrenceId=none) == "CAL-4042"


@pytest.mark.parametrize(
    ("start", "end", "recurrence_id"),
    [
        (at("20270405", None), at("20270406", None), "20270412"),
        (at("20270405T090000", None), at("20270405T100000", None), "20270412T090000"),
        (at("20270405T090000Z", None), at("20270405T100000Z", None), "20270412T090000Z"),
    ],
)
async def test_recurrence_ids_are_of_the_kind_of_the_start(
    alice: Person, start: dict[str, str], end: dict[str, str], recurrence_id: str
) -> None:
    event = await alice.new(weekly(startDate=start, endDate=end))
    occurrence = await alice.get(event["id"], recurrenceId=recurrence_id)
    assert occurrence["recurrenceId"] == occurrence["startDate"]["value"] == recurrence_id


async def test_a_single_event_becomes_a_series_and_single_again(alice: Person) -> None:
    event = await alice.new(meeting())
    series = (await alice.update(event["id"], {"rrule": "FREQ=DAILY;COUNT=3"}))["updated"][0]
    assert (series["seriesId"], series["sequence"]) == (event["id"], 1)
    data = await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270406T070000Z")
    data = await alice.update(event["id"], {"rrule": None})
    single = data["updated"][0]
    assert not {"rrule", "seriesId", "changeExceptionDates"} & set(single)
    assert single["flags"] == ["organizer", "accepted"]
    assert len(data["deleted"]) == 1
    assert ids(await alice.all()) == [event["id"]]


async def test_moving_a_series_moves_its_exceptions(alice: Person) -> None:
    event = await alice.new(weekly(deleteExceptionDates=["20270426T070000Z"]))
    kept = (await alice.update(event["id"], {"summary": "x"}, recurrenceId=SECOND))["created"][0]
    moved = (
        await alice.update(
            event["id"],
            {"startDate": at("20270419T150000"), "endDate": at("20270419T160000")},
            recurrenceId="20270419T070000Z",
        )
    )["created"][0]
    data = await alice.update(event["id"], {"startDate": at("20270405T100000"), "endDate": at("20270405T110000")})
    master = data["updated"][-1]
    assert master["deleteExceptionDates"] == ["Europe/Berlin:20270426T100000"]
    assert master["changeExceptionDates"] == ["Europe/Berlin:20270412T100000", "Europe/Berlin:20270419T100000"]
    # An instance whose recurrence id changes is told as deleted and created.
    assert ids(data["created"]) == ids(data["deleted"]) == [kept["id"], moved["id"]]
    after = {one["id"]: one for one in data["created"]}
    assert after[kept["id"]]["startDate"] == at("20270412T100000")
    assert after[moved["id"]]["startDate"] == at("20270419T150000")
    assert after[moved["id"]]["recurrenceId"] == "Europe/Berlin:20270419T100000"
    _, deleted, _ = await alice.updates(0)
    assert deleted == []


async def test_instances_follow_a_start_that_is_moved_on_to_fit_the_rule(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270405T070000Z"))["created"][0]
    dates = {"startDate": at("20270406T090000"), "endDate": at("20270406T100000")}
    master = (await alice.update(event["id"], dates))["updated"][-1]
    assert master["startDate"] == at("20270412T090000")
    assert master["changeExceptionDates"] == ["Europe/Berlin:20270412T090000"]
    assert (await alice.get(instance["id"]))["recurrenceId"] == "Europe/Berlin:20270412T090000"


async def test_another_rule_drops_what_it_does_not_reach(alice: Person) -> None:
    event = await alice.new(weekly(deleteExceptionDates=["20270503T070000Z"]))
    instance = (await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270419T070000Z"))["created"][0]
    short = await alice.update(event["id"], {"rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=3"})
    assert ids(short["updated"]) == [event["id"]]
    assert "deleteExceptionDates" not in short["updated"][0]
    assert (await alice.get(instance["id"]))["flags"][-2:] == ["overridden", "last_occurrence"]
    daily = await alice.update(event["id"], {"rrule": "FREQ=DAILY;COUNT=10"})
    assert ids(daily["deleted"]) == [instance["id"]]
    assert "changeExceptionDates" not in daily["updated"][0]


async def test_instances_inherit_what_they_had_in_common_with_the_master(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "own"}, recurrenceId=SECOND))["created"][0]
    data = await alice.update(event["id"], {"summary": "new", "location": "All", "class": "PRIVATE"})
    assert ids(data["updated"]) == [instance["id"], event["id"]]
    after = data["updated"][0]
    assert (after["summary"], after["location"], after["class"], after["sequence"]) == ("own", "All", "PRIVATE", 2)


async def test_no_rule_for_an_instance(alice: Person) -> None:
    event = await alice.new(weekly())
    instance = (await alice.update(event["id"], {"summary": "own"}, recurrenceId=SECOND))["created"][0]
    body = {"event": {"rrule": "FREQ=DAILY"}}
    code = await alice.code("update", body, folder=alice.folder, id=instance["id"], timestamp=FAR_FUTURE)
    assert code == "CAL-4035"


async def test_a_single_event_becomes_a_series_with_additional_and_deleted_dates(alice: Person) -> None:
    event = await alice.new(meeting())
    dates = {"recurrenceDates": ["20270409T070000Z"], "deleteExceptionDates": ["20270406T070000Z", "20270409T070000Z"]}
    result = await alice.update(event["id"], {"rrule": "FREQ=DAILY;COUNT=3", **dates})
    (series,) = result["updated"]
    assert series["recurrenceDates"] == ["Europe/Berlin:20270409T090000"]
    assert series["deleteExceptionDates"] == ["Europe/Berlin:20270406T090000", "Europe/Berlin:20270409T090000"]

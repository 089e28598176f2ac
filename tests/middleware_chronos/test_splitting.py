"""This and all future occurrences: splitting a series, and ending it."""

from __future__ import annotations

from tests.middleware_chronos.people import FAR_FUTURE, Person, at, ids, weekly

SECOND, FOURTH, FIFTH = "20270412T070000Z", "20270426T070000Z", "20270503T070000Z"
FUTURE = {"recurrenceRange": "THISANDFUTURE"}


async def test_split(alice: Person) -> None:
    event = await alice.new(weekly(uid="split@example.com", filename="file"))
    early = (await alice.update(event["id"], {"summary": "early"}, recurrenceId=SECOND))["created"][0]
    late = (await alice.update(event["id"], {"summary": "late"}, recurrenceId=FIFTH))["created"][0]
    data = await alice.update(event["id"], {"summary": "From here"}, recurrenceId=FOURTH, **FUTURE)
    past = data["created"][0]
    assert ids(data["updated"]) == [early["id"], late["id"], event["id"]]
    rest = data["updated"][2]
    assert past["rrule"] == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270426T065959Z"
    assert (past["summary"], past["sequence"], past["startDate"]) == ("Weekly", 0, event["startDate"])
    assert past["changeExceptionDates"] == ["Europe/Berlin:20270412T090000"]
    assert past["extendedProperties"] == {"X-OX-SPLIT-FROM": {"value": "split@example.com"}}
    assert "filename" not in past
    assert rest["rrule"] == "FREQ=WEEKLY;BYDAY=MO;COUNT=3"
    assert (rest["summary"], rest["sequence"], rest["uid"]) == ("From here", 1, "split@example.com")
    assert rest["startDate"] == at("20270426T090000")
    assert rest["changeExceptionDates"] == ["Europe/Berlin:20270503T090000"]
    assert rest["extendedProperties"] == {"X-OX-SPLIT-FROM": {"value": past["uid"]}}
    assert (data["updated"][0]["seriesId"], data["updated"][0]["uid"]) == (past["id"], past["uid"])
    assert (data["updated"][1]["seriesId"], data["updated"][1]["uid"]) == (event["id"], event["uid"])
    days = sorted(one["startDate"]["value"] for one in await alice.all(expand="true"))
    assert days == [f"2027{day}T090000" for day in ("0405", "0412", "0419", "0426", "0503", "0510")]


async def test_split_with_another_time_and_the_old_rule(alice: Person) -> None:
    event = await alice.new(weekly())
    new_time = {"startDate": at("20270426T110000"), "endDate": at("20270426T120000"), "rrule": event["rrule"]}
    data = await alice.update(event["id"], new_time, recurrenceId=FOURTH, **FUTURE)
    assert data["updated"][0]["rrule"] == "FREQ=WEEKLY;BYDAY=MO;COUNT=3"
    starts = sorted(one["startDate"]["value"] for one in await alice.all(expand="true"))
    assert starts[2:4] == ["20270419T090000", "20270426T110000"]


async def test_split_of_an_all_day_series(alice: Person) -> None:
    event = await alice.new(weekly(startDate=at("20270405", None), endDate=at("20270406", None)))
    data = await alice.update(event["id"], {"summary": "x"}, recurrenceId="20270426", **FUTURE)
    assert data["created"][0]["rrule"].endswith("UNTIL=20270425")


async def test_nothing_to_split_before_the_first_occurrence(alice: Person) -> None:
    event = await alice.new(weekly())
    data = await alice.update(event["id"], {"summary": "first"}, recurrenceId="20270405T070000Z", **FUTURE)
    assert data["created"] == []
    assert (data["updated"][0]["summary"], data["updated"][0]["rrule"]) == ("first", event["rrule"])


async def test_split_outside_of_the_series(alice: Person) -> None:
    event = await alice.new(weekly())
    where = {"folder": alice.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    code = await alice.code("update", {"summary": "x"}, **where, recurrenceId="20290426T070000Z", **FUTURE)
    assert code == "CAL-4061"


async def test_attendees_cannot_split(alice: Person, bob: Person) -> None:
    event = await alice.new(weekly(attendees=[{"entity": 4}]))
    where = {"folder": bob.folder, "id": event["id"], "timestamp": FAR_FUTURE}
    assert await bob.code("update", {"summary": "x"}, **where, recurrenceId=FOURTH, **FUTURE) == "CAL-4038"
    entry = await bob.delete(event["id"], recurrenceId=FOURTH, **FUTURE)
    assert entry["error"]["code"] == "CAL-4038"


async def test_deleting_from_an_occurrence_on(alice: Person) -> None:
    event = await alice.new(weekly())
    late = (await alice.update(event["id"], {"summary": "late"}, recurrenceId=FIFTH))["created"][0]
    entry = await alice.delete(event["id"], recurrenceId=FOURTH, **FUTURE)
    assert entry["updated"][0]["rrule"] == "FREQ=WEEKLY;BYDAY=MO;UNTIL=20270426T065959Z"
    assert entry["updated"][0]["sequence"] == 1
    assert ids(entry["deleted"]) == [late["id"]]
    assert len(await alice.all(expand="true")) == 3


async def test_deleting_from_the_first_occurrence_on(alice: Person) -> None:
    event = await alice.new(weekly())
    entry = await alice.delete(event["id"], recurrenceId="20270405T070000Z", **FUTURE)
    assert ids(entry["deleted"]) == [event["id"]]
    assert await alice.all() == []

"""Series: how rules look, and occurrences by position."""

from __future__ import annotations

from typing import Any

import pytest

from tests.middleware_appointments.people import DAY, HOUR, START, Person, ms

WEEK = 7 * DAY
MONDAYS = {"recurrence_type": 2, "interval": 1, "days": 2, "occurrences": 5}


def monday(position: int) -> int:
    """The Date of an occurrence."""
    return ms(2027, 4, 5) + (position - 1) * WEEK


@pytest.mark.parametrize(
    ("members", "rule", "shown"),
    [
        ({"recurrence_type": 1, "interval": 2}, "FREQ=DAILY;INTERVAL=2", {}),
        (MONDAYS, "FREQ=WEEKLY;BYDAY=MO;COUNT=5", {}),
        ({"recurrence_type": 2, "interval": 1, "days": 62}, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", {}),
        ({"recurrence_type": 3, "interval": 1, "day_in_month": 5}, "FREQ=MONTHLY;BYMONTHDAY=5", {}),
        (
            {"recurrence_type": 3, "interval": 3, "day_in_month": 1, "days": 2},
            "FREQ=MONTHLY;INTERVAL=3;BYDAY=MO;BYSETPOS=1",
            {},
        ),
        (
            {"recurrence_type": 3, "interval": 1, "day_in_month": 5, "days": 2},
            "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=-1",
            {"day_in_month": -1, "start_date": ms(2027, 4, 26, 7)},
        ),
        (
            {"recurrence_type": 4, "interval": 1, "day_in_month": 5, "month": 3},
            "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=5",
            {},
        ),
        (
            {"recurrence_type": 4, "interval": 1, "day_in_month": 5, "month": 3, "days": 2},
            "FREQ=YEARLY;BYMONTH=4;BYDAY=MO;BYSETPOS=-1",
            {"start_date": ms(2027, 4, 26, 7)},
        ),
        (
            {"recurrence_type": 1, "interval": 1, "until": ms(2027, 4, 10)},
            "FREQ=DAILY;UNTIL=20270410T070000Z",
            {},
        ),
    ],
)
async def test_rules(alice: Person, members: dict[str, Any], rule: str, shown: dict[str, Any]) -> None:
    number = await alice.new(members)
    event = await alice.client.data("chronos", "get", folder="cal://0/31", id=number)
    assert event["rrule"] == rule
    found = await alice.get(number)
    assert {name: found[name] for name in members} == {
        **members,
        **{name: value for name, value in shown.items() if name in members},
    }
    assert found["recurrence_id"] == number
    start = shown.get("start_date", START)
    assert (found["start_date"], found["recurrence_start"]) == (start, str(start - start % DAY))


async def test_series_as_occurrences_and_as_a_whole(alice: Person) -> None:
    number = await alice.new(MONDAYS)
    whole = await alice.all("1,201,206,207,208,209", recurrence_master=True)
    assert whole == [[number, START, number, None, None, 2]]
    found = await alice.all("1,201,207,208")
    assert found == [[number, START + place * WEEK, place + 1, monday(place + 1)] for place in range(5)]
    later = await alice.all("207", start=monday(3), end=monday(5))
    assert later == [[3], [4]]


async def test_a_change_of_one_occurrence_makes_an_appointment_of_its_own(alice: Person) -> None:
    number = await alice.new(MONDAYS)

    answer = await alice.update(number, recurrence_position=2, title="Other", start_date=START + WEEK + HOUR)

    changed = int(answer["data"]["id"])
    assert changed != number
    found = await alice.get(changed)
    assert (found["title"], found["start_date"]) == ("Other", START + WEEK + HOUR)
    assert (found["recurrence_id"], found["recurrence_type"]) == (number, 0)
    assert (found["recurrence_position"], found["recurrence_date_position"]) == (2, monday(2))
    assert "change_exceptions" not in found
    assert (await alice.get(number))["change_exceptions"] == [monday(2)]
    rows = await alice.all("1,207")
    assert rows == [[number, 1], [number, 3], [number, 4], [number, 5], [changed, 2]]
    exceptions = await alice.call("getChangeExceptions", id=number, folder=31, columns="1,207")
    assert exceptions["data"] == [[changed, 2]]


async def test_zone_without_dates_keeps_an_occurrence_where_it_is(alice: Person) -> None:
    number = await alice.new(MONDAYS)
    answer = await alice.update(number, recurrence_date_position=monday(3), timezone="America/New_York")
    found = await alice.get(int(answer["data"]["id"]))
    assert (found["start_date"], found["timezone"]) == (START + 2 * WEEK, "America/New_York")


@pytest.mark.parametrize("named", [{"pos": 3}, {"recurrence_position": 3}, {"recurrence_date_position": monday(3)}])
async def test_deleting_an_occurrence(alice: Person, named: dict[str, int]) -> None:
    number = await alice.new(MONDAYS)
    stamp = (await alice.get(number))["last_modified_utc"]
    assert (await alice.delete(number, **named))["data"] == []
    assert (await alice.get(number))["delete_exceptions"] == [monday(3)]
    rows = (await alice.updates(stamp, "1,207"))["data"]
    assert rows == [[number, 1], [number, 2], [number, 4], [number, 5]]


async def test_deleting_a_changed_occurrence(alice: Person) -> None:
    number = await alice.new(MONDAYS)
    changed = int((await alice.update(number, recurrence_position=2, title="Other"))["data"]["id"])
    refused = await alice.delete(number, recurrence_position=2)
    assert refused["code"] == "APP-0074"
    stamp = (await alice.get(number))["last_modified_utc"]
    assert (await alice.delete(changed))["data"] == []
    master = await alice.get(number)
    assert master["delete_exceptions"] == [monday(2)]
    assert "change_exceptions" not in master
    found = await alice.updates(stamp, "1", recurrence_master=True)
    assert found["data"] == [[number], changed]


async def test_days_of_occurrences_are_those_in_utc(alice: Person) -> None:
    half_past_midnight = ms(2027, 4, 5, 22, 30)
    number = await alice.new(
        MONDAYS, days=4, start_date=half_past_midnight, end_date=half_past_midnight + HOUR, occurrences=2
    )
    assert await alice.all("201,208") == [
        [half_past_midnight, monday(1)],
        [half_past_midnight + WEEK, monday(2)],
    ]
    assert (await alice.delete(number, recurrence_date_position=monday(2)))["data"] == []
    assert (await alice.get(number))["delete_exceptions"] == [monday(2)]


async def test_a_series_can_become_a_single_appointment(alice: Person) -> None:
    number = await alice.new(MONDAYS)
    await alice.update(number, recurrence_type=0)
    found = await alice.get(number)
    assert found["recurrence_type"] == 0
    assert "recurrence_id" not in found
    assert "days" not in found


async def test_the_kind_of_end_can_be_changed(alice: Person) -> None:
    number = await alice.new(MONDAYS)
    rule = {**MONDAYS, "occurrences": None, "until": monday(2)}
    await alice.update(number, **rule)
    found = await alice.get(number)
    assert found["until"] == monday(2)
    assert "occurrences" not in found
    assert len(await alice.all("1")) == 2


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=1MO,3MO", "FREQ=YEARLY;BYMONTH=4,5"]
)
async def test_rules_that_appointments_cannot_say_fail(alice: Person, rule: str) -> None:
    event = {
        "summary": "Odd",
        "startDate": {"value": "20270405T090000Z"},
        "endDate": {"value": "20270405T100000Z"},
        "rrule": f"{rule};COUNT=3",
    }
    created = await alice.client.data("chronos", "new", body=event, folder="cal://0/31")
    answer = await alice.call("get", id=created["created"][0]["id"], folder=31)
    assert answer["code"] == "CAL-4223"

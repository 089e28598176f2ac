"""Tasks that recur: the dates of the next one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from middleware.tasks import recurrence
from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import DAY, MINE, START, add, get, update

DATES: dict[str, Any] = {"full_time": True, "start_time": START, "end_time": START + DAY}
DAILY: dict[str, Any] = {"recurrence_type": 1, "interval": 1}
WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")
LONGEST_COMMON_DAY = 28


def day(text: str) -> int:
    return int(datetime.fromisoformat(f"{text}T00:00:00+00:00").timestamp()) * 1000


async def complete(client: OXClient, task: int) -> list[dict[str, Any]]:
    """Complete a task; the other tasks of the list."""
    assert "error" not in await update(client, task, status=3, percent_completed=100)
    rows = await client.data("tasks", "all", folder=MINE, columns="1")
    return [await get(client, row[0]) for row in rows if row[0] != task]


async def test_the_next_one_takes_everything_but_the_answers(alice: OXClient) -> None:
    fields: dict[str, Any] = {
        "note": "n",
        "priority": 3,
        "categories": "A",
        "participants": [{"type": 1, "id": 4}],
        "alarm": START,
    }
    number = await add(alice, **DATES, **DAILY, **fields)
    answer = {"id": number, "folder": MINE, "timestamp": 2**53, "body": {"id": 4, "confirmation": 1}}
    await alice.data("tasks", "confirm", **answer)
    (following,) = await complete(alice, number)
    assert {name: following[name] for name in ("note", "priority", "categories")} == {
        name: fields[name] for name in ("note", "priority", "categories")
    }
    assert (following["start_time"], following["end_time"]) == (START + DAY, START + 2 * DAY)
    assert (following["status"], following["percent_completed"]) == (1, 0)
    assert following["users"] == [{"id": 4, "confirmation": 0}]
    assert "alarm" not in following


@pytest.mark.parametrize("end", [{"occurrences": 1}, {"until": START + DAY - 1000}])
async def test_after_the_last_one_there_is_none(alice: OXClient, end: dict[str, Any]) -> None:
    assert await complete(alice, await add(alice, **DATES, **DAILY, **end)) == []


async def test_completing_twice_creates_one(alice: OXClient) -> None:
    number = await add(alice, **DATES, **DAILY)
    assert len(await complete(alice, number)) == 1
    await update(alice, number, status=2)
    assert len(await complete(alice, number)) == 1


async def test_a_start_that_does_not_fit_is_moved(alice: OXClient) -> None:
    task = await get(alice, await add(alice, **DATES, recurrence_type=2, interval=1, days=2))
    assert (task["start_time"], task["end_time"]) == (day("2027-03-08"), day("2027-03-09"))


async def test_the_end_that_was_sent_last_counts(alice: OXClient) -> None:
    number = await add(alice, **DATES, **DAILY, occurrences=3)
    await update(alice, number, until=START + 9 * DAY)
    task = await get(alice, number)
    assert ("occurrences" in task, task["until"]) == (False, START + 9 * DAY)
    both: dict[str, Any] = {**DATES, **DAILY, "occurrences": 2, "until": START}
    assert (await update(alice, number, **both))["code"] == "SVL-0002"


async def test_no_series_any_more(alice: OXClient) -> None:
    number = await add(alice, **DATES, **DAILY, occurrences=3)
    await update(alice, number, recurrence_type=0)
    task = await get(alice, number)
    assert (task["recurrence_type"], "interval" in task, "occurrences" in task) == (0, False, False)
    assert await complete(alice, number) == []


def test_a_day_that_a_month_does_not_have_is_its_last() -> None:
    fields = {"start_time": day("2027-01-31"), "end_time": day("2027-01-31"), "recurrence_type": 3, "interval": 1}
    assert recurrence.following({**fields, "day_in_month": 31}) == {
        "start_time": day("2027-02-28"),
        "end_time": day("2027-02-28"),
    }


@given(
    start=st.integers(0, 20_000),
    kind=st.integers(1, 4),
    interval=st.integers(1, 5),
    days=st.one_of(st.none(), st.integers(1, 127)),
    month=st.integers(0, 11),
    number=st.integers(1, LONGEST_COMMON_DAY),
)
def test_dates_are_those_of_the_rule(
    start: int, kind: int, interval: int, days: int | None, month: int, number: int
) -> None:
    if days is None and kind == recurrence.Type.WEEKLY:
        days = 127
    position = number if days is None else number % 5 + 1
    fields: dict[str, Any] = {
        "start_time": start * DAY,
        "end_time": start * DAY,
        "recurrence_type": kind,
        "interval": 1 if kind == recurrence.Type.YEARLY else interval,
        "days": days,
        "day_in_month": position,
        "month": month,
    }
    rule = f"FREQ={recurrence.Type(kind).name};INTERVAL={fields['interval']}"
    if kind == recurrence.Type.YEARLY:
        rule += f";BYMONTH={month + 1}"
    if days is not None and kind != recurrence.Type.DAILY:
        rule += ";BYDAY=" + ",".join(name for bit, name in enumerate(WEEKDAYS) if days >> bit & 1)
    if kind >= recurrence.Type.MONTHLY:
        last = -1 if position == 5 else position
        rule += f";BYMONTHDAY={position}" if days is None else f";BYSETPOS={last}"
    moment = datetime.fromtimestamp(start * DAY / 1000, UTC)
    expected = iter(rrulestr(rule, dtstart=moment))
    first = {**fields, **recurrence.first(fields)}
    assert first["start_time"] == int(next(expected).timestamp()) * 1000
    following = recurrence.following(first)
    assert following is not None
    if kind in (recurrence.Type.MONTHLY, recurrence.Type.YEARLY, recurrence.Type.WEEKLY) and fields["interval"] > 1:
        return  # from here on the second rule counts its intervals from another start
    assert following["start_time"] == int(next(expected).timestamp()) * 1000

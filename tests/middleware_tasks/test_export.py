"""`export?action=ICAL` of task lists and single tasks."""

from __future__ import annotations

import json
import re
from typing import Any

import icalendar

from tests.middleware.client import OXClient
from tests.middleware_tasks.lists import BOBS, DAY, MINE, START, add


def unfolded(text: str) -> list[str]:
    """The lines without what differs every time."""
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    return [one for one in lines if not one.startswith(("DTSTAMP:", "CREATED:", "LAST-MODIFIED:"))]


async def exported(client: OXClient, **params: str) -> str:
    async with client.raw("export", "ICAL", **params) as response:
        assert response.content_type == "text/calendar", await response.text()
        return str(await response.text())


async def test_a_series_as_recorded(alice: OXClient) -> None:
    series: dict[str, Any] = {"recurrence_type": 1, "interval": 1, "occurrences": 3}
    await add(alice, title="Daily", uid="u", full_time=True, start_time=START, end_time=START, **series)
    assert unfolded(await exported(alice, folder=MINE))[5:-2] == [
        "BEGIN:VTODO",
        "SUMMARY:Daily",
        "DTSTART:20270303T000000Z",
        "DUE:20270303T000000Z",
        "CLASS:PUBLIC",
        "RRULE:FREQ=DAILY;INTERVAL=1",
        "UID:u",
        "END:VTODO",
    ]


async def test_participants_as_recorded(alice: OXClient) -> None:
    external = {"type": 5, "mail": "ext@other.example", "display_name": "Ext"}
    await add(alice, title="Delegated", uid="u", participants=[{"type": 1, "id": 4}, external])
    assert unfolded(await exported(alice, folder=MINE))[6:-3] == [
        "SUMMARY:Delegated",
        "CLASS:PUBLIC",
        "ATTENDEE;ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL;CN=Bob Baker;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com",
        "ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;ROLE=REQ-PARTICIPANT;RSVP=TRUE:mailto:ext@other.example",
        "UID:u",
    ]


async def test_everything_can_be_parsed(alice: OXClient) -> None:
    monthly: dict[str, Any] = {
        "recurrence_type": 3,
        "interval": 2,
        "days": 2,
        "day_in_month": 5,
        "until": START + 400 * DAY,
    }
    done: dict[str, Any] = {
        "status": 3,
        "percent_completed": 100,
        "date_completed": START,
        "priority": 3,
        "alarm": START,
    }
    dates: dict[str, Any] = {"full_time": True, "start_time": START, "end_time": START}
    await add(alice, title="a, b; c", note="two\nlines", categories="A,B", **dates, **monthly, **done)
    todo: Any
    (todo,) = icalendar.Calendar.from_ical(await exported(alice, folder=MINE)).walk("VTODO")
    assert (str(todo["SUMMARY"]), str(todo["DESCRIPTION"])) == ("a, b; c", "two\nlines")
    assert todo["RRULE"]["BYDAY"] == ["MO"]
    assert todo["RRULE"]["BYSETPOS"] == [-1]
    assert (todo["PRIORITY"], todo["PERCENT-COMPLETE"], str(todo["STATUS"])) == (1, 100, "COMPLETED")
    assert [str(one) for one in todo["CATEGORIES"].cats] == ["A", "B"]
    assert len(todo.walk("VALARM")) == 1


async def test_named_tasks_only(alice: OXClient) -> None:
    number = await add(alice, title="wanted")
    await add(alice, title="other")
    body = [{"folder_id": MINE, "id": number}]
    async with alice.raw("export", "ICAL", body=body) as response:
        text = await response.text()
        assert "wanted.ics" in response.headers["Content-Disposition"]
    assert "SUMMARY:wanted" in text
    assert "SUMMARY:other" not in text


async def test_lists_of_others_are_not_exported(alice: OXClient, bob: OXClient) -> None:
    number = await add(bob, BOBS, title="secret")
    async with alice.raw("export", "ICAL", folder=BOBS) as response:
        assert json.loads(await response.text())["code"] == "FLD-0003"
    async with alice.raw("export", "ICAL", body=[{"folder_id": BOBS, "id": number}]) as response:
        assert json.loads(await response.text())["code"] == "FLD-0003"

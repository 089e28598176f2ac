"""What belongs to one user alone stays as it is whatever another one calls: no folder is shared here."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.running import open_context, serve
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

LATE = 9007199254740991
WHEN = {"startDate": {"value": "20370405"}, "endDate": {"value": "20370406"}}
SPAN = {"rangeStart": "20370101T000000Z", "rangeEnd": "20380101T000000Z"}
ALARM = {"action": "DISPLAY", "trigger": {"duration": "-PT15M"}, "description": "x"}
EVENT = {"folder": "cal://0/31", "id": "1", "timestamp": LATE}
APPOINTMENT = {"folder": "31", "id": "1", "timestamp": LATE}
CONTACT = {"folder": "32", "id": "5", "timestamp": LATE}
TASK = {"folder": "33", "id": "1", "timestamp": LATE}
FILES = {"folder": 33, "attached": 1, "module": 4}
PERMISSIONS = {"permissions": [{"entity": 4, "group": False, "bits": 403710016}]}
ANSWER = {"attendee": {"entity": 3, "partStat": "DECLINED"}}

# Calls of bob that aim at what alice has.
# fmt: off
CALLS: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
    ("user", "update", {"locale": "de_DE", "timezone": "Asia/Tokyo"}, {"id": 3, "timestamp": LATE}),
    ("user", "setAttribute", {"name": "x", "value": "his"}, {"id": 3}),
    ("jslob", "set", {"mine": False}, {"id": "doc"}),
    ("jslob", "update", {"path": "mine", "value": 2}, {"id": "doc", "user": 3}),
    ("config", "", {"value": "Asia/Tokyo"}, {}),
    ("contacts", "update", {"display_name": "Nobody"}, {"folder": "6", "id": "2", "timestamp": LATE}),
    ("contacts", "update", {"display_name": "Nobody"}, CONTACT),
    ("contacts", "delete", [{"folder": "32", "id": "5"}], {"timestamp": LATE}),
    ("addressbooks", "update", {"display_name": "Nobody"}, {**CONTACT, "folder": "con://0/32"}),
    ("chronos", "update", {"event": {"summary": "x"}}, EVENT),
    ("chronos", "update", {"event": {"alarms": None}}, EVENT),
    ("chronos", "update", {"event": {"summary": "x"}}, {**EVENT, "folder": "cal://0/41"}),
    ("chronos", "updateAttendee", ANSWER, EVENT),
    ("chronos", "updateAttendee", ANSWER, {**EVENT, "folder": "cal://0/41"}),
    ("chronos", "move", {}, {**EVENT, "targetFolder": "cal://0/41"}),
    ("chronos", "changeOrganizer", {"organizer": {"entity": 4}}, EVENT),
    ("chronos", "split", {}, EVENT),
    ("chronos", "delete", {"events": [{"folder": "cal://0/31", "id": "1"}]}, {"timestamp": LATE}),
    ("chronos/alarm", "ack", {}, {**EVENT, "alarmId": "1"}),
    ("chronos/alarm", "snooze", {}, {**EVENT, "alarmId": "1", "snoozeTime": 60000}),
    ("calendar", "update", {"title": "x"}, APPOINTMENT),
    ("calendar", "confirm", {"confirmation": 2, "id": 3}, APPOINTMENT),
    ("calendar", "delete", [{"folder": "31", "id": 1}], {"timestamp": LATE}),
    ("tasks", "update", {"title": "x"}, TASK),
    ("tasks", "update", {"title": "x", "folder_id": "43"}, TASK),
    ("tasks", "confirm", {"confirmation": 2, "id": 3}, TASK),
    ("tasks", "delete", [{"folder": "33", "id": 1}], {"timestamp": LATE}),
    ("attachment", "detach", [1], FILES),
    ("reminder", "delete", [{"id": 1}], {}),
    ("reminder", "remindAgain", {"alarm": 1}, {"id": 1}),
    ("folders", "update", {"folder": {"title": "His"}}, {"id": "cal://0/31", "timestamp": LATE}),
    ("folders", "update", {"folder": PERMISSIONS}, {"id": "33", "timestamp": LATE}),
    ("folders", "update", {"folder": PERMISSIONS}, {"id": "con://0/32", "timestamp": LATE}),
    ("folders", "clear", ["31", "32", "33"], {"timestamp": LATE}),
    ("folders", "delete", ["31", "32", "33"], {"timestamp": LATE, "hardDelete": "true"}),
    ("folders", "new", {"title": "In hers", "module": "tasks"}, {"folder_id": "33"}),
    ("import", "ICAL", "BEGIN:VCALENDAR", {"folder": "31"}),
)
# fmt: on


async def prepare(alice: OXClient) -> None:
    """One of everything."""
    await alice.data("chronos", "new", folder="cal://0/31", body={"summary": "Hers", "alarms": [ALARM], **WHEN})
    contact = await alice.data("contacts", "new", body={"folder_id": "32", "display_name": "Friend"})
    assert contact["id"] == CONTACT["id"]
    await alice.data("tasks", "new", body={"folder_id": "33", "title": "Hers", "alarm": 2114035200000})
    await alice.call("jslob", "set", id="doc", body={"mine": True})
    await alice.call("user", "setAttribute", id=3, body={"name": "x", "value": "hers"})


async def everything(alice: OXClient) -> list[Any]:
    """What alice has, as she sees it."""
    answers = [
        await alice.call("user", "get", id=3),
        await alice.call("user", "getAttribute", id=3, name="x"),
        await alice.call("config/timezone"),
        await alice.call("jslob", "get", id="doc"),
        await alice.call("chronos", "all", folder="cal://0/31", **SPAN),
        await alice.call("chronos", "updates", folder="cal://0/31", timestamp=0),
        await alice.call("contacts", "all", folder="32", columns="1,5,500"),
        await alice.call("tasks", "all", folder="33", columns="1,5,200,204"),
        await alice.call("tasks", "updates", folder="33", columns="1", timestamp=0, ignore="none"),
        await alice.call("reminder", "range", end=LATE),
        await alice.call("folders", "allVisible", content_type="event", columns="1,5,300,306"),
        await alice.call("folders", "allVisible", content_type="contacts", columns="1,5,300,306"),
        await alice.call("folders", "allVisible", content_type="tasks", columns="1,5,300,306"),
    ]
    for answer in answers:
        answer.pop("error_id", None)
        for reminder in answer["data"] if isinstance(answer.get("data"), list) else ():
            if isinstance(reminder, dict):
                reminder.pop("server_time", None)
    return answers


async def try_calls(chosen: list[int], *, each: bool = False) -> None:
    """Bob makes these calls; alice looks after all of them, or after each."""
    context = open_context(None)
    populate(context)
    running = await serve(context)
    try:
        async with OXClient(running.url) as alice, OXClient(running.url) as bob:
            await alice.login("alice")
            await bob.login("bob")
            await prepare(alice)
            before = await everything(alice)
            for number in chosen:
                module, action, body, params = CALLS[number]
                path = "config/timezone" if module == "config" else module
                async with bob.raw(path, action, body=body, **params) as response:
                    assert response.status < 500, CALLS[number]
                assert not each or await everything(alice) == before, CALLS[number]
            assert await everything(alice) == before, [CALLS[number] for number in chosen]
    finally:
        await running.stop()


def test_each_call_alone() -> None:
    asyncio.run(try_calls(list(range(len(CALLS))), each=True))


@given(st.lists(st.integers(0, len(CALLS) - 1), min_size=2, max_size=8))
@settings(max_examples=6, deadline=None)
def test_any_sequence(chosen: list[int]) -> None:
    asyncio.run(try_calls(chosen))

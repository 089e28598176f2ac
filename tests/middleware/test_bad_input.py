"""Nonsense for every action of every module: an OX envelope, never a broken server, and nothing stored by an error."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleware.running import Running, open_context, serve
from tests.middleware.client import OXClient
from tests.middleware.conftest import populate

START = {"value": "20270405T090000", "tzid": "Europe/Berlin"}
END = {"value": "20270405T100000", "tzid": "Europe/Berlin"}
SERIES = {"summary": "Series", "startDate": START, "endDate": END, "rrule": "FREQ=DAILY;COUNT=5"}
DAILY = {"full_time": True, "start_time": 0, "end_time": 0, "recurrence_type": 1, "interval": 1}
TASK = {"folder_id": "33", "title": "Series", "alarm": 0, **DAILY}
LATE = "9007199254740991"
DAY = 1_806_883_200_000

# fmt: off
PARAMETERS = [
    "id", "folder", "folder_id", "fields", "columns", "timestamp", "rangeStart", "rangeEnd", "recurrenceId",
    "recurrenceRange", "content_type", "tree", "parent", "ignore", "sort", "order", "timezone", "alarmId",
    "snoozeTime", "from", "until", "merge", "targetFolder", "query", "start", "end", "user_id", "contact_id",
    "expand", "checkConflicts", "serviceId", "module", "uid", "managedId", "left_hand_limit", "right_hand_limit",
    "format", "name", "extendedEntities", "recurrence_position", "occurrence", "recurrence_master", "limit", "type",
    "participant", "merged", "attached", "modules",
]
MEMBERS = [
    "event", "events", "attendee", "attendees", "alarms", "summary", "startDate", "endDate", "rrule", "recurrenceId",
    "recurrenceDates", "deleteExceptionDates", "organizer", "extendedProperties", "geo", "conferences", "categories",
    "folders", "filter", "pattern", "folder_id", "title", "module", "permissions", "members", "name", "display_name",
    "id", "folder", "first_name", "email1", "birthday", "distribution_list", "image1", "value", "tzid", "entity",
    "uri", "partStat", "trigger", "action", "duration", "color", "com.openexchange.calendar.extendedProperties",
    "field", "mailaddress", "availability", "uid", "url", "sequence", "status", "class", "transp", "attachments",
    "timestamp", "used_for_sync", "subscribed", "meta", "start_date", "end_date", "full_time", "timezone", "alarm",
    "recurrence_type", "interval", "days", "day_in_month", "month", "until", "occurrences", "recurrence_position",
    "recurrence_date_position", "participants", "shown_as", "color_label", "private_flag", "confirmation", "pos",
    "startletter", "organizerId", "principal", "start_time", "end_time", "priority", "percent_completed", "note",
    "actual_costs", "target_duration", "confirmmessage", "type",
]
# fmt: on

_numbers = ["1", "-1", "9" * 19, "9" * 30, "9" * 5000]
_folders = ["31", "33", "cal://0/31", "cal://0/99999", "con://0/32"]
_words = ["", "x", "a,b", "1,20", "20270405", "20270406T070000Z", "\0", "é" * 300, "null", "true", "{}", "[1]"]
_texts = st.sampled_from([*_numbers, *_folders, *_words])
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, -1, 3, 2**31, 2**63, 10**30, 1.5, 1e300]),
    _texts,
    st.sampled_from([START, END]),
)
_bodies = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(MEMBERS), inner, min_size=1, max_size=4)
    ),
    max_leaves=8,
)


def _skeleton(body: Any) -> list[Any]:
    """The body itself, and inside of what makes an action go further."""
    fields = body if isinstance(body, dict) else {"summary": body}
    event = {**SERIES, **fields}
    appointment = {"folder_id": 31, "title": "A", "start_date": DAY, "end_date": DAY, "recurrence_type": 1, **fields}
    named = {"id": 1, "folder": 31, **fields}
    chronos = [body, event, {"event": fields}, {"events": [fields]}, {"attendee": fields}]
    tasks = [{"folder_id": 33, **fields}, [{"id": 1, "folder": 33, **fields}]]
    return [*chronos, [fields], {"folder_id": "32"}, appointment, [named], *tasks]


@contextmanager
def _served() -> Iterator[tuple[asyncio.Runner, Running, OXClient]]:
    """A server with a series of alice, and her session; without pytest's loop, which hypothesis does not know."""
    with asyncio.Runner() as runner:
        context = open_context(None)
        populate(context)
        running = runner.run(serve(context))

        async def sign_in() -> OXClient:
            client = OXClient(running.url)
            await client.login("alice")
            await client.data("chronos", "new", folder="cal://0/31", body=SERIES)
            await client.data("tasks", "new", body=TASK)
            return client

        client = runner.run(sign_in())
        try:
            yield runner, running, client
        finally:
            runner.run(client.close())
            runner.run(running.stop())


def _stored(running: Running) -> dict[str, list[Any]]:
    """Everything in the store except numbers that were used up."""
    with running.context.store.reading() as connection:
        names = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
        wanted = [name for name in names if name != "sequences"]
        return {name: list(connection.exec_driver_sql(f"SELECT * FROM {name}")) for name in wanted}


async def _send(client: OXClient, module: str, action: str, params: dict[str, str], body: Any) -> tuple[int, Any]:
    async with client.raw(module, action, body=body, **params) as response:
        text = await response.read()
        is_json = response.status == 200 and "json" in response.content_type
        return response.status, json.loads(text) if is_json else None


@pytest.mark.parametrize("group", ["chronos", "appointments", "contacts", "folders", "tasks", "directory and settings"])
def test_nonsense_is_answered_and_stores_nothing(group: str) -> None:
    with _served() as (runner, running, client):
        actions = [(one.name, action) for one in running.context.registry for action in one.actions]
        wanted = [one for one in actions if _group(one[0]) == group]
        folder = {"contacts": "32", "appointments": "31", "tasks": "33"}.get(group, "cal://0/31")
        usual = {"folder": folder, "id": "1", "timestamp": LATE, "columns": "1", "start": "0", "end": LATE}
        usual |= {"attached": "1", "module": "4"}

        @given(
            called=st.sampled_from(wanted),
            usual_params=st.booleans(),
            odd=st.dictionaries(st.sampled_from(PARAMETERS), _texts, max_size=4),
            body=_bodies,
            shape=st.integers(0, 10),
        )
        @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
        def check(called: tuple[str, str], usual_params: bool, odd: dict[str, str], body: Any, shape: int) -> None:
            before = _stored(running)
            params = {**(usual if usual_params else {}), **odd}
            status, answer = runner.run(_send(client, *called, params, _skeleton(body)[shape]))
            assert status in (200, 400, 404), (status, called)
            if isinstance(answer, dict) and "error" in answer and answer["categories"] != "WARNING":
                assert {"code", "category", "error_params", "error_id", "error_desc"} <= set(answer)
                assert not answer["code"].startswith("SES"), answer
                assert _stored(running) == before, "an error, and yet something was stored"

        check()


def _group(module: str) -> str:
    if module in ("calendar", "freebusy"):
        return "appointments"
    for name in ("chronos", "folders"):
        if module.startswith(name):
            return name
    if module in ("tasks", "attachment", "reminder"):
        return "tasks"
    return "contacts" if module in ("contacts", "addressbooks", "contacts/picture") else "directory and settings"

"""Odd requests: always an answer of the API, never a crash, nothing stored."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Answer
from middleware.errors import OXError
from middleware.running import open_context
from middleware.sessions import Session
from tests.middleware.conftest import populate
from tests.middleware_chronos.people import FAR_FUTURE, meeting, weekly

_ODD: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["20270405T070000Z", "cal://0/31", "mailto:bob@example.com", "FREQ=DAILY", "Europe/Berlin", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = (
    "summary",
    "startDate",
    "endDate",
    "rrule",
    "recurrenceDates",
    "deleteExceptionDates",
    "attendees",
    "organizer",
    "alarms",
    "geo",
    "class",
    "categories",
    "conferences",
    "attachments",
    "extendedProperties",
    "sequence",
    "transp",
    "uid",
    "recurrenceId",
    "description",
    "status",
)
_BODIES = st.dictionaries(st.sampled_from(_FIELDS), _ODD, max_size=4)


@pytest.fixture(scope="module")
def context() -> Context:
    """A context with an event (1) and a series (2) of alice."""
    opened = open_context(None)
    populate(opened)
    for event in (meeting(), weekly()):
        run(opened, "new", event, folder="cal://0/31")
    return opened


def run(context: Context, action: str, body: Any = None, module: str = "chronos", **params: str) -> Answer | OXError:
    """One call of alice without HTTP; anything but an answer or an OX error goes up."""
    session = Session("s", 3, 2, "alice", "en_US", "Europe/Berlin")
    call = Call(module=module, action=action, params=params, session=session, body=body)
    found = context.registry.get(module)
    assert found is not None
    try:
        return found.find(action).handler(call, context)
    except OXError as error:
        return error


_RELAXED = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(_BODIES)
@_RELAXED
def test_new(context: Context, body: dict[str, Any]) -> None:
    run(context, "new", meeting() | body, folder="cal://0/31")


@given(_BODIES, st.sampled_from(["1", "2"]), st.sampled_from([None, "20270412T070000Z", "x", "20270412"]))
@_RELAXED
def test_update(context: Context, body: dict[str, Any], event_id: str, recurrence_id: str | None) -> None:
    more = {} if recurrence_id is None else {"recurrenceId": recurrence_id}
    run(context, "update", body, folder="cal://0/31", id=event_id, timestamp=str(FAR_FUTURE), **more)


@given(_ODD)
@_RELAXED
def test_bodies_of_every_type(context: Context, body: Any) -> None:
    params = {"folder": "cal://0/31", "id": "1", "timestamp": "1", "rangeStart": "20270101", "rangeEnd": "20280101"}
    for action in ("new", "update", "updateAttendee", "delete", "list", "all", "advancedSearch", "changeOrganizer"):
        run(context, action, body, **params)
    run(context, "freeBusy", body, **{"from": "20270101", "until": "20280101"})
    for name in ("attendees", "filter", "folders", "events", "attendee", "alarms"):
        for action in ("updateAttendee", "freeBusy", "advancedSearch", "all", "delete"):
            run(context, action, {name: body}, **{**params, "from": "20270101", "until": "20280101"})


@given(st.dictionaries(st.sampled_from(["id", "folder", "timestamp", "recurrenceId", "fields", "sort"]), st.text()))
@_RELAXED
def test_parameters_of_every_kind(context: Context, params: dict[str, str]) -> None:
    known = {"folder": "cal://0/31", "id": "2", "timestamp": "0", "rangeStart": "20270101", "rangeEnd": "20280101"}
    for action in ("get", "updates", "all", "resolve", "needsAction", "move", "getAttachment", "getRecurrence"):
        run(context, action, None, **{**known, "managedId": "1", "targetFolder": "cal://0/31", **params})
    for action in ("pending", "ack", "snooze"):
        run(context, action, None, "chronos/alarm", **{**known, "alarmId": "1", "snoozeTime": "1", **params})

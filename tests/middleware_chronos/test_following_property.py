"""Whoever follows `updates` from any stamp on holds what a full listing shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import OXError
from middleware.running import open_context
from middleware.sessions import Session
from tests.middleware.conftest import populate
from tests.middleware_chronos.people import FAR_FUTURE, at, meeting, weekly

# Users and their calendars; the last one is a second calendar of alice.
PLACES = ((3, "cal://0/31"), (4, "cal://0/41"), (5, "cal://0/51"), (3, "cal://0/61"))
RECURRENCE_IDS = ("20270405T070000Z", "20270412T070000Z", "20270419T070000Z")
ALL_TIME = {"rangeStart": "20200101T000000Z", "rangeEnd": "20400101T000000Z"}
INVITED: tuple[list[dict[str, int]], ...] = ([], [{"entity": 4}], [{"entity": 4}, {"entity": 5}])

_WHO, _WHICH, _WHERE = st.sampled_from(PLACES), st.integers(0, 5), st.sampled_from([None, *RECURRENCE_IDS])
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("new"), _WHO, st.booleans(), st.sampled_from(INVITED)),
        st.tuples(st.just("rename"), _WHO, _WHICH, _WHERE),
        st.tuples(st.just("reschedule"), _WHO, _WHICH, st.sampled_from(["20270405T110000", "20270406T090000"])),
        st.tuples(st.just("invite"), _WHO, _WHICH, st.sampled_from(INVITED)),
        st.tuples(st.just("answer"), _WHO, _WHICH, _WHERE),
        st.tuples(st.just("delete"), _WHO, _WHICH, _WHERE),
        st.tuples(st.just("rule"), _WHO, _WHICH, st.sampled_from([None, "FREQ=DAILY;COUNT=3", "FREQ=WEEKLY;COUNT=8"])),
        st.tuples(st.just("split"), _WHO, _WHICH, st.sampled_from(RECURRENCE_IDS)),
        st.tuples(st.just("move"), st.sampled_from([PLACES[0], PLACES[3]]), _WHICH, st.none()),
    ),
    min_size=1,
    max_size=10,
)


@dataclass
class Follower:
    """A client of one calendar that keeps what it was told."""

    place: tuple[int, str]
    stamp: int = 0
    held: dict[str, Any] = field(default_factory=dict)


def call(
    context: Context, user: int, action: str, body: Any = None, module_name: str = "chronos", **params: Any
) -> Any:
    """The data of a call, None when it was refused."""
    session = Session("s", user, 2, "x", "en_US", "Europe/Berlin")
    texts = {name: str(value) for name, value in params.items() if value is not None}
    module = context.registry.get(module_name)
    assert module is not None
    wanted = Call(module=module_name, action=action, params=texts, session=session, body=body)
    try:
        result = module.find(action).handler(wanted, context)
    except OXError:
        return None
    assert isinstance(result, Result)
    return result.data


def follow(context: Context, follower: Follower) -> None:
    """Ask for changes once; what is in both lists was modified."""
    user, folder = follower.place
    data = call(context, user, "updates", folder=folder, timestamp=follower.stamp)
    for gone in data["deleted"]:
        follower.held.pop(gone["id"], None)
    for event in data["newAndModified"]:
        follower.held[event["id"]] = event
    stamps = [event["timestamp"] for event in (*data["newAndModified"], *data["deleted"])]
    follower.stamp = max([follower.stamp, *stamps])


def listing(context: Context, place: tuple[int, str]) -> dict[str, Any]:
    """The whole calendar of a user."""
    user, folder = place
    return {event["id"]: event for event in call(context, user, "all", folder=folder, **ALL_TIME)}


def step(context: Context, kind: str, place: tuple[int, str], which: Any, detail: Any) -> None:
    """One action of a user on some event he sees; refusals are fine."""
    user, folder = place
    if kind == "new":
        call(context, user, "new", (weekly if which else meeting)(attendees=detail), folder=folder)
        return
    events = sorted(listing(context, place))
    if not events:
        return
    event_id = events[which % len(events)]
    where = {"folder": folder, "id": event_id, "timestamp": FAR_FUTURE}
    match kind:
        case "rename":
            call(context, user, "update", {"summary": f"renamed {which}"}, **where, recurrenceId=detail)
        case "reschedule":
            dates = {"startDate": at(detail), "endDate": at(detail[:9] + "130000")}
            call(context, user, "update", dates, **where)
        case "invite":
            call(context, user, "update", {"attendees": detail}, **where)
        case "answer":
            body = {"attendee": {"entity": user, "partStat": "TENTATIVE"}}
            call(context, user, "updateAttendee", body, **where, recurrenceId=detail)
        case "delete":
            entry = {"folder": folder, "id": event_id, **({"recurrenceId": detail} if detail else {})}
            call(context, user, "delete", [entry], timestamp=FAR_FUTURE)
        case "rule":
            call(context, user, "update", {"rrule": detail}, **where)
        case "split":
            future = {"recurrenceId": detail, "recurrenceRange": "THISANDFUTURE"}
            call(context, user, "update", {"summary": "later"}, **where, **future)
        case "move":
            target = PLACES[3 if place is PLACES[0] else 0][1]
            call(context, user, "move", **where, targetFolder=target)


@given(STEPS, st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_followers_hold_the_listing(steps: list[tuple[str, tuple[int, str], Any, Any]], late: int) -> None:
    context = open_context(None)
    try:
        populate(context)
        call(context, 3, "new", {"title": "Second", "module": "event"}, "folders", folder_id=1)
        from_the_start = [Follower(place) for place in PLACES]
        joining_late: list[Follower] = []
        for number, one in enumerate(steps):
            step(context, *one)
            for follower in from_the_start:
                follow(context, follower)
            if number == late:
                joining_late = [Follower(other.place, other.stamp, dict(other.held)) for other in from_the_start]
        for follower in (*from_the_start, *joining_late, *(Follower(place) for place in PLACES)):
            follow(context, follower)
            assert follower.held == listing(context, follower.place)
            _is_consistent(follower.held)
    finally:
        context.close()


def _is_consistent(held: dict[str, Any]) -> None:
    """Every change exception of a series the user has is one of his instances, and the other way round."""
    for event in held.values():
        if event.get("seriesId") == event["id"]:
            instances = [one for one in held.values() if one.get("seriesId") == event["id"] and one is not event]
            assert len(event.get("changeExceptionDates", ())) == len(instances)

"""Whoever follows `updates` of tasks from any stamp on holds what a full listing shows."""

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
from tests.middleware_tasks.lists import FAR_FUTURE, START

# Users and task lists; the last ones are a second list of alice, and bob in it.
PLACES = ((3, "33"), (4, "43"), (5, "53"), (3, "61"), (4, "61"))
ASKED: tuple[list[dict[str, int]], ...] = (
    [],
    [{"type": 1, "id": 4}],
    [{"type": 1, "id": 3}, {"type": 1, "id": 5}],
    [{"type": 2, "id": 6}],
)
SERIES = {"full_time": True, "start_time": START, "end_time": START, "recurrence_type": 1, "interval": 1}
COLUMNS = "1,5,6,20,200,209,220,221,222,300,316,204,104"

_WHO, _WHICH = st.sampled_from(PLACES), st.integers(0, 5)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("new"), _WHO, st.booleans(), st.sampled_from(ASKED)),
        st.tuples(st.just("rename"), _WHO, _WHICH, st.none()),
        st.tuples(st.just("ask"), _WHO, _WHICH, st.sampled_from(ASKED)),
        st.tuples(st.just("confirm"), _WHO, _WHICH, st.none()),
        st.tuples(st.just("complete"), _WHO, _WHICH, st.none()),
        st.tuples(st.just("remind"), _WHO, _WHICH, st.sampled_from([None, START])),
        st.tuples(st.just("move"), _WHO, _WHICH, st.sampled_from(["33", "43", "61"])),
        st.tuples(st.just("delete"), _WHO, _WHICH, st.none()),
    ),
    min_size=1,
    max_size=12,
)


@dataclass
class Follower:
    """A client of one task list that keeps what it was told."""

    place: tuple[int, str]
    stamp: int = 0
    held: dict[int, Any] = field(default_factory=dict)


def call(context: Context, user: int, action: str, body: Any = None, **params: Any) -> Any:
    """The result of a call, None when it was refused."""
    module = context.registry.get("tasks")
    assert module is not None
    texts = {name: str(value) for name, value in params.items()}
    session = Session("s", user, 2, "x", "en_US", "UTC")
    try:
        answer = module.find(action).handler(Call("tasks", action, texts, session, body), context)
    except OXError:
        return None
    assert isinstance(answer, Result)
    return answer


def listing(context: Context, place: tuple[int, str]) -> dict[int, Any]:
    rows = call(context, place[0], "all", folder=place[1], columns=COLUMNS).data
    return {row[0]: row for row in rows}


def take(context: Context, step: tuple[Any, ...]) -> None:
    what, (user, folder), which, value = step
    if what == "new":
        fields = SERIES if which else {}
        call(context, user, "new", {"folder_id": folder, "title": "x", "participants": value, **fields})
        return
    known = sorted(listing(context, (user, folder)))
    if not known:
        return
    named = {"id": known[which % len(known)], "folder": folder}
    changes: dict[str, Any] = {
        "rename": {"title": "renamed"},
        "ask": {"participants": value},
        "complete": {"status": 3},
        "remind": {"alarm": value},
        "move": {"folder_id": value},
    }
    if what in changes:
        call(context, user, "update", changes[what], timestamp=FAR_FUTURE, **named)
    elif what == "confirm":
        call(context, user, "confirm", {"confirmation": 1}, timestamp=FAR_FUTURE, **named)
    else:
        call(context, user, "delete", [named], timestamp=FAR_FUTURE)


def follow(context: Context, follower: Follower) -> None:
    user, folder = follower.place
    answer = call(context, user, "updates", folder=folder, columns=COLUMNS, timestamp=follower.stamp, ignore="none")
    for entry in answer.data:
        if isinstance(entry, list):
            follower.held[entry[0]] = entry
        else:
            follower.held.pop(entry, None)
    follower.stamp = answer.timestamp


@given(_STEPS)
@settings(max_examples=40, deadline=None)
def test_following_is_listing(steps: list[tuple[Any, ...]]) -> None:
    context = open_context(None)
    try:
        populate(context)
        folders = context.registry.get("folders")
        assert folders is not None
        session = Session("s", 3, 2, "x", "en_US", "UTC")
        rights = [{"entity": 3, "group": False, "bits": 403710016}, {"entity": 4, "group": False, "bits": 33026}]
        body = {"title": "Shared", "module": "tasks", "permissions": rights}
        made = folders.find("new").handler(Call("folders", "new", {"folder_id": "1"}, session, body), context)
        assert isinstance(made, Result)
        assert made.data == "61"
        followers = [Follower(place) for place in PLACES]
        for number, step in enumerate(steps):
            take(context, step)
            for position, follower in enumerate(followers):
                if (number + position) % 2:
                    follow(context, follower)
            # Somebody who only begins to follow holds the same.
            followers.append(Follower(PLACES[number % len(PLACES)]))
        for follower in followers:
            follow(context, follower)
            assert follower.held == listing(context, follower.place), (follower.place, steps)
    finally:
        context.close()

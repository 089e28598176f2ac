"""``Session.run_all``: one request, results in order, errors in place, lost sessions inside."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from gateway.ox.call import Answer, Call
from gateway.ox.errors import (
    Malformed,
    ObjectNotFound,
    OutcomeUnknown,
    Overloaded,
    SessionLost,
)
from gateway.ox.session import Session, SignedIn

Start = Callable[..., Awaitable[Session]]

LOST = {"error": "x", "code": "SES-0203", "categories": "TRY_AGAIN", "error_params": []}
NOT_FOUND = {"error": "x", "code": "CAL-4040", "categories": "USER_INPUT", "error_params": ["9"]}


def data_of(answer: Answer) -> object:
    return answer.data


def a_number(answer: Answer) -> int:
    if not isinstance(answer.data, int):
        raise Malformed("no number")
    return answer.data


def read(number: int) -> Call[int]:
    return Call("chronos", "get", a_number, {"id": str(number)})


def write(number: int) -> Call[int]:
    return Call("chronos", "delete", a_number, {"id": str(number)}, [number], "PUT", write=True)


class OneSession:
    """Answers calls with their id; knows one session id at a time."""

    def __init__(self) -> None:
        self.session = "s"
        self.bodies: list[Any] = []
        self.queries: list[dict[str, str]] = []
        self.lose_after: int | None = None

    async def __call__(self, request: web.Request) -> web.Response:
        self.queries.append(dict(request.query))
        if request.path.endswith("/multiple"):
            entries = json.loads(await request.read())
            self.bodies.append(entries)
            return web.json_response([self.answer(entry, request.query["session"]) for entry in entries])
        return web.json_response(self.answer(request.query, request.query["session"]))

    def answer(self, entry: Any, session: str) -> dict[str, Any]:
        if self.lose_after == 0:
            self.session, self.lose_after = "s2", None
        if self.lose_after is not None:
            self.lose_after -= 1
        if session != self.session:
            return LOST
        return NOT_FOUND if entry["id"] == "9" else {"data": int(entry["id"])}


def renewable(session: Session, server: OneSession) -> list[int]:
    logins: list[int] = []

    async def renew() -> SignedIn:
        logins.append(1)
        return SignedIn("3", "2", "alice", session_id=server.session)

    session._renew = renew
    return logins


async def test_one_request_for_several_calls(session_with: Start) -> None:
    server = OneSession()
    results = await (await session_with(server)).run_all([read(1), read(9), write(3)])
    assert results[0] == 1
    assert isinstance(results[1], ObjectNotFound)
    assert results[2] == 3
    assert server.queries == [{"continue": "true", "session": "s"}]
    assert server.bodies == [
        [
            {"module": "chronos", "action": "get", "id": "1", "timezone": "UTC"},
            {"module": "chronos", "action": "get", "id": "9", "timezone": "UTC"},
            {"module": "chronos", "action": "delete", "id": "3", "timezone": "UTC", "data": [3]},
        ]
    ]


async def test_every_bundle_is_sent_as_it_is_now(session_with: Start) -> None:
    server = OneSession()
    session = await session_with(server)
    changing = [3]
    writing: Call[int] = Call("chronos", "delete", a_number, {"id": "3"}, changing, "PUT", write=True)
    for calls in ([read(1), read(2)], [read(1), read(2)], [read(2), read(1)], [read(1), writing]):
        assert len(await session.run_all(calls)) == 2
    changing.append(4)
    await session.run_all([read(1), writing])
    assert [[entry["id"] for entry in body] for body in server.bodies] == [
        ["1", "2"],
        ["1", "2"],
        ["2", "1"],
        ["1", "3"],
        ["1", "3"],
    ]
    assert [body[1].get("data") for body in server.bodies[-2:]] == [[3], [3, 4]]


async def test_the_usual_bundle_has_the_answer_of_now(session_with: Start) -> None:
    answers: list[dict[str, Any]] = [{"data": 1}, {"data": 1}]

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(answers)

    session, calls = await session_with(answer), [read(1), read(2)]
    for _ in range(3):
        assert await session.run_all(calls) == [1, 1]
    answers[1] = {"data": 2}
    for _ in range(3):
        found = await session.run_all(calls)
        assert found == [1, 2]
        found.clear()
    answers[0] = NOT_FOUND
    for _ in range(3):
        error, number = await session.run_all(calls)
        assert isinstance(error, ObjectNotFound)
        assert number == 2
    answers[0] = {"data": "none"}
    for _ in range(3):
        assert isinstance((await session.run_all(calls))[0], Malformed)


async def test_a_session_lost_in_the_usual_bundle_is_renewed_every_time(session_with: Start) -> None:
    server = OneSession()
    session = await session_with(server)
    logins, calls = renewable(session, server), [read(1), read(2)]
    for number in range(2, 5):
        for _ in range(2):
            assert await session.run_all(calls) == [1, 2]
        server.session = f"s{number}"
        assert await session.run_all(calls) == [1, 2]
        assert len(logins) == number - 1


async def test_a_single_call_goes_directly_and_its_error_stays_in_place(session_with: Start) -> None:
    server = OneSession()
    session = await session_with(server)
    assert await session.run_all([read(1)]) == [1]
    (error,) = await session.run_all([read(9)])
    assert isinstance(error, ObjectNotFound)
    assert await session.run_all([]) == []
    assert server.bodies == []
    assert len(server.queries) == 2


async def test_calls_that_cannot_be_bundled_keep_their_place(session_with: Start) -> None:
    async def answer(request: web.Request) -> web.Response:
        if request.path.endswith("/config/timezone"):
            return web.json_response({"data": "Europe/Berlin"})
        return web.json_response([{"data": 1}, {"data": 2}])

    zone: Call[object] = Call("config/timezone", None, data_of)
    assert await (await session_with(answer)).run_all([read(1), zone, read(2)]) == [1, "Europe/Berlin", 2]


async def test_a_bundle_of_a_lost_session_is_repeated(session_with: Start) -> None:
    server = OneSession()
    session = await session_with(server)
    logins = renewable(session, server)
    server.session = "s2"
    assert await session.run_all([read(1), write(2)]) == [1, 2]
    assert len(logins) == 1
    assert len(server.bodies) == 2


async def test_only_the_calls_that_met_a_lost_session_are_repeated(session_with: Start) -> None:
    server = OneSession()
    session = await session_with(server)
    logins = renewable(session, server)
    server.lose_after = 1
    assert await session.run_all([write(1), write(2), write(3)]) == [1, 2, 3]
    assert [[entry["id"] for entry in entries] for entries in server.bodies] == [["1", "2", "3"], ["2", "3"]]
    assert len(logins) == 1


async def test_a_session_that_is_lost_again_is_given_up(session_with: Start) -> None:
    async def lost(request: web.Request) -> web.Response:
        return web.json_response([LOST, LOST] if request.path.endswith("/multiple") else LOST)

    server = OneSession()
    session = await session_with(lost)
    logins = renewable(session, server)
    results = await session.run_all([read(1), read(2)])
    assert all(isinstance(result, SessionLost) for result in results)
    with pytest.raises(SessionLost):
        await session.run(read(1))
    assert len(logins) == 2


async def test_a_bundle_refused_as_a_whole(session_with: Start) -> None:
    async def busy(request: web.Request) -> web.Response:
        return web.json_response({"error": "x", "code": "SVL-0019", "categories": "TRY_AGAIN"})

    with pytest.raises(Overloaded):
        await (await session_with(busy)).run_all([read(1), read(2)])


@pytest.mark.parametrize("answer", [[], [{"data": 1}], {"data": [1, 2]}, "x", [{"data": 1}] * 3])
async def test_another_number_of_answers(session_with: Start, answer: Any) -> None:
    async def odd(request: web.Request) -> web.Response:
        return web.json_response(answer)

    session = await session_with(odd)
    with pytest.raises(Malformed):
        await session.run_all([read(1), read(2)])
    with pytest.raises(OutcomeUnknown):
        await session.run_all([read(1), write(2)])


async def test_one_answer_of_another_shape(session_with: Start) -> None:
    async def odd(request: web.Request) -> web.Response:
        return web.json_response([{"data": "one"}, {"data": 2}, {"data": "three"}, None])

    results = await (await session_with(odd)).run_all([read(1), read(2), write(3), read(4)])
    assert isinstance(results[0], Malformed)
    assert results[1] == 2
    assert isinstance(results[2], OutcomeUnknown)
    assert isinstance(results[3], Malformed)

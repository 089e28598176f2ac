"""Calls of each kind, for tests of how they are sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from gateway.ox.call import Answer, Call
from gateway.ox.session import Session

Start = Callable[..., Awaitable[Session]]


def data_of(answer: Answer) -> object:
    return answer.data


READ: Call[object] = Call("chronos", "get", data_of)
WRITE: Call[object] = Call("chronos", "new", data_of, body={"summary": "x"}, method="PUT", write=True)
PICTURE: Call[object] = Call("contacts/picture", "get", data_of, binary=True)

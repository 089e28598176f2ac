"""Several calls as one request of module ``multiple``, and the last short answer to it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from gateway.ox import envelope
from gateway.ox.call import Call
from gateway.ox.errors import InvalidValue, OXError

_SHORT = 16 * 1024
"""Octets of an answer that is kept."""


class Bundle:
    """Who looks at a home asks the same calls again and again, and mostly OX says the same, octet for octet: then
    nothing is encoded, read or decoded again. Only for calls without bodies: those are large, and who made one may
    change it."""

    def __init__(self, calls: Sequence[Call[Any]]) -> None:
        self.calls = tuple(calls)
        self.octets = encoded([_entry(call) for call in calls])
        self._answer = b""
        self._raws: Any = None
        self._results: tuple[Any, ...] | None = None

    def read(self, answer: bytes) -> Any:
        """As ``envelope.parse``; the same value as the last time for the same octets."""
        if self._raws is not None and answer == self._answer:
            return self._raws
        raws = envelope.parse(answer)
        short = len(answer) <= _SHORT
        self._answer, self._raws, self._results = (answer, raws, None) if short else (b"", None, None)
        return raws

    def results(self, raws: Any) -> list[Any] | None:
        """What was made of ``raws`` the last time, None if they are others."""
        return list(self._results) if self._results is not None and raws is self._raws else None

    def keep(self, raws: Any, results: Sequence[Any]) -> None:
        """``results`` were made of ``raws``, as every time: nothing in them is changed by anybody."""
        if raws is self._raws and not any(isinstance(result, OXError) for result in results):
            self._results = tuple(results)


def encoded(body: Any) -> bytes:
    """JSON. Raises InvalidValue for half of a surrogate pair, which is no character that could be stored."""
    try:
        return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except UnicodeEncodeError as error:
        raise InvalidValue from error


def _entry(call: Call[Any]) -> dict[str, Any]:
    entry: dict[str, Any] = {"module": call.module, "action": call.action, **call.params, "timezone": "UTC"}
    if call.body is not None:
        entry["data"] = call.body
    return entry

"""Answers to reads, kept until something is stored: clients ask the same again and again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from aiohttp import web

from middleware.http_request import Incoming
from middleware.multiple import inner_calls
from middleware.registry import Registry

MAX_ANSWERS = 4096
MAX_OCTETS = 32 * 1024 * 1024
# What a line of a request, its cookies and an entry take in memory, about.
_OVERHEAD = 2048

Key = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer. `version`: the state of the data that it was made of. `size`: octets that it takes, about."""

    version: object
    body: bytes
    headers: Mapping[str, str]
    size: int

    def response(self) -> web.Response:
        """A new response with these octets."""
        return web.Response(body=self.body, headers=self.headers)


class Memo:
    """The newest answers to reads; those used least recently go first. To be used in one thread.

    An answer belongs to one request as it came, with session, cookies and address: sessions share nothing. Whoever
    takes one verifies the session, as for any request.
    """

    def __init__(self, max_answers: int = MAX_ANSWERS, max_octets: int = MAX_OCTETS) -> None:
        self._max_answers = max_answers
        self._max_octets = max_octets
        self._kept: OrderedDict[Key, Kept] = OrderedDict()
        self._octets = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, incoming: Incoming, version: object) -> Kept | None:
        """The answer that this request had when the data were of this version. It waits for nothing."""
        key = _key(incoming)
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept.version != version:
            self._remove(key)
            return None
        self._kept.move_to_end(key)
        return kept

    def keep(self, incoming: Incoming, version: object, response: web.Response) -> None:
        """Keep the answer to a request that `is_repeatable`, unless it fails, sets cookies or is large."""
        body = response.body
        if response.status != 200 or response.cookies or not isinstance(body, bytes):
            return
        size = len(body) + len(incoming.text) + _OVERHEAD
        if size > self._max_octets // 4:
            return
        key = _key(incoming)
        self._remove(key)
        self._kept[key] = Kept(version, body, dict(response.headers), size)
        self._octets += size
        while self._octets > self._max_octets or len(self._kept) > self._max_answers:
            self._remove(next(iter(self._kept)))

    def _remove(self, key: Key) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._octets -= kept.size


def is_repeatable(registry: Registry, incoming: Incoming) -> bool:
    """Whether the answer depends on the request and the data alone: every call in it says so of itself.

    Never without a session in the query (bearer tokens, addresses of pictures), nor with a form.
    """
    if "session" not in incoming.query or incoming.form or incoming.is_upload:
        return False
    if incoming.path != "multiple":
        return _is_declared(registry, incoming.path, incoming.query.get("action", ""))
    calls = inner_calls(incoming.json())
    return bool(calls) and all(_is_declared(registry, *call) for call in calls)


def _is_declared(registry: Registry, path: str, name: str) -> bool:
    found = registry.locate(path)
    action = None if found is None else found.module.actions.get(name)
    return action is not None and action.repeatable


def _key(incoming: Incoming) -> Key:
    """All of a request that an answer can depend on; no answer depends on other headers than these."""
    headers = incoming.headers
    return (
        incoming.path,
        incoming.method,
        tuple(incoming.query.items()),
        incoming.text,
        tuple(incoming.form.items()),
        incoming.is_upload,
        incoming.address,
        headers.get("cookie"),
        headers.get("user-agent"),
    )

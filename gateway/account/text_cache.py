"""Rendered objects, bounded by their size. Any of them may be gone at any moment."""

from __future__ import annotations

from collections import OrderedDict
from typing import NamedTuple

_OVERHEAD = 300


class TextKey(NamedTuple):
    """``etag`` is a function of the ids and stamps of all objects, so a text never gets stale under its key."""

    account: str
    folder: str
    etag: str


class TextCache:
    """Least recently used texts go first. ``budget`` in octets, roughly."""

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._texts: OrderedDict[TextKey, str] = OrderedDict()
        self._size = 0

    def get(self, key: TextKey) -> str | None:
        text = self._texts.get(key)
        if text is not None:
            self._texts.move_to_end(key)
        return text

    def put(self, key: TextKey, text: str) -> None:
        cost = _cost(text)
        if cost > self._budget:
            return
        self.drop(key)
        self._texts[key] = text
        self._size += cost
        while self._size > self._budget:
            _, oldest = self._texts.popitem(last=False)
            self._size -= _cost(oldest)

    def drop(self, key: TextKey) -> None:
        text = self._texts.pop(key, None)
        if text is not None:
            self._size -= _cost(text)


def _cost(text: str) -> int:
    return len(text) + _OVERHEAD

"""The change stamps of the context: milliseconds since 1970 that never repeat unless a test asks for it."""

from __future__ import annotations

import time
from collections.abc import Callable


def system_milliseconds() -> int:
    """The time of the system in ms."""
    return time.time_ns() // 1_000_000


class Clock:
    """Hands out stamps for writes: wall-clock milliseconds, each greater than the one before."""

    def __init__(self, source: Callable[[], int] = system_milliseconds) -> None:
        self._source = source
        self._last = 0
        self._collisions = 0

    @property
    def last(self) -> int:
        """The stamp handed out last, 0 when there was none."""
        return self._last

    def now(self) -> int:
        """The current time in ms; it changes nothing, unlike `stamp`."""
        return max(self._source(), self._last)

    def stamp(self) -> int:
        """The next stamp in ms, strictly greater than all before (equal while collisions are ordered)."""
        if self._collisions > 0:
            self._collisions -= 1
            return self._last
        self._last = max(self._source(), self._last + 1)
        return self._last

    def not_before(self, stamp: int) -> None:
        """Continue after `stamp`, so that stamps keep rising over restarts and clock changes."""
        self._last = max(self._last, stamp)

    def collide(self, count: int) -> None:
        """For tests: the next `count` stamps are equal to one another."""
        self.stamp()
        self._collisions = count

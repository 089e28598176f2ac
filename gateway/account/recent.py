"""The resources of an index that changed last: a poll need not walk all of them."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterator

_MOST = 1000


class Recent:
    """``since``: every resource that changed at this stamp or later is here. Former changes may be here, too."""

    def __init__(self) -> None:
        self._changes: list[tuple[int, str]] = []
        """By their stamps."""
        self.since = 0

    def add(self, stamp: int, key: str) -> None:
        insort(self._changes, (stamp, key))
        if len(self._changes) > 2 * _MOST:
            newest = list(dict.fromkeys(self._changes))
            self._changes = newest[-_MOST:]
            if len(newest) > _MOST:
                self.since = max(self.since, newest[-_MOST - 1][0] + 1)

    def falling(self, since: int) -> Iterator[tuple[int, str]]:
        """Stamps and keys, the last first, down to the stamp ``since``."""
        last = None
        for change in reversed(self._changes):
            if change[0] < since:
                return
            if change != last:
                yield change
            last = change

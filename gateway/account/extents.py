"""When the members of an index take place, in an order that finds those of a range without a look at all others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from gateway.account.member import Member

_SHORT = 31 * 24 * 3600 * 1000
"""Milliseconds. What lasts longer, or for ever, is looked at for every range."""


class Extents:
    """Of members as they are now; after any change it has to be made anew."""

    def __init__(self, members: Iterable[Member]) -> None:
        short: list[tuple[int, Member]] = []
        self._long: list[Member] = []
        for member in members:
            start, end = member.extent
            if start is not None and end is not None and end - start <= _SHORT:
                short.append((start, member))
            else:
                self._long.append(member)
        short.sort(key=lambda item: item[0])
        self._starts = [start for start, _ in short]
        self._short = [member for _, member in short]

    def touching(self, start: int | None, end: int | None) -> Iterator[Member]:
        """The members that may touch a half open range, epoch milliseconds; None is without limit."""
        first = 0 if start is None else bisect_left(self._starts, start - _SHORT)
        last = len(self._starts) if end is None else bisect_left(self._starts, end)
        for some in (self._short[first:last], self._long):
            for member in some:
                if member.overlaps(start, end):
                    yield member

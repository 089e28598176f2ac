"""When the members of an index take place, in an order that finds those of a range without a look at all others."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator

from gateway.account.member import Member
from gateway.account.memo import ChangeLog

_SHORT = 31 * 24 * 3600 * 1000
"""Milliseconds. What lasts longer, or for ever, is looked at for every range."""


class Extents:
    """Of the members that a log tells the changes of. The order is made anew when more than ``most`` of them changed;
    until then those are left out of it and looked at one by one, because to walk all costs milliseconds."""

    def __init__(self, log: ChangeLog, most: int = 100) -> None:
        self._log = log
        self._most = most
        self._position = -1
        self._arranged = -1
        """The position of the log when the order was made."""
        self._changed: set[str] = set()
        """The names of members that changed since."""
        self._short: list[Member] = []
        """By their starts."""
        self._starts: list[int] = []
        self._long: list[Member] = []

    def touching(
        self, start: int | None, end: int | None, members: Iterable[Member], named: Callable[[str], Member | None]
    ) -> Iterator[Member]:
        """The members that may touch a half open range, epoch milliseconds; None is without limit. ``members``: all
        there are, of whom mostly only those that changed are looked at; ``named``: the one with this name now."""
        self._follow(members, named)
        changed = self._changed
        first = 0 if start is None else bisect_left(self._starts, start - _SHORT)
        last = len(self._starts) if end is None else bisect_left(self._starts, end)
        for some in (self._short[first:last], self._long):
            for member in some:
                if member.overlaps(start, end) and member.name not in changed:
                    yield member
        for member in _present(changed, named):
            if member.overlaps(start, end):
                yield member

    def _follow(self, members: Iterable[Member], named: Callable[[str], Member | None]) -> None:
        if self._position == self._log.position:
            return
        changed = None if self._arranged < 0 else self._log.since(self._arranged)
        self._position = self._log.position
        self._changed = set() if changed is None else set(changed)
        if changed is None:
            self._arrange([], [], members)
        elif len(self._changed) > self._most:
            names = self._changed
            self._arrange(
                [each for each in zip(self._starts, self._short, strict=True) if each[1].name not in names],
                [member for member in self._long if member.name not in names],
                _present(names, named),
            )

    def _arrange(self, short: list[tuple[int, Member]], long: list[Member], new: Iterable[Member]) -> None:
        for member in new:
            start, end = member.start, member.end
            if start is not None and end is not None and end - start <= _SHORT:
                short.append((start, member))
            else:
                long.append(member)
        short.sort(key=lambda item: item[0])
        self._starts = [start for start, _ in short]
        self._short = [member for _, member in short]
        self._long = long
        self._arranged, self._changed = self._position, set()


def _present(names: Iterable[str], named: Callable[[str], Member | None]) -> Iterator[Member]:
    return (member for name in names if (member := named(name)) is not None)

"""What was made of the members of an index, kept for each until it changes."""

from __future__ import annotations

import sys
from collections import OrderedDict, deque
from collections.abc import Iterable
from itertools import islice
from typing import Any, Generic, TypeVar

T = TypeVar("T")

_REMEMBERED = 500
_FORMS = 12
"""Of each collection: devices of one user ask in several ways, some of them in another one every time."""
_ENTRY = 100
"""Octets of one place in a memo."""


class ChangeLog:
    """The names of the members of an index that changed last, came or went. Whoever looks every now and then learns
    what to forget without a look at all members."""

    def __init__(self) -> None:
        self._names: deque[str] = deque(maxlen=_REMEMBERED)
        self.position = 0
        """Goes up with every change."""

    def note(self, name: str) -> None:
        self._names.append(name)
        self.position += 1

    def since(self, position: int) -> Iterable[str] | None:
        """The names of what changed after that position, some of them several times; None when it is too long ago."""
        missed = self.position - position
        return None if missed > len(self._names) else islice(reversed(self._names), missed)


class Memo(Generic[T]):
    """Values by the name of the member; made of the members of the index that this is the log of."""

    def __init__(self, log: ChangeLog) -> None:
        self.log = log
        self._position = log.position
        self._made: dict[str, T] = {}
        self.size = 0
        """In octets, about."""

    def current(self) -> dict[str, T]:
        """The values of members that did not change since, by name. Not to be changed, and old after a pause."""
        if self._position != self.log.position:
            changed = self.log.since(self._position)
            self._position = self.log.position
            if changed is None:
                self._made, self.size = {}, 0
            else:
                for name in changed:
                    self._forget(name)
        return self._made

    def keep(self, name: str, value: T) -> None:
        """Made of the member as it is now."""
        self.current()
        self._forget(name)
        self._made[name] = value
        self.size += _cost(value)

    def _forget(self, name: str) -> None:
        if name in self._made:
            self.size -= _cost(self._made.pop(name))


class Memos:
    """The memos of one index by what they are for; the ones that were used least recently are given up."""

    def __init__(self, log: ChangeLog) -> None:
        self.log = log
        self._memos: OrderedDict[str, Memo[Any]] = OrderedDict()

    @property
    def size(self) -> int:
        """In octets, about."""
        return sum(memo.size for memo in self._memos.values())

    def of(self, form: str) -> Memo[Any]:
        memo = self._memos.get(form)
        if memo is None:
            memo = self._memos[form] = Memo(self.log)
            if len(self._memos) > _FORMS:
                self._memos.popitem(last=False)
        self._memos.move_to_end(form)
        return memo


def _cost(value: object) -> int:
    return sys.getsizeof(value) + _ENTRY

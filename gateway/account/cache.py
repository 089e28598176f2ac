"""What is kept in memory of all accounts, within one budget. Any of it may be gone at any moment; only time is lost.

The account that was used least recently loses first: its texts and what was made of them, the oldest of them first,
then its indexes.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, Protocol

_OVERHEAD = 250
"""Octets that a key and its places in the tables take, about."""


class Holder(Protocol):
    """Who holds something of an account that can be had anew, but is not a value on its shelf."""

    def release(self) -> bool:
        """Let go of all of it, unless it is being used. Whether it did."""


class Cache:
    """``budget`` in octets, roughly."""

    def __init__(self, budget: int) -> None:
        self.budget = budget
        self._size = 0
        self._shelves: OrderedDict[str, Shelf] = OrderedDict()

    @property
    def size(self) -> int:
        """Octets that are taken."""
        return self._size

    def shelf(self, account: str) -> Shelf:
        """What is kept of an account, which counts as used now. To be asked for anew after every pause: an empty shelf
        is thrown away."""
        shelf = self._shelves.get(account)
        if shelf is None:
            shelf = self._shelves[account] = Shelf(self)
        self._shelves.move_to_end(account)
        return shelf

    def grow(self, by: int) -> None:
        """So much more is kept now. For shelves."""
        self._size += by
        if by > 0 and self._size > self.budget:
            self._shrink()

    def _shrink(self) -> None:
        newest = next(reversed(self._shelves))
        for account in list(self._shelves):
            shelf = self._shelves[account]
            shelf.shrink()
            if shelf.is_empty and account != newest:
                del self._shelves[account]
            if self._size <= self.budget:
                return


class Shelf:
    """What is kept of one account. Made by ``Cache.shelf``."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._held: dict[Holder, int] = {}

    def get(self, key: Hashable) -> Any:
        """What was put under ``key``, None if it is gone."""
        found = self._values.get(key)
        if found is None:
            return None
        self._values.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, value: Any, size: int) -> None:
        """Keep a value of so many octets, in place of what was there. ``key`` says all that it is made of."""
        cost = size + _OVERHEAD
        former = self._values.pop(key, None)
        if cost <= self._cache.budget:
            self._values[key] = (value, cost)
        else:
            cost = 0
        self._cache.grow(cost - (former[1] if former else 0))

    def drop(self, key: Hashable) -> None:
        """It will not be asked for again."""
        former = self._values.pop(key, None)
        if former is not None:
            self._cache.grow(-former[1])

    def weigh(self, holder: Holder, size: int) -> None:
        """The holder holds so many octets now."""
        grown = size - self._held.pop(holder, 0)
        if size:
            self._held[holder] = size
        if grown:
            self._cache.grow(grown)

    # -- for the cache -------------------------------------------------------------------------------------------

    @property
    def is_empty(self) -> bool:
        return not self._values and not self._held

    def shrink(self) -> None:
        """Give up values until the cache is within its budget, then what is held."""
        while self._values and self._cache.size > self._cache.budget:
            _, (_, cost) = self._values.popitem(last=False)
            self._cache.grow(-cost)
        for holder in list(self._held):
            if self._cache.size > self._cache.budget and holder.release():
                self._cache.grow(-self._held.pop(holder))

"""What requests make of the members of a collection and their texts, kept for each member until it changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from gateway.account.bodies import BATCH, bodies_of
from gateway.account.index import Index
from gateway.account.memo import Memo, Memos
from gateway.dav.ports import TOGETHER
from gateway.dav.turns import in_turns
from gateway.dav.values import Body, Entry

if TYPE_CHECKING:
    from gateway.account.collection import Collection

T = TypeVar("T")


async def made_of(
    collection: Collection, names: Sequence[str], form: str, make: Callable[[Body], T]
) -> AsyncIterator[Sequence[T | None]]:
    """See ``ObjectCollection.made_of``."""
    for start in range(0, len(names), BATCH):
        some = names[start : start + BATCH]
        key, memos = _memos(collection, await collection.index())
        memo: Memo[T] = memos.of(form)
        kept = memo.current()
        found = list(map(kept.get, some))
        if None in found:
            made = await _make(collection, [name for name in some if name not in kept], memo, make)
            found = [made.get(name) if value is None else value for name, value in zip(some, found, strict=True)]
            collection.account.shelf.put(key, memos, memos.size)
        yield found


async def made_of_all(
    collection: Collection, form: str, make: Callable[[Body], T]
) -> AsyncIterator[Iterable[tuple[str, T]]]:
    """As ``made_of``, of all members with their names, in no order; without a look at each where all of it is kept."""
    index = await collection.index()
    kept: Mapping[str, T] = _memos(collection, index)[1].of(form).current()
    if len(kept) == len(index):
        names, values = list(kept), list(kept.values())
        for start in range(0, len(names), TOGETHER):
            yield zip(names[start : start + TOGETHER], values[start : start + TOGETHER], strict=True)
        return
    names = [member.name for member in index]
    remaining = iter(names)
    async for made in made_of(collection, names, form, make):
        yield [(name, value) for value, name in zip(made, remaining, strict=False) if value is not None]


async def written(
    collection: Collection, names: Sequence[str], form: str, write: Callable[[Entry], str]
) -> AsyncIterator[Sequence[str | None]]:
    """See ``ObjectCollection.written``."""
    for start in range(0, len(names), TOGETHER):
        some = names[start : start + TOGETHER]
        index = await collection.index()
        key, memos = _memos(collection, index)
        memo: Memo[str] = memos.of(form)
        kept = memo.current()
        missing = [member for name in some if name not in kept and (member := index.named(name)) is not None]
        for member in missing:
            memo.keep(member.name, write(collection.entry_of(index, member)))
        if missing:
            collection.account.shelf.put(key, memos, memos.size)
        yield list(map(kept.get, some))


def _memos(collection: Collection, index: Index) -> tuple[Hashable, Memos]:
    """What was made of the members of the index, and its place on the shelf."""
    key = (collection.cached_under, id(index.changes))
    return key, collection.account.shelf.get(key) or Memos(index.changes)


async def _make(collection: Collection, names: Sequence[str], memo: Memo[T], make: Callable[[Body], T]) -> dict[str, T]:
    """Values by name. Of members that are newer than the index says nothing is kept."""
    made: dict[str, T] = {}
    async for body in in_turns(bodies_of(collection, names)):
        name = body.entry.name
        made[name] = make(body)
        index = await collection.index()
        member = index.named(name)
        if member is not None and index.changes is memo.log and index.etag(member) == body.entry.etag:
            memo.keep(name, made[name])
    return made

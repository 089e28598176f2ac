"""Resource names of one collection that OX cannot hold, as the ledger keeps them.

An event's name lives in OX (``filename``, else ``uid``) and needs the ledger only where that is not possible;
a contact's name lives in the ledger alone. A name is promised to a UID before the object is created and belongs to
the object's id afterwards, so that a crash in between loses nothing.

A name that an object had is remembered until OX has forgotten the object, because nothing in OX tells it and a client
may know the object by it. What must hold, whatever several gateways do in whatever order:

- An object that loses a name, to another name or to another object, had it: one step in the ledger does both.
- Whoever notes another name before OX knows of the change notes with which stamp the object had the former one.
- An index learns the former names of an object with every change of it, and of one that is gone with its deletion. A
  former name is told with the first change after the last moment at which the object had it: once by each index.
- Where another object has such a name now, that object has changed since, and is told instead.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, KeysView, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType

from gateway.ledger.ledger import PROMISE, Former, Ledger, LedgerError

_SEGMENT = re.compile(r"[^/\x00-\x1f\x7f]+")
_LONGEST = 255
_NONE: Mapping[str, Former] = MappingProxyType({})


def usable(name: str) -> bool:
    """Whether ``name`` can be a segment of a URL that comes back unchanged."""
    if name in (".", "..") or not _SEGMENT.fullmatch(name):
        return False
    try:
        return len(name.encode()) <= _LONGEST
    except UnicodeEncodeError:
        return False


def age(key: str) -> tuple[int, str]:
    """Smaller for objects that OX has made earlier: its ids count up."""
    return (len(key), key)


def made_of(key: str, suffix: str) -> Iterator[str]:
    """Names for an object that asks for none, or for one that is taken."""
    yield from filter(usable, (f"{key}{suffix}", f"{key}-{suffix}"))
    yield f"{hashlib.blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}{suffix}"


class Names:
    """Names by object id, written through to the ledger. Empty until ``reload``.

    Other gateways write there, too. Whoever creates an object promises its name before OX shows it, so what is looked
    up after an answer of OX is there for all that the answer shows."""

    def __init__(self, ledger: Ledger, account: str, collection: str) -> None:
        self._ledger = ledger
        self._account = account
        self._collection = collection
        self._names: dict[str, str] = {}
        self._former: dict[str, dict[str, Former]] = {}
        self._unsaved: dict[str, str] = {}
        self._unsaved_former: dict[tuple[str, str], Former] = {}
        self._kept: set[str] = set()
        self._ours: dict[str, str] = {}
        """What was promised here, by UID."""
        self._turn = asyncio.Lock()
        """What is read and what is written meanwhile must not be mixed up."""

    @classmethod
    async def load(cls, ledger: Ledger, account: str, collection: str) -> Names:
        """One query, no upstream call."""
        names = cls(ledger, account, collection)
        await names.reload()
        return names

    async def reload(self) -> None:
        """Read all again. One query."""
        async with self._turn:
            await self._save()
            stored = await self._ledger.names(self._account, self._collection)
            self._names = dict(stored.current) | self._unsaved
            self._former = {key: dict(former) for key, former in stored.former.items()}
            for (key, name), each in self._unsaved_former.items():
                self._had(key, name, each)

    async def look_up(self, uids: Mapping[str, str | None]) -> None:
        """What other gateways may have named meanwhile: the objects that are the keys, with their UIDs. One query, or
        none for no objects."""
        if not uids:
            return
        asked = [*uids, *(PROMISE + uid for uid in uids.values() if uid is not None)]
        async with self._turn:
            await self._save()
            found = await self._ledger.names_of(self._account, self._collection, asked)
            stored = dict(found.current) | self._unsaved
            news = {name for key, name in stored.items() if self._names.get(key) != name}
            if news:
                self._take_away(news)
            for key in asked:
                if key not in stored:
                    self._names.pop(key, None)
            self._names.update(stored)
            for key, former in found.former.items():
                for name, each in former.items():
                    self._had(key, name, each)

    def of(self, key: str, uid: str | None) -> str | None:
        """The name of an object, by its own id or by what was promised to its UID."""
        name = self._names.get(key)
        if name is None and uid is not None and (promised := self._names.get(PROMISE + uid)) is not None:
            self.note(key, promised)
            self._kept.add(uid)
            return promised
        return name

    def named(self) -> Iterable[str]:
        """The objects that have or had a name here, deleted ones included as long as OX remembers them."""
        return {*(key for key in self._names if not key.startswith(PROMISE)), *self._former}

    def note(self, key: str, name: str) -> None:
        """Remember a name; it is written by the next ``save``."""
        self._names[key] = self._unsaved[key] = name

    def note_former(self, key: str, name: str, former: Former) -> None:
        """The object is not called ``name`` any more; written by the next ``save``."""
        self._had(key, name, former)
        self._unsaved_former[key, name] = self._former[key][name]

    def with_former(self) -> KeysView[str]:
        """The objects that had other names."""
        return self._former.keys()

    def former_of(self, key: str) -> Mapping[str, Former]:
        """The names that an object had. It or another one may have such a name again."""
        return self._former.get(key, _NONE)

    def all_of(self, key: str, last: str) -> Sequence[str]:
        """Everything that an object is known to have been called, ``last`` among it."""
        return list(dict.fromkeys((last, self._names.get(key, last), *self.former_of(key))))

    async def promise(self, uid: str, name: str, *, over: str | None = None) -> str | None:
        """Before an object with ``uid`` is created: it will have ``name``. On disk when this returns, unless somebody
        but ``over`` has the name, or has promised one to this UID: then his key, and nothing has changed. A promise of
        ours that was not kept does not count."""
        key = PROMISE + uid
        if over is None and self._ours.get(uid) == name:
            over = key
        async with self._turn:
            holder = await self._ledger.claim(self._account, self._collection, key, name, over=over)
            if holder is None:
                self._take_away({name})
                self._names[key] = self._ours[uid] = name
        return holder

    def is_promised(self, holder: str) -> bool:
        """Whether what ``promise`` answered is another promise, and no object."""
        return holder.startswith(PROMISE)

    async def take_over(self, uid: str, name: str) -> None:
        """As ``promise``, whoever has the name."""
        async with self._turn:
            await self._ledger.rename(self._account, self._collection, PROMISE + uid, name)
            self._take_away({name})
            self._names[PROMISE + uid] = self._ours[uid] = name

    async def keep_promise(self, uid: str, key: str) -> None:
        """The object with ``uid`` was created as ``key``."""
        name = self._ours.get(uid)
        if name is not None:
            self.note(key, name)
            self._kept.add(uid)
        await self.save_later()

    async def withdraw(self, uid: str) -> None:
        """The object with ``uid`` was not created."""
        self._kept.add(uid)
        await self.save_later()

    async def keep(self, key: str, name: str) -> None:
        """An object that OX did not show here before was noted, and now OX shows it: a gateway that started meanwhile
        may have forgotten the name. Nothing happens if it has one. What fails costs the name after a restart."""
        with suppress(LedgerError):
            await self._ledger.claim(self._account, self._collection, key, name)

    async def save(self) -> None:
        """Write what was noted, and that promises were kept. No query when there is nothing. What fails is written by
        the next ``save``."""
        if self._unsaved or self._unsaved_former or self._kept:
            async with self._turn:
                await self._save()

    async def _save(self) -> None:
        former = dict(self._unsaved_former)
        if former:
            await self._ledger.keep_former(self._account, self._collection, former)
            for had, each in former.items():
                if self._unsaved_former.get(had) == each:
                    del self._unsaved_former[had]
        given = set()
        for key, name in list(self._unsaved.items()):
            await self._ledger.rename(self._account, self._collection, key, name)
            given.add(name)
            if self._unsaved.get(key) == name:
                del self._unsaved[key]
        for uid in list(self._kept):
            self._ours.pop(uid, None)
            promised = self._names.get(PROMISE + uid)
            if promised is not None and promised not in given:  # else the promise went with its name
                await self._ledger.forget_names(self._account, self._collection, [PROMISE + uid])
            self._names.pop(PROMISE + uid, None)
            self._kept.discard(uid)

    async def save_later(self) -> None:
        """``save`` after a write in OX, which is done whatever becomes of this. What fails stays in memory, and a name
        that was promised stays so in the ledger."""
        with suppress(LedgerError):
            await self.save()

    async def prune(self, known: Collection[str]) -> None:
        """Forget the names of objects that OX does not even remember as deleted. Those that it made after all that are
        ``known`` stay: another gateway may have named one since OX was asked."""
        last = max(map(age, known), default=age(""))
        forgotten = {key for key in {*self.named()}.difference(known) if age(key) < last}
        if forgotten:
            async with self._turn:
                await self._ledger.forget_names(self._account, self._collection, sorted(forgotten))
                for key in forgotten:
                    self._names.pop(key, None)
                    self._former.pop(key, None)

    def _take_away(self, names: Collection[str]) -> None:
        """Whoever has such a name has it no more."""
        for key, name in [(key, name) for key, name in self._names.items() if name in names]:
            del self._names[key]
            if not key.startswith(PROMISE):
                self._had(key, name, Former())

    def _had(self, key: str, name: str, former: Former) -> None:
        kept = self._former.setdefault(key, {})
        kept[name] = kept.get(name, former).merged(former)

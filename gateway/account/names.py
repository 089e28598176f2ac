"""Resource names of one collection that OX cannot hold, as the ledger keeps them.

An event's name lives in OX (``filename``, else ``uid``) and needs the ledger only where that is not possible;
a contact's name lives in the ledger alone. A name is promised to a UID before the object is created and belongs to
the object's id afterwards, so that a crash in between loses nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress

from gateway.ledger.ledger import Ledger, LedgerError

_PROMISE = "uid:"
_FORMER = "\n"
"""Between the id of an object and a name that it had before: clients with a token from then know it by that."""
_SEGMENT = re.compile(r"[^/\x00-\x1f\x7f]+")
_LONGEST = 255


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
        self._unsaved: dict[str, str] = {}
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
            self._names = dict(await self._ledger.names(self._account, self._collection)) | self._unsaved

    async def look_up(self, uids: Mapping[str, str | None]) -> None:
        """What other gateways may have named meanwhile: the objects that are the keys, with their UIDs. One query, or
        none for no objects."""
        if not uids:
            return
        asked = [*uids, *(_PROMISE + uid for uid in uids.values() if uid is not None)]
        async with self._turn:
            await self._save()
            stored = dict(await self._ledger.names_of(self._account, self._collection, asked)) | self._unsaved
            news = {name for key, name in stored.items() if self._names.get(key) != name}
            if news:  # whoever had such a name has it no more
                self._names = {key: name for key, name in self._names.items() if name not in news}
            for key in asked:
                if key not in stored:
                    self._names.pop(key, None)
            self._names.update(stored)

    def of(self, key: str, uid: str | None) -> str | None:
        """The name of an object, by its own id or by what was promised to its UID."""
        name = self._names.get(key)
        if name is None and uid is not None and (promised := self._names.get(_PROMISE + uid)) is not None:
            self.note(key, promised)
            self._kept.add(uid)
            return promised
        return name

    def named(self) -> Iterable[str]:
        """The objects that have a name here, deleted ones included as long as OX remembers them."""
        return [key for key in self._names if not key.startswith(_PROMISE) and _FORMER not in key]

    def note(self, key: str, name: str) -> None:
        """Remember a name; it is written by the next ``save``."""
        self._names[key] = self._unsaved[key] = name

    def note_former(self, key: str, name: str) -> None:
        """The object is not called ``name`` any more; written by the next ``save``."""
        self.note(f"{key}{_FORMER}{name}", name)

    def former(self) -> Iterator[tuple[str, str]]:
        """Objects with the names they had before, unless another object has such a name now."""
        for key, name in self._names.items():
            object_id, former, _ = key.partition(_FORMER)
            if former:
                yield object_id, name

    def former_of(self, key: str) -> list[str]:
        """The former names of one object. Walks all names."""
        return [name for object_id, name in self.former() if object_id == key]

    async def promise(self, uid: str, name: str, *, over: str | None = None) -> str | None:
        """Before an object with ``uid`` is created: it will have ``name``. On disk when this returns, unless somebody
        but ``over`` has the name, or has promised one to this UID: then his key, and nothing has changed. Former names
        and a promise of ours that was not kept do not count."""
        key = _PROMISE + uid
        if over is None and self._ours.get(uid) == name:
            over = key
        async with self._turn:
            holder = await self._claim(key, name, over)
            if holder is not None and _FORMER in holder:
                holder = await self._claim(key, name, holder)
            if holder is None:
                self._names = {other: had for other, had in self._names.items() if had != name}
                self._names[key] = self._ours[uid] = name
        return holder

    async def _claim(self, key: str, name: str, over: str | None) -> str | None:
        return await self._ledger.claim(self._account, self._collection, key, name, over=over)

    def is_promised(self, holder: str) -> bool:
        """Whether what ``promise`` answered is another promise, and no object."""
        return holder.startswith(_PROMISE)

    async def take_over(self, uid: str, name: str) -> None:
        """As ``promise``, whoever has the name."""
        async with self._turn:
            await self._ledger.rename(self._account, self._collection, _PROMISE + uid, name)
            self._names = {key: had for key, had in self._names.items() if had != name}
            self._names[_PROMISE + uid] = self._ours[uid] = name

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

    async def save(self) -> None:
        """Write what ``note`` and kept promises changed. No query when there is nothing. What fails is written by the
        next ``save``."""
        if self._unsaved or self._kept:
            async with self._turn:
                await self._save()

    async def _save(self) -> None:
        for key, name in list(self._unsaved.items()):
            await self._ledger.rename(self._account, self._collection, key, name)
            if self._unsaved.get(key) == name:
                del self._unsaved[key]
        for uid in list(self._kept):
            self._ours.pop(uid, None)
            if _PROMISE + uid in self._names:
                await self._ledger.forget_name(self._account, self._collection, _PROMISE + uid)
                self._names.pop(_PROMISE + uid, None)
            self._kept.discard(uid)

    async def save_later(self) -> None:
        """``save`` after a write in OX, which is done whatever becomes of this. What fails stays in memory, and a name
        that was promised stays so in the ledger."""
        with suppress(LedgerError):
            await self.save()

    async def prune(self, known: Iterable[str]) -> None:
        """Forget the names of objects that OX does not even remember as deleted."""
        async with self._turn:
            await self._prune(set(known))

    async def _prune(self, known: set[str]) -> None:
        stored = [key for key in self._names if not key.startswith(_PROMISE)]
        for key in [key for key in stored if key.partition(_FORMER)[0] not in known]:
            del self._names[key]
            await self._ledger.forget_name(self._account, self._collection, key)

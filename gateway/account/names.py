"""Resource names of one collection that OX cannot hold, as the ledger keeps them.

An event's name lives in OX (``filename``, else ``uid``) and needs the ledger only where that is not possible;
a contact's name lives in the ledger alone. A name is promised to a UID before the object is created and belongs to
the object's id afterwards, so that a crash in between loses nothing.
"""

from __future__ import annotations

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


class Names:
    """Names by object id, read from the ledger once and written through."""

    def __init__(self, ledger: Ledger, account: str, collection: str, stored: Mapping[str, str]) -> None:
        self._ledger = ledger
        self._account = account
        self._collection = collection
        self._names = dict(stored)
        self._unsaved: dict[str, str] = {}
        self._kept: set[str] = set()

    @classmethod
    async def load(cls, ledger: Ledger, account: str, collection: str) -> Names:
        """One query, no upstream call."""
        return cls(ledger, account, collection, await ledger.names(account, collection))

    async def reload(self) -> None:
        """Read again what other replicas may have named meanwhile. One query."""
        await self.save()
        self._names = dict(await self._ledger.names(self._account, self._collection))

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

    async def promise(self, uid: str, name: str) -> None:
        """Before an object with ``uid`` is created: it will have ``name``. On disk when this returns."""
        await self._ledger.rename(self._account, self._collection, _PROMISE + uid, name)
        self._names[_PROMISE + uid] = name

    async def keep_promise(self, uid: str, key: str) -> None:
        """The object with ``uid`` was created as ``key``."""
        name = self._names.get(_PROMISE + uid)
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
        for key, name in list(self._unsaved.items()):
            await self._ledger.rename(self._account, self._collection, key, name)
            if self._unsaved.get(key) == name:
                del self._unsaved[key]
        for uid in list(self._kept):
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
        known = set(known)
        stored = [key for key in self._names if not key.startswith(_PROMISE)]
        for key in [key for key in stored if key.partition(_FORMER)[0] not in known]:
            del self._names[key]
            await self._ledger.forget_name(self._account, self._collection, key)

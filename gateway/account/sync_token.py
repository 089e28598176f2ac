"""Sync tokens (RFC 6578): what a client knows of a collection, as a URI that outlives this process.

OX stamps every object with the millisecond of its last change, but stamps collide, and an object can become visible
a little after a later one. So "everything up to T" is no safe description of what a client has seen. Instead:

- Every resource of a collection has one ``Mark``: the newest stamp that concerns it, its key, and a digest of its
  objects. A deleted resource has a mark, too, with an empty digest.
- A stamp older than the newest one by more than the window is *settled*: nothing older can appear any more.
- A token holds a ``floor`` below which the client knows everything that is settled, and hashes of the marks above it
  that the client knows already (``seen``). What a client must learn is every mark above the floor that is not among
  them. A deletion is hashed without its stamp: whoever knows that a resource is gone need not learn when.
- Too many marks above the floor (an import of hundreds within two seconds) are written as one hash of all marks up to
  the last one. If that hash does not fit any more, those resources are reported once more; none is missed. That is
  the one case in which a client is told something twice: a token that names each of them would be longer than what
  clients and proxies can be expected to carry.
- A page of a limited answer ends at a mark; the floor rises to it as far as it is settled. Marks are ordered by stamp
  and key, so a page may end inside a group of equal stamps.
- ``buried``: deletions up to this stamp are known. It runs ahead of the floor while a client that starts with
  nothing is still learning old resources page by page.
- ``state``: digest of the whole collection; while it is the same there is nothing to learn, whatever the rest says.
  A token that does not know all of it yet has it with a tilde.
- ``epoch``: the index whose memory dated the deletions. Only contacts use it: OX does not stamp their deletions.

Everything here is a pure function of marks and tokens.
"""

from __future__ import annotations

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote

_PREFIX = "data:,"
_PARTIAL = "~"
_HASHED = "~"
_MAX_SEEN = 750
_MAX_LENGTH = 8000
_HASH_OCTETS = 6
"""Of a mark. That two marks of a resource, one after the other, look the same is as likely as 1 in 2 ** 48."""
_SEEN = re.compile(r"[A-Za-z0-9_-]{8}")


class Mark(NamedTuple):
    """The newest change of one resource. ``digest`` is empty when the resource is gone."""

    stamp: int
    key: str
    digest: str

    @property
    def place(self) -> tuple[int, str]:
        return (self.stamp, self.key)


class InvalidSyncToken(ValueError):
    """The text is no token of this server."""


class TooManyDeletions(Exception):
    """More deletions without a stamp than the limit allows; only starting anew can tell them."""


@dataclass(frozen=True, slots=True)
class SyncToken:
    """What a client knows. ``seen``: hashes of marks. ``prefix`` stands for them when they are too many: the place of
    the last known mark and the hash of all marks between the floor and it."""

    life: str
    collection: str
    epoch: str
    state: str
    floor: tuple[int, str]
    buried: int
    seen: frozenset[str] = frozenset()
    prefix: tuple[int, str, str] | None = None

    @property
    def issued_at(self) -> str:
        """The state of the collection when this token was written."""
        return self.state.removeprefix(_PARTIAL)

    def __str__(self) -> str:
        if self.prefix is not None:
            stamp, key, digest = self.prefix
            known = f"{_HASHED}{stamp:x}.{quoted(key)}.{digest}"
        else:
            known = "".join(sorted(self.seen))
        floor = f"{self.floor[0]:x}.{quoted(self.floor[1])}"
        parts = (quoted(self.life), quoted(self.collection), self.epoch, self.state, floor, f"{self.buried:x}", known)
        return _PREFIX + "/".join(parts)

    @classmethod
    def parse(cls, text: str) -> SyncToken:
        """Read a token. Raises InvalidSyncToken for any text that is none."""
        if not text.startswith(_PREFIX) or len(text) > _MAX_LENGTH or not text.isascii():
            raise InvalidSyncToken("not a token of this server")
        parts = text.removeprefix(_PREFIX).split("/")
        if len(parts) != 7:
            raise InvalidSyncToken("a token has seven parts")
        life, collection, epoch, state, floor, buried, known = parts
        floor_stamp, floor_key = _fields(floor, 2)
        return cls(
            life=unquote(life),
            collection=unquote(collection),
            epoch=epoch,
            state=state,
            floor=(_number(floor_stamp), unquote(floor_key)),
            buried=_number(buried),
            seen=frozenset() if known.startswith(_HASHED) else _hashes(known),
            prefix=_prefix(known.removeprefix(_HASHED)) if known.startswith(_HASHED) else None,
        )


@dataclass(frozen=True, slots=True)
class View:
    """A collection as it is now. ``settled``: stamps below it cannot appear any more. ``newest``: of all its stamps.

    ``marks`` gives all marks with at least this stamp, in any order. ``undated``: keys of resources that are gone
    since a token was written, without a stamp of their own.
    """

    life: str
    collection: str
    epoch: str
    state: str
    settled: int
    newest: int
    marks: Callable[[int], Iterable[Mark]]
    undated: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Page:
    """Marks to report, in order, and the token that covers exactly them."""

    marks: tuple[Mark, ...]
    token: SyncToken
    truncated: bool


def page(view: View, token: SyncToken | None, limit: int | None = None) -> Page:
    """What a client with ``token`` (None: with nothing) has to learn, at most ``limit`` resources of it.

    Raises TooManyDeletions when the undated deletions alone exceed the limit.
    """
    if token is None:
        token = SyncToken(view.life, view.collection, view.epoch, "", (-1, ""), view.settled)
        above = _above(view, token)
        known = {mark for mark in above if not mark.digest}
    elif token.state == view.state:
        return Page((), current(view), truncated=False)
    else:
        above = _above(view, token)
        known = _known(token, above)
    gone = _undated(view, token)
    todo = [mark for mark in above if mark not in known]
    room = len(todo) if limit is None else limit - len(gone)
    if room < 0:
        raise TooManyDeletions
    rest = todo[room] if len(todo) > room else None
    report = todo[:room]
    return Page((*gone, *report), _next(view, token, above, known.union(report), rest), rest is not None)


def current(view: View) -> SyncToken:
    """The token of a client that knows everything."""
    token = SyncToken(view.life, view.collection, view.epoch, "", (view.settled, ""), view.settled)
    above = _above(view, token)
    return _next(view, token, above, set(above), None)


def _above(view: View, token: SyncToken) -> list[Mark]:
    return sorted(
        mark
        for mark in view.marks(token.floor[0])
        if mark.place > token.floor and (mark.digest or mark.stamp >= token.buried)
    )


def _known(token: SyncToken, above: list[Mark]) -> set[Mark]:
    """The marks among ``above`` that the client has seen already."""
    if token.prefix is None:
        return {mark for mark in above if _short(mark) in token.seen} if token.seen else set()
    stamp, key, digest = token.prefix
    before = [mark for mark in above if mark.place <= (stamp, key)]
    return set(before) if _hash(before) == digest else set()


def _undated(view: View, token: SyncToken) -> list[Mark]:
    gone = (Mark(view.newest, key, "") for key in sorted(view.undated))
    return [mark for mark in gone if _short(mark) not in token.seen]


def _next(view: View, token: SyncToken, above: list[Mark], known: set[Mark], rest: Mark | None) -> SyncToken:
    floor = (view.settled, "")
    if rest is not None:
        floor = min(floor, max((mark.place for mark in above if mark < rest), default=(0, "")))
    floor = max(floor, token.floor)
    buried = max(floor[0], token.buried)
    left = [mark for mark in above if mark.place > floor and (mark.digest or mark.stamp >= buried)]
    seen, prefix = _compact(left, known)
    state = view.state if rest is None else _PARTIAL + view.state
    return SyncToken(view.life, view.collection, view.epoch, state, floor, buried, seen, prefix)


def _compact(left: list[Mark], known: set[Mark]) -> tuple[frozenset[str], tuple[int, str, str] | None]:
    seen = known.intersection(left)
    if len(seen) <= _MAX_SEEN:
        return frozenset(map(_short, seen)), None
    before = []
    for mark in left:
        if mark not in known:
            break
        before.append(mark)
    if not before:
        return frozenset(), None
    return frozenset(), (before[-1].stamp, before[-1].key, _hash(before))


def _short(mark: Mark) -> str:
    """What a token holds of a mark: eight characters."""
    text = f"{mark.stamp}\0{mark.key}\0{mark.digest}" if mark.digest else mark.key
    return urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=_HASH_OCTETS).digest()).decode()


def _hash(marks: Iterable[Mark]) -> str:
    digest = hashlib.blake2b(digest_size=10)
    for stamp, key, content in marks:
        digest.update(f"{stamp}\0{key}\0{content}\n".encode())
    return digest.hexdigest()


def quoted(text: str) -> str:
    """As a field of a token."""
    if text.isascii() and text.isalnum():  # as nearly all ids
        return text
    return quote(text, safe="").replace(".", "%2E").replace("~", "%7E")


def _fields(text: str, count: int) -> list[str]:
    fields = text.split(".")
    if len(fields) != count:
        raise InvalidSyncToken("wrong number of fields")
    return fields


def _hashes(text: str) -> frozenset[str]:
    found = _SEEN.findall(text)
    if "".join(found) != text:
        raise InvalidSyncToken("not a row of hashes")
    return frozenset(found)


def _prefix(text: str) -> tuple[int, str, str]:
    stamp, key, digest = _fields(text, 3)
    return (_number(stamp), unquote(key), digest)


def _number(text: str) -> int:
    if not text or len(text) > 16 or not all(char in "0123456789abcdef" for char in text):
        raise InvalidSyncToken("not a number")
    return int(text, 16)

"""What an index holds of one resource."""

from __future__ import annotations

from typing import NamedTuple


class Piece(NamedTuple):
    """One OX object. ``start``, ``end``: epoch milliseconds of its whole extent, None without limit.
    ``residue``: stamp of what the ledger adds to it, 0 for nothing. ``exact``: it takes place all of this time.
    A tuple, because it is made time and again (``Member.pieces``)."""

    id: str
    stamp: int
    start: int | None = None
    end: int | None = None
    residue: int = 0
    exact: bool = False


SUFFIXES = (".ics", ".vcf")
_AS_NAMED = "as named"
"""Stands for the UID of a resource that is named after it, as nearly all are: thousands of texts less in memory.
It is told from a UID of these letters by identity."""


class Member:
    """One resource. ``changed``: the newest stamp that concerns it, deleted instances included.

    Nearly all are one object whose id is their key: what is known of it stands here itself, and ``pieces`` are made
    when they are asked for, which saves a quarter of the memory. Of others it is what all their objects have in common.
    """

    __slots__ = ("_pieces", "changed", "end", "exact", "key", "modified", "name", "own_uid", "residue", "start")

    _pieces: tuple[Piece, ...] | None
    modified: int
    """The newest stamp of an object."""
    start: int | None
    end: int | None
    """From the first start to the last end of all objects; None is without limit."""
    exact: bool
    """It takes place all of this time."""
    residue: int
    """The stamp of what the ledger is known to add to it, 0 for nothing."""

    def __init__(self, key: str, name: str, uid: str | None, pieces: tuple[Piece, ...], changed: int) -> None:
        self.key = key
        self.name = name
        self.pieces = pieces
        self.changed = changed
        self.own_uid: str | None
        """``uid``, but for resources that are named ``<uid>.ics`` or ``<uid>.vcf``."""
        self.uid = uid

    @property
    def pieces(self) -> tuple[Piece, ...]:
        if self._pieces is not None:
            return self._pieces
        return (Piece(self.key, self.modified, self.start, self.end, self.residue, self.exact),)

    @pieces.setter
    def pieces(self, pieces: tuple[Piece, ...]) -> None:
        if len(pieces) == 1:
            object_id, self.modified, self.start, self.end, self.residue, self.exact = pieces[0]
            self._pieces = None if object_id == self.key else pieces
            return
        self._pieces = pieces
        self.modified = max((piece.stamp for piece in pieces), default=0)
        self.residue = max((piece.residue for piece in pieces), default=0)
        self.start = _least([piece.start for piece in pieces])
        self.end = _most([piece.end for piece in pieces])
        self.exact = False

    @property
    def uid(self) -> str | None:
        return self.name[:-4] if self.own_uid is _AS_NAMED else self.own_uid

    @uid.setter
    def uid(self, uid: str | None) -> None:
        named = uid is not None and self.name.endswith(SUFFIXES) and self.name[:-4] == uid
        self.own_uid = _AS_NAMED if named else uid

    @property
    def may_have_residue(self) -> bool:
        """Instances without their series have no object that tells."""
        return self.residue > 0 or self.key not in self.ids

    @property
    def unnamed_uid(self) -> str | None:
        """``uid``, unless the name tells it."""
        return None if self.own_uid is _AS_NAMED else self.own_uid

    def rename(self, name: str) -> None:
        uid = self.uid
        self.name = name
        self.uid = uid

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.key,) if self._pieces is None else tuple(piece.id for piece in self._pieces)

    def stamp_of(self, object_id: str) -> int | None:
        if self._pieces is None:
            return self.modified if object_id == self.key else None
        return next((piece.stamp for piece in self._pieces if piece.id == object_id), None)

    def overlaps(self, start: int | None, end: int | None) -> bool:
        """Whether it may touch the half open range; None is without limit."""
        if end is not None and self.start is not None and self.start >= end:
            return False
        if start is not None and self.end is not None and self.end < start:
            return False
        return self._pieces is None or any(_touch(piece.start, piece.end, start, end) for piece in self._pieces)

    def surely_overlaps(self, start: int | None, end: int | None) -> bool:
        """Whether it certainly lies in the half open range, as RFC 4791 9.9 has it. What the ledger adds changes no
        times."""
        if not self.exact or self.start is None or self.end is None:
            return False
        return self.start < self.end and (end is None or self.start < end) and (start is None or self.end > start)


def _touch(first: int | None, last: int | None, start: int | None, end: int | None) -> bool:
    return (end is None or first is None or first < end) and (start is None or last is None or last >= start)


def _least(starts: list[int | None]) -> int | None:
    known = [start for start in starts if start is not None]
    return min(known) if known and len(known) == len(starts) else None


def _most(ends: list[int | None]) -> int | None:
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None

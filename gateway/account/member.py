"""What an index holds of one resource."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """One OX object. ``start``, ``end``: epoch milliseconds of its whole extent, None without limit.
    ``residue``: stamp of what the ledger adds to it, 0 for nothing. ``exact``: it takes place all of this time."""

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
    """One resource. ``changed``: the newest stamp that concerns it, deleted instances included."""

    __slots__ = ("changed", "key", "name", "own_uid", "pieces")

    def __init__(self, key: str, name: str, uid: str | None, pieces: tuple[Piece, ...], changed: int) -> None:
        self.key = key
        self.name = name
        self.pieces = pieces
        self.changed = changed
        self.own_uid: str | None
        """``uid``, but for resources that are named ``<uid>.ics`` or ``<uid>.vcf``."""
        self.uid = uid

    @property
    def uid(self) -> str | None:
        return self.name[:-4] if self.own_uid is _AS_NAMED else self.own_uid

    @uid.setter
    def uid(self, uid: str | None) -> None:
        named = uid is not None and self.name.endswith(SUFFIXES) and self.name[:-4] == uid
        self.own_uid = _AS_NAMED if named else uid

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
        return tuple(piece.id for piece in self.pieces)

    @property
    def modified(self) -> int:
        pieces = self.pieces
        return pieces[0].stamp if len(pieces) == 1 else max(piece.stamp for piece in pieces)

    @property
    def residue(self) -> int:
        """The stamp of what the ledger is known to add to it, 0 for nothing."""
        return max(piece.residue for piece in self.pieces)

    def stamp_of(self, object_id: str) -> int | None:
        for piece in self.pieces:
            if piece.id == object_id:
                return piece.stamp
        return None

    @property
    def extent(self) -> tuple[int | None, int | None]:
        """From the first start to the last end of all objects; None is without limit."""
        starts = [piece.start for piece in self.pieces]
        ends = [piece.end for piece in self.pieces]
        return (
            None if None in starts else min(start for start in starts if start is not None),
            None if None in ends else max(end for end in ends if end is not None),
        )

    def overlaps(self, start: int | None, end: int | None) -> bool:
        """Whether it may touch the half open range; None is without limit."""
        for piece in self.pieces:  # asked of thousands: any() of a generator takes five times as long
            if (end is None or piece.start is None or piece.start < end) and (
                start is None or piece.end is None or piece.end >= start
            ):
                return True
        return False

    def surely_overlaps(self, start: int | None, end: int | None) -> bool:
        """Whether it certainly lies in the half open range, as RFC 4791 9.9 has it. What the ledger adds changes no
        times."""
        piece = self.pieces[0]
        if len(self.pieces) > 1 or not piece.exact or piece.start is None or piece.end is None:
            return False
        return piece.start < piece.end and (end is None or piece.start < end) and (start is None or piece.end > start)

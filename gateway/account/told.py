"""What an answer of OX tells of the objects of a folder, as the index takes it."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.account.member import Piece


@dataclass(frozen=True, slots=True)
class Found:
    """An object as OX lists it: the resource it belongs to and the name it asks for."""

    piece: Piece
    key: str
    uid: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Lost:
    """An object that is gone. Contacts tell nothing but the id."""

    id: str
    stamp: int | None = None
    key: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A name that is no more."""

    stamp: int
    name: str

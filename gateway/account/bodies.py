"""Texts of the members of a collection: from memory, else from OX in batches, each under the ETag it belongs to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.account.faults import reported
from gateway.account.index import Index, Member, Piece
from gateway.account.unreadable import load_readable
from gateway.dav.values import Body

if TYPE_CHECKING:
    from gateway.account.collection import Collection

BATCH = 100
"""Objects per upstream call; more make OX slower, fewer cost round trips."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A resource as OX has it: its objects and the text a GET answers."""

    pieces: tuple[Piece, ...]
    text: str


async def bodies_of(collection: Collection, names: Sequence[str]) -> AsyncIterator[Body]:
    """See ``ObjectCollection.bodies``."""
    index = await collection.index()
    batch: list[Member] = []
    objects = 0
    for name in names:
        member = index.named(name)
        if member is None:
            continue
        batch.append(member)
        objects += len(member.pieces)
        if objects >= BATCH:
            for body in await _batch(collection, index, batch):
                yield body
            batch, objects = [], 0
    for body in await _batch(collection, index, batch):
        yield body


async def _batch(collection: Collection, index: Index, members: Sequence[Member]) -> Sequence[Body]:
    text_of, folder = collection.account.text, collection.cached_under
    entries = [collection.entry_of(index, member) for member in members]
    bodies = [Body(entry, text) for entry in entries if (text := text_of(folder, entry.etag)) is not None]
    if len(bodies) == len(entries):
        return bodies
    found = {body.entry.name: body for body in bodies}
    names = [member.name for member in members]
    found.update(await _load(collection, [member for member in members if member.name not in found]))
    return [found[name] for name in names if name in found]


async def _load(collection: Collection, members: Sequence[Member]) -> dict[str, Body]:
    """Bodies from OX. What changed since the index was refreshed is looked up once more, so that an ETag always
    belongs to its text."""
    found, stale = await _compare(collection, await collection.index(), members)
    if not stale:
        return found
    state = await collection.refreshed()
    again = [member for name in stale if (member := state.index.named(name)) is not None]
    more, stale = await _compare(collection, state.index, again)
    found.update(more)
    for member in again:
        loaded = stale.get(member.name)
        if loaded is not None:  # it changes faster than we can look: serve what was seen
            stamp = max(piece.stamp for piece in loaded.pieces)
            seen = Member(member.key, member.name, member.uid, loaded.pieces, stamp)
            found[member.name] = Body(collection.entry_of(state.index, seen), loaded.text)
        elif member.name in stale:
            state.doubtful = True
    return found


async def _compare(
    collection: Collection, index: Index, members: Sequence[Member]
) -> tuple[dict[str, Body], dict[str, Loaded | None]]:
    """Bodies of the members that are as the index says, and what was seen of the others."""
    found: dict[str, Body] = {}
    stale: dict[str, Loaded | None] = {}
    if not members:
        return found, stale
    with reported(collection.path, cards=collection.cards):
        loaded = await load_readable(collection, members, collection.load)
    for member in members:
        seen = loaded.get(member.key)
        if seen is None and member.key in loaded:
            continue
        if seen is None or _identity(seen.pieces) != _identity(member.pieces):
            stale[member.name] = seen
            continue
        entry = collection.entry_of(index, member)
        collection.account.keep_text(collection.cached_under, entry.etag, seen.text)
        found[member.name] = Body(entry, seen.text)
    return found, stale


def _identity(pieces: Sequence[Piece]) -> set[tuple[str, int, int]]:
    return {(piece.id, piece.stamp, piece.residue) for piece in pieces}

"""MOVE of single objects (contacts, tasks): one update in OX, so that the object keeps its id and all that hangs on it;
name and residue follow.

What is in the way goes last and only if it is still what the client saw; if it cannot go, the object moves back.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from gateway.account.collection import Collection
from gateway.account.faults import moved_in_part, of_failure
from gateway.account.index import Member
from gateway.account.names import Names, usable
from gateway.account.replaced import name_again
from gateway.account.synced_objects import STAMP
from gateway.dav.errors import DAVError, Forbidden, NotFound, PreconditionFailed
from gateway.ledger.ledger import Former, LedgerError
from gateway.ox.errors import OutcomeUnknown, OXError


class ObjectFolder(Collection):
    """A collection of which each member is one OX object."""

    @abstractmethod
    async def listed(self, ids: Sequence[str]) -> Sequence[Mapping[str, Any]]:
        """The objects that are (still) here, with all fields. One upstream call. Raises OXError."""

    @abstractmethod
    async def update(self, key: str, stamp: int, fields: Mapping[str, Any]) -> int:
        """Change an object in OX; the new stamp. One upstream call. Raises OXError."""

    @abstractmethod
    async def delete_member(self, member: Member) -> None:
        """Delete an object in OX, unless it is newer. One upstream call. Raises DAVError, OXError."""


async def move(source: ObjectFolder, member: Member, target: ObjectFolder, name: str) -> bool:
    """See ``ObjectCollection.move``. Raises DAVError, OXError; then everything is where it was, unless that is
    OutcomeUnknown."""
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    state = await target.state()
    replaced = state.index.named(name)
    if replaced is not None:
        await _require_deletable(target, replaced)
    try:
        stamp = await _relocate(source, member.key, member.modified, target, name)
        if replaced is not None:
            await _make_way(source, member, target, replaced, stamp)
    except (OXError, LedgerError):
        if replaced is not None:
            await name_again(target, state.names, replaced.key, name)
        raise
    finally:
        source.tree.stale(source.folder.id)
        target.tree.stale(target.folder.id)
    if source.folder.id != target.folder.id:
        with suppress(LedgerError):  # it has moved; what is left is pruned with the next index
            await source.account.ledger.forget_residue(source.account.identity.key, source.folder.plain_id, member.key)
    return replaced is None


async def _require_deletable(folder: ObjectFolder, member: Member) -> None:
    """What is replaced goes last; make sure before that it is still the one the client saw."""
    rows = await folder.listed([member.key])
    if [row[STAMP] for row in rows] != [member.modified]:
        raise PreconditionFailed("OX has a newer state of the destination")


async def _make_way(source: ObjectFolder, member: Member, target: ObjectFolder, replaced: Member, stamp: int) -> None:
    """Delete what was replaced, or move back. Raises what OX answered to the deletion when everything is where it was,
    Conflict when it is not."""
    try:
        await target.delete_member(replaced)
    except NotFound:
        pass  # somebody else has deleted it
    except DAVError as error:  # nobody knows whether it is gone
        raise moved_in_part(error) from error
    except OXError as error:
        try:
            await _relocate(target, member.key, stamp, source, member.name)
        except (DAVError, LedgerError, OXError) as second:
            raise moved_in_part(of_failure(error, target.path)) from second
        raise


async def _relocate(source: ObjectFolder, key: str, stamp: int, target: ObjectFolder, name: str) -> int:
    """Into another folder, or to another name in the same one; the new stamp. Name and residue are there first."""
    state = await target.state()
    names, before, member = state.names, state.names.of(key, None), state.index.keyed(key)
    if member is not None and member.name != name:
        names.note_former(key, member.name, Former(until=member.changed))
    names.note(key, name)
    try:
        await names.save()
        await _copy_residue(source, key, target)
    except LedgerError:
        names.note(key, before or name)
        raise
    try:
        moved = await source.update(key, stamp, {"folder_id": target.folder.id})
    except OutcomeUnknown:
        rows = await target.listed([key])
        if rows and (source.folder.id != target.folder.id or rows[0][STAMP] > stamp):
            return int(rows[0][STAMP])
        await _take_back(names, key, before)
        raise
    except OXError:
        await _take_back(names, key, before)
        raise
    await names.keep(key, name)
    return moved


async def _take_back(names: Names, key: str, name: str | None) -> None:
    """The name that the object had before in this collection, if any."""
    if name is not None:
        names.note(key, name)
        await names.save_later()


async def _copy_residue(source: ObjectFolder, key: str, target: ObjectFolder) -> None:
    account, ledger = source.account.identity.key, source.account.ledger
    if source.folder.id == target.folder.id:
        return
    kept = await ledger.residues(account, source.folder.plain_id, [key])
    if key in kept:
        await ledger.set_residue(account, target.folder.plain_id, key, kept[key])
    else:
        await ledger.forget_residue(account, target.folder.plain_id, key)

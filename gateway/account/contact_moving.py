"""MOVE of contacts: one update in OX, so that the contact keeps its id, picture and members; name and residue follow.

What is in the way goes last and only if it is still what the client saw; if it cannot go, the contact moves back.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gateway.account.contact_writing import remove
from gateway.account.index import Member
from gateway.account.names import usable
from gateway.dav.errors import Forbidden, NotFound, PreconditionFailed
from gateway.ox import contacts
from gateway.ox.contacts import STAMP
from gateway.ox.errors import OutcomeUnknown, OXError

if TYPE_CHECKING:
    from gateway.account.contacts import ContactCollection


async def move(source: ContactCollection, member: Member, target: ContactCollection, name: str) -> bool:
    """See ``ObjectCollection.move``. Raises DAVError, OXError; then everything is where it was, unless that is
    OutcomeUnknown."""
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    replaced = (await target.state()).index.named(name)
    if replaced is not None:
        await _require_deletable(target, replaced)
    try:
        stamp = await _relocate(source, member.key, member.modified, target, name)
        if replaced is not None:
            await _make_way(source, member, target, replaced, stamp)
    finally:
        source.tree.stale(source.folder.id)
        target.tree.stale(target.folder.id)
    if source.folder.id != target.folder.id:
        await source.account.ledger.forget_residue(source.account.identity.key, source.folder.id, member.key)
    return replaced is None


async def _require_deletable(book: ContactCollection, member: Member) -> None:
    """The replaced contact goes last; make sure before that it is still the one the client saw."""
    rows = await book.listed([member.key])
    if [row[STAMP] for row in rows] != [member.modified]:
        raise PreconditionFailed("OX has a newer state of the destination")


async def _make_way(
    source: ContactCollection, member: Member, target: ContactCollection, replaced: Member, stamp: int
) -> None:
    """Delete what was replaced. A DAVError tells that nobody knows whether it is gone: then nothing moves back."""
    with suppress(NotFound):
        try:
            await remove(target, replaced)
        except OXError:
            await _relocate(target, member.key, stamp, source, member.name)
            raise


async def _relocate(source: ContactCollection, key: str, stamp: int, target: ContactCollection, name: str) -> int:
    """Into another book, or to another name in the same one; the new stamp. Name and residue are there first."""
    names = (await target.state()).names
    before = names.of(key, None)
    names.note(key, name)
    await names.save()
    await _copy_residue(source, key, target)
    fields = {"folder_id": target.folder.id}
    try:
        return (await source.account.session.run(contacts.update(source.folder.id, key, stamp, fields))).stamp
    except OutcomeUnknown:
        rows = await target.listed([key])
        if rows and (source.folder.id != target.folder.id or rows[0][STAMP] > stamp):
            return int(rows[0][STAMP])
        await _take_back(target, key, before)
        raise
    except OXError:
        await _take_back(target, key, before)
        raise


async def _take_back(book: ContactCollection, key: str, name: str | None) -> None:
    """The name that the contact had here before, if any."""
    if name is not None:
        names = (await book.state()).names
        names.note(key, name)
        await names.save()


async def _copy_residue(source: ContactCollection, key: str, target: ContactCollection) -> None:
    account, ledger = source.account.identity.key, source.account.ledger
    if source.folder.id == target.folder.id:
        return
    kept = await ledger.residues(account, source.folder.id, [key])
    if key in kept:
        await ledger.set_residue(account, target.folder.id, key, kept[key])
    else:
        await ledger.forget_residue(account, target.folder.id, key)

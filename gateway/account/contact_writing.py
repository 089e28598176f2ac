"""PUT and DELETE of contacts: a diff against what OX holds, at most one write upstream.

What OX cannot hold goes to the ledger, with the stamp of the write it belongs to. When nothing else changed, the
contact is still touched in OX, so that its stamp moves and every client learns of the change.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gateway.account.contact_repair import PICTURE, at_fault
from gateway.account.distribution import as_entries, resolved_members, same_entries
from gateway.account.faults import of_failure
from gateway.account.index import Found, Lost, Member, Piece
from gateway.account.names import usable
from gateway.account.picture_scaling import EDGES, smaller
from gateway.account.promising import promise_name
from gateway.account.residue import from_json, to_json
from gateway.dav.errors import (
    Conflict,
    Forbidden,
    MaxAddressResourceSize,
    NoAddressUidConflict,
    NotFound,
    PreconditionFailed,
)
from gateway.dav.values import Entry, Stored
from gateway.ledger.ledger import LedgerError, Residue
from gateway.ox import contacts
from gateway.ox.call import Call, Upload
from gateway.ox.contacts import STAMP, Contact, ContactWritten
from gateway.ox.errors import InvalidValue, NothingChanged, ObjectNotFound, OutcomeUnknown, OXError
from mappings.contacts import originals
from mappings.contacts.card import Card, Picture
from mappings.contacts.change import ContactChange, RemovePicture, SetPicture, changes, create
from mappings.contacts.groups import member_property, plain_uid
from mappings.contacts.read import read
from mappings.contentline import Property

if TYPE_CHECKING:
    from gateway.account.contacts import ContactCollection


async def put(book: ContactCollection, name: str, data: bytes, base: Entry | None) -> Stored:
    """See ``ObjectCollection.put``. Raises DAVError, OXError, InvalidData; then nothing was stored."""
    card = read(data)
    member = await book.expected(name, base)
    if member is None:
        return await _create(book, name, card)
    await _update(book, member, card)
    return Stored(name, created=False, etag=None)


async def remove(book: ContactCollection, member: Member) -> None:
    """Delete a contact in OX. One upstream call. Raises DAVError, OXError."""
    has_residue = bool(member.residue)
    try:
        await book.account.session.run(contacts.delete(book.folder.id, [member.key], member.modified))
    except OutcomeUnknown:
        if member.key in (await book.refreshed()).index:
            raise
    except ObjectNotFound:
        book.tree.stale(book.folder.id)
        raise NotFound("nothing is here any more") from None
    (await book.state()).index.apply((), [Lost(member.key)])
    if has_residue:
        with suppress(LedgerError):  # it is deleted; what is left is pruned with the next index
            await book.account.ledger.forget_residue(book.account.identity.key, book.folder.plain_id, member.key)


# -- create ----------------------------------------------------------------------------------------------------------


async def _create(book: ContactCollection, name: str, card: Card) -> Stored:
    if not usable(name):
        raise Forbidden("this name cannot be used for a resource")
    state = await book.state()
    holder = None if card.uid is None else state.index.with_uid(card.uid)
    if holder is not None:
        raise NoAddressUidConflict("this UID is in use already", paths=((*book.path, holder.name),))
    uid = card.uid or str(uuid.uuid4())

    async def difference(refused: frozenset[str]) -> _Wanted:
        return await _wanted(book, create(card, refused), ())

    async def look_up(wanted: _Wanted) -> ContactWritten:
        member = (await book.refreshed()).index.with_uid(uid)
        if member is None:
            raise OutcomeUnknown
        return ContactWritten(member.key, member.modified)

    first = await difference(frozenset())
    await promise_name(book, uid, name)
    try:
        wanted, written = await _send(book, first, difference, lambda wanted: _creation(book, uid, wanted), look_up)
    except OutcomeUnknown:
        raise
    except OXError:
        await state.names.withdraw(uid)
        raise
    await state.names.keep_promise(uid, written.id)
    await _keep(book, written, uid, await _as_taken(book, written, wanted))
    stored = (await book.state()).index.holding(written.id)
    return Stored(name if stored is None else stored.name, created=True, etag=None)


def _creation(book: ContactCollection, uid: str, wanted: _Wanted) -> Call[ContactWritten]:
    fields = {**wanted.fields, "uid": uid}
    if wanted.sent is None:
        return contacts.create(book.folder.id, fields)
    return contacts.create_with_image(book.folder.id, fields, _upload(wanted.sent))


# -- update ----------------------------------------------------------------------------------------------------------


async def _update(book: ContactCollection, member: Member, card: Card) -> None:
    row = await _current(book, member)
    uid = row.get("uid")
    if card.uid is not None and uid and plain_uid(card.uid) != plain_uid(uid):
        raise NoAddressUidConflict("the UID of a resource cannot change", paths=((*book.path, member.name),))
    extra = await _kept(book, member.key)

    async def difference(refused: frozenset[str]) -> _Wanted:
        return await _difference(book, row, card, extra, refused)

    async def look_up(wanted: _Wanted) -> ContactWritten:
        return await _look_up(book, member, card, extra, wanted)

    first = await difference(frozenset())
    if first.is_nothing and Counter(first.residue) == Counter(extra):
        return
    wanted, written = await _send(book, first, difference, lambda wanted: _change(book, row, wanted), look_up)
    await _keep(book, written, uid, await _as_taken(book, written, wanted))


async def _current(book: ContactCollection, member: Member) -> Contact:
    """The contact as the caller knows it. Raises PreconditionFailed."""
    rows = await book.listed([member.key])
    if [row[STAMP] for row in rows] != [member.modified]:
        book.tree.stale(book.folder.id)
        raise PreconditionFailed("OX has a newer state")
    return rows[0]


async def _difference(
    book: ContactCollection, row: Contact, card: Card, extra: Sequence[Property], refused: frozenset[str]
) -> _Wanted:
    picture = await book.picture(row)
    members = (await resolved_members(book.account, [row])).get(row["id"], ())
    change = changes(row, None if picture is None else picture.digest, card, members, extra, refused)
    return await _wanted(book, change, row.get("distribution_list") or ())


async def _look_up(
    book: ContactCollection, member: Member, card: Card, extra: Sequence[Property], wanted: _Wanted
) -> ContactWritten:
    """After a write of unknown outcome: what is stored now. Raises OutcomeUnknown when it is not what was sent."""
    rows = await book.listed([member.key])
    if wanted.picture is not None and wanted.smaller is not None:
        extra = originals.remember(wanted.residue, wanted.picture, wanted.smaller)
    if not rows or not (await _difference(book, rows[0], card, extra, wanted.refused)).is_nothing:
        raise OutcomeUnknown
    return ContactWritten(member.key, rows[0][STAMP])


def _change(book: ContactCollection, row: Contact, wanted: _Wanted) -> Call[ContactWritten]:
    """At least something is written, so that the stamp moves although the residue alone changed."""
    folder, fields = book.folder.id, wanted.fields
    if wanted.sent is not None:
        return contacts.update_with_image(folder, row["id"], row[STAMP], fields, _upload(wanted.sent))
    return contacts.update(folder, row["id"], row[STAMP], fields or {"display_name": row.get("display_name")})


# -- pieces ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What has to be written: to OX, and to the ledger."""

    fields: dict[str, Any]
    picture: Picture | None
    residue: tuple[Property, ...]
    refused: frozenset[str] = frozenset()
    smaller: Picture | None = None
    """What OX gets in place of a picture that is too large for it."""
    edges: tuple[int, ...] = EDGES
    """Still to be tried for that."""

    @property
    def sent(self) -> Picture | None:
        return self.smaller or self.picture

    @property
    def is_nothing(self) -> bool:
        return not self.fields and self.picture is None


async def _send(
    book: ContactCollection,
    wanted: _Wanted,
    difference: Callable[[frozenset[str]], Awaitable[_Wanted]],
    call: Callable[[_Wanted], Call[ContactWritten]],
    look_up: Callable[[_Wanted], Awaitable[ContactWritten]],
) -> tuple[_Wanted, ContactWritten]:
    """Write to OX; what it does not take goes to the residue, and the rest is sent again."""
    while True:
        try:
            return wanted, await book.account.session.run(call(wanted))
        except (OutcomeUnknown, NothingChanged):  # an OX 7.8 may not write a contact that stays as it is
            return wanted, await look_up(wanted)
        except InvalidValue as error:
            found = at_fault(error, wanted.fields, with_picture=wanted.picture is not None) - wanted.refused
            if not found:
                raise
            shrunk = await _with_smaller_picture(wanted) if PICTURE in found else None
            if shrunk is not None:
                wanted = shrunk
                continue
            refused = wanted.refused | found
            again = await difference(refused)
            wanted = replace(again, refused=refused, smaller=again.picture and wanted.smaller, edges=wanted.edges)


async def _with_smaller_picture(wanted: _Wanted) -> _Wanted | None:
    """The same with a picture that OX may take; None when there is none smaller."""
    for place, edge in enumerate(wanted.edges, 1):
        data = None if wanted.picture is None else await smaller(wanted.picture.data, edge)
        if data is not None:
            return replace(wanted, smaller=Picture(data, "image/jpeg"), edges=wanted.edges[place:])
    return None


async def _as_taken(book: ContactCollection, written: ContactWritten, wanted: _Wanted) -> tuple[Property, ...]:
    """The residue after a write. If OX holds another picture than was written, because that was too large or because
    OX makes them smaller by itself, the residue has the original. Two upstream calls after a picture was sent."""
    if wanted.picture is None:
        return wanted.residue
    try:
        rows = await book.listed([written.id])
        held = await book.picture(rows[0]) if rows and rows[0][STAMP] == written.stamp else None
    except OXError:  # it is stored, whatever this tells
        held = wanted.smaller
    if held is None or held.digest == wanted.picture.digest:
        return wanted.residue
    return originals.remember(wanted.residue, wanted.picture, held)


async def _wanted(book: ContactCollection, change: ContactChange, current: Sequence[dict[str, Any]]) -> _Wanted:
    """A change in OX's terms: members by id, the picture apart, what OX cannot hold as residue."""
    fields = dict(change.fields)
    residue = change.overflow
    if change.members is not None:
        entries, left = await as_entries(book.account, book.folder.id, change.members, current)
        if not same_entries(entries, current):
            fields["distribution_list"] = entries
        residue += tuple(member_property(member) for member in left)
    if isinstance(change.picture, RemovePicture):
        fields["image1"] = None
    asked = change.picture
    picture = Picture(asked.data, asked.content_type) if isinstance(asked, SetPicture) else None
    if picture is not None and len(picture.data) > book.max_image_size:
        raise MaxAddressResourceSize(f"a picture has at most {book.max_image_size} bytes")
    return _Wanted(fields, picture, residue)


async def _kept(book: ContactCollection, key: str) -> tuple[Property, ...]:
    account = book.account
    kept = await account.ledger.residues(account.identity.key, book.folder.plain_id, [key])
    return from_json(kept[key].data) if key in kept else ()


async def _keep(book: ContactCollection, written: ContactWritten, uid: str | None, residue: Sequence[Property]) -> None:
    """Write the residue that belongs to a write in OX, and tell the index of both. Raises Conflict when it cannot be
    kept: the rest is stored."""
    ledger, account, folder = book.account.ledger, book.account.identity.key, book.folder.plain_id
    try:
        if residue:
            await ledger.set_residue(account, folder, written.id, Residue(written.stamp, to_json(residue)))
        else:
            await ledger.forget_residue(account, folder, written.id)
    except LedgerError as error:
        book.tree.stale(book.folder.id)
        reason = of_failure(error, book.path).reason
        raise Conflict(f"only a part could be stored: {reason}; synchronise to see which") from error
    piece = Piece(written.id, written.stamp, residue=written.stamp if residue else 0)
    (await book.state()).index.apply([Found(piece, written.id, uid, None)])


def _upload(picture: Picture) -> Upload:
    extension = picture.content_type.rpartition("/")[2] or "jpeg"
    return Upload(f"picture.{extension}", picture.content_type, picture.data)

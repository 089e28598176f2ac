"""An address book folder as a CardDAV collection (RFC 6352)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from gateway.account import card_search, contact_writing
from gateway.account.bodies import Loaded
from gateway.account.collections import ALL_USERS
from gateway.account.contact_sync import SUFFIX
from gateway.account.distribution import resolved_members
from gateway.account.faults import reported
from gateway.account.index import Member, Piece
from gateway.account.object_moving import ObjectFolder, move
from gateway.account.residue import from_json
from gateway.account.unreadable import readable
from gateway.dav.errors import Forbidden
from gateway.dav.ports import AddressBook, ObjectCollection
from gateway.dav.turns import Turn
from gateway.dav.values import Entry, Privilege, Stored
from gateway.ledger.ledger import Residue
from gateway.ox import contacts
from gateway.ox.contacts import STAMP, Contact
from gateway.ox.errors import Malformed, ObjectNotFound
from mappings.contacts.card import Member as Listed
from mappings.contacts.card import Picture
from mappings.contacts.render import render

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree
    from gateway.dav.paths import Path
    from gateway.ox.folders import Folder

_PICTURES_AT_ONCE = 4


class ContactCollection(ObjectFolder, AddressBook):
    content_type = "text/vcard"
    entry_type = "text/vcard; charset=utf-8"
    component = "VCARD"
    cards = True

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        super().__init__(tree, path, folder)
        self.max_image_size = self.account.limits.max_image_bytes
        self.alike = folder.plain_id != ALL_USERS

    def privileges_on(self, name: str) -> frozenset[Privilege]:
        own = self.account.identity.user.contact_id
        if self.folder.plain_id == ALL_USERS and own is not None and name == f"{own}{SUFFIX}":
            return self.privileges | {Privilege.WRITE_CONTENT}
        return self.privileges

    # -- reading -------------------------------------------------------------------------------------------------

    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded | None]:
        rows = await self.listed([member.key for member in members])
        ids = [row["id"] for row in rows]
        kept = await self.account.ledger.residues(self.account.identity.key, self.folder.plain_id, ids)
        lists = await resolved_members(self.account, rows)
        pictures = await self.pictures(rows)
        turn, loaded = Turn(), {}
        for row in rows:
            key = row["id"]
            write = partial(_rendered, row, kept.get(key), pictures.get(key), lists.get(key, ()))
            loaded[key] = readable(self, key, write)
            await turn.may_end()
        return loaded

    async def listed(self, ids: Sequence[str]) -> tuple[Contact, ...]:
        columns = self.account.generation.contact_columns
        rows = await self.account.session.run(contacts.by_id(self.folder.id, ids, columns=columns))
        return tuple(row for row in rows if row.get("folder_id") == self.folder.id)

    async def pictures(self, rows: Sequence[Contact]) -> dict[str, Picture]:
        """The pictures of those contacts that have one: one upstream call each. Raises OXError."""
        turn = asyncio.Semaphore(_PICTURES_AT_ONCE)

        async def fetch(row: Contact) -> tuple[str, Picture | None]:
            async with turn:
                return row["id"], await self.picture(row)

        found = await asyncio.gather(*(fetch(row) for row in rows if has_picture(row)))
        return {key: picture for key, picture in found if picture is not None}

    async def picture(self, row: Contact) -> Picture | None:
        """The picture of one contact, None if OX has none to show. Raises OXError when that cannot be told."""
        if not has_picture(row):
            return None
        try:
            question = contacts.picture(row["image1_url"])
        except Malformed:  # not a picture of this OX, and never will be
            return None
        try:
            data = await self.account.session.run(question)
        except ObjectNotFound:
            return None
        return Picture(data, row.get("image1_content_type") or "image/jpeg")

    async def holding(self, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[str]:
        return await card_search.holding(self, fold, keys)

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        with reported((*self.path, name), Privilege.WRITE_CONTENT if base else Privilege.BIND, cards=True):
            async with (await self.state()).turn(name):
                return await contact_writing.put(self, name, data, base)

    async def remove(self, name: str, base: Entry) -> None:
        with reported((*self.path, name), Privilege.UNBIND, cards=True):
            await self.delete_member(await self.existing(name, base))

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        with reported((*target.path, target_name), Privilege.BIND, cards=True):
            member = await self.existing(name, base)
            book: ContactCollection = self.same_kind(target)
            if contacts.account_of(book.folder.id) != contacts.account_of(self.folder.id):
                raise Forbidden("contacts do not move between accounts; store it there and delete it here")
            return await move(self, member, book, target_name)

    async def update(self, key: str, stamp: int, fields: Mapping[str, Any]) -> int:
        return (await self.account.session.run(contacts.update(self.folder.id, key, stamp, fields))).stamp

    async def delete_member(self, member: Member) -> None:
        await contact_writing.remove(self, member)


def _rendered(row: Contact, kept: Residue | None, picture: Picture | None, listed: Sequence[Listed]) -> Loaded:
    extra = () if kept is None else from_json(kept.data)
    piece = Piece(row["id"], row[STAMP], residue=0 if kept is None else kept.stamp)
    return Loaded((piece,), render(row, picture, listed, extra))


def has_picture(row: Contact) -> bool:
    return bool(row.get("number_of_images")) and isinstance(row.get("image1_url"), str)

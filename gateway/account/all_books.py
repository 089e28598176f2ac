"""The address book that holds the cards of all the user's books, for programs that use one book only.

Reading asks all books in one call. Each write goes to the book the card is in, new cards to the default one.
The address list of all users is left out: it is a directory, not the user's, and may be very long.
"""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from gateway.account import card_search
from gateway.account.bodies import Loaded
from gateway.account.collection import Collection
from gateway.account.collections import ALL_BOOKS, ALL_USERS, FOLDERS, privileges_of
from gateway.account.contacts import ContactCollection
from gateway.account.faults import reported
from gateway.account.index import Member
from gateway.account.merged_books import MergedBooks
from gateway.account.names import usable
from gateway.account.properties import kept_of
from gateway.account.synced import Synced
from gateway.account.unreadable import load_readable
from gateway.dav.errors import (
    DAVError,
    Forbidden,
    NeedPrivileges,
    NoAddressUidConflict,
    NotFound,
    PreconditionFailed,
    PropertiesRefused,
    ProtectedProperty,
    Unavailable,
)
from gateway.dav.names import dav
from gateway.dav.paths import Path
from gateway.dav.ports import AddressBook, ObjectCollection
from gateway.dav.values import CollectionPatch, Entry, Privilege, Stored
from gateway.ox.contacts import OWN_ACCOUNT, account_of
from gateway.ox.folders import PRIVATE, Folder, Rights
from mappings.contacts.read import read

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree

_TITLE = "All contacts"
_WRITES = frozenset({Privilege.WRITE_CONTENT, Privilege.UNBIND})


class AllBooks(Collection, AddressBook):
    content_type = "text/vcard"
    entry_type = "text/vcard; charset=utf-8"
    component = "VCARD"
    cards = True
    alike = False

    def __init__(self, tree: AccountTree, path: Path) -> None:
        super().__init__(tree, path, _FOLDER)
        self.max_image_size = self.account.limits.max_image_bytes
        self._merged: MergedBooks | None = None

    # -- the books -----------------------------------------------------------------------------------------------

    @property
    def _folders(self) -> dict[str, tuple[str, Folder]]:
        """Segment and folder by id. Those of other accounts are left out: their contacts may have ids that the
        groupware has given to its own."""
        books = self.account.homes.books
        return {folder.id: (segment, folder) for segment, folder in books if _is_own(folder)}

    def _book(self, folder_id: str) -> ContactCollection:
        if folder_id not in self._folders:
            raise NotFound("this address book is gone")
        segment, folder = self._folders[folder_id]
        return ContactCollection(self.tree, (*self.path[:-1], segment), folder)

    def _default(self) -> ContactCollection:
        """Where new cards go. Raises NeedPrivileges."""
        homes = self.account.homes
        folder = homes.books.get(homes.default_book or "")
        if folder is None or Privilege.BIND not in privileges_of(folder):
            raise NeedPrivileges(self.path, dav(Privilege.BIND))
        return self._book(folder.id)

    @property
    def owner(self) -> Path | None:
        return self.tree.principal

    @property
    def privileges(self) -> frozenset[Privilege]:
        """What is granted in any of the books, new cards where the default one takes them."""
        granted = {Privilege.READ, Privilege.READ_FREE_BUSY, Privilege.WRITE_PROPERTIES}
        for _, folder in self._folders.values():
            granted |= privileges_of(folder) & _WRITES
        default = self.account.homes.books.get(self.account.homes.default_book or "")
        if default is not None:
            granted |= privileges_of(default) & {Privilege.BIND}
        return frozenset(granted)

    def privileges_on(self, name: str) -> frozenset[Privilege]:
        merged = self._merged
        member = None if merged is None else merged.index.named(name)
        if merged is None or member is None:
            return self.privileges
        folder = self.account.homes.folder(merged.folder_of[member.key])
        return frozenset({Privilege.READ}) if folder is None else privileges_of(folder)

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def scope(self) -> str:
        rights = [f"{folder.id} {folder.own_rights.read}" for _, folder in self._folders.values()]
        books = hashlib.blake2b(chr(0).join(sorted(rights)).encode(), digest_size=8).hexdigest()
        return f"{self.account.identity.key} {ALL_BOOKS} {books}"

    async def state(self) -> MergedBooks:
        try:
            books = await self._states()
        except (NotFound, Forbidden):  # one of them is gone: the list of folders is out of date
            self.tree.stale(FOLDERS)
            await self.tree.freshen([FOLDERS])
            books = await self._states()
        self._merged = await self.account.merged(books)
        return self._merged

    async def _states(self) -> list[Synced]:
        folders = dict(self._folders)
        self.tree.will_need(folder for _, folder in folders.values())
        return [await self.tree.synced(self._book(folder_id), folder) for folder_id, (_, folder) in folders.items()]

    async def refreshed(self) -> MergedBooks:
        for folder_id in self._folders:
            self.tree.stale(folder_id)
        return await self.state()

    def listing(self, form: str, write: Callable[[Sequence[Entry]], str]) -> AsyncIterator[str]:
        """Not kept: what the user may do to a card changes without a change of the card."""
        return AddressBook.listing(self, form, write)

    def answer(self, form: str, write: Callable[[], AsyncIterator[str]]) -> AsyncIterator[str]:
        """As ``listing``."""
        return AddressBook.answer(self, form, write)

    async def holding(self, fold: Callable[[str], str], keys: Sequence[str]) -> Sequence[str]:
        return await card_search.holding(self, fold, keys)

    async def load(self, members: Sequence[Member]) -> Mapping[str, Loaded | None]:
        merged = await self.state()
        by_folder: dict[str, list[Member]] = {}
        for member in members:
            by_folder.setdefault(merged.folder_of[member.key], []).append(member)
        found: dict[str, Loaded | None] = {}
        books = [(self._book(key), some) for key, some in by_folder.items()]
        for loaded in await asyncio.gather(*(load_readable(book, some, book.load) for book, some in books)):
            found.update(loaded)
        return found

    # -- writing -------------------------------------------------------------------------------------------------

    async def put(self, name: str, data: bytes, base: Entry | None) -> Stored:
        if base is not None:
            book, entry = await self._real(name, base)
            await book.put(entry.name, data, entry)
            await self.state()
            return Stored(name, created=False, etag=None)
        with reported((*self.path, name), Privilege.BIND, cards=True):
            async with (await self.state()).turn(name):
                await self.expected(name, None)
                return await self._create(name, data)

    async def _create(self, name: str, data: bytes) -> Stored:
        """Into the default book, under the same name if that is free there."""
        if not usable(name):
            raise Forbidden("this name cannot be used for a resource")
        uid = read(data).uid
        merged = await self.state()
        holder = None if uid is None else merged.index.with_uid(uid)
        if holder is not None:
            raise NoAddressUidConflict("this UID is in use already", paths=((*self.path, holder.name),))
        book = self._default()
        inner = name if await book.entry(name) is None else f"{uuid.uuid4()}.vcf"
        if uid is not None:
            await merged.names.take_over(uid, name)
        try:
            stored = await book.put(inner, data, None)
        except Unavailable:
            raise  # it may be stored nevertheless
        except DAVError:
            if uid is not None:
                await merged.names.withdraw(uid)
            raise
        made = (await book.index()).named(stored.name)
        merged = await self.state()
        if made is None:
            raise NotFound("somebody has deleted it already")
        merged.names.note(made.key, name)
        merged.index.rename(made.key, name)
        await (merged.names.save() if uid is None else merged.names.keep_promise(uid, made.key))
        return Stored(name, created=True, etag=None)

    async def remove(self, name: str, base: Entry) -> None:
        book, entry = await self._real(name, base)
        await book.remove(entry.name, entry)

    async def move(self, name: str, base: Entry, target: ObjectCollection, target_name: str) -> bool:
        if isinstance(target, AllBooks):
            raise Forbidden("a card is renamed in the book that it is in")
        book, entry = await self._real(name, base)
        return await book.move(entry.name, entry, target, target_name)

    async def _real(self, name: str, base: Entry) -> tuple[ContactCollection, Entry]:
        """The book a card is in and its entry there. Raises PreconditionFailed when it is not ``base`` any more."""
        member = await self.existing(name, base)
        merged = await self.state()
        book = self._book(merged.folder_of[member.key])
        index = await book.index()
        real = index.keyed(member.key)
        if real is None or index.etag(real) != base.etag:
            raise PreconditionFailed("OX has a newer state")
        return book, book.entry_of(index, real)

    # -- the collection itself -----------------------------------------------------------------------------------

    async def patch(self, patch: CollectionPatch) -> None:
        if "display_name" in patch.given:
            raise PropertiesRefused({dav("displayname"): ProtectedProperty("this collection has a fixed name")})
        with reported(self.path, Privilege.WRITE_PROPERTIES):
            await self.account.ledger.set_properties(self.account.identity.key, ALL_BOOKS, kept_of(patch, colours=True))
        self._expire()

    async def delete(self) -> None:
        raise Forbidden("the cards are in other books; this one cannot be deleted")


def _is_own(folder: Folder) -> bool:
    return folder.plain_id != ALL_USERS and account_of(folder.id) == OWN_ACCOUNT


_FOLDER = Folder(
    id=ALL_BOOKS,
    title=_TITLE,
    module="contacts",
    type=PRIVATE,
    own_rights=Rights(folder=2, read=2, write=2, delete=2, admin=False),
    standard=True,
    standard_type=0,
    created_by=None,
    permissions=(),
    color=None,
    description=None,
    schedule_transparent=False,
    used_for_sync=True,
    subscribed=True,
    capabilities=frozenset(),
    provider=None,
    last_modified=None,
    parent=None,
    owner_name=None,
    account_error=None,
)

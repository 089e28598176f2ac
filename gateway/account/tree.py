"""The resources that one user sees, for one request: URLs to resources, and freshness asked for once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gateway.account import principals
from gateway.account.all_books import AllBooks
from gateway.account.attachment import KeptFile
from gateway.account.attachment_links import AttachmentLinks
from gateway.account.collections import ALL_BOOKS, FOLDERS, TASKS, Home
from gateway.account.contacts import ContactCollection
from gateway.account.events import EventCollection
from gateway.account.faults import of_ox, reported
from gateway.account.homes import AddressBookHome, CalendarHome
from gateway.account.root import Branch, Root
from gateway.account.schedule_boxes import Inbox, Outbox
from gateway.account.synced import Synced
from gateway.account.tasks import TaskCollection
from gateway.dav.errors import Conflict, NotFound
from gateway.dav.paths import PRINCIPALS, Base, Path
from gateway.dav.ports import Resource, Tree
from gateway.ox.errors import OXError
from gateway.ox.folders import Folder

if TYPE_CHECKING:
    from gateway.account.account import Account
    from gateway.account.index import Index

CALENDARS = "calendars"
BOOKS = "addressbooks"


class AccountTree(Tree):
    """See ``Tree``. What was fresh once during the request stays so for the rest of it.

    ``one_book``: who asks uses a single address book, so the home lists the one with all cards in it."""

    keeps_files = True

    def __init__(self, account: Account, base: Base, *, one_book: bool = False) -> None:
        self.account = account
        self.links = AttachmentLinks(account.ledger.secret, account.identity.calendar_user.context_id, base)
        self.one_book = one_book
        user = account.identity.user.id
        self.principal = (*PRINCIPALS, "users", user)
        self.calendar_home: Path = (CALENDARS, user)
        self.book_home: Path = (BOOKS, user)
        self._fresh: set[str] = set()
        self._trusted: frozenset[str] = frozenset()
        self._siblings: set[str] = set()

    # -- finding -------------------------------------------------------------------------------------------------

    async def find(self, path: Path) -> Resource:
        match path:
            case ():
                return Root(self)
            case ("principals", *rest):
                return await principals.find(self, tuple(rest))
            case ("calendars",) | ("addressbooks",):
                return Branch(self, path)
            case ("calendars" | "addressbooks", user) if user == self.account.identity.user.id:
                return self.home(path[0])
            case ("calendars", user, "inbox") if user == self.account.identity.user.id:
                return Inbox(self)
            case ("calendars", user, "outbox") if user == self.account.identity.user.id:
                return Outbox(self)
            case ("addressbooks", user, segment) if user == self.account.identity.user.id and segment == ALL_BOOKS:
                return await self._all_books()
            case ("calendars" | "addressbooks", user, segment) if user == self.account.identity.user.id:
                return await self._collection(path, segment)
            case ("attachments", token, _) if (address := self.links.address(token)) is not None:
                return KeptFile(self, path, address)
        raise NotFound("nothing is here")

    async def find_parent(self, path: Path) -> tuple[Resource, str]:
        if not path:
            raise Conflict("the root has no parent")
        try:
            return await self.find(path[:-1]), path[-1]
        except NotFound:
            raise Conflict("there is no collection above this") from None

    def home(self, branch: str) -> CalendarHome | AddressBookHome:
        return CalendarHome(self) if branch == CALENDARS else AddressBookHome(self)

    def collection(self, path: Path, folder: Folder) -> EventCollection | TaskCollection | ContactCollection:
        if path[0] == BOOKS:
            return ContactCollection(self, path, folder)
        return (TaskCollection if folder.module == TASKS else EventCollection)(self, path, folder)

    def all_books(self) -> AllBooks:
        return AllBooks(self, (*self.book_home, ALL_BOOKS))

    async def _all_books(self) -> AllBooks:
        if not self.account.folders_are_recent:
            books = self.account.homes.books
            await self.freshen([FOLDERS, *(folder.id for _, folder in books if self.account.synced(folder.id))])
        return self.all_books()

    async def _collection(self, path: Path, segment: str) -> Resource:
        """A folder list of some seconds ago is good enough for what it shows; for the rest OX is asked."""
        folder = self._folders(path).get(segment)
        if folder is None or not self.account.folders_are_recent:
            await self.freshen([FOLDERS, *([folder.id] if folder else ())])
            folder = self._folders(path).get(segment)
        if folder is None:
            raise NotFound("no such collection")
        return self.collection(path, folder)

    def _folders(self, path: Path) -> Home:
        return self.account.homes.calendars if path[0] == CALENDARS else self.account.homes.books

    # -- freshness -----------------------------------------------------------------------------------------------

    def trust(self) -> bool:
        self._trusted = self.account.trusted() - self._fresh
        self._fresh |= self._trusted
        return bool(self._trusted)

    def distrust(self) -> bool:
        trusted, self._trusted = self._trusted, frozenset()
        self._fresh -= trusted
        return bool(trusted)

    async def freshen(self, keys: Iterable[str]) -> dict[str, Exception]:
        """Bring folders up to now, unless that happened during this request. What could not be, with the reason."""
        wanted = set(keys) - self._fresh
        with reported(self.principal):
            failures = dict(await self.account.refresh(wanted))
        self._fresh |= wanted - failures.keys()
        return failures

    async def synced(self, collection: Resource, folder: Folder) -> Synced:
        """The fresh index of a collection: one upstream call for the first of all listed siblings, then none."""
        if folder.id not in self._fresh:
            failures = await self.freshen({folder.id, *self._siblings})
            if folder.id in failures:
                error = failures[folder.id]
                raise of_ox(error, collection.path) if isinstance(error, OXError) else error
        state = self.account.synced(folder.id)
        if state is None:
            raise NotFound("no such collection any more")
        return state

    def fresh_index(self, folder: Folder) -> Index | None:
        """The index of a collection that was brought up to now during this request already."""
        state = self.account.synced(folder.id) if folder.id in self._fresh else None
        return None if state is None else state.index

    def will_need(self, folders: Iterable[Folder]) -> None:
        """These collections are about to be looked at; the first that is asked brings all of them up to now."""
        self._siblings.update(folder.id for folder in folders)

    def stale(self, folder_id: str) -> None:
        """Something happened during this request that OX has to be asked about again."""
        self._fresh.discard(folder_id)

"""What the requests of one signed-in user share: the session, the folders, the index of each, rendered texts."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import WeakSet

from gateway.account.attachment_module import AttachmentModule
from gateway.account.book_modules import BookModules, listed
from gateway.account.cache import Cache, Shelf
from gateway.account.collections import ALL_BOOKS, FOLDERS, TASKS, Homes
from gateway.account.contact_sync import SyncedAddressBook
from gateway.account.directory import Directory
from gateway.account.event_residue import EventResidue
from gateway.account.files import Files
from gateway.account.freshness import Freshness
from gateway.account.generation import Generation
from gateway.account.identity import Identity
from gateway.account.index import ENTRY_SIZE
from gateway.account.listed_book import ListedAddressBook
from gateway.account.merged_books import MergedBooks
from gateway.account.names import Names
from gateway.account.synced import Synced
from gateway.account.task_sync import SyncedTaskList
from gateway.account.tree import AccountTree
from gateway.account.unreadable import report
from gateway.dav.paths import Base
from gateway.ledger.ledger import Collections, Ledger
from gateway.ox import contacts, folders
from gateway.ox.attachments import TASK
from gateway.ox.call import Call
from gateway.ox.errors import (
    LoginRefused,
    MissingScope,
    ObjectNotFound,
    OXError,
    PermissionDenied,
    SessionLost,
    Unsupported,
)
from gateway.ox.folders import Folder
from gateway.ox.session import Session

LOCAL = Base("http://localhost")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the account may cost and hold. ``folder_seconds``: how old the folder list may be for one collection."""

    folder_seconds: float = 5.0
    max_resource_bytes: int = 16 * 1024 * 1024
    max_image_bytes: int = 8 * 1024 * 1024
    max_attachment_bytes: int = 10 * 1024 * 1024


class Account:
    """Made by ``gateway.account.pool.Accounts``; safe for concurrent use."""

    def __init__(
        self,
        session: Session,
        ledger: Ledger,
        identity: Identity,
        generation: Generation,
        book_modules: BookModules,
        cache: Cache,
        limits: Limits,
        on_unreadable: Callable[[str], None],
    ) -> None:
        self.session = session
        self.ledger = ledger
        self.identity = identity
        self.generation = generation
        self.limits = limits
        self.on_unreadable = on_unreadable
        """Called with the module of each object that cannot be shown."""
        self.homes = Homes.none()
        self._homes_made_of: object = None
        """The folders, and what the ledger keeps of them."""
        self._kept: Collections | None = None
        self.properties: Mapping[str, Mapping[str, bytes]] = {}
        self.directory = Directory(session)
        self.signed_out = False
        """OX has ended the session and does not open another one with these credentials."""
        self._cache = cache
        self._trees: WeakSet[AccountTree] = WeakSet()
        self._book_modules = book_modules
        self._listing = listing_calls(generation, book_modules)
        self._listed_at = float("-inf")
        self._no_tasks = False
        """OX lists task folders but has no module for them."""
        self._synced: dict[str, Synced] = {}
        self._sizes: dict[str, int] = {}
        """Members of each index, as the cache knows them."""
        self._freshness: Freshness[str] = Freshness(self._refresh)
        self._merged: MergedBooks | None = None
        self._merging = asyncio.Lock()

    def tree(self, base: Base = LOCAL, *, one_book: bool = False) -> AccountTree:
        """The resources this user sees, for one request. ``base``: how its client sees this server. ``one_book``: by a
        program that uses one address book only."""
        tree = AccountTree(self, base, one_book=one_book)
        self._trees.add(tree)
        return tree

    async def close(self) -> None:
        """Let go of the session at OX. Never fails."""
        await self._freshness.close()
        self.shelf.weigh(self, 0)
        await self.session.logout()

    # -- files ---------------------------------------------------------------------------------------------------

    def files(self, component: str) -> Files:
        """What OX keeps for events (VEVENT) or tasks (VTODO)."""
        if component == "VTODO":
            return self.task_files
        return self.generation.files(self.session, self.holders_of_events)

    @property
    def task_files(self) -> AttachmentModule:
        return AttachmentModule(self.session, TASK, partial(self._holding, TASKS))

    async def holders_of_events(self, event_id: str) -> Sequence[str]:
        """The calendars in which the user sees an event. One upstream call."""
        return await self._holding("calendar", event_id)

    async def _holding(self, module: str, object_id: str) -> Sequence[str]:
        folder_ids = [folder.id for _, folder in self.homes.calendars if folder.module == module]
        await self.refresh(folder_ids)
        states = {each: self._synced.get(each) for each in folder_ids}
        return [each for each, state in states.items() if state is not None and object_id in state.index]

    # -- what is kept in memory ----------------------------------------------------------------------------------

    @property
    def shelf(self) -> Shelf:
        """What is kept of this account; to be asked for anew after every pause."""
        return self._cache.shelf(self.identity.key)

    def text(self, folder: str, etag: str) -> str | None:
        """The rendered object, if it is still in memory."""
        found: str | None = self.shelf.get((folder, etag))
        return found

    def keep_text(self, folder: str, etag: str, text: str) -> None:
        """``etag`` is a function of the ids and stamps of all objects, so a text never gets stale under its key."""
        self.shelf.put((folder, etag), text, sys.getsizeof(text))

    def drop_text(self, folder: str, etag: str) -> None:
        """It will not be asked for again."""
        self.shelf.drop((folder, etag))

    def release(self) -> bool:
        """Let go of the indexes, unless a request is using them. The next one asks OX for everything again."""
        if self._trees:
            return False
        self._synced.clear()
        self._sizes.clear()
        self._merged = None
        return True

    def _weigh(self, folders: Collection[str] = ()) -> None:
        """Tell the cache what the indexes take, unless those of ``folders`` are all as large as before."""
        shelf = self.shelf  # the account is in use, whatever it takes
        sizes = {folder: len(state.index) for folder in folders if (state := self._synced.get(folder)) is not None}
        if folders and len(sizes) == len(folders) and sizes.items() <= self._sizes.items():
            return
        self._sizes = {folder: len(state.index) for folder, state in self._synced.items()}
        merged = 0 if self._merged is None else len(self._merged.index)
        shelf.weigh(self, (sum(self._sizes.values()) + merged) * ENTRY_SIZE)

    # -- freshness -----------------------------------------------------------------------------------------------

    @property
    def folders_are_recent(self) -> bool:
        return time.monotonic() - self._listed_at < self.limits.folder_seconds

    def expire_folders(self) -> None:
        """The folder list is known to be out of date."""
        self._listed_at = float("-inf")

    def synced(self, folder: str) -> Synced | None:
        """The index of a folder, None before its first refresh."""
        return self._synced.get(folder)

    async def merged(self, books: Sequence[Synced]) -> MergedBooks:
        """The index of all cards in these address books, as they are. No upstream call."""
        async with self._merging:
            if self._merged is None or not self._merged.is_of(books):
                names = Names(self.ledger, self.identity.key, ALL_BOOKS)
                self._merged = MergedBooks(names, self.ledger.life, books)
            await self._merged.merge()
            self._weigh()
            return self._merged

    def trusted(self) -> frozenset[str]:
        """The folders that may be written to without another look at them."""
        return frozenset(folder for folder, state in self._synced.items() if state.conditional and not state.doubtful)

    async def refresh(self, keys: Iterable[str]) -> Mapping[str, Exception]:
        """Bring folders (ids) and the folder list (``FOLDERS``) up to now: one upstream call, shared with other
        requests; one more for folders that were never asked for. What could not be refreshed, with the reason;
        raises what concerns all of them."""
        try:
            return await self._freshness.ask(keys)
        except (LoginRefused, SessionLost):
            self.signed_out = True
            raise

    async def _refresh(self, keys: frozenset[str]) -> Mapping[str, Exception]:
        failures: dict[str, Exception] = {}
        # In order: the same question every time is answered from memory by some.
        waiting = sorted(key for key in keys - {FOLDERS} if key in self._synced or key in self.homes.ids)
        await self._round(self._states(waiting, failures), FOLDERS in keys, failures)
        late = sorted(keys.difference({FOLDERS}, waiting))
        if late:
            await self._round(self._states(late, failures), False, failures)
        self._weigh(keys)
        return failures

    def _states(self, ids: Iterable[str], failures: dict[str, Exception]) -> list[Synced]:
        states = []
        for folder_id in ids:
            state = self._synced.get(folder_id)
            folder = self.homes.folder(folder_id)
            if state is None and folder is not None:
                state = self._new_state(folder)
            if state is None:
                failures[folder_id] = ObjectNotFound()
            else:
                states.append(state)
        return states

    def _new_state(self, folder: Folder) -> Synced:
        names = Names(self.ledger, self.identity.key, folder.plain_id)
        if folder.module == "contacts":
            if contacts.module_of(folder.id) != "contacts":
                return ListedAddressBook(folder.id, names, self.ledger, self.identity.key)
            return SyncedAddressBook(folder.id, names, self.ledger, self.identity.key, self.identity.remembered)
        if folder.module == TASKS:
            return SyncedTaskList(folder.id, names, self.ledger, self.identity.key, self.identity.remembered)
        residue = EventResidue(self.ledger, self.identity.key, folder.plain_id)
        return self.generation.synced(folder.id, names, residue, self.identity)

    async def _round(self, states: list[Synced], listing: bool, failures: dict[str, Exception]) -> None:
        """Ask everything in one request, then what the answers demand in addition."""
        questions: list[tuple[Synced | None, tuple[Call[Any], ...]]] = [(state, _question(state)) for state in states]
        if listing:
            questions.append((None, self._listing))
        while questions:
            answers = iter(await self.session.run_all([call for _, calls in questions for call in calls]))
            further: list[tuple[Synced | None, tuple[Call[Any], ...]]] = []
            for state, calls in questions:
                answer = [next(answers) for _ in calls]
                if state is None:
                    await self.take_listing(answer)
                    continue
                more = await self._learn(state, answer, failures)
                if more:
                    further.append((state, more))
            if listing:  # it may tell that what was just learnt is not enough
                listing = False
                asked = {id(state) for state, _ in further}
                doubted = [each for each in states if each.doubtful and each.built and id(each) not in asked]
                further += [(each, _question(each)) for each in doubted if each.folder in self._synced]
            questions = further

    async def _learn(self, state: Synced, answer: list[Any], failures: dict[str, Exception]) -> tuple[Call[Any], ...]:
        known_as_unreadable = set(state.unreadable)
        try:
            more = await state.learn(answer)
        except OXError as error:
            failures[state.folder] = error
            if isinstance(error, Unsupported) and isinstance(state, SyncedTaskList):
                self._no_tasks = True
            if isinstance(error, ObjectNotFound | PermissionDenied | Unsupported):
                self._synced.pop(state.folder, None)
                self.expire_folders()
            return ()
        folder = self.homes.folder(state.folder)
        if folder is not None:
            for object_id in state.unreadable - known_as_unreadable:
                report(self, folder, object_id, "Malformed")
        if not more:
            state.answered()
            self._synced[state.folder] = state
        return more

    async def take_listing(self, answers: list[Any]) -> None:
        """Learn which folders there are from the answers to ``listing_calls``."""
        calendars = listed(answers[0]) or ()
        tasks = None if self._no_tasks or isinstance(answers[1], MissingScope) else listed(answers[1])
        books = self._book_modules.books(answers[2:], (folder for _, folder in self.homes.books))
        kept = self._kept = await self.ledger.collections(self.identity.key, self._kept)
        made_of = (calendars, tasks, books, kept)
        self._listed_at = time.monotonic()
        if made_of != self._homes_made_of:
            self._homes_made_of = made_of
            self.properties = kept.properties
            former, self.homes = self.homes, Homes(calendars, tasks, books, kept.segments)
            self._doubt_changed_rights(former)
        for folder_id in self._synced.keys() - self.homes.ids:
            del self._synced[folder_id]

    def _doubt_changed_rights(self, former: Homes) -> None:
        """Other rights to read show other objects, but ``updates`` does not tell that."""
        for folder_id, state in self._synced.items():
            before, now = former.folder(folder_id), self.homes.folder(folder_id)
            if before is not None and now is not None and before.own_rights.read != now.own_rights.read:
                state.doubtful = True


def _question(state: Synced) -> tuple[Call[Any], ...]:
    state.asking()
    return state.question()


def listing_calls(generation: Generation, books: BookModules) -> tuple[Call[Any], ...]:
    """The calls that list calendars, task lists and address books."""
    events, tasks = (folders.visible(kind, generation.columns) for kind in (generation.content_type, TASKS))
    return events, tasks, *books.calls(generation.columns)

"""Which of OX's folders are shown as collections, and under which segment of a home."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Self

from gateway.dav.values import Privilege
from gateway.ox.contacts import OWN_ACCOUNT, account_of
from gateway.ox.folders import PRIVATE, Folder, plain_id

FOLDERS = ""
"""Stands for the folder list among folder ids, where freshness is asked for."""

_ANY_CALENDARS = "cal://"
_ANY_CONTACTS = "con://"
ALL_USERS = "6"
ALL_BOOKS = "~all"
"""Segment of the address book that holds the cards of all others; in the ledger it stands for a folder id."""
TASKS = "tasks"
"""OX module of task folders."""
_TASK_TYPE, _CALENDAR_TYPE, _BOOK_TYPE = 1, 2, 3
_VERSIONS = count(1)


def default_segment(folder_id: str) -> str:
    """The segment of a folder to which no client gave one: ``31`` for ``cal://0/31``, ``1-0`` for ``cal://1/0``."""
    own = plain_id(folder_id).removeprefix(_ANY_CALENDARS).removeprefix(_ANY_CONTACTS)
    return own.replace("~", "~0").replace("/", "-", 1).replace("/", "~1")


def is_shown(folder: Folder) -> bool:
    """Folders the user may read, is subscribed to and wants synchronised, and whose account can do that.

    Calendars of other accounts (feeds, birthdays) mostly cannot: ``updates`` answers CAL-4228, and without stamps
    there is nothing to build ETags on. The same goes for address books of other accounts.
    """
    own = folder.provider in (None, "chronos") and account_of(folder.id) == OWN_ACCOUNT
    able = own or "sync" in folder.capabilities
    wanted = folder.subscribed and folder.used_for_sync
    readable = folder.own_rights.can_see and folder.own_rights.read > 0
    return able and wanted and readable and folder.account_error is None


def privileges_of(folder: Folder) -> frozenset[Privilege]:
    """OX rights as privileges (RFC 3744). "Own objects only" counts as granted; OX checks the single object.

    Names and colours can be set on any folder that can be written; of a folder that can only be read nothing is
    granted, although OX lets everybody choose a colour: programs take a single write privilege for all of them.
    """
    rights = folder.own_rights
    granted = {Privilege.READ, Privilege.READ_FREE_BUSY}
    if folder.plain_id == ALL_USERS:  # OX lets users edit their own entry only
        return frozenset(granted)
    if rights.can_create:
        granted.add(Privilege.BIND)
    if rights.write:
        granted.add(Privilege.WRITE_CONTENT)
    if rights.delete:
        granted.add(Privilege.UNBIND)
    if rights.admin or (rights.can_create and rights.write):
        granted.add(Privilege.WRITE_PROPERTIES)
    if rights.admin:
        granted.update((Privilege.READ_ACL, Privilege.WRITE_ACL))
    return frozenset(granted)


class Home:
    """The shown folders of one home by segment, in OX's order. ``chosen``: segments by plain id."""

    def __init__(self, folders: Iterable[Folder], chosen: Mapping[str, str]) -> None:
        shown = [folder for folder in folders if is_shown(folder)]
        taken = {chosen[folder.plain_id] for folder in shown if folder.plain_id in chosen}
        self._folders: dict[str, Folder] = {}
        for folder in shown:
            segment = chosen.get(folder.plain_id) or default_segment(folder.id)
            while segment in self._folders or (folder.plain_id not in chosen and segment in taken):
                segment += "~"
            self._folders[segment] = folder

    def __iter__(self) -> Iterator[tuple[str, Folder]]:
        return iter(self._folders.items())

    def get(self, segment: str) -> Folder | None:
        return self._folders.get(segment)

    def default(self, kind: int) -> str | None:
        """The segment of the user's default folder of a kind."""
        for segment, folder in self._folders.items():
            if folder.standard and folder.type == PRIVATE and folder.standard_type == kind:
                return segment
        return None


class Homes:
    """Both homes of an account, as of the last look at its folders. Task lists are in that of the calendars.

    ``tasks``: None when the user has no tasks at all.
    """

    def __init__(
        self,
        calendars: Iterable[Folder],
        tasks: Iterable[Folder] | None,
        books: Iterable[Folder],
        chosen: Mapping[str, str],
    ) -> None:
        self.version = next(_VERSIONS)
        """Of no other homes. After a change of a folder, or of what the ledger keeps of it, there are new homes."""
        self.has_tasks = tasks is not None
        self.calendars = Home([*calendars, *(tasks or ())], chosen)
        self.books = Home(books, chosen)
        self.described: dict[str, tuple[Folder, Mapping[str, bytes], str]] = {}
        """Folder id -> the folder and its properties, and a digest made of them (see ``homes``)."""
        self._ids = {folder.id: folder for home in (self.calendars, self.books) for _, folder in home}

    @classmethod
    def none(cls) -> Self:
        return cls((), None, (), {})

    def folder(self, folder_id: str) -> Folder | None:
        return self._ids.get(folder_id)

    @property
    def default_calendar(self) -> str | None:
        return self.calendars.default(_CALENDAR_TYPE)

    @property
    def default_book(self) -> str | None:
        return self.books.default(_BOOK_TYPE)

    @property
    def default_tasks(self) -> str | None:
        return self.calendars.default(_TASK_TYPE)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(self._ids)

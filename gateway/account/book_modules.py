"""Which modules of OX hold the address books of an account: ``contacts``, ``addressbooks``, or both.

``contacts`` has the groupware's own folders, and tells what changed in them. ``addressbooks`` of OX 8 has those of all
providers, but only lists them. So the own ones are asked for by ``contacts`` as long as OX has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any

from gateway.ox import contacts, folders
from gateway.ox.call import Call
from gateway.ox.errors import InvalidValue, OXError, PermissionDenied, Unsupported
from gateway.ox.folders import Folder

OWN, ALL = "contacts", "addressdata"
"""Content types of folders."""


class BookModules(Enum):
    CONTACTS = "contacts"
    """The groupware's folders alone, with plain ids (``32``)."""
    ADDRESSBOOKS = "addressbooks"
    """The folders of all accounts, with composite ids (``con://0/32``)."""
    BOTH = "both"
    """The groupware's by ``contacts``, those of other accounts by ``addressbooks``."""

    def calls(self, columns: Mapping[int, str]) -> tuple[Call[Any], ...]:
        """What lists the address books."""
        wanted = {BookModules.CONTACTS: (OWN,), BookModules.ADDRESSBOOKS: (ALL,), BookModules.BOTH: (OWN, ALL)}[self]
        return tuple(folders.visible(content_type, columns) for content_type in wanted)

    def of_both(self, answers: Sequence[Any]) -> Sequence[Any]:
        """The answers to ``calls`` among those to the calls of ``BOTH``."""
        own, every = answers
        return {BookModules.CONTACTS: (own,), BookModules.ADDRESSBOOKS: (every,), BookModules.BOTH: answers}[self]

    def books(self, answers: Sequence[Any], former: Iterable[Folder]) -> tuple[Folder, ...]:
        """The address books that the answers to ``calls`` list. While the other accounts cannot be listed they are as
        they were. Raises OXError."""
        own = listed(answers[0]) or ()
        if self is not BookModules.BOTH:
            return own
        if isinstance(answers[1], OXError) and not _is_refusal(answers[1]):
            return (*own, *others(former))
        return (*own, *others(listed(answers[1]) or ()))


def chosen(own: Any, every: Any) -> BookModules:
    """The modules for an account, from the answers to both listings."""
    if isinstance(own, Unsupported | InvalidValue) and not isinstance(every, OXError):
        return BookModules.ADDRESSBOOKS
    if isinstance(every, OXError):
        return BookModules.CONTACTS if _is_refusal(every) else BookModules.BOTH
    return BookModules.BOTH if others(every) else BookModules.CONTACTS


def others(books: Iterable[Folder]) -> tuple[Folder, ...]:
    """Those of other accounts than the groupware's own."""
    return tuple(book for book in books if contacts.account_of(book.id) != contacts.OWN_ACCOUNT)


def listed(answer: Any) -> tuple[Folder, ...] | None:
    """The folders in an answer, None for a module that the user does not have. Raises any other error."""
    if isinstance(answer, PermissionDenied | Unsupported):
        return None
    if isinstance(answer, OXError):
        raise answer
    found: tuple[Folder, ...] = answer
    return found


def _is_refusal(error: OXError) -> bool:
    """OX does not know that content type, or the user may not use it; asking again does not help."""
    return isinstance(error, PermissionDenied | Unsupported | InvalidValue)

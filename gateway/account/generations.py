"""Which generation of its API the OX behind speaks, and which modules have the address books: learnt when somebody
signs in, from what it says it can do, else by trying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import structlog

from gateway.account.account import listing_calls
from gateway.account.appointment_storage import APPOINTMENTS
from gateway.account.book_modules import BookModules, chosen
from gateway.account.chronos_storage import CHRONOS
from gateway.account.generation import Generation
from gateway.ox import contacts, directory
from gateway.ox.call import Call
from gateway.ox.capabilities import capabilities
from gateway.ox.directory import User
from gateway.ox.errors import (
    InvalidValue,
    LoginRefused,
    ObjectNotFound,
    OXError,
    PermissionDenied,
    SessionLost,
    Unsupported,
)
from gateway.ox.session import Session

GENERATIONS = {generation.name: generation for generation in (CHRONOS, APPOINTMENTS)}
BOOK_MODULES = {modules.value: modules for modules in (BookModules.CONTACTS, BookModules.ADDRESSBOOKS)}

log = structlog.get_logger("gateway.account")

_HAS_CHRONOS = "calendar_chronos"


class NoCalendars(Exception):
    """This OX has none of the calendar modules that are known here."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """``listing``: answers to the ``listing_calls`` of generation and modules."""

    user: User
    generation: Generation
    books: BookModules
    listing: list[Any]


class Generations:
    """One per process. What was found is asked for first the next time. ``pinned``, ``pinned_books``: that is not to be
    found out."""

    def __init__(self, pinned: Generation | None = None, pinned_books: BookModules | None = None) -> None:
        self._pinned = pinned
        self._latest = pinned or CHRONOS
        self._pinned_books = pinned_books
        self._has_contacts: bool | None = None
        """Whether there is a module ``contacts``; None as long as nobody has asked."""

    async def look(self, session: Session) -> FirstLook:
        """The first look at an account: one upstream call; at the first account of an OX 8 one more, of a 7.8 server
        three.

        Raises NoCalendars, OXError.
        """
        generation = self._latest
        books = self._books_to_try(generation)
        questions = [directory.user(), capabilities(), *listing_calls(generation, books)]
        user, offered, *listing = await session.run_all(questions)
        if isinstance(user, OXError):
            raise user
        if self._pinned is None:
            generation = await self._found(session, offered)
        if generation is not self._latest:
            self._latest = generation
            books = self._books_to_try(generation)
            listing = list(await session.run_all(listing_calls(generation, books)))
        if books is BookModules.BOTH:
            events, tasks, *both = listing
            books = await self._books_found(session, *both)
            listing = [events, tasks, *books.of_both(both)]
        return FirstLook(user, generation, books, listing)

    def _books_to_try(self, generation: Generation) -> BookModules:
        """OX 7.8 has ``contacts`` alone."""
        return self._pinned_books or (BookModules.CONTACTS if generation is APPOINTMENTS else BookModules.BOTH)

    async def _books_found(self, session: Session, own: Any, every: Any) -> BookModules:
        """OX may list folders of a module that it does not have any more. An OX that does not tell has it, and is asked
        again with the next account."""
        if self._has_contacts is None and not isinstance(every, OXError):
            try:
                self._has_contacts = await _is_there(session, contacts.presence())
            except (LoginRefused, SessionLost):
                raise
            except OXError as error:
                log.warning("contacts-unknown", error=str(error))
        return BookModules.ADDRESSBOOKS if self._has_contacts is False else chosen(own, every)

    async def _found(self, session: Session, offered: frozenset[str] | OXError) -> Generation:
        if not isinstance(offered, OXError) and _HAS_CHRONOS in offered:
            return CHRONOS
        if self._latest is APPOINTMENTS:
            return APPOINTMENTS
        for generation in GENERATIONS.values():
            if await _is_there(session, generation.presence()):
                return generation
        raise NoCalendars


async def _is_there(session: Session, presence: Call[Any]) -> bool:
    try:
        await session.run(presence)
    except Unsupported:
        return False
    except (ObjectNotFound, PermissionDenied, InvalidValue):
        return True
    return True

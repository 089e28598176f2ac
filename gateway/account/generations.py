"""Which generation of its API the OX behind speaks: learnt when somebody signs in, from what it says it can do, else
by trying."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gateway.account.account import listing_calls
from gateway.account.appointment_storage import APPOINTMENTS
from gateway.account.chronos_storage import CHRONOS
from gateway.account.generation import Generation
from gateway.ox import directory
from gateway.ox.capabilities import capabilities
from gateway.ox.directory import User
from gateway.ox.errors import InvalidValue, ObjectNotFound, OXError, PermissionDenied, Unsupported
from gateway.ox.session import Session

GENERATIONS = {generation.name: generation for generation in (CHRONOS, APPOINTMENTS)}

_HAS_CHRONOS = "calendar_chronos"


class NoCalendars(Exception):
    """This OX has none of the calendar modules that are known here."""


@dataclass(frozen=True, slots=True)
class FirstLook:
    """``listing``: answers to the generation's ``listing_calls``."""

    user: User
    generation: Generation
    listing: list[Any]


class Generations:
    """One per process. What was found is asked for first the next time. ``pinned``: nothing is to be found out."""

    def __init__(self, pinned: Generation | None = None) -> None:
        self._pinned = pinned
        self._latest = pinned or CHRONOS

    async def look(self, session: Session) -> FirstLook:
        """The first look at an account: one upstream call; at the first account of a 7.8 server three more.

        Raises NoCalendars, OXError.
        """
        generation = self._latest
        user, offered, *listing = await session.run_all([directory.user(), capabilities(), *listing_calls(generation)])
        if isinstance(user, OXError):
            raise user
        if self._pinned is None:
            generation = await self._found(session, offered)
        if generation is not self._latest:
            self._latest = generation
            listing = await session.run_all(listing_calls(generation))
        return FirstLook(user, generation, listing)

    async def _found(self, session: Session, offered: frozenset[str] | OXError) -> Generation:
        if not isinstance(offered, OXError) and _HAS_CHRONOS in offered:
            return CHRONOS
        if self._latest is APPOINTMENTS:
            return APPOINTMENTS
        for generation in GENERATIONS.values():
            if await _is_there(session, generation):
                return generation
        raise NoCalendars


async def _is_there(session: Session, generation: Generation) -> bool:
    try:
        await session.run(generation.presence())
    except Unsupported:
        return False
    except (ObjectNotFound, PermissionDenied, InvalidValue):
        return True
    return True

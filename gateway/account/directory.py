"""The people, groups and rooms of the context, kept for some minutes."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TypeVar

from gateway.ox import directory as ox
from gateway.ox.errors import OXError, PermissionDenied, Unsupported
from gateway.ox.session import Session
from mappings.calendar.timezones import resolve
from mappings.calendar.user import CalendarUser

_MINUTES = 300.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody by id. Guests are left out."""

    users: dict[str, ox.User]
    groups: dict[str, ox.Group]
    resources: dict[str, ox.Resource]


def calendar_user(user: ox.User, context_id: int, timezone: str = "UTC") -> CalendarUser:
    """A user as the translation of events wants him; ``timezone`` if OX does not tell his."""
    return CalendarUser(
        user_id=int(user.id),
        context_id=context_id,
        name=user.display_name or "",
        addresses=frozenset(address.lower() for address in user.mail_addresses),
        timezone=resolve(user.timezone or "") or timezone,
    )


class Directory:
    """Loads everything at once when it is first needed: one upstream call, again after some minutes."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._people: People | None = None
        self._loaded_at = 0.0
        self._loading = asyncio.Lock()

    async def people(self) -> People:
        """Raises OXError when OX does not answer and nothing is known yet."""
        async with self._loading:
            if self._people is None or time.monotonic() - self._loaded_at > _MINUTES:
                self._people = await self._load()
                self._loaded_at = time.monotonic()
            return self._people

    async def _load(self) -> People:
        answers = await self._session.run_all([ox.users(), ox.groups(), ox.resources()])
        users, groups, resources = (_or_nothing(answer) for answer in answers)
        return People(
            {user.id: user for user in users if not user.guest},
            {group.id: group for group in groups},
            {resource.id: resource for resource in resources},
        )


def _or_nothing(answer: tuple[T, ...] | OXError) -> tuple[T, ...]:
    """What the user may not see is not there. Raises any other error."""
    if isinstance(answer, PermissionDenied | Unsupported):
        return ()
    if isinstance(answer, OXError):
        raise answer
    return answer

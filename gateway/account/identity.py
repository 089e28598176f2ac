"""Who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

from gateway.ox.directory import User
from mappings.calendar.user import CalendarUser


@dataclass(frozen=True, slots=True)
class Identity:
    """``key`` names the account in the ledger; ``remembered``: milliseconds OX keeps tombstones."""

    key: str
    user: User
    calendar_user: CalendarUser
    remembered: int | None

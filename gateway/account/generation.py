"""Which generation of OX's HTTP API an account is on: what is different for the rest of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gateway.account.event_residue import EventResidue
from gateway.account.event_storage import EventStorage
from gateway.account.identity import Identity
from gateway.account.names import Names
from gateway.account.synced import Synced
from gateway.ox.session import Session
from mappings.calendar.user import CalendarUser


@dataclass(frozen=True, slots=True)
class Generation:
    """What is different between the generations of OX's calendar API."""

    content_type: str
    """Of the folders that hold events."""
    storage: Callable[[Session, str, CalendarUser], EventStorage]
    synced: Callable[[str, Names, EventResidue, Identity], Synced]
    """From folder, names and residue."""

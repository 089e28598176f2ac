"""Which generation of OX's HTTP API an account is on: what is different for the rest of the gateway."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.account.attachment_module import Locate
from gateway.account.directory import Directory
from gateway.account.event_residue import EventResidue
from gateway.account.event_storage import EventStorage
from gateway.account.files import Files
from gateway.account.identity import Identity
from gateway.account.names import Names
from gateway.account.synced import Synced
from gateway.ox.call import Call
from gateway.ox.free_busy import FreeBusy
from gateway.ox.session import Session
from mappings.calendar.user import CalendarUser


@dataclass(frozen=True, slots=True)
class Generation:
    """What is different between the generations of OX's calendar API."""

    name: str
    """As the setting ``ox.generation`` has it."""
    content_type: str
    """Of the folders that hold events."""
    columns: Mapping[int, str]
    """What may be asked of folders."""
    contact_columns: Mapping[str, int]
    """How the fields of contacts are numbered."""
    coloured: frozenset[str]
    """Modules whose folders have a colour that can be written."""
    presence: Callable[[], Call[Any]]
    """A cheap question that Unsupported answers on a server of another generation."""
    files: Callable[[Session, Locate], Files]
    """Those of events; for the case that an event is not where it was, the folders that have it."""
    storage: Callable[[Session, Locate, Directory, str, CalendarUser], EventStorage]
    """From session, the folders that have an event, people, folder and the calendar user."""
    synced: Callable[[str, Names, EventResidue, Identity], Synced]
    """From folder, names and residue."""
    free_busy: Callable[[Mapping[str, Any], datetime, datetime, str | None], Call[FreeBusy]]
    """From attendee (``entity`` or ``uri``), start, end and the UID of an event to be passed over."""

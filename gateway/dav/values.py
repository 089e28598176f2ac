"""The values that cross the ports: what resources answer, and what they are asked with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from gateway.dav.paths import Path
from mappings.calendar.busy import Busy


class Privilege(StrEnum):
    """Privileges of RFC 3744, RFC 4791 and RFC 6638 that OX rights can express."""

    READ = "read"
    READ_FREE_BUSY = "read-free-busy"
    WRITE_PROPERTIES = "write-properties"
    WRITE_CONTENT = "write-content"
    BIND = "bind"
    UNBIND = "unbind"
    SCHEDULE_DELIVER_INVITE = "schedule-deliver-invite"
    SCHEDULE_DELIVER_REPLY = "schedule-deliver-reply"
    SCHEDULE_QUERY_FREEBUSY = "schedule-query-freebusy"
    SCHEDULE_SEND_INVITE = "schedule-send-invite"
    SCHEDULE_SEND_REPLY = "schedule-send-reply"
    SCHEDULE_SEND_FREEBUSY = "schedule-send-freebusy"
    READ_ACL = "read-acl"
    WRITE_ACL = "write-acl"


class Entry(NamedTuple):
    """One object resource of a collection, without its body. Thousands are made for one listing.

    ``etag`` is quoted and strong. ``content_type`` as a GET would answer it. ``component`` is ``VEVENT``,
    ``VTODO``, ``VCARD``. ``modified``: epoch milliseconds of the last change in OX.
    """

    name: str
    etag: str
    content_type: str
    component: str
    modified: int


class Body(NamedTuple):
    """An entry with its text, exactly as a GET answers it (UTF-8, CRLF lines)."""

    entry: Entry
    text: str


@dataclass(frozen=True, slots=True)
class Changes:
    """Answer of a sync (RFC 6578): ``token`` describes the state after exactly these changes.

    ``truncated``: there is more; asking again with ``token`` goes on. ``whole``: all members are to be
    learnt; ``changed`` is empty then, ``entries`` and ``listing`` tell them.
    """

    token: str
    changed: tuple[Entry, ...]
    removed: tuple[str, ...]
    truncated: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class QueryHint:
    """What a filter certainly demands; everything None or empty means: no restriction.

    ``start``/``end``: UTC, half open. ``component``: VEVENT, VTODO ... ``uid``: exact UID.
    ``uid_part``: ASCII in lower case, occurs in the lower-case UID (a text-match of CalDAV is never an exact one).
    ``text``: for address books, lower-case fragments of which each must occur somewhere in a card.
    """

    component: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    uid: str | None = None
    uid_part: str | None = None
    text: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidates:
    """The names of members that may match a hint: without any doubt, and the others."""

    certain: Sequence[str] = ()
    doubtful: Sequence[str] = ()

    @property
    def names(self) -> Sequence[str]:
        return [*self.certain, *self.doubtful]


@dataclass(frozen=True, slots=True)
class Stored:
    """Outcome of a PUT. ``etag`` is None unless a GET now returns the very octets that were sent."""

    name: str
    created: bool
    etag: str | None


@dataclass(frozen=True, slots=True)
class CollectionPatch:
    """Property changes of a collection, already typed. A field left out of ``given`` is not touched;
    a given field that is None is removed. ``dead``: Clark name (``{}name`` without a namespace) -> serialized XML
    element, or None to remove it.
    """

    given: frozenset[str] = frozenset()
    display_name: str | None = None
    description: str | None = None
    color: str | None = None
    """``#RRGGBB`` or ``#RRGGBBAA``."""
    order: int | None = None
    timezone: str | None = None
    """An iCalendar object with one VTIMEZONE (RFC 4791 5.2.2)."""
    transparent: bool | None = None
    dead: Mapping[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AttachmentChange:
    """``managed_id``: of the file to replace or remove, None to add one. ``data`` None removes. ``content_type`` is a
    media type without parameters. ``instances``: ``M`` for the master, recurrence ids in basic form; None for all."""

    managed_id: str | None
    data: bytes | None
    content_type: str
    filename: str | None
    instances: tuple[str, ...] | None


class Attached(NamedTuple):
    """``entry`` after the change; id and path of the new file, None when there is none."""

    entry: Entry
    managed_id: str | None
    path: Path | None


@dataclass(frozen=True, slots=True)
class File:
    """What is known of an attached file without its bytes. ``content_type`` and ``filename`` are what somebody said.
    ``etag`` is quoted and strong; ``size`` in bytes, None when it is not known."""

    filename: str
    content_type: str
    size: int | None
    etag: str


@dataclass(frozen=True, slots=True)
class Availability:
    """When one recipient of a free-busy request is busy. ``busy`` None: that is not known; ``status`` says why
    (RFC 5546 3.6)."""

    status: str
    busy: tuple[Busy, ...] | None = None

"""Users, groups and resources as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

ADMIN_ID = 2
EVERYONE = 0  # the group of all users
STANDARD_GROUP = 1
GUESTS = 2147483647
FIRST_PRINCIPAL = 3


@dataclass(frozen=True, slots=True)
class User:
    """An account of the context; stamps in ms."""

    id: int
    login: str
    given_name: str
    surname: str
    display_name: str
    email: str
    timezone: str
    locale: str
    contact_id: int
    created: int
    modified: int
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """A group; `members` are user ids in rising order."""

    id: int
    name: str
    display_name: str
    members: tuple[int, ...]
    modified: int


@dataclass(frozen=True, slots=True)
class Resource:
    """Something that can be booked: a room, a device."""

    id: int
    name: str
    display_name: str
    email: str
    description: str
    available: bool
    modified: int

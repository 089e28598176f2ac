"""Folders and permissions as values."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PRIVATE_ROOT = 1
PUBLIC_ROOT = 2
SHARED_ROOT = 3
ALL_USERS = 6  # the address book of all users

PRIVATE = 1
PUBLIC = 2
SHARED = 3
SYSTEM = 5

# Levels of the four parts of a permission.
NONE = 0
VISIBLE = 1  # folder part
OWN = 1  # object parts: only objects the user created
CREATE_OBJECTS = 2  # folder part
ALL = 2  # object parts
CREATE_SUBFOLDERS = 4  # folder part

FULL_BITS = 403710016


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do in a folder: levels 0, 1, 2, 4 or 64 of the four parts, and administration."""

    folder: int = NONE
    read: int = NONE
    write: int = NONE
    delete: int = NONE
    admin: bool = False

    @classmethod
    def from_bits(cls, bits: int) -> Rights:
        """The rights in the number by which OX writes them: five groups of seven bits."""
        folder, read, write, delete, admin = ((bits >> shift) & 0x7F for shift in (0, 7, 14, 21, 28))
        return cls(folder, read, write, delete, bool(admin))

    @property
    def bits(self) -> int:
        """The number by which OX writes these rights."""
        parts = (self.folder, self.read, self.write, self.delete, 1 if self.admin else 0)
        return sum(part << (7 * place) for place, part in enumerate(parts))

    @property
    def visible(self) -> bool:
        """Whether the folder can be seen at all."""
        return self.folder >= VISIBLE or self.admin

    @property
    def can_create(self) -> bool:
        """Whether objects can be created in the folder."""
        return self.folder >= CREATE_OBJECTS

    @property
    def can_create_subfolders(self) -> bool:
        """Whether folders can be created below the folder."""
        return self.folder >= CREATE_SUBFOLDERS

    def can_read(self, *, own: bool) -> bool:
        """Whether an object can be read; `own` says whether the user created it."""
        return self.read >= (OWN if own else ALL)

    def can_write(self, *, own: bool) -> bool:
        """Whether an object can be changed."""
        return self.write >= (OWN if own else ALL)

    def can_delete(self, *, own: bool) -> bool:
        """Whether an object can be deleted."""
        return self.delete >= (OWN if own else ALL)

    def joined(self, other: Rights) -> Rights:
        """The greater of both in every part, as for a user who has rights of his own and through groups."""
        return Rights(
            max(self.folder, other.folder),
            max(self.read, other.read),
            max(self.write, other.write),
            max(self.delete, other.delete),
            self.admin or other.admin,
        )


NOTHING = Rights()


@dataclass(frozen=True, slots=True)
class Permission:
    """The rights of one user or group on a folder."""

    entity: int
    group: bool
    bits: int

    @property
    def rights(self) -> Rights:
        """The bits as rights."""
        return _rights_in(self.bits)


# Asked for every folder of every request; there are few different numbers.
@functools.lru_cache(maxsize=1024)
def _rights_in(bits: int) -> Rights:
    return Rights.from_bits(bits)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as stored. `module` is calendar, contacts, tasks, infostore or system; `type` as its owner sees it."""

    id: int
    parent: int
    module: str
    type: int
    name: str
    owner: int
    standard: bool
    created: int
    created_by: int
    modified: int
    modified_by: int
    permissions: tuple[Permission, ...]
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def public(self) -> bool:
        """Whether objects in it belong to the folder rather than to an owner."""
        return self.type in (PUBLIC, SYSTEM)

"""Checking rights before a write (RFC 3744 7.1.1)."""

from __future__ import annotations

from gateway.dav.errors import NeedPrivileges
from gateway.dav.ports import Container, ObjectCollection
from gateway.dav.properties.acl import privilege_name
from gateway.dav.values import Entry, Privilege


def require(collection: Container, privilege: Privilege) -> None:
    """Raises NeedPrivileges unless the user has it; OX checks again for the single object."""
    if privilege not in collection.privileges:
        raise NeedPrivileges(collection.path, privilege_name(privilege))


def require_on(collection: ObjectCollection, entry: Entry, privilege: Privilege) -> None:
    """As ``require``, for one member."""
    if privilege not in collection.privileges_on(entry.name):
        raise NeedPrivileges((*collection.path, entry.name), privilege_name(privilege))

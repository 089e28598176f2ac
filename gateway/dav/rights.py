"""Checking rights before a write (RFC 3744 7.1.1)."""

from __future__ import annotations

from gateway.dav.errors import NeedPrivileges
from gateway.dav.ports import Container, Privilege
from gateway.dav.properties.acl import privilege_name


def require(collection: Container, privilege: Privilege) -> None:
    """Raises NeedPrivileges unless the user has it; OX checks again for the single object."""
    if privilege not in collection.privileges:
        raise NeedPrivileges(collection.path, privilege_name(privilege))

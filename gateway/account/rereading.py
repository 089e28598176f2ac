"""Reads on which something hangs that was written already."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from gateway.dav.errors import Conflict, DAVError
from gateway.ox.errors import OXError

T = TypeVar("T")


async def after_write(read: Callable[[], Awaitable[T]]) -> T:
    """What ``read`` gives, asked twice before giving up. Raises Conflict, which says that a part is stored."""
    try:
        return await read()
    except (OXError, DAVError):
        try:
            return await read()
        except (OXError, DAVError) as error:
            raise Conflict("only a part could be stored, because OX stopped answering; synchronise to see") from error

"""The name of a resource that is about to be created, among several gateways of one account."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from gateway.dav.errors import PreconditionFailed

if TYPE_CHECKING:
    from gateway.account.collection import Collection

_WAITS = (0.05, 0.2, 0.8, 2.0, 4.0)
"""Seconds between looks for an object that another gateway has promised a name to; then that gateway has ended."""


async def promise_name(collection: Collection, uid: str, name: str) -> None:
    """Promise ``name`` to the object with ``uid``, so that of two clients that create it at the same moment through
    two gateways one is told. On disk when this returns. No call upstream unless somebody else has name or UID.

    Raises PreconditionFailed when OX has a resource of this name or UID by now, LedgerError.
    """
    names, over = (await collection.state()).names, None
    for seconds in _WAITS:
        over = await names.promise(uid, name)
        if over is None:
            return
        index = (await collection.refreshed()).index
        if index.named(name) is not None or index.with_uid(uid) is not None:
            raise PreconditionFailed("another client has just stored a resource of this name or UID")
        if not names.is_promised(over):  # an object that OX does not show any more
            break
        await asyncio.sleep(seconds)
    if await names.promise(uid, name, over=over) is not None:
        raise PreconditionFailed("another client is just storing a resource of this name or UID")

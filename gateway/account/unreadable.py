"""Objects of OX that make no sense: each of them costs itself only, not the answer it would be in.

One that cannot be turned into text is missing among the texts. One of which not even id and stamp can be read is
missing in the index; if the index knew it, it stays there as it was, so that no client takes it for deleted.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import structlog

from gateway.ox.errors import Malformed, MalformedObjects
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.account import Account
    from gateway.account.bodies import Loaded
    from gateway.account.collection import Collection
    from gateway.account.index import Member
    from gateway.ox.folders import Folder

log = structlog.get_logger("gateway.account")

OF_SHAPE = (InvalidData, Malformed, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a value of another kind or form than OX's documents promise raises."""

Load = Callable[[Sequence["Member"]], Awaitable[Mapping[str, "Loaded | None"]]]


def report(account: Account, folder: Folder, object_id: str, reason: str) -> None:
    """A line in the log and a count. Neither tells content."""
    log.error("object cannot be shown", module=folder.module, folder=folder.id, id=object_id, reason=reason)
    account.on_unreadable(folder.module)


def readable(collection: Collection, key: str, write: Callable[[], Loaded]) -> Loaded | None:
    """What ``write`` makes of the resource ``key``; None and a report when it fails because of what OX holds."""
    try:
        return write()
    except OF_SHAPE as error:
        report(collection.account, collection.folder, key, type(error).__name__)
        return None


async def load_readable(collection: Collection, members: Sequence[Member], load: Load) -> dict[str, Loaded | None]:
    """What ``load`` makes of the members; None and a report for those of which OX tells something of another shape.
    The others are then asked for again. Raises what ``load`` raises."""
    unreadable: dict[str, Loaded | None] = {}
    while True:
        wanted = [member for member in members if member.key not in unreadable]
        try:
            return {**await load(wanted), **unreadable} if wanted else unreadable
        except MalformedObjects as error:
            malformed = [member.key for member in wanted if not error.ids.isdisjoint(member.ids)]
            if not malformed:
                raise
            for key in malformed:
                report(collection.account, collection.folder, key, type(error).__name__)
                unreadable[key] = None

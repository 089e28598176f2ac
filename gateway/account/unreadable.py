"""Objects of OX that cannot be turned into text: each of them costs itself only, not the answer it would be in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from gateway.account.bodies import Loaded
from gateway.ox.errors import Malformed
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.collection import Collection

log = structlog.get_logger("gateway.account")

_OF_SHAPE = (InvalidData, Malformed, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading a value of another kind or form than OX's documents promise raises."""


def readable(collection: Collection, key: str, write: Callable[[], Loaded]) -> Loaded | None:
    """What ``write`` makes of the resource ``key``; None, a line in the log and a count when it fails because of what
    OX holds. Neither tells content."""
    try:
        return write()
    except _OF_SHAPE as error:
        module, folder = collection.folder.module, collection.folder.id
        log.error("object cannot be shown", module=module, folder=folder, id=key, reason=type(error).__name__)
        collection.account.on_unreadable(module)
        return None

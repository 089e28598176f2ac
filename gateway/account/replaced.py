"""What a MOVE was to replace and did not."""

from __future__ import annotations

import structlog

from gateway.account.collection import Collection
from gateway.account.names import Names
from gateway.dav.errors import DAVError
from gateway.ledger.ledger import LedgerError

log = structlog.get_logger("gateway.account")


async def name_again(collection: Collection, names: Names, key: str, name: str) -> None:
    """The resource is called as before, whoever was given its name meanwhile: the ledger and the index took what was to
    replace it for the new holder. ``names``: those of the collection. One upstream call; if that fails, the log tells,
    because the caller's answer is about another error, and the name is back after a restart."""
    names.note(key, name)
    await names.save_later()
    collection.tree.stale(collection.folder.id)
    try:
        state = await collection.state()
    except (DAVError, LedgerError) as error:
        log.warning("a name is not back yet", folder=collection.folder.id, id=key, reason=type(error).__name__)
    else:
        state.index.rename(key, name)

"""What a MOVE was to replace and did not."""

from __future__ import annotations

from contextlib import suppress

from gateway.account.collection import Collection
from gateway.ox.errors import OXError


async def name_again(collection: Collection, key: str, name: str) -> None:
    """The resource is called as before, whoever was given its name meanwhile: the ledger and the index took what was to
    replace it for the new holder. One upstream call; if that fails, the name is back after a restart."""
    names = (await collection.state()).names
    names.note(key, name)
    await names.save_later()
    collection.tree.stale(collection.folder.id)
    with suppress(OXError):
        (await collection.state()).index.rename(key, name)

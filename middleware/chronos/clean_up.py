"""Removing old tombstones of events, and files that no event holds any more."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, select

from middleware.chronos.registration import module
from middleware.chronos.tables import attachments, events, tombstone_placements, tombstones


@module.on_clean_up
def forget_tombstones(connection: Connection, before: int) -> None:
    """Forget what left a calendar before a stamp."""
    connection.execute(delete(tombstone_placements).where(tombstone_placements.c.stamp < before))
    connection.execute(delete(tombstones).where(tombstones.c.stamp < before))


@module.on_clean_up
def free_files(connection: Connection, before: int) -> None:
    """Delete files that no event has: an event, its instances and the parts of a split series share theirs."""
    stored = set(connection.execute(select(attachments.c.managed_id)).scalars())
    if not stored:
        return
    holders = select(events.c.document).where(events.c.document.like('%"managedId"%'))
    for document in connection.execute(holders).scalars():
        stored -= {one.get("managedId") for one in json.loads(document).get("attachments", ())}
    for managed_id in stored:
        connection.execute(delete(attachments).where(attachments.c.managed_id == managed_id))

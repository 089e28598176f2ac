"""Groups and resources that were deleted, for their `updates` actions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert, select

from middleware.directory.tables import deleted_principals as table
from middleware.store import Store


def bury(connection: Connection, kind: str, principal_id: int, document: dict[str, Any], stamp: int) -> None:
    """Remember a deleted group or resource as its `updates` shall show it."""
    connection.execute(insert(table).values(kind=kind, id=principal_id, document=document, modified=stamp))


def forget_old(connection: Connection, before: int) -> None:
    """Forget groups and resources that were deleted before a stamp."""
    connection.execute(delete(table).where(table.c.modified < before))


def deleted_since(store: Store, kind: str, stamp: int) -> list[tuple[dict[str, Any], int]]:
    """The documents and stamps of what was deleted after `stamp`."""
    query = select(table).where((table.c.kind == kind) & (table.c.modified > stamp)).order_by(table.c.id)
    with store.reading() as connection:
        return [(row.document, row.modified) for row in connection.execute(query)]

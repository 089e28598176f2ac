"""What one user set for himself on a folder: colour, subscription, use for synchronisation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, bindparam, select

from middleware.folders.tables import folder_settings as table
from middleware.statement import Statement
from middleware.store import Store, replacing


@dataclass(frozen=True, slots=True)
class Personal:
    """The settings of one user on one folder; `color` None was never set, "" was set to nothing."""

    color: str | None = None
    subscribed: bool = True
    used_for_sync: bool = True


DEFAULTS = Personal()
_OF_USER = Statement(select(table).where(table.c.user_id == bindparam("user")))
_STORE = Statement(replacing(table, "folder_id", "user_id"))


def personal_settings(store: Store, user_id: int) -> Mapping[int, Personal]:
    """All settings of a user by folder id; folders without any are not in it. One query."""
    with store.reading() as connection:
        rows = _OF_USER.all(connection, user=user_id)
    return {row.folder_id: Personal(**row.settings) for row in rows}


def store_personal(connection: Connection, user_id: int, folder_id: int, personal: Personal) -> None:
    """Keep the settings of a user on a folder."""
    _STORE.run(connection, folder_id=folder_id, user_id=user_id, settings=asdict(personal))

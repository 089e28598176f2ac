"""The version of the tables in a database file, and the steps that bring an older one up to date.

The version is SQLite's `user_version`. Whoever changes a table that exists (a column, an index, what a column means)
adds a step here; a whole new table needs none, it is made when it is missing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Step:
    """What leads from the version before to `version`."""

    version: int
    statements: tuple[str, ...]


FIRST = 1
STEPS: Sequence[Step] = (
    # The contact of a user is looked up by his number.
    Step(2, ("CREATE INDEX contacts_by_user ON contacts (user_id)",)),
    # An event that was moved before it was deleted has left several folders of the same user: the key has the folder.
    Step(
        3,
        (
            "ALTER TABLE chronos_tombstone_placements RENAME TO former_placements",
            """CREATE TABLE chronos_tombstone_placements (
                event_id INTEGER NOT NULL,
                entity INTEGER NOT NULL,
                folder INTEGER NOT NULL,
                stamp BIGINT NOT NULL,
                PRIMARY KEY (event_id, entity, folder),
                FOREIGN KEY(event_id) REFERENCES chronos_tombstones (event_id) ON DELETE CASCADE
            )""",
            """INSERT INTO chronos_tombstone_placements (event_id, entity, folder, stamp)
                SELECT event_id, entity, folder, stamp FROM former_placements""",
            "DROP TABLE former_placements",
            "CREATE INDEX chronos_tombstone_placements_sync ON chronos_tombstone_placements (folder, stamp)",
        ),
    ),
    # Events are searched for by uid in any case of letters; the settings of a user on folders are read together.
    Step(
        4,
        (
            "CREATE INDEX chronos_events_by_uid ON chronos_events (lower(uid))",
            "CREATE INDEX folder_settings_by_user ON folder_settings (user_id)",
        ),
    ),
)
VERSION = max((step.version for step in STEPS), default=FIRST)


class StoreTooNew(OSError):
    """The database was written by a later version of this program."""


def version_of(connection: Connection) -> int:
    """The version of a database that has tables; files from before versions were counted are of the first."""
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one()) or FIRST


def is_new(connection: Connection) -> bool:
    """Whether the database has no tables yet."""
    query = "SELECT count(*) FROM sqlite_master WHERE name = 'sequences'"
    return int(connection.exec_driver_sql(query).scalar_one()) == 0


def set_version(connection: Connection, version: int) -> None:
    """Note the version; part of the open transaction."""
    connection.exec_driver_sql(f"PRAGMA user_version={version:d}")


def pending(connection: Connection) -> list[Step]:
    """The steps that are still to be done, in order. StoreTooNew when the database is ahead of this program."""
    found = version_of(connection)
    newest = max((step.version for step in STEPS), default=FIRST)
    if found > newest:
        raise StoreTooNew(
            f"the data is of version {found}, this program knows versions up to {newest}: use a newer one"
        )
    return sorted((step for step in STEPS if step.version > found), key=lambda step: step.version)


def carry_out(connection: Connection, steps: Sequence[Step]) -> None:
    """Do the steps within the open transaction."""
    for step in steps:
        for statement in step.statements:
            connection.exec_driver_sql(statement)
        set_version(connection, step.version)

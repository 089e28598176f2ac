"""Whether anything was written to the ledger since: cheaper to ask than to read again."""

from __future__ import annotations

import sqlite3
from typing import Self

from sqlalchemy.engine import Engine


class Witness:
    """Notices what is committed to a file of SQLite, by this process or another one."""

    def __init__(self, path: str) -> None:
        # A connection of its own, in autocommit: one that writes does not count its own commits.
        self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)

    @classmethod
    def of(cls, engine: Engine) -> Self | None:
        """None where nothing can be noticed in this way: other databases, and those in memory."""
        path = engine.url.database
        if engine.dialect.name != "sqlite" or path in (None, "", ":memory:"):
            return None
        return cls(str(path))

    def version(self) -> int | None:
        """Another number after every commit; None when it cannot be told now. Waits for nobody, takes 6 µs."""
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def close(self) -> None:
        self._connection.close()

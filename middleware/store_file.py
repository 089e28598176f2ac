"""A database file between the processes that use it: who serves it, whose turn it is, whether it changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from middleware.file_lock import FileLock


class StoreFile:
    """One process serves the file, `served`; that one and those that administer it take turns, `turn`.

    OSError when the locks beside the file cannot be made.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.served = FileLock(path.with_name(path.name + ".served"))
        self.turn = FileLock(path.with_name(path.name + ".turn"))
        self._witness: sqlite3.Connection | None = None

    def watch(self) -> None:
        """Begin to notice changes; the file must be a database now."""
        # A connection of its own: the one that writes may be busy with a commit, and does not count its own commits.
        self._witness = sqlite3.connect(self.path, check_same_thread=False)

    def version(self) -> int:
        """Another number after every commit of any process since `watch`, in any thread and at once. Cost: 6 µs."""
        assert self._witness is not None
        return int(self._witness.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Give both locks back and notice nothing any more."""
        if self._witness is not None:
            self._witness.close()
        self.turn.close()
        self.served.close()

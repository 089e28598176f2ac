"""Getting committed data onto the disk without anybody waiting for it."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path

# Seconds after a commit in which others may follow; all of them are flushed at once.
_PAUSE = 0.02


class Flusher:
    """A thread that flushes SQLite's write-ahead log to the disk soon after a commit.

    What SQLite committed is with the operating system and survives any crash of the process. Only when the whole
    machine stops, what was committed in the last hundredths of a second may be missing.
    """

    def __init__(self, database: Path) -> None:
        self._log = database.with_name(database.name + "-wal")
        self._due = threading.Event()
        self._closing = threading.Event()
        self._error: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="ox-flush", daemon=True)
        self._thread.start()

    def require_working(self) -> None:
        """Raise the OSError by which the disk refused what was committed before."""
        if self._error is not None:
            raise self._error

    def soon(self) -> None:
        """Flush what was committed until now."""
        self._due.set()

    def close(self) -> None:
        """Flush a last time and end. Twice does no harm."""
        self._closing.set()
        self._due.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set() and self._error is None:
            self._due.wait()
            self._closing.wait(_PAUSE)
            self._due.clear()
            try:
                self._flush()
            except OSError as error:
                self._error = error

    def _flush(self) -> None:
        # There is no log when everything in it is in the database already, which SQLite then has flushed itself.
        with suppress(FileNotFoundError):
            log = os.open(self._log, os.O_RDWR | os.O_CLOEXEC)
            try:
                os.fsync(log)
            finally:
                os.close(log)

"""A lock between processes."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

_PAUSE = 0.05


class FileLock:
    """An advisory lock (flock) on a file of its own, which is made when needed and stays. OSError when it cannot be.

    The kernel gives it back when the process ends, however that happens.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def acquire(self) -> None:
        """Wait until the lock is free and take it."""
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def acquire_within(self, seconds: float) -> bool:
        """Take the lock when it is, or soon becomes, free; False when it does not."""
        end = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= end:
                    return False
                time.sleep(_PAUSE)
            else:
                return True

    def release(self) -> None:
        """Give the lock back."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the lock back and close the file; the lock cannot be used any more. Twice does no harm."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

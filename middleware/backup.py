"""Copies of a database, made while it is in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


class BackupFailed(OSError):
    """The copy could not be made, or it is not whole."""


def copy_database(source: Path, target: Path) -> None:
    """Copy the database at `source` as it is at one moment; whatever was at `target` is replaced only when it is whole.

    Servers go on working meanwhile. The copy is readable by its owner alone, as it holds all data and password hashes.
    BackupFailed when there is nothing to copy or nowhere to write.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        _copy(source, partial)
        _sync(partial)
        os.replace(partial, target)
    except (sqlite3.Error, OSError) as error:
        partial.unlink(missing_ok=True)
        raise BackupFailed(f"no backup of {source} was made: {error}") from error


def _copy(source: Path, target: Path) -> None:
    address = f"file:{quote(str(source.absolute()))}?mode=rw"
    with closing(sqlite3.connect(address, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
        original.backup(copy)
        # One file is the whole copy: without a journal beside it.
        copy.execute("PRAGMA journal_mode=DELETE")
        (answer,) = copy.execute("PRAGMA quick_check").fetchone()
    if answer != "ok":
        raise sqlite3.DatabaseError(str(answer))


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())

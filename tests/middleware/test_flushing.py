"""What was committed gets onto the disk; when it cannot, nothing more is accepted."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from middleware.store import Store


def test_a_commit_is_flushed_without_a_further_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[str] = []
    done = threading.Event()
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        flushed.append(os.readlink(f"/proc/self/fd/{descriptor}"))
        done.set()

    store = Store.open(tmp_path / "ox.sqlite3")
    monkeypatch.setattr(os, "fsync", fsync)
    done.clear()
    with store.writing() as connection:
        store.next_id(connection, "x")
    assert done.wait(10)
    store.close()
    assert set(flushed) == {str(tmp_path / "ox.sqlite3-wal")}


def test_after_a_refusal_of_the_disk_writes_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Event()

    def refused(_descriptor: int) -> None:
        tried.set()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", refused)
    store = Store.open(tmp_path / "ox.sqlite3")
    assert tried.wait(10)
    with pytest.raises(OSError, match="Input/output"):
        _write_until_refused(store)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM sequences").scalar_one() > 0
    store.close()


def _write_until_refused(store: Store) -> None:
    """The thread that flushes may still be about to say so."""
    for _ in range(200):
        with store.writing() as connection:
            store.next_id(connection, "x")
        time.sleep(0.01)

"""The store: SQLAlchemy Core over one SQLite connection, in a file or in memory."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, bindparam, create_engine, event, select
from sqlalchemy.dialects.sqlite import Insert, insert
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import StaticPool

from middleware import migrations
from middleware.backup import copy_database
from middleware.clock import Clock
from middleware.schema import metadata, sequences
from middleware.statement import Statement
from middleware.store_file import StoreFile

STAMP = "stamp"
_PATIENCE = 2.0  # seconds that a process starting up waits for another to go away


def replacing(table: Table, *key: str) -> Insert:
    """The statement that stores a whole row in place of the one with the same key, if there is one."""
    statement = insert(table)
    others = {column.name: statement.excluded[column.name] for column in table.columns if column.name not in key}
    return statement.on_conflict_do_update(index_elements=list(key), set_=others)


_VALUE = Statement(select(sequences.c.value).where(sequences.c.name == bindparam("wanted")))
_SET_VALUE = Statement(replacing(sequences, "name"))


class StoreInUse(OSError):
    """Another process has the database open."""


class StoreUnusable(OSError):
    """The file is no database, or cannot be read or written."""


class Store:
    """One SQLite database behind one connection; transactions are serialised by a lock.

    A file store is durable: WAL with synchronous=FULL, and a write is on the disk before `writing` returns. One
    process serves a file; others may change it in `turn`.
    Both context managers may be nested in one thread: the inner one joins the transaction of the outer one.
    """

    def __init__(self, engine: Engine, clock: Clock | None = None, file: StoreFile | None = None) -> None:
        self.clock = clock or Clock()
        self._engine = engine
        self._file = file
        self._connection: Connection | None = None
        """The only one, kept: opening it for every transaction would cost more than most questions."""
        self._driver_connection: Any = None
        self._data_version = 0
        self._commits = 0
        self._lock = threading.RLock()
        self._open: Connection | None = None
        self._writable = False
        self._rollback_hooks: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path | None = None, clock: Clock | None = None, *, serving: bool = True) -> Store:
        """Open the database at `path`, created or brought up to date when needed; None is a database in memory.

        Only one process can be `serving` a file: StoreInUse for a second one. One that is not serving may change the
        data in `turn`; StoreInUse when tables would have to be changed under a server. StoreTooNew when the file was
        written by a later version, StoreUnusable when it is something else.
        """
        engine = create_engine(
            f"sqlite:///{path}" if path else "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "isolation_level": None, "cached_statements": 512},
        )
        event.listen(engine, "connect", _set_pragmas)
        store = cls(engine, clock, StoreFile(path) if path else None)
        try:
            store._take_over(serving)
        except (DatabaseError, sqlite3.DatabaseError) as error:
            store.close()
            reason = error.orig if isinstance(error, DatabaseError) else error
            raise _in_use(path) if "locked" in str(reason) else StoreUnusable(f"{path}: {reason}") from error
        except BaseException:
            store.close()
            raise
        return store

    def _take_over(self, serving: bool) -> None:
        file = self._file
        alone = file is None or file.served.acquire_within(_PATIENCE if serving else 0)
        path = None if file is None else file.path
        if serving and not alone:
            raise _in_use(path)
        if file is not None:
            file.turn.acquire()
        self._connection = self._engine.connect()
        self._driver_connection = self._connection.connection.driver_connection
        self._upgrade(path, alone)
        self.create_tables()
        with self.writing() as connection:
            self.clock.not_before(_value(connection, STAMP) or 0)
            _set_value(connection, STAMP, self.clock.last)
        self._data_version = self._current_data_version()
        if file is not None:
            file.watch()
            file.turn.release()

    def _upgrade(self, path: Path | None, alone: bool) -> None:
        """Bring the tables up to date; the file as it was is kept beside it."""
        with self.reading() as connection:
            new, version = migrations.is_new(connection), migrations.version_of(connection)
            steps = [] if new else migrations.pending(connection)
        if new:
            with self.writing() as connection:
                metadata.create_all(connection)
                migrations.set_version(connection, migrations.VERSION)
        elif steps and not alone:
            raise StoreInUse(f"{path} is in use by a server of an older version: restart that first")
        elif steps:
            if path is not None:
                copy_database(path, path.with_name(f"{path.name}.version-{version}"))
            with self.writing() as connection:
                migrations.carry_out(connection, steps)

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Keep other processes from writing while the block runs; whether one did since the last turn."""
        if self._file is None:
            yield False
            return
        self._file.turn.acquire()
        try:
            yield self._changed_elsewhere()
        finally:
            self._file.turn.release()

    def _changed_elsewhere(self) -> bool:
        version = self._current_data_version()
        if version == self._data_version:
            return False
        self._data_version = version
        with self.reading() as connection:
            self.clock.not_before(_value(connection, STAMP) or 0)
        return True

    def _current_data_version(self) -> int:
        """A number of SQLite that changes when another connection changes the file."""
        # Asked at every request: past SQLAlchemy, as ``_run``.
        with self._lock:
            return int(self._driver_connection.execute("PRAGMA data_version").fetchone()[0])

    def version(self) -> tuple[int, int]:
        """Another pair after every commit, of this process or another. To be asked in any thread, it waits for none."""
        return self._commits, 0 if self._file is None else self._file.version()

    def create_tables(self) -> None:
        """Create the tables of all modules imported so far that do not exist yet."""
        with self.writing() as connection:
            metadata.create_all(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A consistent read; inside `writing` it sees what was written so far."""
        with self._transaction(write=False) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction: committed when the outermost block ends, rolled back when it raises."""
        with self._transaction(write=True) as connection:
            yield connection

    @contextmanager
    def _transaction(self, *, write: bool) -> Iterator[Connection]:
        with self._lock:
            if self._open is not None:
                if write and not self._writable:
                    raise RuntimeError("a write cannot be opened inside a read")
                yield self._open
                return
            connection = self._connection
            assert connection is not None
            self._run("BEGIN IMMEDIATE" if write else "BEGIN")
            self._open, self._writable = connection, write
            try:
                yield connection
                if write:
                    self._remember_stamp(connection)
            except BaseException:
                self._run("ROLLBACK")
                if write:
                    self._call_rollback_hooks()
                raise
            else:
                self._run("COMMIT")
                self._commits += write
            finally:
                self._open = None

    def _run(self, statement: str) -> None:
        """Past SQLAlchemy, for the same connection: it takes a tenth of the time."""
        self._driver_connection.execute(statement)

    def on_rollback(self, hook: Callable[[], None]) -> None:
        """Call `hook` after every write that was rolled back: what was cached meanwhile is wrong."""
        self._rollback_hooks.append(hook)

    def _call_rollback_hooks(self) -> None:
        for hook in self._rollback_hooks:
            hook()

    def _remember_stamp(self, connection: Connection) -> None:
        if (_value(connection, STAMP) or 0) < self.clock.last:
            _set_value(connection, STAMP, self.clock.last)

    def next_id(self, connection: Connection, space: str, first: int = 1) -> int:
        """The next number of an id space ("folders", "principals", "events", "contacts", ...)."""
        return self.reserve_ids(connection, space, 1, first)

    def reserve_ids(self, connection: Connection, space: str, count: int, first: int = 1) -> int:
        """Take `count` successive numbers of an id space; the first of them."""
        start = max(first, (_value(connection, space) or 0) + 1)
        _set_value(connection, space, start + count - 1)
        return start

    def close(self) -> None:
        """Close the database; an unfinished transaction is lost."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            if self._file is not None:
                self._file.close()
            self._engine.dispose()


def _in_use(path: Path | None) -> StoreInUse:
    return StoreInUse(f"{path} is in use by another process")


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in (
        "busy_timeout=5000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _value(connection: Connection, name: str) -> int | None:
    found: int | None = _VALUE.scalar(connection, wanted=name)
    return found


def _set_value(connection: Connection, name: str, value: int) -> None:
    _SET_VALUE.run(connection, name=name, value=value)

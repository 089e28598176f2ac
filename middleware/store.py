"""The store: SQLAlchemy Core over one SQLite connection, in a file or in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import StaticPool

from middleware.clock import Clock
from middleware.schema import metadata, sequences

STAMP = "stamp"


class StoreInUse(OSError):
    """Another process has the database open."""


class Store:
    """One SQLite database behind one connection; transactions are serialised by a lock.

    A file store is durable: WAL with synchronous=FULL, and a write is committed before `writing` returns. One process
    holds it exclusively, because directory and folders are kept in memory.
    Both context managers may be nested in one thread: the inner one joins the transaction of the outer one.
    """

    def __init__(self, engine: Engine, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._engine = engine
        self._lock = threading.RLock()
        self._open: Connection | None = None
        self._writable = False
        self._rollback_hooks: list[Callable[[], None]] = []

    @classmethod
    def open(cls, path: Path | None = None, clock: Clock | None = None) -> Store:
        """Open (and create when needed) the database at `path`; None is a database in memory.

        A file belongs to one process: StoreInUse when another has it open for some seconds already.
        """
        engine = create_engine(
            f"sqlite:///{path}" if path else "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False, "isolation_level": None},
        )
        event.listen(engine, "connect", _set_pragmas)
        store = cls(engine, clock)
        try:
            store._take_over()
        except OperationalError as error:
            store.close()
            if "locked" in str(error):
                raise StoreInUse(f"{path} is in use by another process") from None
            raise
        return store

    def _take_over(self) -> None:
        self.create_tables()
        with self.writing() as connection:
            self.clock.not_before(_value(connection, STAMP) or 0)
            _set_value(connection, STAMP, self.clock.last)

    def create_tables(self) -> None:
        """Create the tables of all modules imported so far that do not exist yet."""
        with self._lock:
            metadata.create_all(self._engine)

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
            with self._engine.connect() as connection:
                connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
                self._open, self._writable = connection, write
                try:
                    yield connection
                    if write:
                        self._remember_stamp(connection)
                except BaseException:
                    connection.exec_driver_sql("ROLLBACK")
                    if write:
                        self._call_rollback_hooks()
                    raise
                else:
                    connection.exec_driver_sql("COMMIT")
                finally:
                    self._open = None

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
            self._engine.dispose()


def _set_pragmas(connection: Any, _record: Any) -> None:
    for pragma in (
        "busy_timeout=5000",
        "locking_mode=EXCLUSIVE",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _value(connection: Connection, name: str) -> int | None:
    return connection.execute(select(sequences.c.value).where(sequences.c.name == name)).scalar()


def _set_value(connection: Connection, name: str, value: int) -> None:
    statement = insert(sequences).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))

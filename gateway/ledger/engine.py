"""The database engine of the ledger: durable settings, and transactions that really are some."""

from __future__ import annotations

import os
from typing import Any

from sqlalchemy import QueuePool, create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

_WRITING = "ledger_writing"
"""Execution option of connections that are about to write."""

WORKERS = 4
"""Threads, and at most so many connections."""

_BUSY_SECONDS = 10

_LOCK = 0x6F78646176
"""Of PostgreSQL's advisory locks, which belong to one database."""


def open_engine(url: str) -> Engine:
    """An engine for ``sqlite:///path``, ``sqlite://`` (in memory; ``sqlite+aiosqlite`` means the same) or
    ``postgresql+psycopg://...`` (its driver must be installed). A new SQLite file is readable by its owner only.
    Raises ValueError for anything else, OSError for a path that cannot be written."""
    parsed = database_url(url)
    return _sqlite(parsed) if parsed.drivername == "sqlite" else _postgresql(parsed)


def database_url(url: str) -> URL:
    """The URL of a database that a ledger can be in. Raises ValueError, which does not repeat the URL."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("sqlite", "sqlite+pysqlite", "sqlite+aiosqlite"):
            return parsed.set(drivername="sqlite")
        if parsed.get_backend_name() == "postgresql" and not parsed.get_dialect().is_async:
            return parsed
    except ArgumentError:
        raise ValueError("not a database URL") from None
    raise ValueError("the ledger needs sqlite:///path or postgresql+psycopg://...")


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: they take turns with those of all processes."""
    options: dict[str, Any] = {_WRITING: True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "READ COMMITTED"
    return engine.execution_options(**options)


def _postgresql(url: URL) -> Engine:
    # What is read in several statements is one state.
    engine = create_engine(
        url,
        pool_size=WORKERS,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="REPEATABLE READ",
    )
    event.listen(engine, "begin", _take_turn)
    return engine


def _take_turn(connection: Connection) -> None:
    """One writer at a time, as SQLite has it: of two that meet, neither fails nor undoes what the other did.

    PostgreSQL takes the snapshot of a transaction before it waits for the lock, so writers see the latest state in
    each statement instead (``writing``)."""
    if connection.get_execution_options().get(_WRITING, False):
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _sqlite(url: URL) -> Engine:
    in_memory = url.database in (None, "", ":memory:")
    if not in_memory:
        os.close(os.open(str(url.database), os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_engine(
        url,
        poolclass=QueuePool,
        # An in-memory database lives as long as its one connection; being the only one, it also orders its users.
        pool_size=1 if in_memory else WORKERS,
        max_overflow=0,
        connect_args={"check_same_thread": False, "timeout": _BUSY_SECONDS},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own idea of transactions leaves DDL out
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Take the write lock at once: a transaction that starts by reading could not get it later."""
    writing = connection.get_execution_options().get(_WRITING, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

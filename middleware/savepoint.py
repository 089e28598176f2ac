"""Undoing a part of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection


@contextmanager
def undone_on_error(connection: Connection) -> Iterator[None]:
    """What is done inside is undone when it fails, without ending the transaction around it."""
    connection.exec_driver_sql("SAVEPOINT entry")
    try:
        yield
    except BaseException:
        connection.exec_driver_sql("ROLLBACK TO entry")
        raise
    finally:
        connection.exec_driver_sql("RELEASE entry")

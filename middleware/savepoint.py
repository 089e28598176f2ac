"""Undoing a part of a transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from middleware.statement import driver_of


@contextmanager
def undone_on_error(connection: Connection) -> Iterator[None]:
    """What is done inside is undone when it fails, without ending the transaction around it."""
    driver = driver_of(connection)
    driver.execute("SAVEPOINT entry")
    try:
        yield
    except BaseException:
        driver.execute("ROLLBACK TO entry")
        raise
    finally:
        driver.execute("RELEASE entry")

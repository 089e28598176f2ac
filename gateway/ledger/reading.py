"""Rows of the ledger by their keys, the same question for any database.

SQLite finds a few rows by their key in 20 microseconds. To hand the question to a thread and to take the answer back
costs ten times as much, and SQLAlchemy twice that again. So a few rows of a file are read where the question is asked;
threads are left what may take long: writes, whole collections, and what cannot be read right now.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, and_, bindparam, select

Row = Sequence[Any]

_BATCH = 500
"""Ids in one statement of SQLAlchemy, because databases bound the number of parameters, and in a direct read, which
keeps everybody waiting."""


class Query:
    """``columns`` of the rows of their table in which the columns ``keys`` have the values that are asked for.
    ``among``: a column that has one of any number of values."""

    def __init__(self, columns: Sequence[Column[Any]], keys: Sequence[Column[Any]], among: Column[Any] | None = None):
        # Made once: to make a statement costs more than to run it.
        conditions = [key == bindparam(key.name) for key in keys]
        written = [f"{key.name} = :{key.name}" for key in keys]
        if among is not None:
            conditions.append(among.in_(bindparam("ids", expanding=True)))
            written.append(f"{among.name} IN (SELECT value FROM json_each(:ids))")
        self.statement = select(*columns).where(and_(*conditions))
        names = ", ".join(column.name for column in columns)
        self.of_sqlite = f"SELECT {names} FROM {columns[0].table.name} WHERE {' AND '.join(written)}"


@dataclass(frozen=True, slots=True)
class Asked:
    """``keys``: values by the names of the columns. ``ids``: of the column ``among``, if the query has one."""

    query: Query
    keys: Mapping[str, str]
    ids: Sequence[str] | None = None


def rows(connection: Connection, asked: Asked) -> list[Row]:
    """Through SQLAlchemy."""
    if asked.ids is None:
        return list(connection.execute(asked.query.statement, asked.keys))
    batches = [asked.ids[start : start + _BATCH] for start in range(0, len(asked.ids), _BATCH)]
    found = (connection.execute(asked.query.statement, {**asked.keys, "ids": some}) for some in batches)
    return [row for some in found for row in some]


class Direct:
    """A connection of its own to the SQLite file at ``path``, for reads by whoever asks. It waits for nobody and writes
    nothing."""

    def __init__(self, path: str) -> None:
        self._connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        self._connection.execute("PRAGMA query_only=ON")

    @classmethod
    def of(cls, engine: Engine) -> Direct | None:
        """For the database of ``engine``; None unless that is a file of SQLite, and it can be opened once more."""
        path = engine.url.database
        if engine.dialect.name != "sqlite" or path is None or path in ("", ":memory:"):
            return None
        try:
            return cls(path)
        except sqlite3.Error:
            return None

    def read(self, asked: Sequence[Asked]) -> list[list[Row]] | None:
        """The rows for each question, of one state of the database; None if that would take long or is not possible
        right now."""
        if any(each.ids is not None and len(each.ids) > _BATCH for each in asked):
            return None
        try:
            if len(asked) == 1:
                return [self._rows(asked[0])]
            with self._connection:
                self._connection.execute("BEGIN")
                return [self._rows(each) for each in asked]
        except sqlite3.Error:
            return None

    def _rows(self, asked: Asked) -> list[Row]:
        values = asked.keys if asked.ids is None else {**asked.keys, "ids": json.dumps(asked.ids)}
        return self._connection.execute(asked.query.of_sqlite, values).fetchall()

    def version(self) -> int | None:
        """Another number after every commit of anybody, cheaper to ask than to read again; None when it cannot be told
        right now."""
        try:
            return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error:
            return None

    def close(self) -> None:
        self._connection.close()

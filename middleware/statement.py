"""SQL statements made ready once: what SQLAlchemy does for each execution costs ten times what SQLite does."""

from __future__ import annotations

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Executable,
    Integer,
    SelectBase,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler

_DIALECT = SQLiteDialect_pysqlite(paramstyle="named", dbapi=sqlite3)

Convert = Callable[[Any], Any]


def one_of(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`column` has one of the values of a list, given as the parameter `name`; any number in one statement."""
    listed = func.json_each(bindparam(name, type_=JSON)).table_valued("value")
    return column.in_(select(listed.c.value))


def looked_at(column: ColumnElement[int]) -> ColumnElement[int]:
    """A column that is compared once the row was found by others; SQLite would go through its index otherwise."""
    return column + literal_column("0", Integer)


def driver_of(connection: Connection) -> sqlite3.Connection:
    """The connection of SQLite itself behind one of SQLAlchemy."""
    driver: Any = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


@dataclass(frozen=True, slots=True)
class _Ready:
    text: str
    names: frozenset[str]
    constants: Mapping[str, Any]
    """Values that stand in the statement itself."""
    written: Mapping[str, Convert]
    """Of the parameters whose type is not one of SQLite's."""
    read: tuple[tuple[int, Convert], ...]
    """Of such columns, by place."""
    row: Convert


class Statement:
    """A statement of SQLAlchemy Core with named parameters, compiled when it is run first and from then on run by the
    driver, in the transaction of the connection that it is given.

    Rows are named tuples. The parameters must always be the same ones: TypeError otherwise. Lists of values are written
    with `one_of`, not with `in_`.
    """

    def __init__(self, clause: Executable) -> None:
        self._clause = clause
        self._ready: _Ready | None = None

    def all(self, connection: Connection, /, **values: Any) -> list[Any]:
        """All rows."""
        cursor, ready = self._execute(connection, values)
        return [_row(ready, found) for found in cursor]

    def first(self, connection: Connection, /, **values: Any) -> Any:
        """The first row; None when there is none."""
        cursor, ready = self._execute(connection, values)
        found = cursor.fetchone()
        cursor.close()  # or its statement would stay in use
        return None if found is None else _row(ready, found)

    def scalar(self, connection: Connection, /, **values: Any) -> Any:
        """The first value of the first row; None when there is none."""
        found = self.first(connection, **values)
        return None if found is None else found[0]

    def run(self, connection: Connection, /, **values: Any) -> int:
        """How many rows were written."""
        cursor, _ = self._execute(connection, values)
        return cursor.rowcount

    def _execute(self, connection: Connection, values: dict[str, Any]) -> tuple[sqlite3.Cursor, _Ready]:
        ready = self._ready
        if ready is None:
            ready = self._ready = _compiled(self._clause, values)
        if values.keys() != ready.names:
            raise TypeError(f"parameters {sorted(values)} instead of {sorted(ready.names)}")
        for name, convert in ready.written.items():
            values[name] = convert(values[name])
        if ready.constants:
            values |= ready.constants
        return driver_of(connection).execute(ready.text, values), ready


def _row(ready: _Ready, found: tuple[Any, ...]) -> Any:
    if not ready.read:
        return ready.row(found)
    values = list(found)
    for place, convert in ready.read:
        values[place] = convert(values[place])
    return ready.row(values)


def _compiled(clause: Executable, values: Iterable[str]) -> _Ready:
    compiled = clause.compile(dialect=_DIALECT, column_keys=list(values))  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)
    columns = clause.selected_columns.items() if isinstance(clause, SelectBase) else []
    read = ((place, column.type.result_processor(_DIALECT, None)) for place, (_, column) in enumerate(columns))
    written = {name: bind.type.bind_processor(_DIALECT) for name, bind in compiled.binds.items()}
    constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    names = frozenset(compiled.binds) - constants.keys()
    return _Ready(
        text=compiled.string,
        names=names,
        constants={name: _converted(written[name], value) for name, value in constants.items()},
        written={name: convert for name in names if (convert := written[name]) is not None},
        read=tuple((place, convert) for place, convert in read if convert is not None),
        row=_row_type([name for name, _ in columns]),
    )


def _row_type(names: list[str]) -> Convert:
    made: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]
    make: Convert = made._make
    return make


def _converted(convert: Convert | None, value: Any) -> Any:
    return value if convert is None else convert(value)

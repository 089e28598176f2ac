"""Names of objects, and names that objects had, in the tables of the ledger. Everything here is done within the
transaction of a caller, so that no name is ever lost without a trace: who has one no more, had it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from gateway.ledger.reading import Query, Row
from gateway.ledger.tables import former_names, names

PROMISE = "uid:"
"""Begins the ids of promises, which are no objects: nobody was told their names."""


class Former(NamedTuple):
    """That an object does not have a name any more. ``until``: its stamp when it certainly had it, 0 when that is not
    known; with its first change after that it has another one. ``since``: the stamp of the change of another object
    that took it, else 0."""

    until: int = 0
    since: int = 0

    def merged(self, other: Former) -> Former:
        """What is known when both are."""
        return Former(max(self.until, other.until), max(self.since, other.since))


@dataclass(frozen=True, slots=True)
class ObjectNames:
    """``current``: names by object id, promises among them. ``former``: names that objects had before, by object id;
    several may have had the same, and an object may have it again."""

    current: Mapping[str, str]
    former: Mapping[str, Mapping[str, Former]]


class Place(NamedTuple):
    """A collection of an account."""

    account: str
    collection: str

    def of(self, table: Table) -> ColumnElement[bool]:
        return and_(table.c.account == self.account, table.c.collection == self.collection)


_NAME, _FORMER = (names.c.ox_id, names.c.name), (*former_names.c["ox_id", "name", "until", "since"],)
_NAMES_IN, _FORMER_IN = (tuple(table.c["account", "collection"]) for table in (names, former_names))
OF_ALL = (Query(_NAME, _NAMES_IN), Query(_FORMER, _FORMER_IN))
OF_SOME = (Query(_NAME, _NAMES_IN, among=names.c.ox_id), Query(_FORMER, _FORMER_IN, among=former_names.c.ox_id))


def collected(named: Iterable[Any], had: Iterable[Row]) -> ObjectNames:
    """What the two queries have found."""
    former: dict[str, dict[str, Former]] = {}
    for ox_id, name, until, since in had:
        former.setdefault(ox_id, {})[name] = Former(until, since)
    return ObjectNames(dict(named), former)


def rename(connection: Connection, place: Place, ox_id: str, name: str) -> None:
    """See ``Ledger.rename``."""
    for row in _rows(connection, place, ox_id, name):
        if row.ox_id != ox_id or row.name != name:
            _take_away(connection, place, row.ox_id, row.name)
    _give(connection, place, ox_id, name)


def claim(connection: Connection, place: Place, ox_id: str, name: str, over: str | None) -> str | None:
    """See ``Ledger.claim``."""
    rows = _rows(connection, place, ox_id, name)
    for row in rows:
        if row.ox_id != over:
            return str(row.ox_id)
    for row in rows:
        _take_away(connection, place, row.ox_id, row.name)
    _give(connection, place, ox_id, name)
    return None


def keep_former(connection: Connection, place: Place, ox_id: str, name: str, former: Former) -> None:
    """See ``Ledger.keep_former``."""
    key = {"account": place.account, "collection": place.collection, "ox_id": ox_id, "name": name}
    insert, greatest = _dialect(connection, former_names)
    statement = insert.values(**key, until=former.until, since=former.since)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(key),
            set_={each: greatest(former_names.c[each], statement.excluded[each]) for each in ("until", "since")},
        )
    )


def forget(connection: Connection, place: Place, ox_id: str) -> None:
    """See ``Ledger.forget_names``."""
    for table in (names, former_names):
        connection.execute(delete(table).where(place.of(table), table.c.ox_id == ox_id))


def _rows(connection: Connection, place: Place, ox_id: str, name: str) -> Sequence[Any]:
    """Who has the name, and what the object is called."""
    either = or_(names.c.name == name, names.c.ox_id == ox_id)
    return connection.execute(select(names.c.ox_id, names.c.name).where(place.of(names), either)).all()


def _give(connection: Connection, place: Place, ox_id: str, name: str) -> None:
    key = {"account": place.account, "collection": place.collection, "ox_id": ox_id}
    statement = _dialect(connection, names)[0].values(**key, name=name)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_={"name": name}))


def _take_away(connection: Connection, place: Place, ox_id: str, name: str) -> None:
    connection.execute(delete(names).where(place.of(names), names.c.ox_id == ox_id))
    if not ox_id.startswith(PROMISE):
        keep_former(connection, place, ox_id, name, Former())


def _dialect(connection: Connection, table: Table) -> tuple[Any, Any]:
    """An insertion that can meet what is there, and the function for the greater of two values."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table), func.greatest
    return sqlite.insert(table), func.max

"""What only the gateway knows, kept durably. Every change is on disk before its call returns.

``account`` is an opaque string key, ``collection`` and ``folder`` are plain OX folder ids (``31``, not ``cal://0/31``:
the same in OX 7.8 and OX 8), ``ox_id`` an OX object id.
Nothing is ever shared between accounts. Every method may raise ``LedgerError``; then nothing was changed.

The database is driven from a few threads, but for small reads of SQLite (``reading``). SQLAlchemy's own asyncio layer
needs a C extension that nothing else here does, and would use a thread for SQLite, too. A cancelled caller does not
stop a transaction that has begun.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from gateway.ledger import naming
from gateway.ledger.engine import WORKERS, open_engine, writing
from gateway.ledger.errors import LedgerError
from gateway.ledger.naming import PROMISE, Former, ObjectNames, Place
from gateway.ledger.reading import Asked, Direct, Query, rows
from gateway.ledger.tables import former_names, migrate, names, properties, residues, segments

__all__ = ["PROMISE", "Former", "Ledger", "LedgerError", "ObjectNames", "Residue"]

T = TypeVar("T")

_OF_RESIDUES = (residues.c.account, residues.c.collection)
_RESIDUES = Query((residues.c.ox_id, residues.c.stamp, residues.c.data), _OF_RESIDUES, among=residues.c.ox_id)
_RESIDUE_STAMPS = Query((residues.c.ox_id, residues.c.stamp), _OF_RESIDUES, among=residues.c.ox_id)
_SEGMENTS = Query((segments.c.folder, segments.c.segment), (segments.c.account,))
_PROPERTIES = Query((properties.c.folder, properties.c.name, properties.c.value), (properties.c.account,))


@dataclass(frozen=True, slots=True)
class Collections:
    """``segments``: folder -> path segment, of the collections that clients made at a URL of their choice.
    ``properties``: folder -> property name -> value. ``version``: of the ledger when they were read, None when it does
    not tell."""

    segments: Mapping[str, str]
    properties: Mapping[str, Mapping[str, bytes]]
    version: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Residue:
    """What OX could not hold of an object a client sent. ``stamp``: OX's timestamp of the object it belongs to;
    ``data``: JSON text."""

    stamp: int
    data: str


class Ledger:
    """See the module. Open it with ``Ledger.open`` and close it."""

    def __init__(self, engine: Engine, threads: ThreadPoolExecutor, life: str, secret: str) -> None:
        self._engine = engine
        self._writer = writing(engine)
        self._direct = Direct.of(engine)
        self._threads = threads
        self._life = life
        self._secret = secret

    @classmethod
    async def open(cls, url: str) -> Ledger:
        """Open or create the database of ``url`` (see ``open_engine``) and bring it to the present schema.
        Raises LedgerError for a URL of another kind and for a database that cannot be used."""
        threads = ThreadPoolExecutor(WORKERS, "ledger")
        try:
            engine, life, secret = await asyncio.get_running_loop().run_in_executor(threads, _open, url)
        except BaseException:
            threads.shutdown(wait=False)
            raise
        return cls(engine, threads, life, secret)

    async def close(self) -> None:
        """Finish what has begun and close all connections."""
        await asyncio.to_thread(self._threads.shutdown)
        if self._direct is not None:
            self._direct.close()
        self._engine.dispose()

    @property
    def life(self) -> str:
        """A random id made together with the database: another life means that what was kept before is gone."""
        return self._life

    @property
    def secret(self) -> bytes:
        """A random key made together with the database, the same for all that share it."""
        return bytes.fromhex(self._secret)

    # -- names of objects ----------------------------------------------------------------------------------------

    async def names(self, account: str, collection: str) -> ObjectNames:
        """Of all objects whose name a client chose and OX cannot hold, or that had another one."""
        key = {"account": account, "collection": collection}

        def work(connection: Connection) -> ObjectNames:
            return naming.collected(*(rows(connection, Asked(query, key)) for query in naming.OF_ALL))

        return await self._read(work)

    async def names_of(self, account: str, collection: str, ids: Sequence[str]) -> ObjectNames:
        """As ``names``, of these objects."""
        key = {"account": account, "collection": collection}
        return naming.collected(*await self._rows(*(Asked(query, key, ids) for query in naming.OF_SOME)))

    async def claim(
        self, account: str, collection: str, ox_id: str, name: str, *, over: str | None = None
    ) -> str | None:
        """Name an object that has no name yet, unless another one than ``over`` has it: in one step. The ``ox_id`` of
        whoever has the name, or the same one when the object has a name, and nothing was changed; None when it is
        done. What ``over`` was called becomes a former name."""
        place = Place(account, collection)
        return await self._write(lambda connection: naming.claim(connection, place, ox_id, name, over))

    async def rename(self, account: str, collection: str, ox_id: str, name: str) -> None:
        """Name an object and take the name from whoever has it, in one step. For that one it becomes a former name, as
        does what the object was called."""
        place = Place(account, collection)
        await self._write(lambda connection: naming.rename(connection, place, ox_id, name))

    async def keep_former(self, account: str, collection: str, former: Mapping[tuple[str, str], Former]) -> None:
        """Objects and names that they do not have any more: all in one step, beside what is known of them."""
        place = Place(account, collection)

        def work(connection: Connection) -> None:
            for (ox_id, name), each in former.items():
                naming.keep_former(connection, place, ox_id, name, each)

        await self._write(work)

    async def forget_names(self, account: str, collection: str, ids: Sequence[str]) -> None:
        """Nobody needs the names of these objects any more, nor the former ones. Unknown objects are no error."""
        place = Place(account, collection)

        def work(connection: Connection) -> None:
            for ox_id in ids:
                naming.forget(connection, place, ox_id)

        await self._write(work)

    # -- segments of collections ---------------------------------------------------------------------------------

    async def collections(self, account: str, known: Collections | None = None) -> Collections:
        """What is kept of all collections of the account. ``known``: what this gave before, which comes back without
        another look when nothing at all was written to the ledger since."""
        version = None if self._direct is None else self._direct.version()
        if known is not None and version is not None and known.version == version:
            return known
        key = {"account": account}
        chosen, kept = await self._rows(Asked(_SEGMENTS, key), Asked(_PROPERTIES, key))
        found: dict[str, dict[str, bytes]] = {}
        for folder, name, value in kept:
            found.setdefault(folder, {})[name] = value
        return Collections(dict(chosen), found, version)

    async def set_segment(self, account: str, folder: str, segment: str) -> None:
        """Give a collection its segment. The same segment may stand in two homes, so it is not checked here."""
        key = {"account": account, "folder": folder}
        await self._write(lambda connection: _put(connection, segments, key, {"segment": segment}))

    # -- properties of collections -------------------------------------------------------------------------------

    async def set_properties(self, account: str, folder: str, changes: Mapping[str, bytes | None]) -> None:
        """Set the given properties, remove those that are None: all or none of them."""
        collection = {"account": account, "folder": folder}

        def work(connection: Connection) -> None:
            for name, value in changes.items():
                key = {**collection, "name": name}
                if value is None:
                    connection.execute(delete(properties).where(_is(properties, key)))
                else:
                    _put(connection, properties, key, {"value": value})

        await self._write(work)

    async def forget_collection(self, account: str, folder: str) -> None:
        """Everything kept about a collection that is gone: segment, properties, names and residues, in one step."""
        own = {"account": account, "folder": folder}
        inside = {"account": account, "collection": folder}

        def work(connection: Connection) -> None:
            for table, key in (
                (segments, own),
                (properties, own),
                (names, inside),
                (former_names, inside),
                (residues, inside),
            ):
                connection.execute(delete(table).where(_is(table, key)))

        await self._write(work)

    # -- residues ------------------------------------------------------------------------------------------------

    async def residues(self, account: str, collection: str, ids: Sequence[str]) -> Mapping[str, Residue]:
        """``ox_id`` -> residue, of those among ``ids`` that have one."""
        found = await self._among(_RESIDUES, account, collection, ids)
        return {ox_id: Residue(stamp, data) for ox_id, stamp, data in found}

    async def residue_stamps(self, account: str, collection: str, ids: Sequence[str]) -> Mapping[str, int]:
        """``ox_id`` -> stamp of the residue, of those among ``ids`` that have one."""
        return dict(await self._among(_RESIDUE_STAMPS, account, collection, ids))

    async def set_residue(self, account: str, collection: str, ox_id: str, residue: Residue) -> None:
        """Keep or replace the residue of an object."""
        key = {"account": account, "collection": collection, "ox_id": ox_id}
        values = {"stamp": residue.stamp, "data": residue.data}
        await self._write(lambda connection: _put(connection, residues, key, values))

    async def forget_residue(self, account: str, collection: str, ox_id: str) -> None:
        """The object has no residue any more. Unknown objects are no error."""
        await self._remove(residues, {"account": account, "collection": collection, "ox_id": ox_id})

    async def prune_residues(self, account: str, collection: str, known: Collection[str], newest: int) -> None:
        """Forget the residues of objects that are not ``known``, unless they are younger than ``newest``."""
        inside = _is(residues, {"account": account, "collection": collection})
        query = select(residues.c.ox_id).where(inside, residues.c.stamp <= newest)

        def work(connection: Connection) -> None:
            for ox_id in [row.ox_id for row in connection.execute(query) if row.ox_id not in known]:
                connection.execute(delete(residues).where(inside, residues.c.ox_id == ox_id))

        await self._write(work)

    # -- pieces --------------------------------------------------------------------------------------------------

    async def _read(self, work: Callable[[Connection], T]) -> T:
        return await self._in_thread(work, self._engine)

    async def _write(self, work: Callable[[Connection], T]) -> T:
        return await self._in_thread(work, self._writer)

    async def _in_thread(self, work: Callable[[Connection], T], engine: Engine) -> T:
        """One transaction."""

        def transaction() -> T:
            with engine.begin() as connection:
                return work(connection)

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, transaction)
        except SQLAlchemyError as error:
            raise LedgerError("the ledger does not work") from error

    async def _among(self, query: Query, account: str, collection: str, ids: Sequence[str]) -> list[Any]:
        """The rows of the objects among ``ids``, any number."""
        if not ids:
            return []
        (found,) = await self._rows(Asked(query, {"account": account, "collection": collection}, ids))
        return found

    async def _rows(self, *asked: Asked) -> list[list[Any]]:
        """What is asked, in one transaction: at once where that is possible, else in a thread."""
        found = None if self._direct is None else self._direct.read(asked)
        if found is None:
            found = await self._read(lambda connection: [rows(connection, each) for each in asked])
        return found

    async def _remove(self, table: Table, key: Mapping[str, str]) -> None:
        await self._write(lambda connection: connection.execute(delete(table).where(_is(table, key))))


def _put(connection: Connection, table: Table, key: Mapping[str, str], values: Mapping[str, Any]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(**key, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=dict(values)))


def _is(table: Table, key: Mapping[str, str]) -> ColumnElement[bool]:
    return and_(*(table.c[name] == value for name, value in key.items()))


def _open(url: str) -> tuple[Engine, str, str]:
    try:
        engine = open_engine(url)
    except (OSError, ValueError, ImportError) as error:  # ImportError: the driver
        raise LedgerError(f"the ledger cannot be opened: {error}") from error
    try:
        with writing(engine).begin() as connection:
            return engine, *migrate(connection)
    except (SQLAlchemyError, LedgerError) as error:
        engine.dispose()
        if isinstance(error, LedgerError):
            raise
        raise LedgerError("the ledger cannot be opened: not a database, or not reachable") from error

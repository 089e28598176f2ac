"""Rows are the same whether they are read at once or in a thread, and never older than the last write."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from gateway.ledger.engine import open_engine
from gateway.ledger.ledger import Ledger, Residue
from gateway.ledger.reading import Asked, Direct, Query, rows
from gateway.ledger.tables import names

BY_ID = Query((names.c.ox_id, names.c.name), (names.c.account, names.c.collection), among=names.c.ox_id)
OF_ACCOUNT = Query((names.c.collection, names.c.name), (names.c.account,))
IDS = ["1", "2", "uid:a'b\"c", "\u00fc\n", "[]", ""]


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    """A ledger with some names."""
    path = tmp_path / "ledger.db"
    ledger = await Ledger.open(f"sqlite:///{path}")
    for account in ("alice", "bob"):
        for number, ox_id in enumerate(IDS[1:]):
            await ledger.rename(account, "31", ox_id, f"{account} {number}.ics")
    await ledger.rename("alice", "32", "1", "elsewhere.ics")
    await ledger.close()
    return path


@pytest.mark.parametrize(
    "asked",
    [
        Asked(BY_ID, {"account": "alice", "collection": "31"}, IDS),
        Asked(BY_ID, {"account": "alice", "collection": "31"}, []),
        Asked(BY_ID, {"account": "carol", "collection": "31"}, IDS),
        Asked(OF_ACCOUNT, {"account": "bob"}),
    ],
)
async def test_both_ways_find_the_same(path: Path, asked: Asked) -> None:
    engine = open_engine(f"sqlite:///{path}")
    direct = Direct.of(engine)
    assert direct is not None
    with engine.begin() as connection:
        assert [sorted(map(tuple, rows(connection, asked)))] == [
            sorted(map(tuple, found)) for found in direct.read([asked]) or ()
        ]
    direct.close()
    engine.dispose()


async def test_many_ids_are_left_to_threads(path: Path) -> None:
    direct = Direct(str(path))
    assert direct.read([Asked(BY_ID, {"account": "alice", "collection": "31"}, ["2"] * 501)]) is None
    direct.close()
    ledger = await Ledger.open(f"sqlite:///{path}")
    assert (await ledger.names_of("alice", "31", [*map(str, range(2000))])).current == {"2": "alice 0.ics"}
    await ledger.close()


async def test_what_another_gateway_wrote_is_read_at_once(tmp_path: Path) -> None:
    one, other = [await Ledger.open(f"sqlite:///{tmp_path}/ledger.db") for _ in range(2)]
    for stamp in range(20):
        await other.set_residue("alice", "31", "1", Residue(stamp, "{}"))
        assert await one.residue_stamps("alice", "31", ["1"]) == {"1": stamp}
    await one.close()
    await other.close()


async def test_what_cannot_be_read_at_once_is_waited_for(tmp_path: Path) -> None:
    ledger = await Ledger.open(f"sqlite:///{tmp_path}/ledger.db")
    await ledger.rename("alice", "31", "1", "a.ics")
    assert ledger._direct is not None
    ledger._direct.close()
    assert ledger._direct.read([Asked(OF_ACCOUNT, {"account": "alice"})]) is None
    assert (await ledger.names_of("alice", "31", ["1"])).current == {"1": "a.ics"}
    await ledger.close()


async def test_direct_reads_write_nothing(path: Path) -> None:
    direct = Direct(str(path))
    with pytest.raises(sqlite3.OperationalError):
        direct._connection.execute("DELETE FROM names")
    direct.close()


async def test_a_database_in_memory_has_one_connection_only() -> None:
    assert Direct.of(open_engine("sqlite://")) is None

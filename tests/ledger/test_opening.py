"""Opening a ledger: new, again, at the same time, of another version, or no ledger at all."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from gateway.ledger.errors import LedgerError
from gateway.ledger.ledger import Former, Ledger, Residue
from gateway.ledger.tables import STEPS
from tests.ledgers import new_ledger


async def test_everything_survives_closing(tmp_path: Path) -> None:
    url = new_ledger(tmp_path)
    first = await Ledger.open(url)
    await first.rename("alice", "31", "1", "a.ics")
    await first.set_residue("alice", "31", "1", Residue(5, "{}"))
    await first.close()
    again = await Ledger.open(url)
    assert again.life == first.life
    assert (await again.names("alice", "31")).current == {"1": "a.ics"}
    assert await again.residues("alice", "31", ["1"]) == {"1": Residue(5, "{}")}
    await again.close()


async def test_another_database_is_another_life(tmp_path: Path) -> None:
    first = await Ledger.open(f"sqlite:///{tmp_path}/a.db")
    second = await Ledger.open(f"sqlite:///{tmp_path}/b.db")
    assert first.life != second.life
    await first.close()
    await second.close()


async def test_two_processes_may_open_a_new_one_at_the_same_time(tmp_path: Path) -> None:
    url = new_ledger(tmp_path)
    opened = await asyncio.gather(*(Ledger.open(url) for _ in range(4)))
    assert len({ledger.life for ledger in opened}) == 1
    await asyncio.gather(*(ledger.rename("alice", "31", str(n), f"{n}.ics") for n, ledger in enumerate(opened)))
    assert len((await opened[0].names("alice", "31")).current) == 4
    await asyncio.gather(*(ledger.close() for ledger in opened))


async def test_writers_of_several_processes_take_turns(tmp_path: Path) -> None:
    url = new_ledger(tmp_path)
    ledgers = [await Ledger.open(url) for _ in range(3)]
    await asyncio.gather(*(one.rename("alice", "31", str(n), "a.ics") for n in range(20) for one in ledgers))
    assert list((await ledgers[0].names("alice", "31")).current.values()) == ["a.ics"]
    await asyncio.gather(*(ledger.close() for ledger in ledgers))


async def test_a_new_file_is_private_and_durable(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = await Ledger.open(f"sqlite+aiosqlite:///{path}")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    await ledger.close()


async def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    await (await Ledger.open(f"sqlite:///{path}")).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE facts SET value = ? WHERE name = 'schema_version'", (str(len(STEPS) + 1),))
    with pytest.raises(LedgerError, match="version"):
        await Ledger.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        stored = connection.execute("SELECT value FROM facts WHERE name = 'schema_version'").fetchone()
    assert stored == (str(len(STEPS) + 1),)


async def test_a_step_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: object) -> None:
        raise LedgerError("broken step")

    path = tmp_path / "ledger.db"
    monkeypatch.setattr("gateway.ledger.tables.STEPS", (*STEPS, broken))
    with pytest.raises(LedgerError, match="broken step"):
        await Ledger.open(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    monkeypatch.undo()
    await (await Ledger.open(f"sqlite:///{path}")).close()


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("this is a text file, long enough to be no SQLite database at all\n" * 10)
    with pytest.raises(LedgerError):
        await Ledger.open(f"sqlite:///{path}")
    assert path.read_text().startswith("this is a text file")


async def test_a_directory_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="cannot be opened"):
        await Ledger.open(f"sqlite+aiosqlite:///{tmp_path}/missing/ledger.db")


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/db", "postgresql+asyncpg://host/db"])
async def test_urls_of_another_kind(url: str) -> None:
    with pytest.raises(LedgerError, match="cannot be opened"):
        await Ledger.open(url)


async def test_calendars_kept_under_the_ids_of_ox_8_are_found_under_plain_ones(tmp_path: Path) -> None:
    path, composite = tmp_path / "ledger.db", "cal://0/31"
    ledger = await Ledger.open(f"sqlite:///{path}")
    for folder, name in ((composite, "newer.ics"), ("31", "older.ics"), ("cal://1/0", "feed.ics")):
        await ledger.rename("alice", folder, "1", name)
        await ledger.set_residue("alice", folder, "1", Residue(5, name))
        await ledger.set_segment("alice", folder, name)
        await ledger.set_properties("alice", folder, {"order": name.encode()})
    await ledger.rename("alice", "31", "2", "newer.ics")
    await ledger.rename("alice", "31", "3", "only here.ics")
    await ledger.rename("bob", "31", "1", "of bob.ics")
    await ledger.close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE facts SET value = '2' WHERE name = 'schema_version'")
    ledger = await Ledger.open(f"sqlite:///{path}")
    assert (await ledger.names("alice", "31")).current == {"1": "newer.ics", "3": "only here.ics"}
    assert (await ledger.names("bob", "31")).current == {"1": "of bob.ics"}
    assert await ledger.residues("alice", "31", ["1"]) == {"1": Residue(5, "newer.ics")}
    kept = await ledger.collections("alice")
    assert kept.segments == {"31": "newer.ics", "cal://1/0": "feed.ics"}
    assert kept.properties == {"31": {"order": b"newer.ics"}, "cal://1/0": {"order": b"feed.ics"}}
    assert not (await ledger.names("alice", composite)).current
    await ledger.close()


async def test_former_names_of_an_older_version_are_still_known(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    ledger = await Ledger.open(f"sqlite:///{path}")
    await ledger.rename("alice", "31", "1", "new.ics")
    await ledger.rename("alice", "31", "1\nold.ics", "old.ics")
    await ledger.close()
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE former_names")
        connection.execute("UPDATE facts SET value = '3' WHERE name = 'schema_version'")
    ledger = await Ledger.open(f"sqlite:///{path}")
    kept = await ledger.names("alice", "31")
    assert (kept.current, kept.former) == ({"1": "new.ics"}, {"1": {"old.ics": Former()}})
    await ledger.close()

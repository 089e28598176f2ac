"""Databases of older and later versions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect

from middleware import migrations
from middleware.migrations import STEPS, VERSION, StoreTooNew
from middleware.running import DATABASE_NAME, open_context, serve
from middleware.store import Store, StoreInUse
from tests.middleware.client import OXClient
from tests.middleware_admin.conftest import Command

VERSION_1 = Path(__file__).with_name("version_1.sql")


@pytest.fixture
def old(data: Path) -> Path:
    """A data directory as the first version wrote it: alice, bob, a meeting of both and a contact."""
    data.mkdir()
    with closing(sqlite3.connect(data / DATABASE_NAME)) as connection:
        connection.executescript(VERSION_1.read_text("utf-8"))
    return data


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _shape(path: Path) -> dict[str, object]:
    """Columns, keys and indexes of all tables."""
    inspector = inspect(create_engine(f"sqlite:///{path}"))
    return {
        table: (
            [(one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            inspector.get_foreign_keys(table),
            sorted(
                (str(one["name"]), tuple(one["column_names"]), one["unique"]) for one in inspector.get_indexes(table)
            ),
            sorted(tuple(one["column_names"]) for one in inspector.get_unique_constraints(table)),
        )
        for table in inspector.get_table_names()
    }


async def test_an_older_database_is_brought_up_to_date_with_all_it_holds(old: Path) -> None:
    running = await serve(open_context(old))
    async with OXClient(running.url) as bob:
        await bob.login("bob")
        seen = await bob.data("chronos", "updates", folder="cal://0/41", timestamp=0)
        assert [one["summary"] for one in seen["newAndModified"]] == ["Written by version 1"]
        assert [one["uid"] for one in seen["deleted"]] == ["deleted-in-version-1"]
        await bob.login("alice")
        assert await bob.data("contacts", "all", folder="32", columns="500") == [["Version One"]]
    await running.stop()
    assert _version(old / DATABASE_NAME) == VERSION


def _expressions(path: Path) -> list[tuple[str, str]]:
    """The indexes of expressions, of which SQLAlchemy tells nothing."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%(%(%' ORDER BY name"
        return connection.execute(query).fetchall()


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_the_steps_lead_to_the_tables_that_a_new_database_has(old: Path, tmp_path: Path) -> None:
    """Whoever changes a table and forgets the step is told by this test."""
    open_context(old).close()
    open_context(tmp_path / "new").close()
    assert _shape(old / DATABASE_NAME) == _shape(tmp_path / "new" / DATABASE_NAME)
    assert _expressions(old / DATABASE_NAME) == _expressions(tmp_path / "new" / DATABASE_NAME) != []
    assert _version(tmp_path / "new" / DATABASE_NAME) == VERSION


def test_the_older_file_is_kept(old: Path) -> None:
    open_context(old).close()
    kept = old / f"{DATABASE_NAME}.version-1"
    assert _version(kept) == 0
    with closing(sqlite3.connect(kept)) as connection:
        assert connection.execute("SELECT count(*) FROM chronos_events").fetchone() == (1,)


def test_a_step_that_fails_changes_nothing(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(connection: Connection, steps: object) -> None:
        connection.exec_driver_sql("DROP TABLE contacts")
        raise LookupError

    path = old / DATABASE_NAME
    before = _shape(path)
    monkeypatch.setattr(migrations, "carry_out", fail)
    with pytest.raises(LookupError):
        Store.open(path)
    monkeypatch.undo()
    assert _shape(path) == before
    open_context(old).close()
    assert _version(path) == VERSION


def test_a_database_of_a_later_version_is_refused_and_left_alone(data: Path, command: Command) -> None:
    open_context(data).close()
    path = data / DATABASE_NAME
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
    with pytest.raises(StoreTooNew, match=str(VERSION + 1)):
        open_context(data)
    refused = command("user", "list")
    assert refused.exit_code == 1
    assert f"version {VERSION + 1}" in refused.stderr
    assert _version(path) == VERSION + 1


def test_tables_are_not_changed_under_a_running_server(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = old / DATABASE_NAME
    with monkeypatch.context() as patched:
        patched.setattr(migrations, "pending", lambda connection: [])
        server = Store.open(path)
    with pytest.raises(StoreInUse, match="restart"):
        Store.open(path, serving=False)
    server.close()
    Store.open(path, serving=False).close()
    assert _version(path) == VERSION


def test_what_is_no_database_is_refused_and_left_alone(data: Path, command: Command) -> None:
    data.mkdir()
    path = data / DATABASE_NAME
    path.write_text("a letter to a friend\n" * 100, "utf-8")
    refused = command("user", "list")
    assert refused.exit_code == 1
    assert str(path) in refused.stderr
    assert path.read_text("utf-8").startswith("a letter")


def test_versions_are_numbered_without_gaps() -> None:
    assert [step.version for step in STEPS] == list(range(2, VERSION + 1))

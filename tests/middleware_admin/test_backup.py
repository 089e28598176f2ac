"""Backups: whole, of one moment, while the server writes."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from middleware import backup
from middleware.running import DATABASE_NAME, Running, open_context, serve
from tests.middleware.client import OXClient
from tests.middleware_admin.conftest import Command


async def test_a_backup_made_while_the_server_writes_is_whole(
    command: Command, server: Running, tmp_path: Path
) -> None:
    copy = tmp_path / "copies" / DATABASE_NAME
    copy.parent.mkdir()
    async with OXClient(server.url) as alice:
        await alice.login("alice")
        made = asyncio.create_task(asyncio.to_thread(command, "backup", copy))
        titles: list[str] = []
        while not made.done() or len(titles) < 3:
            titles.append(f"Book {len(titles)}")
            await alice.data("folders", "new", folder_id="1", body={"title": titles[-1], "module": "contacts"})
        assert (await made).exit_code == 0
    assert copy.stat().st_mode & 0o077 == 0
    assert [path.name for path in copy.parent.iterdir()] == [DATABASE_NAME]
    restored = await serve(open_context(copy.parent))
    async with OXClient(restored.url) as alice:
        await alice.login("alice")
        folders = await alice.data("folders", "allVisible", content_type="contacts", columns="300")
        kept = [row[0] for row in folders["private"] if row[0].startswith("Book ")]
        assert kept == titles[: len(kept)]
    await restored.stop()


async def test_an_older_backup_is_replaced_only_when_asked_for(
    command: Command, server: Running, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.write_text("an older backup", "utf-8")
    refused = command("backup", copy)
    assert refused.exit_code == 1
    assert "--replace" in refused.stderr
    assert copy.read_text("utf-8") == "an older backup"
    assert command("backup", copy, "--replace").exit_code == 0
    assert copy.read_bytes().startswith(b"SQLite format 3")


def test_a_failed_backup_leaves_nothing_and_spares_the_older_one(command: Command, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    refused = command("backup", copy)
    assert refused.exit_code == 1
    assert list(tmp_path.iterdir()) == []
    broken = tmp_path / "broken.sqlite3"
    broken.write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    copy.write_text("an older backup", "utf-8")
    with pytest.raises(backup.BackupFailed):
        backup.copy_database(broken, copy)
    assert copy.read_text("utf-8") == "an older backup"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.sqlite3", "copy"]


async def test_a_backup_holds_everything_when_no_server_runs(command: Command, secret: Path, tmp_path: Path) -> None:
    assert command("user", "add", "dora", "--password-file", secret).exit_code == 0
    assert command("backup", tmp_path / "copy").exit_code == 0
    with sqlite3.connect(tmp_path / "copy") as copy:
        logins = [row[0] for row in copy.execute("SELECT login FROM users ORDER BY id")]
    assert logins == ["oxadmin", "dora"]

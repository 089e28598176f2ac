"""Store, clock and data directory: what survives, what never repeats."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from middleware.accounts import add_user
from middleware.clock import Clock
from middleware.folders.model import Rights
from middleware.running import DATABASE_NAME, open_context, serve
from middleware.store import Store, StoreInUse
from tests.middleware.client import OXClient


@given(st.lists(st.integers(min_value=0, max_value=50), min_size=1, max_size=40))
@settings(max_examples=30)
def test_stamps_rise_whatever_the_clock_does(readings: list[int]) -> None:
    source = iter(readings)
    clock = Clock(lambda: next(source))
    stamps = [clock.stamp() for _ in readings]
    assert stamps == sorted(set(stamps))


def test_ordered_collisions() -> None:
    clock = Clock(lambda: 1)
    first = clock.stamp()
    clock.collide(2)
    second, third, fourth = clock.stamp(), clock.stamp(), clock.stamp()
    assert first < second == third < fourth


levels = st.sampled_from([0, 1, 2, 4, 64])


@given(levels, levels, levels, levels, st.booleans())
@settings(max_examples=50)
def test_permission_bits_round_trip(folder: int, read: int, write: int, delete: int, admin: bool) -> None:
    rights = Rights(folder, read, write, delete, admin)
    assert Rights.from_bits(rights.bits) == rights


def test_a_failed_write_leaves_nothing_behind() -> None:
    store = Store.open()
    with store.writing() as connection:
        assert store.next_id(connection, "x") == 1
    with pytest.raises(LookupError):
        _interrupted_write(store)
    with store.writing() as connection:
        assert store.next_id(connection, "x") == 2


def _interrupted_write(store: Store) -> None:
    with store.writing() as connection:
        store.next_id(connection, "x")
        raise LookupError


def test_transactions_nest_but_a_write_never_hides_in_a_read() -> None:
    store = Store.open()
    with store.writing() as outer, store.writing() as inner, store.reading() as reader:
        assert outer is inner is reader
    with store.reading(), pytest.raises(RuntimeError), store.writing():
        pass


def test_a_database_belongs_to_one_store_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "ox.sqlite3"
    first = Store.open(path)
    with pytest.raises(StoreInUse):
        Store.open(path)
    first.close()
    Store.open(path).close()


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    context = open_context(tmp_path / "data")
    add_user(context, "alice", "demo", "Alice", "Archer")
    running = await serve(context)
    async with OXClient(running.url) as client:
        await client.login("alice")
        created = await client.call("folders", "new", folder_id="1", body={"title": "Work", "module": "event"})
    await running.stop()
    assert (tmp_path / "data" / DATABASE_NAME).exists()

    context = open_context(tmp_path / "data")
    assert context.clock.last >= created["timestamp"]
    with pytest.raises(ValueError, match="taken"):
        add_user(context, "alice", "demo", "Alice", "Archer")
    running = await serve(context)
    async with OXClient(running.url) as client:
        await client.login("alice")
        folder = await client.data("folders", "get", id=created["data"])
        assert folder["last_modified_utc"] == created["timestamp"]
    await running.stop()
    await running.stop()

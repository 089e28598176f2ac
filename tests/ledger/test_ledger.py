"""The ledger keeps what it was told, per account, durably and all or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.ledger.errors import LedgerError
from gateway.ledger.ledger import PROMISE, Former, Ledger, Residue
from tests.ledgers import new_ledger


@pytest.fixture(params=["memory", "kept"])
async def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ledger]:
    url = "sqlite+aiosqlite://" if request.param == "memory" else new_ledger(tmp_path)
    opened = await Ledger.open(url)
    yield opened
    await opened.close()


async def test_names_belong_to_an_account_and_a_collection(ledger: Ledger) -> None:
    await ledger.rename("alice", "31", "1", "a b/ü%2F.ics")
    await ledger.rename("alice", "32", "1", "other.ics")
    await ledger.rename("bob", "31", "1", "bob.ics")
    assert (await ledger.names("alice", "31")).current == {"1": "a b/ü%2F.ics"}
    assert (await ledger.names("carol", "31")).current == {}


async def test_a_name_can_be_changed_and_forgotten(ledger: Ledger) -> None:
    await ledger.rename("alice", "31", "1", "a.ics")
    await ledger.rename("alice", "31", "1", "b.ics")
    assert (await ledger.names("alice", "31")).current == {"1": "b.ics"}
    await ledger.forget_names("alice", "31", ["1"])
    await ledger.forget_names("alice", "31", ["1"])
    assert (await ledger.names("alice", "31")).current == {}


async def test_a_name_is_claimed_by_one_only(ledger: Ledger) -> None:
    assert await ledger.claim("alice", "31", "1", "a.ics") is None
    assert await ledger.claim("alice", "31", "2", "a.ics") == "1"
    assert await ledger.claim("alice", "31", "1", "b.ics") == "1"
    assert (await ledger.names("alice", "31")).current == {"1": "a.ics"}
    assert await ledger.claim("alice", "31", "2", "a.ics", over="1") is None
    assert (await ledger.names("alice", "31")).current == {"2": "a.ics"}


async def test_a_name_in_use_is_taken_over(ledger: Ledger) -> None:
    await ledger.rename("alice", "31", "1", "a.ics")
    await ledger.rename("alice", "31", "2", "b.ics")
    for _ in range(2):
        await ledger.rename("alice", "31", "2", "a.ics")
        assert (await ledger.names("alice", "31")).current == {"2": "a.ics"}


async def test_who_has_a_name_no_more_had_it(ledger: Ledger) -> None:
    await ledger.rename("alice", "31", "1", "a.ics")
    await ledger.rename("alice", "31", "2", "b.ics")
    await ledger.rename("alice", "31", "2", "a.ics")
    await ledger.rename("alice", "31", "3", "a.ics")
    former = (await ledger.names("alice", "31")).former
    assert former == {"1": {"a.ics": Former()}, "2": {"a.ics": Former(), "b.ics": Former()}}
    assert (await ledger.names_of("alice", "31", ["2", "9"])).former == {"2": former["2"]}


async def test_nobody_was_told_of_a_promise(ledger: Ledger) -> None:
    assert await ledger.claim("alice", "31", f"{PROMISE}u", "a.ics") is None
    await ledger.rename("alice", "31", "1", "a.ics")
    assert await ledger.claim("alice", "31", f"{PROMISE}v", "a.ics") == "1"
    assert await ledger.claim("alice", "31", f"{PROMISE}v", "a.ics", over="1") is None
    kept = await ledger.names("alice", "31")
    assert (kept.current, kept.former) == ({f"{PROMISE}v": "a.ics"}, {"1": {"a.ics": Former()}})


async def test_what_is_known_of_a_former_name_only_grows(ledger: Ledger) -> None:
    for known in (Former(until=5), Former(since=7), Former(until=3, since=2)):
        await ledger.keep_former("alice", "31", {("1", "a.ics"): known})
    assert (await ledger.names("alice", "31")).former == {"1": {"a.ics": Former(5, 7)}}
    await ledger.forget_names("alice", "31", [str(number) for number in range(1200)])
    assert not (await ledger.names("alice", "31")).former


async def test_names_differ_by_case(ledger: Ledger) -> None:
    await ledger.rename("alice", "31", "1", "a.ics")
    await ledger.rename("alice", "31", "2", "A.ics")
    assert len((await ledger.names("alice", "31")).current) == 2


async def test_segments(ledger: Ledger) -> None:
    await ledger.set_segment("alice", "cal://0/70", "work")
    await ledger.set_segment("alice", "71", "work")
    await ledger.set_segment("alice", "71", "people")
    assert (await ledger.collections("alice")).segments == {"cal://0/70": "work", "71": "people"}
    await ledger.forget_collection("alice", "71")
    assert (await ledger.collections("alice")).segments == {"cal://0/70": "work"}


async def test_what_is_known_of_collections_is_good_until_somebody_writes(ledger: Ledger) -> None:
    await ledger.set_segment("alice", "31", "work")
    first = await ledger.collections("alice")
    assert await ledger.collections("alice", first) == first
    await ledger.set_properties("alice", "31", {"order": b"1"})
    second = await ledger.collections("alice", first)
    assert second.properties == {"31": {"order": b"1"}}
    await ledger.rename("bob", "31", "1", "a.ics")
    assert await ledger.collections("alice", second) == second
    await ledger.forget_collection("alice", "31")
    assert (await ledger.collections("alice", second)).segments == {}


async def test_what_another_process_writes_is_noticed(tmp_path: Path) -> None:
    url = new_ledger(tmp_path)
    mine, other = await Ledger.open(url), await Ledger.open(url)
    try:
        await mine.set_segment("alice", "31", "work")
        for number in range(3):
            known = await mine.collections("alice")
            assert await mine.collections("alice", known) == known
            await other.set_segment("alice", "31", f"work {number}")
            assert (await mine.collections("alice", known)).segments == {"31": f"work {number}"}
    finally:
        await mine.close()
        await other.close()


async def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    ledger = await Ledger.open(f"sqlite:///{tmp_path / 'ledger.db'}")
    known = await ledger.collections("alice")
    assert await ledger.collections("alice", known) is known
    await ledger.close()


async def test_properties_are_set_and_removed_together(ledger: Ledger) -> None:
    await ledger.set_properties("alice", "31", {"{DAV:}a": b"1", "{DAV:}b": b"\x00\xff", "order": b"3"})
    await ledger.set_properties("alice", "31", {"{DAV:}a": None, "order": b"4", "{DAV:}never": None})
    await ledger.set_properties("alice", "32", {"order": b"1"})
    assert (await ledger.collections("alice")).properties == {
        "31": {"{DAV:}b": b"\x00\xff", "order": b"4"},
        "32": {"order": b"1"},
    }
    assert (await ledger.collections("bob")).properties == {}


async def test_properties_change_all_or_none(ledger: Ledger) -> None:
    await ledger.set_properties("alice", "31", {"a": b"1"})
    with pytest.raises((LedgerError, TypeError)):
        await ledger.set_properties("alice", "31", {"a": b"2", "b": object()})  # type: ignore[dict-item]
    assert (await ledger.collections("alice")).properties == {"31": {"a": b"1"}}


async def test_residues(ledger: Ledger) -> None:
    await ledger.set_residue("alice", "31", "1", Residue(1795324556265, '{"x": 1}'))
    await ledger.set_residue("alice", "31", "1", Residue(1795324556266, '{"x": 2}'))
    await ledger.set_residue("alice", "31", "2", Residue(1, "{}"))
    assert await ledger.residues("alice", "31", ["1", "9"]) == {"1": Residue(1795324556266, '{"x": 2}')}
    await ledger.forget_residue("alice", "31", "1")
    assert await ledger.residues("alice", "31", ["1", "2"]) == {"2": Residue(1, "{}")}
    assert await ledger.residues("alice", "31", []) == {}


async def test_residues_of_more_objects_than_a_query_holds(ledger: Ledger) -> None:
    await ledger.set_residue("alice", "31", "1799", Residue(1, "{}"))
    assert set(await ledger.residues("alice", "31", [str(number) for number in range(1800)])) == {"1799"}


async def test_a_collection_is_forgotten_with_all_that_is_in_it(ledger: Ledger) -> None:
    for folder in ("31", "32"):
        await ledger.rename("alice", folder, "1", "a.ics")
        await ledger.set_segment("alice", folder, f"s{folder}")
        await ledger.set_properties("alice", folder, {"order": b"1"})
        await ledger.set_residue("alice", folder, "1", Residue(1, "{}"))
    await ledger.forget_collection("alice", "31")
    assert (await ledger.names("alice", "31")).current == {}
    assert await ledger.residues("alice", "31", ["1"]) == {}
    assert (await ledger.collections("alice")).segments == {"32": "s32"}
    assert (await ledger.collections("alice")).properties == {"32": {"order": b"1"}}
    assert (await ledger.names("alice", "32")).current == {"1": "a.ics"}


async def test_many_writers_and_readers_at_once(ledger: Ledger) -> None:
    writes = [ledger.set_properties("alice", str(number % 5), {f"p{number}": b"1"}) for number in range(60)]
    await asyncio.gather(*writes, *(ledger.collections("alice") for _ in range(60)))
    assert sum(len(each) for each in (await ledger.collections("alice")).properties.values()) == 60

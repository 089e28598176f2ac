"""Which module of OX has the address books: found out when somebody signs in, or pinned."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.settings import SettingsError, load
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import card, child
from tests.world import WITHOUT_CONTACTS, World


def modules(calls: list[Entry]) -> set[str]:
    return {call.module for call in calls} | {module for call in calls for module, _ in call.inner}


async def test_an_ox_without_the_older_module(tmp_path: Path) -> None:
    world = World(tmp_path, generation=WITHOUT_CONTACTS)
    try:
        with world.upstream() as calls:
            async with world.dav() as alice:
                book = (await alice.address_books())["Contacts"]
                (await alice.put(child(book, "a.vcf"), card("u1", "Ada", "X-OWN:kept"))).expect(201)
        assert [call.action for call in calls if call.module == "contacts"] == ["list"]
        assert "addressbooks" in modules(calls)
        with world.upstream() as calls:
            async with world.dav("bob") as bob:
                await bob.address_books()
        assert "contacts" not in modules(calls)
    finally:
        world.close()


async def test_an_ox_that_does_not_tell(tmp_path: Path) -> None:
    world = World(tmp_path)
    try:
        trouble = OXError("SVL-0011", "ERROR", "Unexpected")
        armed = world.ox_server.faults.add(Fault(Kind.ERROR, "contacts", "list", error=trouble))
        async with world.dav() as alice:
            book = (await alice.address_books())["Contacts"]
            (await alice.put(child(book, "a.vcf"), card("u1", "Ada"))).expect(201)
        assert armed.hits == 1
    finally:
        world.close()


@pytest.mark.parametrize("pinned", ["contacts", "addressbooks"])
async def test_the_setting_pins_it(tmp_path: Path, pinned: str) -> None:
    world = World(tmp_path, ox={"contacts": pinned})
    try:
        with world.upstream() as calls:
            async with world.dav() as alice:
                book = (await alice.address_books())["Contacts"]
                (await alice.put(child(book, "a.vcf"), card("u1", "Ada"))).expect(201)
        assert modules(calls) & {"contacts", "addressbooks"} == {pinned}
    finally:
        world.close()


async def test_cards_keep_names_and_more_when_the_module_changes(tmp_path: Path) -> None:
    """As after an upgrade of OX: names, residues and properties belong to the folder, however its id is written."""
    world = World(tmp_path)
    try:
        async with world.dav() as alice:
            book = (await alice.address_books())["Contacts"]
            (await alice.put(child(book, "my own.vcf"), card("u1", "Ada", "X-OWN:kept"))).expect(201)
        world.restart_gateway(ox={"contacts": "addressbooks"})
        async with world.dav() as alice:
            assert (await alice.address_books())["Contacts"] == book
            assert "X-OWN:kept" in (await alice.get(child(book, "my own.vcf"))).expect(200).text
    finally:
        world.close()


def test_the_setting_names_a_module() -> None:
    assert load(ox={"contacts": "addressbooks"}).ox.contacts == "addressbooks"
    with pytest.raises(SettingsError, match=r"ox\.contacts"):
        load(ox={"contacts": "people"})

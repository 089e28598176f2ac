"""khard, an address book for the terminal, on the files that vdirsyncer keeps in step: two devices of one user."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.clients.test_vdirsyncer import Device
from tests.davclient import card
from tests.oxclient import OX
from tests.world import World

CONFIG = """
[addressbooks]
[[book]]
path = {folder}

[general]
default_action = list
editor = true
merge_editor = true

[vcard]
preferred_version = {version}
"""

NEW = """
First name: Ada
Last name: Lovelace
Nickname: Countess
Organisation: Analytical Engines
Title: Programmer
Birthday: 1815-12-10
Phone:
    cell: "+44 20 1"
    home: "+44 20 2"
Email:
    home: ada@example.org
    work:
        - ada@engines.example
        - countess@engines.example
        - fourth@engines.example
Address:
    home:
        Street: 12 St James's Square
        City: London
        Code: SW1Y
        Country: England
Webpage: https://ada.example
Note: |
    First line
    second, with a comma; and more
"""


class Terminal:
    """One device: vdirsyncer and khard with a directory of their own."""

    def __init__(self, root: Path, url: str, book: str, version: str) -> None:
        self.device = Device(root, url)
        self.folder = root / "contacts" / book
        self._config = root / "khard.conf"
        self._config.write_text(CONFIG.format(folder=self.folder, version=version))

    async def khard(self, *command: str, text: str = "") -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "khard", "-c", str(self._config), *command),
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(30):  # it asks for ever when it gets no answer
                output, _ = await process.communicate(text.encode())
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode == 0, output.decode()
        return output.decode()

    async def sync(self) -> None:
        await self.device.sync()


@pytest.fixture
async def terminals(world: World, alice_ox: OX, tmp_path: Path) -> tuple[Terminal, Terminal]:
    book = await alice_ox.address_book()
    made = Terminal(tmp_path / "phone", world.url, book, "3.0"), Terminal(tmp_path / "desk", world.url, book, "4.0")
    for terminal in made:
        await terminal.device.discover()
    return made


async def test_a_contact_from_one_terminal_to_the_other(terminals: tuple[Terminal, Terminal], alice_ox: OX) -> None:
    phone, desk = terminals
    (phone.folder / "stays.vcf").write_text(card("stays", "Stays"))  # vdirsyncer refuses to empty a whole book
    await phone.sync()
    await phone.khard("new", "-a", "book", text=NEW)
    await phone.sync()
    (uid,) = set(await alice_ox.contacts()) - {"stays"}
    held = await alice_ox.contact((await alice_ox.contacts())[uid])
    assert (held["first_name"], held["last_name"], held["nickname"]) == ("Ada", "Lovelace", "Countess")
    assert (held["company"], held["position"]) == ("Analytical Engines", "Programmer")
    assert (held["cellular_telephone1"], held["telephone_home1"]) == ("+44 20 1", "+44 20 2")
    assert (held["city_home"], held["postal_code_home"]) == ("London", "SW1Y")

    await desk.sync()
    assert (await desk.khard("email", "--parsable", "lovelace")).count("engines.example") == 3
    shown = await desk.khard("show", "lovelace")
    for value in (
        "Countess",
        "+44 20 2",
        "12 St James's Square",
        "second, with a comma; and more",
        "https://ada.example",
    ):
        assert value in shown

    await desk.khard("edit", "--input-file", str(await edited(desk)), "lovelace", text="yes\n")
    await desk.sync()
    held = await alice_ox.contact((await alice_ox.contacts())[uid])
    assert (held["position"], held["first_name"]) == ("Countess of Lovelace", "Ada")
    await phone.sync()
    assert "Countess of Lovelace" in await phone.khard("show", "lovelace")
    assert (await phone.khard("email", "--parsable", "lovelace")).count("engines.example") == 3

    await phone.khard("remove", "--force", "lovelace")
    await phone.sync()
    assert set(await alice_ox.contacts()) == {"stays"}
    await desk.sync()
    assert "Lovelace" not in await desk.khard("list")


async def edited(terminal: Terminal) -> Path:
    """A file that changes the title alone."""
    file = terminal.folder.parent.parent / "edit.yaml"
    shown = await terminal.khard("show", "--format", "yaml", "lovelace")
    assert "Programmer" in shown
    file.write_text(shown.replace("Programmer", "Countess of Lovelace"))
    return file

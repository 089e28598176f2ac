"""todoman, a task program for the terminal, on the files that vdirsyncer keeps in step: two devices of one user."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.clients.test_vdirsyncer import Device
from tests.davclient import todo
from tests.oxclient import OX
from tests.world import World

CONFIG = """
path = "{root}/calendars/*"
cache_path = "{root}/todoman.sqlite3"
default_list = "{tasklist}"
date_format = "%Y-%m-%d"
time_format = "%H:%M"
"""


class Terminal:
    """One device: vdirsyncer and todoman with a directory of their own."""

    def __init__(self, root: Path, url: str, tasklist: str) -> None:
        self.device = Device(root, url)
        self.folder = root / "calendars" / tasklist
        self._config = root / "todoman.py"
        self._config.write_text(CONFIG.format(root=root, tasklist=tasklist))

    async def todo(self, *command: str) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "todoman", "--config", str(self._config), *command),
            env={**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        output, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
        return output.decode()

    async def open_tasks(self) -> dict[str, dict[str, Any]]:
        """By summary."""
        return {each["summary"]: each for each in json.loads(await self.todo("--porcelain", "list"))}

    async def sync(self) -> None:
        await self.device.sync()


@pytest.fixture
async def terminals(world: World, alice_ox: OX, tmp_path: Path) -> tuple[Terminal, Terminal]:
    tasklist = await alice_ox.task_list()
    phone, desk = (Terminal(tmp_path / name, world.url, tasklist) for name in ("phone", "desk"))
    for terminal in (phone, desk):
        await terminal.device.discover()
    return phone, desk


async def test_a_task_from_one_terminal_to_the_other(terminals: tuple[Terminal, Terminal], alice_ox: OX) -> None:
    phone, desk = terminals
    stays = await alice_ox.add_task(title="Stays")  # vdirsyncer refuses to empty a whole list
    await phone.todo("new", "--due", "2027-03-01 12:00", "--priority", "high", "--location", "Shop", "Buy milk")
    await phone.sync()
    (identifier,) = set((await alice_ox.tasks()).values()) - {stays}
    held = await alice_ox.task(identifier)
    noon = int(datetime(2027, 3, 1, 12, tzinfo=UTC).timestamp() * 1000)
    assert (held["title"], held["end_time"], held["priority"]) == ("Buy milk", noon, 3)

    await desk.sync()
    there = (await desk.open_tasks())["Buy milk"]
    assert there["due"] == noon // 1000
    assert [True for file in desk.folder.glob("*.ics") if "LOCATION:Shop" in file.read_text()]
    await desk.todo("done", str(there["id"]))
    await desk.sync()
    held = await alice_ox.task(identifier)
    assert (held["status"], held["percent_completed"]) == (3, 100)
    await phone.sync()
    assert list(await phone.open_tasks()) == ["Stays"]

    await alice_ox.change_task(identifier, status=1, percent_completed=0, date_completed=None)
    await phone.sync()
    again = (await phone.open_tasks())["Buy milk"]
    await phone.todo("delete", "--yes", str(again["id"]))
    await phone.sync()
    await desk.sync()
    assert list((await alice_ox.tasks()).values()) == [stays]
    assert list(await desk.open_tasks()) == ["Stays"]
    await alice_ox.delete_task(stays)


async def test_a_recurring_task_is_not_doubled(terminals: tuple[Terminal, Terminal], alice_ox: OX) -> None:
    """todoman makes the next task itself, so OX must not make another one."""
    phone, desk = terminals
    lines = ("DTSTART:20270301T080000Z", "DUE:20270301T090000Z", "RRULE:FREQ=DAILY;COUNT=3")
    (phone.folder / "plants.ics").write_text(todo("plants", "Plants", *lines))
    await phone.sync()
    await phone.sync()  # only now vdirsyncer looks at what became of what it stored
    await phone.todo("done", str((await phone.open_tasks())["Plants"]["id"]))
    await phone.sync()
    await desk.sync()
    held = [await alice_ox.task(each) for each in (await alice_ox.tasks()).values()]
    assert sorted((each["status"], each["recurrence_type"]) for each in held) == [(1, 1), (3, 0)]
    assert len(list(desk.folder.glob("*.ics"))) == 2
    assert list(await desk.open_tasks()) == ["Plants"]

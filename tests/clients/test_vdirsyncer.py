"""vdirsyncer as two devices of one user, with events and contacts."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.davclient import card, event
from tests.oxclient import FAR_FUTURE, OX
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH

CONFIG = """
[general]
status_path = "{root}/status/"

[pair calendars]
a = "calendars_local"
b = "calendars_ox"
collections = ["from a", "from b"]
metadata = ["displayname", "color"]

[storage calendars_local]
type = "filesystem"
path = "{root}/calendars/"
fileext = ".ics"

[storage calendars_ox]
type = "caldav"
url = "{url}"
username = "alice"
password = "demo"

[pair contacts]
a = "contacts_local"
b = "contacts_ox"
collections = ["from a", "from b"]
metadata = ["displayname"]

[storage contacts_local]
type = "filesystem"
path = "{root}/contacts/"
fileext = ".vcf"

[storage contacts_ox]
type = "carddav"
url = "{url}"
username = "alice"
password = "demo"
"""


class Device:
    """One vdirsyncer with its own directory."""

    def __init__(self, root: Path, url: str) -> None:
        self.root = root
        root.mkdir()
        (root / "config").write_text(CONFIG.format(root=root, url=url))

    async def run(self, *command: str, ok: bool = True) -> str:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "vdirsyncer",
            "-c",
            str(self.root / "config"),
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate(b"y\n" * 40)
        assert (process.returncode == 0) is ok, output.decode()
        return output.decode()

    async def discover(self) -> None:
        await self.run("discover")

    async def sync(self, *, ok: bool = True) -> str:
        return await self.run("sync", ok=ok)

    def items(self, kind: str) -> dict[str, Path]:
        """UID -> file."""
        found = {}
        for file in (self.root / kind).rglob("*.*"):
            if file.suffix in (".ics", ".vcf"):
                text = file.read_text()
                uid = next(line[4:] for line in text.splitlines() if line.startswith("UID:"))
                found[uid] = file
        return found

    def folder(self, kind: str) -> Path:
        """The one collection that is written to."""
        return sorted(path for path in (self.root / kind).iterdir() if path.is_dir())[0]


@pytest.fixture
async def devices(world: World, tmp_path: Path) -> tuple[Device, Device]:
    phone, desk = Device(tmp_path / "phone", world.url), Device(tmp_path / "desk", world.url)
    await phone.discover()
    await desk.discover()
    return phone, desk


async def default(devices: tuple[Device, ...], ox: OX, kind: str) -> list[Path]:
    identifier = (await ox.calendar()).rsplit("/", 1)[1] if kind == "calendars" else await ox.address_book()
    return [device.root / kind / identifier for device in devices]


async def test_events_on_two_devices(devices: tuple[Device, Device], alice_ox: OX) -> None:
    phone, desk = devices
    on_phone, _ = await default(devices, alice_ox, "calendars")
    (on_phone / "vd-1.ics").write_text(event("vd-1", "Phone"))
    await phone.sync()
    assert (await alice_ox.event("vd-1"))["summary"] == "Phone"

    await desk.sync()
    there = desk.items("calendars")["vd-1"]
    there.write_text(there.read_text().replace("SUMMARY:Phone", "SUMMARY:Desk"))
    await desk.sync()
    assert (await alice_ox.event("vd-1"))["summary"] == "Desk"
    await phone.sync()
    assert "SUMMARY:Desk" in phone.items("calendars")["vd-1"].read_text()

    await alice_ox.add_event(uid="vd-web", summary="Web")
    await phone.sync()
    assert "SUMMARY:Web" in phone.items("calendars")["vd-web"].read_text()

    phone.items("calendars")["vd-1"].unlink()
    await phone.sync()
    await desk.sync()
    assert "vd-1" not in desk.items("calendars")
    assert not [one for one in await alice_ox.events() if one["uid"] == "vd-1"]
    assert "vd-web" in desk.items("calendars")


async def test_a_conflict_is_reported_and_loses_nothing(devices: tuple[Device, Device], alice_ox: OX) -> None:
    phone, desk = devices
    on_phone, _ = await default(devices, alice_ox, "calendars")
    (on_phone / "vd-conflict.ics").write_text(event("vd-conflict", "Original"))
    await phone.sync()
    await phone.sync()  # what was uploaded comes back in the server's spelling
    await desk.sync()
    for device, summary in ((phone, "By phone"), (desk, "By desk")):
        file = device.items("calendars")["vd-conflict"]
        file.write_text(file.read_text().replace("Original", summary))
    await phone.sync()
    output = await desk.sync(ok=False)
    assert "conflict" in output.lower()
    assert (await alice_ox.event("vd-conflict"))["summary"] == "By phone"
    assert "By desk" in desk.items("calendars")["vd-conflict"].read_text()


async def test_a_series_with_a_moved_and_a_removed_instance(devices: tuple[Device, Device], alice_ox: OX) -> None:
    phone, desk = devices
    on_phone, _ = await default(devices, alice_ox, "calendars")
    master = event(
        "vd-series",
        "Series",
        start="20270405T090000",
        lines=["RRULE:FREQ=WEEKLY;COUNT=6", "EXDATE;TZID=Europe/Berlin:20270419T090000"],
    )
    moved = event(
        "vd-series", "Moved", start="20270412T150000", lines=["RECURRENCE-ID;TZID=Europe/Berlin:20270412T090000"]
    )
    inner = moved[moved.index("BEGIN:VEVENT") : moved.index("END:VCALENDAR")]
    (on_phone / "vd-series.ics").write_text(master.replace("END:VCALENDAR", inner + "END:VCALENDAR"))
    await phone.sync()
    await desk.sync()
    text = desk.items("calendars")["vd-series"].read_text()
    assert text.count("BEGIN:VEVENT") == 2
    assert "20270419T090000" in text
    assert "20270412T150000" in text
    instances = await alice_ox.call(
        "chronos",
        "all",
        folder=await alice_ox.calendar(),
        rangeStart="20270401T000000Z",
        rangeEnd="20270601T000000Z",
        expand="true",
    )
    starts = sorted(one["startDate"]["value"] for one in instances if one["uid"] == "vd-series")
    assert starts == ["20270405T090000", "20270412T150000", "20270426T090000", "20270503T090000", "20270510T090000"]


@pytest.mark.chronos  # contacts are the same
async def test_contacts_on_two_devices(devices: tuple[Device, Device], alice_ox: OX) -> None:
    phone, desk = devices
    on_phone, _ = await default(devices, alice_ox, "contacts")
    (on_phone / "vd-stays.vcf").write_text(card("vd-stays", "Stays Here"))
    (on_phone / "vd-card.vcf").write_text(card("vd-card", "Vd Card", "EMAIL;TYPE=WORK:vd@example.org", "X-OWN:kept"))
    await phone.sync()
    identifier = (await alice_ox.contacts())["vd-card"]
    assert (await alice_ox.contact(identifier))["email1"] == "vd@example.org"

    await desk.sync()
    there = desk.items("contacts")["vd-card"]
    assert "X-OWN:kept" in there.read_text()
    there.write_text(there.read_text().replace("vd@example.org", "new@example.org"))
    await desk.sync()
    assert (await alice_ox.contact(identifier))["email1"] == "new@example.org"

    changes = {"nickname": "Veedee"}
    folder = await alice_ox.address_book()
    await alice_ox.call("contacts", "update", changes, folder=folder, id=identifier, timestamp=FAR_FUTURE)
    await phone.sync()
    text = phone.items("contacts")["vd-card"].read_text()
    assert "new@example.org" in text
    assert "Veedee" in text
    assert "X-OWN:kept" in text

    await alice_ox.call("contacts", "delete", [{"id": identifier, "folder": folder}], timestamp=FAR_FUTURE)
    await phone.sync()
    assert "vd-card" not in phone.items("contacts")
    assert "vd-stays" in phone.items("contacts")

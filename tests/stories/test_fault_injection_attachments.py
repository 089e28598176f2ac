"""Every upstream call of writes with files goes wrong in every way: afterwards the old or the new state is there, with
the bytes of every file, and the answer says which."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.davclient import DAV, Answer, child, event
from tests.oxclient import OX
from tests.stories.event_faults import either_old_or_new
from tests.stories.event_stage import (
    Stage,
    Step,
    changed,
    folder_of,
    master,
    moved,
    moves,
    nothing,
    part,
    puts,
    stages,
)
from tests.stories.test_attachments import INSIDE, lines_of
from tests.world import World

_DEFAULTS = re.compile(r' *"(CLASS:PUBLIC|TRANSP:OPAQUE)",\n')
"""An instance that could not be taken back is shown as OX has it."""
_IDS = re.compile(r"MANAGED-ID=[0-9]+|attachments/[A-Za-z0-9_-]{20,}")
_OTHER = "ATTACH;FMTTYPE=text/plain;X-FILENAME=other.txt;ENCODING=BASE64;VALUE=BINARY:T3RoZXI="


@dataclass(frozen=True, slots=True)
class FileStage(Stage):
    """Files are compared by what is in them; their ids differ from attempt to attempt."""

    async def state(self) -> str:
        files = []
        for calendar in (self.here, self.there):
            for each in await changed(self.alice_ox, folder_of(calendar), self.uid, self.since):
                held = [one["managedId"] for one in each.get("attachments") or () if "managedId" in one]
                files.append(repr([await self.alice_ox.file(each, managed_id) for managed_id in held]))
        shown = _DEFAULTS.sub("", await Stage.state(self))
        return _IDS.sub("id", shown) + "\n".join(sorted(files))


def posts(action: str, data: bytes = b"", rid: str = "", name: str = "") -> Step:
    """A POST; ``name`` is that of the file it is about."""

    async def act(stage: Stage) -> Answer:
        query = f"?action=attachment-{action}{rid and '&rid=' + rid}"
        if name:
            shown = await stage.alice.get(stage.href)
            if shown.status != 200:
                return shown
            lines = lines_of(shown.text)
            line = next(line for line in lines if f"FILENAME={name}" in line)
            query += "&managed-id=" + line.partition("MANAGED-ID=")[2].partition(";")[0]
        headers = {"Content-Type": "text/plain"} | (
            {} if name else {"Content-Disposition": "attachment; filename=posted.txt"}
        )
        return await stage.alice.request("POST", stage.href + query, data, headers)

    return act


def first(*steps: Step) -> Step:
    async def act(stage: Stage) -> None:
        for step in steps:
            answer = await step(stage)
            assert answer.status in (201, 204), answer.body

    return act


async def copies(stage: Stage) -> Answer:
    """A file of another event in a new one."""
    shown = await stage.alice.get(stage.href)
    if shown.status != 200:
        return shown
    (line,) = lines_of(shown.text)
    other = f"{stage.uid}-other"
    return await stage.alice.put(child(stage.here, f"{other}.ics"), event(other, lines=[line]))


SERIES = (master("Daily"), moved("Moved", 2))
LISTED = first(puts(*SERIES), posts("add", b"Posted"))

OPERATIONS: dict[str, tuple[Step, Step]] = {
    "create with a file": (nothing, puts(part("Lunch", INSIDE))),
    "create a series with files": (nothing, puts(master("Daily", INSIDE), moved("Moved", 2, _OTHER))),
    "another file": (puts(part("Lunch", INSIDE)), puts(part("Lunch", _OTHER))),
    "a file less in a series": (
        puts(master("Daily", INSIDE), moved("Moved", 2, _OTHER)),
        puts(master("Every day"), moved("Moved again", 2)),
    ),
    "add": (puts(part("Lunch", INSIDE)), posts("add", b"Posted")),
    "add to a series": (puts(*SERIES), posts("add", b"Posted")),
    "add to an occurrence": (puts(*SERIES), posts("add", b"Posted", "20270303T080000Z")),
    "update": (LISTED, posts("update", b"Newer", name="posted.txt")),
    "remove": (LISTED, posts("remove", name="posted.txt")),
    "copy": (first(puts(part("Lunch")), posts("add", b"Posted")), copies),
    "move a series": (first(puts(*SERIES), posts("add", b"1", "20270302T080000Z")), moves()),
}


@pytest.fixture
async def new_stage(world: World, alice: DAV, alice_ox: OX, bob_ox: OX, no_fault_left: None) -> Callable[[], Stage]:
    return await stages(world, alice, alice_ox, bob_ox, FileStage)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_either_old_or_new(new_stage: Callable[[], Stage], operation: str) -> None:
    await either_old_or_new(new_stage, *OPERATIONS[operation])

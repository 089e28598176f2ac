"""Every upstream call of every kind of PUT, DELETE and MOVE of a task goes wrong in every way: afterwards the old or
the new state is there, nothing between, the answer says which, and the client that tries again gets what it wants."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from middleware.faults import Fault, Kind
from tests.davclient import DAV, Answer, child, todo
from tests.oxclient import OX
from tests.stories.faults import either_old_or_new, faults
from tests.stories.test_attachments import INSIDE
from tests.world import World

pytestmark = pytest.mark.usefixtures("no_fault_left")

FAULTS = faults(denied="TSK-0033", changed="TSK-0007")
WRITING = {"new", "update", "delete", "confirm", "attach", "detach"}

VOLATILE = {
    "lastModifiedOfNewestAttachmentUTC",
    "id",
    "uid",
    "modified_by",
    "last_modified",
    "last_modified_utc",
    "creation_date",
}
VOLATILE_LINES = re.compile("DTSTAMP|CREATED|LAST-MODIFIED|UID")

_numbers = count()


@dataclass(frozen=True, slots=True)
class Stage:
    """What one attempt works with: a name and a UID of its own."""

    alice: DAV
    ox: OX
    bob_ox: OX
    here: str
    there: str
    uid: str
    seen: dict[str, str] = field(default_factory=dict)
    """Href -> text of what a client has seen before."""

    @property
    def href(self) -> str:
        return child(self.here, f"{self.uid}.ics")

    async def put(self, *lines: str, title: str = "Task") -> Answer:
        etag = (await self.alice.get(self.href)).etag
        conditions = {"if_match": etag} if etag else {"if_none_match": "*"}
        return await self.alice.put(self.href, todo(self.uid, f"{title} {self.uid}", *lines), **conditions)

    async def state(self) -> str:
        """What OX has and what DAV shows, without what differs from attempt to attempt."""
        found: list[Any] = []
        for tasklist in (self.here, self.there):
            folder = folder_of(tasklist)
            rows = [await self.ox.task(each, folder) for each in (await self.ox.tasks(folder)).values()]
            mine = [row for row in rows if self.uid in row["title"]]
            found += sorted(json.dumps([tasklist, steady(row)], sort_keys=True) for row in mine)
            texts = []
            for href in (await self.alice.propfind(tasklist, "D:getetag", depth=1)).responses:
                text = "" if href == tasklist else (await self.alice.get(href)).expect(200).text
                if self.uid in text:
                    lines = [line for line in text.replace("\r\n ", "").split("\r\n") if not VOLATILE_LINES.match(line)]
                    texts.append([href if self.uid in href else "named by OX", lines])
            found += sorted(texts)
        return json.dumps(found, indent=1).replace(self.uid, "the-uid")

    async def clear(self) -> None:
        for tasklist in (self.here, self.there):
            folder = folder_of(tasklist)
            for identifier in (await self.ox.tasks(folder)).values():
                if self.uid in (await self.ox.task(identifier, folder))["title"]:
                    await self.ox.delete_task(identifier, folder)


def folder_of(tasklist: str) -> str:
    return tasklist.rstrip("/").rsplit("/", 1)[-1]


def steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in VOLATILE}
    return [steady(each) for each in value] if isinstance(value, list) else value


Step = Callable[[Stage], Awaitable[Any]]


def puts(*lines: str, title: str = "Task") -> Step:
    return lambda stage: stage.put(*lines, title=title)


async def nothing(stage: Stage) -> None:
    """There is nothing before."""


async def deletes(stage: Stage) -> Answer:
    return await stage.alice.delete(stage.href)


async def moves(stage: Stage) -> Answer:
    return await stage.alice.move(stage.href, child(stage.there, f"{stage.uid}-2.ics"))


async def renames(stage: Stage) -> Answer:
    return await stage.alice.move(stage.href, child(stage.here, f"{stage.uid}-2.ics"))


async def with_one_in_the_way(stage: Stage) -> None:
    (await stage.put(*RICH)).expect(201)
    other = child(stage.there, f"{stage.uid}-2.ics")
    (await stage.alice.put(other, todo(f"{stage.uid}-other", f"In the way {stage.uid}", "X-OTHER:1"))).expect(201)


async def is_asked(stage: Stage) -> None:
    """Bob delegates a task to alice."""
    people = [{"type": 1, "id": stage.ox.user_id}]
    await stage.bob_ox.add_task(title=f"Asked {stage.uid}", uid=stage.uid, participants=people)
    href = child(stage.here, f"{(await stage.ox.tasks())[stage.uid]}.ics")
    stage.seen[href] = (await stage.alice.get(href)).expect(200).text


async def answers_and_changes(stage: Stage) -> Answer:
    ((href, text),) = stage.seen.items()
    text = text.replace("\r\n ", "").replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED").replace("Asked", "Taken")
    return await stage.alice.put(href, text)


RICH = ("DUE;TZID=Europe/Berlin:20270301T120000", "LOCATION:Here", "X-OWN:kept", "PRIORITY:4", "STATUS:NEEDS-ACTION")
OTHER = "ATTACH;FMTTYPE=text/plain;X-FILENAME=other.txt;ENCODING=BASE64;VALUE=BINARY:T3RoZXI="
DAILY = ("DTSTART;VALUE=DATE:20270301", "DUE;VALUE=DATE:20270301", "RRULE:FREQ=DAILY;COUNT=3", "X-OWN:kept")

OPERATIONS: dict[str, tuple[Step, Step]] = {
    "create": (nothing, puts(*RICH)),
    "update": (puts(*RICH), puts("DUE:20270302T120000Z", *RICH[1:], title="Changed")),
    "only residue": (puts(*RICH), puts(*RICH, "X-MORE:1")),
    "complete": (puts(*RICH), puts(*RICH[:4], "STATUS:COMPLETED", "COMPLETED:20270301T100000Z")),
    "complete a recurring one": (puts(*DAILY), puts(*DAILY, "STATUS:COMPLETED")),
    "answer and change": (is_asked, answers_and_changes),
    "delete": (puts(*RICH), deletes),
    "move": (puts(*RICH), moves),
    "move onto another": (with_one_in_the_way, moves),
    "rename": (puts(*RICH), renames),
    "create with a file": (nothing, puts(INSIDE, *RICH)),
    "another file": (puts(INSIDE, *RICH), puts(OTHER, "X-MORE:1", *RICH[1:], title="Changed")),
}


@pytest.fixture
async def new_stage(alice: DAV, alice_ox: OX, bob_ox: OX) -> Callable[[], Stage]:
    lists = await alice.calendars()
    if "There" not in lists:
        await alice_ox.call("folders", "new", {"title": "There", "module": "tasks"}, folder_id=1)
        lists = await alice.calendars()
    return lambda: Stage(alice, alice_ox, bob_ox, lists["Tasks"], lists["There"], f"fault{next(_numbers)}x")


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_either_old_or_new(world: World, new_stage: Callable[[], Stage], operation: str) -> None:
    before, act = OPERATIONS[operation]
    await either_old_or_new(world, new_stage, before, act, FAULTS, WRITING)


async def test_what_cannot_be_read_back_is_not_said_to_be_stored(world: World, new_stage: Callable[[], Stage]) -> None:
    stage = new_stage()
    world.ox_server.faults.add(Fault(Kind.UNAVAILABLE, module="tasks", action="list", times=9))
    answer = await stage.put(*RICH)
    world.ox_server.faults.clear()
    assert b"only a part could be stored" in answer.expect(409).body
    assert "the-uid" in await stage.state()
    await stage.clear()

"""An event and what clients do with it, for tests that let these operations go wrong."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

from tests.davclient import DAV, Answer, child, event
from tests.oxclient import OX
from tests.world import World

VOLATILE = {
    "id",
    "seriesId",
    "managedId",
    "timestamp",
    "lastModified",
    "dtstamp",
    "created",
    "modifiedBy",
    "sequence",
    "uid",
}
VOLATILE_LINES = re.compile("DTSTAMP|LAST-MODIFIED|CREATED|SEQUENCE|UID:(?!the-uid)")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one attempt works with: resources and a UID of its own."""

    world: World
    alice: DAV
    alice_ox: OX
    bob_ox: OX
    here: str
    there: str
    uid: str
    since: int

    @property
    def href(self) -> str:
        return child(self.here, f"{self.uid}.ics")

    async def put(self, *parts: str) -> Answer:
        """Store the object with these components."""
        return await self.alice.put(self.href, whole(self.uid, *parts))

    async def invite(self, **fields: Any) -> None:
        """Bob invites alice."""
        people = [{"cuType": "INDIVIDUAL", "uri": f"mailto:{name}@example.com"} for name in ("bob", "alice")]
        await self.bob_ox.add_event(uid=self.uid, summary="Meeting", attendees=people, **fields)

    async def state(self) -> str:
        """What OX has and what DAV shows of the object, without what differs from attempt to attempt."""
        found = []
        for calendar in (self.here, self.there):
            events = await changed(self.alice_ox, folder_of(calendar), self.uid, self.since)
            found.append(
                sorted(json.dumps(steady(each), sort_keys=True, indent=0) for each in events if each["uid"] == self.uid)
            )
            listed = (await self.alice.propfind(calendar, "D:getetag", depth=1)).responses
            for href in sorted(listed):
                if self.uid in href:
                    lines = (await self.alice.get(href)).expect(200).text.replace("\r\n ", "").split("\r\n")
                    lines = [line.replace(self.uid, "the-uid") for line in lines]
                    found.append([href, *(line for line in lines if not VOLATILE_LINES.match(line))])
        return json.dumps(found, indent=1).replace(self.uid, "the-uid").replace("\\n", "\n")

    async def clear(self) -> None:
        """Leave nothing behind, so that later attempts are as quick as the first."""
        await remove(self.bob_ox, await self.bob_ox.calendar(), self.uid, self.since)
        for calendar in (self.here, self.there):
            await remove(self.alice_ox, folder_of(calendar), self.uid, self.since)


async def changed(ox: OX, folder: str, uid: str, since: int) -> list[dict[str, Any]]:
    found = await ox.call("chronos", "updates", folder=folder, timestamp=since, ignore="deleted")
    return [each for each in found["newAndModified"] if each["uid"].startswith(uid)]


async def remove(ox: OX, folder: str, uid: str, since: int) -> None:
    for each in await changed(ox, folder, uid, since):
        if each.get("seriesId", each["id"]) == each["id"]:
            await ox.delete_event(each)


def folder_of(calendar: str) -> str:
    return f"cal://0/{calendar.rstrip('/').rsplit('/', 1)[-1]}"


Step = Callable[[Stage], Awaitable[Any]]


def steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in VOLATILE}
    return [steady(each) for each in value] if isinstance(value, list) else value


def whole(uid: str, *parts: str) -> str:
    components = [event(uid, **json.loads(part)).split("\r\n")[3:-2] for part in parts]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Stories//EN",
        *chain.from_iterable(components),
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def part(summary: str, *lines: str, day: int = 1, hour: int = 9) -> str:
    return json.dumps({"summary": summary, "lines": lines, "start": f"202703{day:02d}T{hour:02d}0000"})


def master(summary: str, *lines: str) -> str:
    return part(summary, "RRULE:FREQ=DAILY;COUNT=6", *lines)


def moved(summary: str, day: int, *lines: str, hour: int = 15) -> str:
    return part(summary, f"RECURRENCE-ID;TZID=Europe/Berlin:202703{day:02d}T090000", *lines, day=day, hour=hour)


def alarm(text: str, before: str = "-PT10M") -> tuple[str, ...]:
    return ("BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{text}", f"TRIGGER:{before}", "END:VALARM")


def puts(*parts: str, name: str = "{uid}.ics") -> Step:
    return lambda stage: stage.alice.put(child(stage.here, name.format(uid=stage.uid)), whole(stage.uid, *parts))


def invites(**fields: Any) -> Step:
    return lambda stage: stage.invite(**fields)


def deletes() -> Step:
    return lambda stage: stage.alice.delete(stage.href)


def moves(to: str = "there", name: str = "{uid}.ics") -> Step:
    async def act(stage: Stage) -> Answer:
        return await stage.alice.move(stage.href, child(getattr(stage, to), name.format(uid=stage.uid)))

    return act


async def nothing(stage: Stage) -> None:
    """There is nothing before."""


_numbers = count()


async def stages(world: World, alice: DAV, alice_ox: OX, bob_ox: OX, kind: type[Stage] = Stage) -> Callable[[], Stage]:
    """Makes stages in alice's calendar and another one of hers, each with a UID of its own."""
    calendars = await alice.calendars()
    if "There" not in calendars:
        await alice_ox.call("folders", "new", {"title": "There", "module": "event"}, folder_id=1)
        calendars = await alice.calendars()
    here, there = calendars["Calendar"], calendars["There"]

    def new() -> Stage:
        uid, since = f"fault{next(_numbers)}x", int(time.time() * 1000) - 1
        return kind(world, alice, alice_ox, bob_ox, here, there, uid, since)

    return new

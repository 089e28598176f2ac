"""Every upstream call of every kind of PUT, DELETE and MOVE goes wrong in every way: afterwards the old or the new
state is there, nothing else, the answer says which, and the client that tries again gets what it wants."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from itertools import chain, count
from typing import Any

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import DAV, Answer, child, event
from tests.oxclient import OX
from tests.world import World

PERMISSION = OXError("CAL-4030", "PERMISSION_DENIED", "Insufficient permission.")
CONFLICT = OXError("CAL-4120", "CONFLICT", "Concurrent modification.")
TOO_LONG = OXError("CAL-5070", "TRUNCATED", "A value is too long.")

UNKNOWN_AND_NOT_DONE = (Fault(Kind.DROP_BEFORE), Fault(Kind.UNAVAILABLE))
UNKNOWN_AND_DONE = (Fault(Kind.DROP_AFTER), Fault(Kind.MALFORMED_JSON))
REFUSED = tuple(Fault(Kind.ERROR, error=error) for error in (PERMISSION, CONFLICT, TOO_LONG))
NOT_READ = (Fault(Kind.UNAVAILABLE), *(Fault(Kind.ERROR, error=error) for error in (PERMISSION, TOO_LONG)))

READS = {"updates", "list", "get", "all", "resolve"}

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
UNCERTAIN = b"synchronise to see"


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


async def with_one_in_the_way(stage: Stage) -> None:
    (await stage.put(part("Lunch", "X-THING:1"))).expect(201)
    in_the_way = child(stage.there, f"{stage.uid}.ics")
    (await stage.alice.put(in_the_way, event(f"{stage.uid}-other", "In the way"))).expect(201)


async def with_one_beside(stage: Stage) -> None:
    (await stage.put(part("Lunch", "COMMENT;X-ODD=1:Said"))).expect(201)
    beside = child(stage.here, f"{stage.uid}-2.ics")
    (await stage.alice.put(beside, event(f"{stage.uid}-other", "In the way"))).expect(201)


def people(*own: str) -> tuple[str, ...]:
    return ("ORGANIZER:mailto:bob@example.com", "ATTENDEE:mailto:bob@example.com", *own)


ACCEPTED = people("ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com")
ASKED = people("ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@example.com")
DECLINED = people("ATTENDEE;PARTSTAT=DECLINED:mailto:alice@example.com")
OWN_MEETING = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com")
EXTERNAL = ("ORGANIZER:mailto:ext@example.net", "ATTENDEE:mailto:alice@example.com", "ATTENDEE:mailto:ext@example.net")
RULE = {"rrule": "FREQ=DAILY;COUNT=6"}

SERIES = (master("Daily", *alarm("Before")), moved("Moved", 2), moved("Odd", 3, "LOCATION:Elsewhere"))

OPERATIONS: dict[str, tuple[Step, Step]] = {
    "create": (nothing, puts(part("Lunch", "X-THING:1", *alarm("Soon")))),
    "create with residue": (nothing, puts(part("Lunch", "COMMENT;X-ODD=1:Said"))),
    "create under an odd name": (nothing, puts(part("Lunch"), name="{uid}")),
    "create a series": (nothing, puts(*SERIES)),
    "create an external series": (nothing, puts(master("Theirs", *EXTERNAL), moved("Theirs moved", 2, *EXTERNAL))),
    "update": (puts(part("Lunch")), puts(part("Dinner", "LOCATION:There", *alarm("Soon")))),
    "update a series": (
        puts(*SERIES),
        puts(master("Every day"), moved("Moved again", 2), moved("Odd", 3, "LOCATION:Elsewhere"), moved("New", 4)),
    ),
    "another rule": (puts(*SERIES), puts(part("Weekly", "RRULE:FREQ=WEEKLY;COUNT=3"), moved("New", 8))),
    "take an override back": (puts(*SERIES), puts(master("Daily", *alarm("Before")), moved("Odd", 3))),
    "delete an occurrence": (
        puts(*SERIES),
        puts(master("Daily", "EXDATE;TZID=Europe/Berlin:20270303T090000", *alarm("Before")), moved("Moved", 2)),
    ),
    "only alarms": (
        puts(part("Lunch", *alarm("One"))),
        puts(part("Lunch", *alarm("Another", "-PT30M"), *alarm("Third", "-PT5M"))),
    ),
    "only residue": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), puts(part("Lunch", "COMMENT;X-ODD=2:Said"))),
    "a meeting": (puts(part("Lunch")), puts(part("Lunch", *OWN_MEETING, "ATTENDEE:mailto:bob@example.com"))),
    "answer": (invites(), puts(part("Meeting", *ACCEPTED, *alarm("Mine")))),
    "answer a series": (
        invites(**RULE),
        puts(master("Meeting", *ACCEPTED, *alarm("Mine")), moved("Meeting", 2, *DECLINED, hour=9)),
    ),
    "skip an occurrence as attendee": (
        invites(**RULE),
        puts(
            master("Meeting", *ASKED, "EXDATE;TZID=Europe/Berlin:20270303T090000"),
            moved("Meeting", 2, *DECLINED, hour=9),
        ),
    ),
    "residue as attendee": (invites(), puts(part("Meeting", *ASKED, "COMMENT;X-ODD=1:Said"))),
    "delete": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), deletes()),
    "delete a series": (puts(*SERIES), deletes()),
    "delete as attendee": (invites(**RULE), deletes()),
    "move": (puts(part("Lunch", "COMMENT;X-ODD=1:Said")), moves()),
    "move onto another": (with_one_in_the_way, moves()),
    "move to another name": (puts(part("Lunch")), moves(name="{uid}-2.ics")),
    "move a series": (puts(*SERIES), moves()),
    "rename": (puts(part("Lunch")), moves("here", "{uid}-2.ics")),
    "rename onto another": (with_one_beside, moves("here", "{uid}-2.ics")),
    "rename to an odd name": (puts(part("Lunch")), moves("here", "{uid}-2")),
}

_numbers = count()


@pytest.fixture(autouse=True)
def no_fault_left(world: World) -> Iterator[None]:
    yield
    world.ox_server.faults.clear()


@pytest.fixture
async def new_stage(world: World, alice: DAV, alice_ox: OX, bob_ox: OX) -> Callable[[], Stage]:
    calendars = await alice.calendars()
    if "There" not in calendars:
        await alice_ox.call("folders", "new", {"title": "There", "module": "event"}, folder_id=1)
        calendars = await alice.calendars()
    here, there = calendars["Calendar"], calendars["There"]

    def new() -> Stage:
        return Stage(
            world, alice, alice_ox, bob_ox, here, there, f"fault{next(_numbers)}x", int(time.time() * 1000) - 1
        )

    return new


@dataclass(frozen=True, slots=True)
class Course:
    """An operation without faults: the states before and after it, and what it asks of OX."""

    old: str
    new: str
    calls: list[Entry]


def differences(course: Course, state: str) -> str:
    """What makes a state neither the old nor the new one."""
    sides = {"old": course.old, "new": course.new}
    found = [
        list(unified_diff(side.split("\n"), state.split("\n"), name, "there is", lineterm="", n=1))
        for name, side in sides.items()
    ]
    return "\n".join(min(found, key=len)[:40])


async def undisturbed(stage: Stage, before: Step, act: Step) -> Course:
    await before(stage)
    old = await stage.state()
    with stage.world.upstream() as calls:
        answer = await act(stage)
    assert answer.status in (201, 204), answer.body
    new = await stage.state()
    assert new != old
    await stage.clear()
    return Course(old, new, calls)


def faults_of(number: int, call: Entry) -> Iterator[Fault]:
    """One of each kind that makes a difference; which one differs from call to call."""
    kinds = (NOT_READ,) if call.action in READS else (UNKNOWN_AND_NOT_DONE, UNKNOWN_AND_DONE, REFUSED)
    return (replace(kind[number % len(kind)], skip=number) for kind in kinds)


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_either_old_or_new(new_stage: Callable[[], Stage], operation: str) -> None:
    await either_old_or_new(new_stage, *OPERATIONS[operation])


async def either_old_or_new(new_stage: Callable[[], Stage], before: Step, act: Step) -> None:
    course = await undisturbed(new_stage(), before, act)
    wrong = [
        problem
        for number, call in enumerate(course.calls)
        for fault in faults_of(number, call)
        if (problem := await attempt(new_stage(), before, act, course, fault))
    ]
    assert not wrong, "\n\n".join(wrong)


async def attempt(stage: Stage, before: Step, act: Step, course: Course, fault: Fault) -> str:
    """Let one call go wrong. What is wrong afterwards, empty for nothing."""
    await before(stage)
    armed = stage.world.ox_server.faults.add(fault)
    answer = await act(stage)
    stage.world.ox_server.faults.clear()
    state = await stage.state()
    calls = [call.action for call in course.calls]
    kind = fault.error.code if fault.kind is Kind.ERROR else fault.kind.name
    told = f"{kind} at call {fault.skip} of {calls}: {answer.status} {answer.body[-200:]!r}"
    if not armed.hits:
        return f"did not happen: {told}"
    partly = answer.status == 409 and b"only a part could be stored" in answer.body
    if state not in (course.old, course.new) and not partly:
        return f"neither old nor new: {told}\n{differences(course, state)}"
    if (answer.status < 300) != (state == course.new):
        return f"{'new' if state == course.new else 'old'}, but said otherwise: {told}"
    if answer.status >= 300:
        again = await act(stage)
        state = await stage.state()
        if again.status >= 300 or state != course.new:
            answered = f"{again.status} {again.body[-200:]!r}"
            return f"could not be done again: {told}, then {answered}\n{differences(course, state)}"
    await stage.clear()
    return ""

"""A MOVE onto a resource that OX does not let go is taken back. The answer tells why it was not let go, whatever else
goes wrong meanwhile, and both resources are where they were; if that cannot be, it says so and both are in one
collection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import DAV, Answer, card, child, event, todo
from tests.oxclient import OX
from tests.world import World


@dataclass(frozen=True, slots=True)
class Resources:
    """Of one kind: OX's module, the kind and title of its default folder, its code for missing rights, and how a
    client writes one."""

    module: str
    folder: str
    title: str
    denied: str
    suffix: str
    text: Callable[[str, str], str]


KINDS = {
    "contacts": Resources("contacts", "contacts", "Contacts", "CON-0176", ".vcf", card),
    "tasks": Resources("tasks", "tasks", "Tasks", "TSK-0046", ".ics", todo),
    "events": Resources("chronos", "event", "Calendar", "CAL-4038", ".ics", event),
}

_numbers = count()


@dataclass(frozen=True, slots=True)
class Stage:
    """Two collections with a resource each, the first of which is to replace the second."""

    world: World
    alice: DAV
    kind: Resources
    collections: tuple[str, str]
    uid: str

    @property
    def hrefs(self) -> list[str]:
        return [child(each, f"{self.uid}{self.kind.suffix}") for each in self.collections]

    async def prepare(self) -> None:
        for number, href in enumerate(self.hrefs):
            text = self.kind.text(f"{self.uid}-{number}", f"Number {number}")
            (await self.alice.put(href, text)).expect(201)

    async def move(self, *faults: Fault) -> tuple[Answer, list[Entry]]:
        """The answer, and the calls it took; OX does not let the second one go."""
        error = OXError(self.kind.denied, "PERMISSION_DENIED", "no")
        for fault in (Fault(Kind.ERROR, self.kind.module, "delete", error=error), *faults):
            self.world.ox_server.faults.add(fault)
        with self.world.upstream() as calls:
            answer = await self.alice.move(*self.hrefs)
        self.world.ox_server.faults.clear()
        return answer, calls

    async def shown(self) -> dict[str, str]:
        """What there is, by href."""
        found = {}
        for collection in self.collections:
            members = (await self.alice.propfind(collection, "D:getetag", depth=1)).responses.keys() - {collection}
            for href in members:
                text = (await self.alice.get(href)).expect(200).text
                if self.uid in text:
                    found[href] = "Number 0" if "Number 0" in text else "Number 1"
        return found


@pytest.fixture(params=KINDS)
async def new_stage(
    world: World, alice: DAV, alice_ox: OX, request: pytest.FixtureRequest, no_fault_left: None
) -> Callable[[], Stage]:
    kind = KINDS[request.param]
    title = f"Other {kind.title}"
    await alice_ox.call("folders", "new", {"title": title, "module": kind.folder}, folder_id=1)
    found = await alice.calendars() | await alice.address_books()
    return lambda: Stage(world, alice, kind, (found[kind.title], found[title]), f"back{next(_numbers)}x")


async def test_whatever_else_goes_wrong(new_stage: Callable[[], Stage]) -> None:
    stage = new_stage()
    await stage.prepare()
    refused, calls = await stage.move()
    refused.expect(403)
    assert refused.precondition("D:need-privileges")
    assert await stage.shown() == {stage.hrefs[0]: "Number 0", stage.hrefs[1]: "Number 1"}
    actions = [call.action for call in calls]
    for number in range(actions.index("delete") + 1, len(calls)):
        stage = new_stage()
        await stage.prepare()
        answer, _ = await stage.move(Fault(Kind.UNAVAILABLE, skip=number))
        where = f"call {number} of {actions}: {answer.status} {answer.body!r}"
        here, there = stage.hrefs
        shown = await stage.shown()
        if answer.status == 403:
            assert shown == {here: "Number 0", there: "Number 1"}, where
        else:  # moving back failed
            assert answer.status == 409, where
            assert b"moved, but not all of it: OX" in answer.body, where
            assert here not in shown, where
            assert shown[there] == "Number 0", where
            assert sorted(shown.values()) == ["Number 0", "Number 1"], where

"""Every upstream call of every kind of PUT, DELETE and MOVE of a contact goes wrong in every way: afterwards the old or
the new state is there, nothing between, the answer says which, and the client that tries again gets what it wants."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.davclient import DAV, Answer, card, child
from tests.oxclient import OX
from tests.stories.faults import either_old_or_new, faults
from tests.stories.test_contacts import PHOTO
from tests.world import World

GENERATIONS = ("8", "addressbooks")
pytestmark = pytest.mark.usefixtures("no_fault_left")

FAULTS = faults(denied="CON-0176", changed="CON-0119")
WRITING = {"new", "update", "delete"}

VOLATILE = {"id", "folder_id", "uid", "last_modified", "last_modified_utc", "creation_date", "image1_url"}
VOLATILE |= {"image_last_modified", "sort_name", "image1", "number_of_distribution_list"}
VOLATILE_LINES = re.compile("REV|PRODID")

_numbers = count()


@dataclass(frozen=True, slots=True)
class Stage:
    """What one attempt works with: a name and a UID of its own."""

    alice: DAV
    ox: OX
    here: str
    there: str
    uid: str

    @property
    def href(self) -> str:
        return child(self.here, f"{self.uid}.vcf")

    async def put(self, *lines: str) -> Answer:
        etag = (await self.alice.get(self.href)).etag
        conditions = {"if_match": etag} if etag else {"if_none_match": "*"}
        return await self.alice.put(self.href, card(self.uid, *lines), **conditions)

    async def state(self) -> str:
        """What OX has and what DAV shows, without what differs from attempt to attempt."""
        found: list[Any] = []
        for book in (self.here, self.there):
            folder = book.rstrip("/").rsplit("/", 1)[-1]
            for uid, identifier in sorted((await self.ox.contacts(folder)).items()):
                if uid.startswith(self.uid):
                    row = await self.ox.contact(identifier, folder)
                    found.append([book, steady(row)])
            for href in sorted((await self.alice.propfind(book, "D:getetag", depth=1)).responses):
                if self.uid in href:
                    text = (await self.alice.get(href)).expect(200).text
                    lines = text.replace("\r\n ", "").split("\r\n")
                    found.append([href, [line for line in lines if not VOLATILE_LINES.match(line)]])
        return json.dumps(found, sort_keys=True, indent=1).replace(self.uid, "the-uid")

    async def clear(self) -> None:
        for book in (self.here, self.there):
            folder = book.rstrip("/").rsplit("/", 1)[-1]
            named = [
                {"folder": folder, "id": identifier}
                for uid, identifier in (await self.ox.contacts(folder)).items()
                if uid.startswith(self.uid)
            ]
            if named:
                await self.ox.call("contacts", "delete", named, timestamp=2**53)


def steady(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: steady(each) for key, each in value.items() if key not in VOLATILE}
    return [steady(each) for each in value] if isinstance(value, list) else value


Step = Callable[[Stage], Awaitable[Any]]


def puts(*lines: str) -> Step:
    return lambda stage: stage.put(*lines)


async def nothing(stage: Stage) -> None:
    """There is nothing before."""


async def deletes(stage: Stage) -> Answer:
    return await stage.alice.delete(stage.href)


async def moves(stage: Stage) -> Answer:
    return await stage.alice.move(stage.href, child(stage.there, f"{stage.uid}-2.vcf"))


async def renames(stage: Stage) -> Answer:
    return await stage.alice.move(stage.href, child(stage.here, f"{stage.uid}-2.vcf"))


async def with_one_in_the_way(stage: Stage) -> None:
    await rich(stage)
    other = child(stage.there, f"{stage.uid}-2.vcf")
    (await stage.alice.put(other, card(f"{stage.uid}-other", "In The Way", "X-OTHER:1"))).expect(201)


async def with_a_member(stage: Stage) -> None:
    person = card(f"{stage.uid}-person", "Per Son", "EMAIL:person@example.org")
    (await stage.alice.put(child(stage.here, f"{stage.uid}-person.vcf"), person)).expect(201)


async def makes_a_group(stage: Stage) -> Answer:
    members = (f"urn:uuid:{stage.uid}-person", "mailto:external@example.org", "urn:uuid:unknown")
    lines = [f"X-ADDRESSBOOKSERVER-MEMBER:{uri}" for uri in members]
    return await stage.put("Group", "X-ADDRESSBOOKSERVER-KIND:group", *lines)


async def rich(stage: Stage) -> None:
    (await stage.put(*RICH)).expect(201)


RICH = ("Ada", "TEL;TYPE=CELL:1", "X-OWN:kept", f"PHOTO;ENCODING=b;TYPE=PNG:{PHOTO}", "EMAIL;TYPE=HOME:a@example.org")

OPERATIONS: dict[str, tuple[Step, Step]] = {
    "create": (nothing, puts("Ada", "TEL;TYPE=CELL:1", "X-OWN:kept")),
    "create with picture": (nothing, puts(*RICH)),
    "update": (rich, puts("Ada L", "TEL;TYPE=CELL:2", *RICH[2:])),
    "update of the picture": (puts("Ada", "X-OWN:1"), puts(*RICH)),
    "removal of the picture": (rich, puts(*RICH[:3])),
    "only residue": (rich, puts(*RICH, "X-MORE:1")),
    "create a group": (with_a_member, makes_a_group),
    "delete": (rich, deletes),
    "move": (rich, moves),
    "move onto another": (with_one_in_the_way, moves),
    "rename": (rich, renames),
}


@pytest.fixture
async def new_stage(world: World, alice: DAV, alice_ox: OX) -> Callable[[], Stage]:
    books = await alice.address_books()
    if "There" not in books:
        await alice_ox.call("folders", "new", {"title": "There", "module": "contacts"}, folder_id=1)
        books = await alice.address_books()
    return lambda: Stage(alice, alice_ox, books["Contacts"], books["There"], f"fault{next(_numbers)}x")


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_either_old_or_new(world: World, new_stage: Callable[[], Stage], operation: str) -> None:
    before, act = OPERATIONS[operation]
    await either_old_or_new(world, new_stage, before, act, FAULTS, WRITING)

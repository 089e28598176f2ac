"""The account that the model is about: its folders, who looks at them, and what must hold when nobody does anything."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize

from gateway.account.collections import ALL_BOOKS, default_segment
from middleware.generation import Generation
from tests.sync_model.client import Client
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks, body_of
from tests.sync_model.follower import Follower, HomeFollower, require_same
from tests.sync_model.site import FAR, REPLICAS, Replicas, Site

T = TypeVar("T")

ALICE, BOB = 3, 4
OWNER = 403710016
STORED = (201, 204)
KINDS: tuple[tuple[type[Objects], Generation, str], ...] = (
    (Chronos, Generation.EIGHT, "cal://0/31"),
    (Appointments, Generation.SEVEN, "31"),
    (Contacts, Generation.EIGHT, "32"),
    (Contacts, Generation.SEVEN, "32"),
    (Tasks, Generation.EIGHT, "33"),
    (Tasks, Generation.SEVEN, "33"),
)


@dataclass(frozen=True)
class Place:
    """A folder that alice sees, or has seen."""

    folder: str
    segment: str
    of_bob: bool = False


class AccountModel(RuleBasedStateMachine):
    """``steps`` counts what was done since the process started, by rule."""

    site_type: ClassVar[type[Site]] = Replicas
    restarts_are_cheap: ClassVar[bool] = True
    steps: ClassVar[Counter[str]] = Counter()
    site: Site
    places: list[Place]

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._made = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        self.steps[getattr(work, "__name__", "").strip("_")] += 1
        return self._runner.run(work)

    @initialize(kind=st.sampled_from(KINDS), mend=st.booleans())
    def begin(self, kind: tuple[type[Objects], Generation, str], mend: bool) -> None:
        objects, generation, folder = kind
        self.objects = objects()
        self.site = self.site_type(generation, self.objects.home, mend=mend)
        self._runner.run(self._begin(folder))

    async def _begin(self, folder: str) -> None:
        await self.site.start()
        self.places = [
            Place(folder, default_segment(folder)),
            await self._new_folder(of_bob=False),
            await self._new_folder(of_bob=True),
        ]
        self.followers = [Follower(place.segment) for place in self.places for _ in range(2)]
        if self.objects.home == "addressbooks":
            self.followers += [Follower(ALL_BOOKS) for _ in range(2)]
        self.home_followers = [HomeFollower() for _ in range(2)]

    async def _new_folder(self, *, of_bob: bool) -> Place:
        ox = self.site.bob if of_bob else self.site.alice
        body = {"title": f"{'Bobs' if of_bob else 'Second'} {self.objects.module}", "module": self.objects.module}
        made = str(await ox.data("folders", "new", folder_id=1, body=body))
        place = Place(made, default_segment(made), of_bob)
        if of_bob:
            await self._share(place, 2)
        return place

    def teardown(self) -> None:
        if hasattr(self, "site"):
            try:
                self.run(self._quiet())
            finally:
                self._runner.run(self.site.stop())
        self._runner.close()

    async def _share(self, place: Place, read: int) -> None:
        mine = {"entity": BOB, "group": False, "bits": OWNER}
        hers = {"entity": ALICE, "group": False, "bits": 2 | read << 7 | 2 << 14 | 2 << 21}
        body = {"permissions": [mine, hers] if read else [mine]}
        await self.site.bob.data("folders", "update", id=place.folder, timestamp=FAR, body=body)
        await self.site.folders_are_old()

    # -- at rest ---------------------------------------------------------------------------------------------------

    async def _quiet(self) -> None:
        """Nobody does anything: all know what there is, and nobody is told anything twice."""
        await self.site.folders_are_old()
        homes = [await client.collections() for client in self.site.clients]
        assert homes[0] == homes[1], homes
        listed = [await self._listed(client, homes[0]) for client in self.site.clients]
        assert listed[0] == listed[1], listed
        for number, follower in enumerate((*self.followers, *self.home_followers)):
            there = homes[0] if isinstance(follower, HomeFollower) else listed[0].get(follower.segment, {})
            await follower.catch_up(self._client(number % REPLICAS), None)
            require_same(follower, there)
            for client in self.site.clients:
                told, restarts = follower.told, follower.restarts
                await follower.catch_up(client, None)
                assert follower.restarts > restarts or follower.told == told, "something was told twice"
                require_same(follower, there)

    async def _listed(self, client: Client, home: dict[str, str]) -> dict[str, dict[str, str]]:
        """Names and ETags by segment, as many as OX shows."""
        found = {segment: await client.listing(segment) or {} for segment in home}
        for place in self.places:
            if place.segment in found:
                ids = await self.objects.ids(self.site.alice, place.folder)
                assert len(ids) == len(found[place.segment])
        if self.objects.home == "addressbooks":
            found[ALL_BOOKS] = await client.listing(ALL_BOOKS) or {}
        return found

    async def _holds(self, place: Place, body: bytes, other: Place | None = None) -> None:
        """What was sent is somewhere in these collections, if all of them can be seen."""
        client = self._client(0)
        await self.site.folders_are_old()
        summary = next(line for line in body.decode().splitlines() if "Version" in line)
        listed = {segment: await client.listing(segment) for segment in {place.segment, (other or place).segment}}
        shown = [await client.text(segment, name) for segment, names in listed.items() for name in names or ()]
        assert None in listed.values() or any(summary in (text or "").splitlines() for text in shown), summary

    async def _one_of(self, client: Client, place: Place, which: int) -> tuple[str, str] | None:
        """Name and ETag."""
        listed = sorted((await client.listing(place.segment) or {}).items())
        return listed[which % len(listed)] if listed else None

    # -- pieces --------------------------------------------------------------------------------------------------

    def _place(self, number: int) -> Place:
        return self.places[number % len(self.places)]

    def _follower(self, number: int) -> Follower:
        return self.followers[number % len(self.followers)]

    def _client(self, replica: int) -> Client:
        return self.site.clients[replica]

    def _who(self, place: Place, number: int) -> Any:
        return self.site.bob if place.of_bob and number % 2 else self.site.alice

    def _name(self, number: int) -> str:
        return f"name-{number % 4}{self.objects.suffix}"

    def _body(self, uid: str) -> bytes:
        self._made += 1
        version = self._made
        if self.objects.component == "VEVENT" and version % 3 == 0:
            return body_of("VEVENT", uid, f"Version {version}", "RRULE:FREQ=DAILY;COUNT=4")
        return body_of(self.objects.component, uid, f"Version {version}", *([f"X-THING:{version}"] * (version % 2)))

"""The model: what anybody may do to an account, in any order, and what must hold whenever nobody does anything."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gateway.account.collections import ALL_BOOKS, default_segment
from middleware.generation import Generation
from tests.sync_model.client import Client
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks, body_of
from tests.sync_model.follower import Follower, HomeFollower, require_same
from tests.sync_model.site import FAR, REPLICAS, Replicas, Site, accepted

T = TypeVar("T")

ALICE, BOB = 3, 4
MADE = "made"
"""Segment of a collection that a client makes."""
OWNER = 403710016
NUMBERS = st.integers(0, 11)
REPLICA = st.integers(0, REPLICAS - 1)
KINDS: tuple[tuple[type[Objects], Generation, str], ...] = (
    (Chronos, Generation.EIGHT, "cal://0/31"),
    (Appointments, Generation.SEVEN, "31"),
    (Contacts, Generation.EIGHT, "32"),
    (Contacts, Generation.SEVEN, "32"),
    (Tasks, Generation.EIGHT, "33"),
    (Tasks, Generation.SEVEN, "33"),
)
LIMITS = st.sampled_from((None, None, 1, 2, 3))
STORED = (201, 204)


@dataclass(frozen=True)
class Place:
    """A folder that alice sees, or has seen."""

    folder: str
    segment: str
    of_bob: bool = False


class SyncModel(RuleBasedStateMachine):
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

    # -- other clients of OX -------------------------------------------------------------------------------------

    @rule(place=NUMBERS, number=NUMBERS)
    def somebody_makes(self, place: int, number: int) -> None:
        where = self._place(place)
        self.run(self.objects.new(self._who(where, number), where.folder, number))

    @rule(place=NUMBERS, which=NUMBERS, number=NUMBERS, action=st.sampled_from(("change", "delete", "move")))
    def somebody_changes(self, place: int, which: int, number: int, action: str) -> None:
        self.run(self._elsewhere(action, self._place(place), which, number))

    async def _elsewhere(self, action: str, place: Place, which: int, number: int) -> None:
        ox = self._who(place, number)
        try:
            ids = await self.objects.ids(ox, place.folder)
        except AssertionError:  # not visible at present
            return
        if not ids:
            return
        object_id = ids[which % len(ids)]
        if action == "change":
            await self.objects.change(ox, place.folder, object_id, number)
        elif action == "delete":
            await self.objects.delete(ox, place.folder, object_id, number)
        else:
            others = [other for other in self.places if other is not place]
            await self.objects.move(ox, place.folder, object_id, others[number % len(others)].folder)

    # -- folders -------------------------------------------------------------------------------------------------

    @rule(place=NUMBERS, read=st.integers(0, 2))
    def bob_changes_rights(self, place: int, read: int) -> None:
        shared = [each for each in self.places if each.of_bob]
        self.run(self._share(shared[place % len(shared)], read))

    async def _share(self, place: Place, read: int) -> None:
        mine = {"entity": BOB, "group": False, "bits": OWNER}
        hers = {"entity": ALICE, "group": False, "bits": 2 | read << 7 | 2 << 14 | 2 << 21}
        body = {"permissions": [mine, hers] if read else [mine]}
        await self.site.bob.data("folders", "update", id=place.folder, timestamp=FAR, body=body)
        await self.site.folders_are_old()

    @rule(place=NUMBERS, subscribed=st.booleans())
    def alice_subscribes(self, place: int, subscribed: bool) -> None:
        self.run(self._update_folder(self._place(place), {"subscribed": subscribed}))

    @rule(place=NUMBERS, number=NUMBERS)
    def alice_renames_a_folder(self, place: int, number: int) -> None:
        self.run(self._update_folder(self._place(place), {"title": f"{self.objects.module} {number}"}))

    async def _update_folder(self, place: Place, fields: dict[str, Any]) -> None:
        await accepted(self.site.alice, "folders", "update", fields, id=place.folder, timestamp=FAR)

    @rule(replica=REPLICA, then=REPLICA)
    def a_client_makes_a_collection_anew(self, replica: int, then: int) -> None:
        """Another folder at the same URL."""
        self.run(self._make_anew(replica, then))

    async def _make_anew(self, replica: int, then: int) -> None:
        await self._client(replica).remove(MADE)
        await self.site.folders_are_old()
        if await self._client(then).make(MADE, self.objects.component) != 201:
            return  # the folder is still there, but alice is not subscribed to it
        self.places = [place for place in self.places if place.segment != MADE]
        self.places.append(Place(await self._folder_made(), MADE))
        if not any(follower.segment == MADE for follower in self.followers):
            self.followers += [Follower(MADE) for _ in range(2)]

    async def _folder_made(self) -> str:
        kind = {"columns": "1,300", "content_type": self.objects.module}
        visible = await self.site.alice.data("folders", "allVisible", **kind)
        found = [str(row[0]) for rows in visible.values() for row in rows if row[1] == MADE]
        return max(found, key=lambda folder: int(folder.rsplit("/", 1)[-1]))

    # -- clients of the gateway ----------------------------------------------------------------------------------

    @rule(place=NUMBERS, name=NUMBERS, uid=NUMBERS, replica=REPLICA)
    def a_client_puts(self, place: int, name: int, uid: int, replica: int) -> None:
        self.run(self._put(self._place(place), self._name(name), f"uid-{uid % 4}", replica))

    async def _put(self, place: Place, name: str, uid: str, replica: int) -> None:
        client = self._client(replica)
        listed = await client.listing(place.segment) or {}
        await client.put(place.segment, name, self._body(uid), listed.get(name))

    @rule(place=NUMBERS, which=NUMBERS, replica=REPLICA)
    def a_client_changes(self, place: int, which: int, replica: int) -> None:
        self.run(self._rewrite(self._place(place), which, replica))

    async def _rewrite(self, place: Place, which: int, replica: int) -> None:
        client = self._client(replica)
        found = await self._one_of(client, place, which)
        text = found and await client.text(place.segment, found[0])
        if found and text:
            self._made += 1
            end = f"END:{self.objects.component}"
            changed = text.replace(f"{end}\r\n", f"X-THING:{self._made}\r\n{end}\r\n", 1)
            await client.put(place.segment, found[0], changed.encode(), found[1])

    @rule(place=NUMBERS, which=NUMBERS, replica=REPLICA)
    def a_client_deletes(self, place: int, which: int, replica: int) -> None:
        self.run(self._remove(self._place(place), which, replica))

    async def _remove(self, place: Place, which: int, replica: int) -> None:
        client = self._client(replica)
        found = await self._one_of(client, place, which)
        if found:
            await client.delete(place.segment, *found)

    @rule(place=NUMBERS, which=NUMBERS, to=NUMBERS, name=NUMBERS, replica=REPLICA)
    def a_client_moves(self, place: int, which: int, to: int, name: int, replica: int) -> None:
        self.run(self._move(self._place(place), which, self._place(to), self._name(name), replica))

    async def _move(self, place: Place, which: int, target: Place, name: str, replica: int) -> None:
        client = self._client(replica)
        found = await self._one_of(client, place, which)
        if found and (place.segment, found[0]) != (target.segment, name):
            await client.move(place.segment, found[0], target.segment, name)

    async def _one_of(self, client: Client, place: Place, which: int) -> tuple[str, str] | None:
        """Name and ETag."""
        listed = sorted((await client.listing(place.segment) or {}).items())
        return listed[which % len(listed)] if listed else None

    # -- at the same moment --------------------------------------------------------------------------------------

    @rule(place=NUMBERS, to=NUMBERS, name=NUMBERS, uid=NUMBERS, same=st.sampled_from(("name", "uid", "both", "none")))
    def two_clients_create(self, place: int, to: int, name: int, uid: int, same: str) -> None:
        """Through two gateways: nothing that one of them was told is stored may be missing."""
        self.run(self._create_two(self._place(place), self._place(to), (name, uid), same))

    async def _create_two(self, place: Place, other: Place, numbers: tuple[int, int], same: str) -> None:
        name, uid = numbers
        names = [self._name(name), self._name(name if same in ("name", "both") else name + 1)]
        uids = [f"uid-{uid % 4}", f"uid-{(uid if same in ('uid', 'both') else uid + 1) % 4}"]
        places = [place, other]
        bodies = [self._body(each) for each in uids]
        results = await asyncio.gather(
            *(self._client(i).put(places[i].segment, names[i], bodies[i]) for i in range(REPLICAS))
        )
        at_one_url = (place.segment, names[0]) == (other.segment, names[1])
        # OX 8 keeps the names of events and takes the same one twice; then one of them is renamed.
        if not isinstance(self.objects, Chronos):
            assert not (at_one_url and results == [201, 201]), "two clients were told that they made one resource"
        for where, body, status in zip(places, bodies, results, strict=True):
            if status == 201:
                await self._holds(where, body)

    @rule(
        place=NUMBERS,
        which=NUMBERS,
        to=NUMBERS,
        name=NUMBERS,
        first=st.sampled_from(("put", "move")),
        second=st.sampled_from(("put", "delete", "move")),
    )
    def two_clients_change(self, place: int, which: int, to: int, name: int, first: str, second: str) -> None:
        """The same resource, through two gateways: nobody overwrites or deletes what he has not seen."""
        self.run(self._change_two(self._place(place), which, self._place(to), self._name(name), (first, second)))

    async def _change_two(self, place: Place, which: int, to: Place, name: str, actions: tuple[str, str]) -> None:
        found = await self._one_of(self._client(0), place, which)
        text = found and await self._client(0).text(place.segment, found[0])
        if not found or not text:
            return
        uid = next(line for line in text.splitlines() if line.startswith("UID:")).removeprefix("UID:")
        bodies = [self._body(uid) for _ in actions]

        async def act(number: int) -> int:
            client = self._client(number)
            match actions[number]:
                case "put":
                    return await client.put(place.segment, found[0], bodies[number], found[1])
                case "delete":
                    return await client.delete(place.segment, *found)
                case _:
                    return await client.move(place.segment, found[0], to.segment, name)

        results = await asyncio.gather(act(0), act(1))
        done = [action for action, status in zip(actions, results, strict=True) if status in STORED]
        if "move" not in actions:
            assert len(done) <= 1, f"{actions}: {results}"
        for action, body, status in zip(actions, bodies, results, strict=True):
            if action == "put" and status in STORED and "delete" not in done:
                await self._holds(place, body, to)

    async def _holds(self, place: Place, body: bytes, other: Place | None = None) -> None:
        """What was sent is somewhere in these collections, if all of them can be seen."""
        client = self._client(0)
        await self.site.folders_are_old()
        summary = next(line for line in body.decode().splitlines() if "Version" in line)
        listed = {segment: await client.listing(segment) for segment in {place.segment, (other or place).segment}}
        shown = [await client.text(segment, name) for segment, names in listed.items() for name in names or ()]
        assert None in listed.values() or any(summary in (text or "").splitlines() for text in shown), summary

    # -- time ----------------------------------------------------------------------------------------------------

    @rule(place=NUMBERS, number=NUMBERS, follower=NUMBERS, replica=REPLICA)
    def much_at_once(self, place: int, number: int, follower: int, replica: int) -> None:
        """Changes of several objects with one and the same stamp, and somebody who looks in the middle of them."""
        self.run(self._at_once(self._place(place), number, self._follower(follower), replica))

    async def _at_once(self, place: Place, number: int, follower: Follower, replica: int) -> None:
        ox = self._who(place, number)
        try:
            ids = await self.objects.ids(ox, place.folder)
        except AssertionError:  # not visible at present
            return
        with self.site.one_stamp():
            for step, object_id in enumerate(ids[number % 3 : number % 3 + 4]):
                await self.objects.new(ox, place.folder, number + step)
                if step == 1:
                    await follower.page(self._client(replica), 1 + number % 3)
                if (number + step) % 3:
                    await self.objects.change(ox, place.folder, object_id, 2)
                else:
                    await self.objects.delete(ox, place.folder, object_id, 1)

    @rule()
    def time_passes(self) -> None:
        self.run(self.site.time_passes())

    @rule(replica=REPLICA, chance=NUMBERS)
    def a_replica_restarts(self, replica: int, chance: int) -> None:
        if self.restarts_are_cheap or not chance:
            self.run(self.site.restart(replica))

    # -- followers -----------------------------------------------------------------------------------------------

    @rule(follower=NUMBERS, replica=REPLICA, limit=LIMITS)
    def one_page(self, follower: int, replica: int, limit: int | None) -> None:
        self.run(self._follower(follower).page(self._client(replica), limit))

    @rule(follower=NUMBERS, replica=REPLICA, limit=LIMITS)
    def one_page_of_the_home(self, follower: int, replica: int, limit: int | None) -> None:
        self.run(self.home_followers[follower % 2].page(self._client(replica), limit))

    @rule(replica=REPLICA, limit=LIMITS)
    def all_catch_up(self, replica: int, limit: int | None) -> None:
        async def catch_up() -> None:
            for follower in (*self.followers, *self.home_followers):
                await follower.catch_up(self._client(replica), limit)

        self.run(catch_up())

    @rule(chance=NUMBERS)
    def quiet(self, chance: int) -> None:
        if chance % 3 == 0:
            self.run(self._quiet())

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

"""The model: what anybody may do to an account, in any order, and what must hold whenever nobody does anything."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from gateway.account.collection import Collection
from gateway.account.collections import ALL_BOOKS, default_segment
from gateway.account.tree import AccountTree
from gateway.dav.errors import BadGateway, Conflict, DAVError, NotFound, Unavailable
from gateway.dav.ports import ObjectCollection
from gateway.dav.values import CollectionPatch
from middleware import passwords
from middleware.generation import Generation
from tests.account.test_contacts import card
from tests.account.test_events import ics, vevent
from tests.account.world import etags
from tests.davclient import todo
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks
from tests.sync_model.follower import Follower
from tests.sync_model.site import FAR, REPLICAS, Site, accepted, collection_of

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
    (Tasks, Generation.EIGHT, "33"),
)
LIMITS = st.sampled_from((None, None, 1, 2, 3))


@pytest.fixture(autouse=True, scope="module")
def cheap_password_hashes() -> Iterator[None]:
    strong = passwords.hasher
    passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield
    passwords.hasher = strong


@dataclass(frozen=True)
class Place:
    """A folder that alice sees, or has seen."""

    folder: str
    segment: str
    of_bob: bool = False


class SyncModel(RuleBasedStateMachine):
    site: Site
    places: list[Place]

    def __init__(self) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self._made = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(work)

    @initialize(kind=st.sampled_from(KINDS), mend=st.booleans())
    def begin(self, kind: tuple[type[Objects], Generation, str], mend: bool) -> None:
        objects, generation, folder = kind
        self.site = Site(generation, mend=mend)
        self.objects = objects()
        self.run(self._begin(folder))

    async def _begin(self, folder: str) -> None:
        await self.site.start()
        self.places = [
            Place(folder, default_segment(folder)),
            await self._new_folder(of_bob=False),
            await self._new_folder(of_bob=True),
        ]
        home = self.objects.home
        self.followers = [Follower(home, place.segment) for place in self.places for _ in range(2)]
        if home == "addressbooks":
            self.followers += [Follower(home, ALL_BOOKS) for _ in range(2)]

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
                self.run(self.site.stop())
        self._runner.close()

    # -- other clients of OX -------------------------------------------------------------------------------------

    @rule(place=NUMBERS, number=NUMBERS)
    def somebody_makes(self, place: int, number: int) -> None:
        where = self._place(place)
        self.run(self.objects.new(self._who(where, number), where.folder, number))

    @rule(place=NUMBERS, which=NUMBERS, number=NUMBERS)
    def somebody_changes(self, place: int, which: int, number: int) -> None:
        self.run(self._elsewhere("change", self._place(place), which, number))

    @rule(place=NUMBERS, which=NUMBERS, number=NUMBERS)
    def somebody_deletes(self, place: int, which: int, number: int) -> None:
        self.run(self._elsewhere("delete", self._place(place), which, number))

    @rule(place=NUMBERS, which=NUMBERS, number=NUMBERS)
    def somebody_moves(self, place: int, which: int, number: int) -> None:
        self.run(self._elsewhere("move", self._place(place), which, number))

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
        where = self._place(place)
        fields = {"subscribed": subscribed}
        self.run(accepted(self.site.alice, "folders", "update", fields, id=where.folder, timestamp=FAR))

    @rule(place=NUMBERS, number=NUMBERS)
    def alice_renames_a_folder(self, place: int, number: int) -> None:
        where = self._place(place)
        fields = {"title": f"{self.objects.module} {number}"}
        self.run(accepted(self.site.alice, "folders", "update", fields, id=where.folder, timestamp=FAR))

    @rule(replica=REPLICA, then=REPLICA)
    def a_client_makes_a_collection_anew(self, replica: int, then: int) -> None:
        """Another folder at the same URL."""
        self.run(self._make_anew(replica, then))

    async def _make_anew(self, replica: int, then: int) -> None:
        with suppress(NotFound):
            await (await self._collection(MADE, replica)).delete()
        account = await self.site.replicas[then].account()
        account.expire_folders()
        home = account.tree().home(self.objects.home)
        try:
            made = await home.make(MADE, frozenset({self.objects.component}), CollectionPatch())
        except Conflict:  # the folder is still there, but alice is not subscribed to it
            return
        assert isinstance(made, Collection)
        self.places = [place for place in self.places if place.segment != MADE]
        self.places.append(Place(made.folder.id, MADE))
        if not any(follower.segment == MADE for follower in self.followers):
            self.followers += [Follower(self.objects.home, MADE) for _ in range(2)]

    # -- clients of the gateway ----------------------------------------------------------------------------------

    @rule(place=NUMBERS, name=NUMBERS, uid=NUMBERS, replica=REPLICA)
    def a_client_puts(self, place: int, name: int, uid: int, replica: int) -> None:
        where = self._place(place)
        self.run(self._tried(self._put(where, f"name-{name % 4}{self.objects.suffix}", f"uid-{uid % 4}", replica)))

    async def _put(self, place: Place, name: str, uid: str, replica: int) -> None:
        collection = await self._collection(place.segment, replica)
        self._made += 1
        base = await collection.entry(name)
        await collection.put(name, _body(self.objects.component, uid, self._made), base)

    @rule(place=NUMBERS, which=NUMBERS, replica=REPLICA)
    def a_client_changes(self, place: int, which: int, replica: int) -> None:
        self.run(self._tried(self._rewrite(self._place(place), which, replica)))

    async def _rewrite(self, place: Place, which: int, replica: int) -> None:
        collection = await self._collection(place.segment, replica)
        entries = await collection.entries()
        if not entries:
            return
        entry = entries[which % len(entries)]
        bodies = [body.text async for body in collection.bodies([entry.name])]
        for text in bodies:
            self._made += 1
            end = f"END:{self.objects.component}"
            changed = text.replace(f"{end}\r\n", f"X-THING:{self._made}\r\n{end}\r\n", 1)
            await collection.put(entry.name, changed.encode(), entry)

    @rule(place=NUMBERS, which=NUMBERS, replica=REPLICA)
    def a_client_deletes(self, place: int, which: int, replica: int) -> None:
        self.run(self._tried(self._remove(self._place(place), which, replica)))

    async def _remove(self, place: Place, which: int, replica: int) -> None:
        collection = await self._collection(place.segment, replica)
        entries = await collection.entries()
        if entries:
            entry = entries[which % len(entries)]
            await collection.remove(entry.name, entry)

    @rule(place=NUMBERS, which=NUMBERS, to=NUMBERS, name=NUMBERS, replica=REPLICA)
    def a_client_moves(self, place: int, which: int, to: int, name: int, replica: int) -> None:
        where = self._place(place)
        self.run(
            self._tried(self._move(where, which, self._place(to), f"name-{name % 4}{self.objects.suffix}", replica))
        )

    async def _move(self, place: Place, which: int, target: Place, name: str, replica: int) -> None:
        tree = await self.site.replicas[replica].tree()
        source = await collection_of(tree, self.objects.home, place.segment)
        there = source if target is place else await collection_of(tree, self.objects.home, target.segment)
        entries = await source.entries()
        if entries:
            entry = entries[which % len(entries)]
            if (source, entry.name) != (there, name):
                await source.move(entry.name, entry, there, name)

    async def _tried(self, work: Coroutine[Any, Any, None]) -> None:
        """What a client may be refused, but not by a failure."""
        try:
            await work
        except (Unavailable, BadGateway):
            raise
        except DAVError:
            pass

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
                    await follower.page(await self.site.replicas[replica].tree(), 1 + number % 3)
                if (number + step) % 3:
                    await self.objects.change(ox, place.folder, object_id, 2)
                else:
                    await self.objects.delete(ox, place.folder, object_id, 1)

    @rule()
    def time_passes(self) -> None:
        self.run(self.site.time_passes())

    @rule(replica=REPLICA)
    def a_replica_restarts(self, replica: int) -> None:
        self.run(self.site.restart(replica))

    # -- followers -----------------------------------------------------------------------------------------------

    @rule(follower=NUMBERS, replica=REPLICA, limit=LIMITS)
    def one_page(self, follower: int, replica: int, limit: int | None) -> None:
        async def page() -> None:
            await self._follower(follower).page(await self.site.replicas[replica].tree(), limit)

        self.run(page())

    @rule(replica=REPLICA, limit=LIMITS)
    def all_catch_up(self, replica: int, limit: int | None) -> None:
        async def catch_up() -> None:
            tree = await self.site.replicas[replica].tree()
            for follower in self.followers:
                await follower.catch_up(tree, limit)

        self.run(catch_up())

    @rule()
    def quiet(self) -> None:
        self.run(self._quiet())

    async def _quiet(self) -> None:
        """Nobody does anything: all know what there is, and nobody is told anything twice."""
        trees = []
        for replica in self.site.replicas:
            (await replica.account()).expire_folders()
            trees.append(await replica.tree())
        listed = [await self._listed(tree) for tree in trees]
        differing = [
            segment for segment in {**listed[0], **listed[1]} if listed[0].get(segment) != listed[1].get(segment)
        ]
        assert not differing, [(each[segment], segment) for segment in differing for each in listed]
        for number, follower in enumerate(self.followers):
            await follower.catch_up(trees[number % REPLICAS], None)
            assert follower.known == listed[0].get(follower.segment, {}), follower.segment
            for tree in trees:
                told, restarts = follower.told, follower.restarts
                await follower.catch_up(tree, None)
                assert follower.restarts > restarts or follower.told == told, "something was told twice"
                assert follower.known == listed[0].get(follower.segment, {})

    async def _listed(self, tree: AccountTree) -> dict[str, dict[str, str]]:
        """Names and ETags by segment, as many as OX shows."""
        home = tree.home(self.objects.home)
        found = {}
        for collection in await home.members():
            if isinstance(collection, Collection):
                found[collection.path[-1]] = etags(await collection.entries())
                if any(place.folder == collection.folder.id for place in self.places):
                    ids = await self.objects.ids(self.site.alice, collection.folder.id)
                    assert len(ids) == len(found[collection.path[-1]])
        if self.objects.home == "addressbooks":
            found[ALL_BOOKS] = etags(await tree.all_books().entries())
        return found

    # -- pieces --------------------------------------------------------------------------------------------------

    def _place(self, number: int) -> Place:
        return self.places[number % len(self.places)]

    def _follower(self, number: int) -> Follower:
        return self.followers[number % len(self.followers)]

    def _who(self, place: Place, number: int) -> Any:
        return self.site.bob if place.of_bob and number % 2 else self.site.alice

    async def _collection(self, segment: str, replica: int) -> ObjectCollection:
        return await collection_of(await self.site.replicas[replica].tree(), self.objects.home, segment)


def _body(component: str, uid: str, version: int) -> bytes:
    lines = [f"X-THING:{version}"] if version % 2 else []
    match component:
        case "VCARD":
            return card(uid, f"Version {version}", *lines)
        case "VTODO":
            return todo(uid, f"Version {version}", *lines).encode()
    return ics(vevent(uid, f"Version {version}", *(["RRULE:FREQ=DAILY;COUNT=4"] if version % 3 == 0 else lines)))


TestSyncModel = SyncModel.TestCase
TestSyncModel.settings = settings(
    max_examples=settings().max_examples // 16,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

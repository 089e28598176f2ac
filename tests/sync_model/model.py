"""The model: what anybody may do to an account, in any order."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.sync_model.account import STORED, AccountModel, Place
from tests.sync_model.client import TokenRefused
from tests.sync_model.elsewhere import Chronos
from tests.sync_model.follower import Follower
from tests.sync_model.site import FAR, REPLICAS, accepted

MADE = "made"
"""Segment of a collection that a client makes."""
NUMBERS = st.integers(0, 11)
REPLICA = st.integers(0, REPLICAS - 1)
LIMITS = st.sampled_from((None, None, 1, 2, 3))


class SyncModel(AccountModel):
    """Followers know what is there whenever nobody does anything, and nothing that was stored is lost."""

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
            # If no gateway looks before all are restarted, nobody knows what an event was called before.
            await self._client(number % REPLICAS).listing(place.segment)
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

    @rule(place=NUMBERS, which=NUMBERS, name=NUMBERS, replica=REPLICA, then=REPLICA, again=st.booleans())
    def a_client_renames_there_and_back(
        self, place: int, which: int, name: int, replica: int, then: int, again: bool
    ) -> None:
        replicas = [replica, then, replica if again else then]
        self.run(self._there_and_back(self._place(place), which, self._name(name), replicas))

    async def _there_and_back(self, place: Place, which: int, name: str, replicas: list[int]) -> None:
        found = await self._one_of(self._client(replicas[0]), place, which)
        if found is None or found[0] == name:
            return
        there, back = (found[0], name), (name, found[0])
        for replica, (former, new) in zip(replicas, (there, back, there), strict=True):
            if await self._client(replica).move(place.segment, former, place.segment, new) not in STORED:
                return

    @rule(place=NUMBERS, which=NUMBERS, to=NUMBERS, onto=NUMBERS, replica=REPLICA)
    def a_client_moves_onto_another(self, place: int, which: int, to: int, onto: int, replica: int) -> None:
        self.run(self._move_onto(self._place(place), which, self._place(to), onto, replica))

    async def _move_onto(self, place: Place, which: int, target: Place, onto: int, replica: int) -> None:
        client = self._client(replica)
        found, other = await self._one_of(client, place, which), await self._one_of(client, target, onto)
        if not found or not other or (place.segment, found[0]) == (target.segment, other[0]):
            return
        text = await client.text(place.segment, found[0]) or ""
        await client.move(place.segment, found[0], target.segment, other[0], overwrite="T")
        if "Version" in text:
            await self._holds(place, text.encode(), target)

    @rule(place=NUMBERS, which=NUMBERS, uid=NUMBERS, replica=REPLICA, then=REPLICA)
    def a_client_makes_a_resource_anew(self, place: int, which: int, uid: int, replica: int, then: int) -> None:
        """Under the same name, with the same UID or another one."""
        self.run(self._make_resource_anew(self._place(place), which, f"uid-{uid % 4}", (replica, then)))

    async def _make_resource_anew(self, place: Place, which: int, uid: str, replicas: tuple[int, int]) -> None:
        found = await self._one_of(self._client(replicas[0]), place, which)
        if found and await self._client(replicas[0]).delete(place.segment, *found) == 204:
            body = self._body(uid)
            if await self._client(replicas[1]).put(place.segment, found[0], body) == 201:
                await self._holds(place, body)

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

    @rule(replica=REPLICA)
    def a_replica_needs_memory(self, replica: int) -> None:
        self.run(self.site.forget(replica))

    # -- followers -----------------------------------------------------------------------------------------------

    @rule(follower=NUMBERS, replica=REPLICA, limit=LIMITS)
    def one_page(self, follower: int, replica: int, limit: int | None) -> None:
        self.run(self._follower(follower).page(self._client(replica), limit))

    @rule(follower=NUMBERS, replica=REPLICA, limit=LIMITS)
    def one_page_of_the_home(self, follower: int, replica: int, limit: int | None) -> None:
        self.run(self.home_followers[follower % 2].page(self._client(replica), limit))

    @rule(follower=NUMBERS, other=NUMBERS, replica=REPLICA)
    def a_token_of_another_collection(self, follower: int, other: int, replica: int) -> None:
        self.run(self._foreign_token(self._follower(follower), self._follower(other), replica))

    async def _foreign_token(self, follower: Follower, other: Follower, replica: int) -> None:
        if not other.token or follower.segment == other.segment:
            return
        try:
            found = await self._client(replica).changes(follower.segment, other.token, None)
        except TokenRefused:
            return
        assert found is None, "a token of another collection was taken"

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

"""Two gateways with one ledger: whoever follows a collection learns that a name is gone, whatever came between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.account.collections import default_segment
from gateway.ledger.ledger import Former, Ledger
from middleware.generation import Generation
from tests.middleware.client import OXClient
from tests.sync_model.client import Client
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks, body_of
from tests.sync_model.follower import Follower, require_same
from tests.sync_model.site import Replicas

FOLDERS = {"contacts": "32", "tasks": "33", "event": "cal://0/31", "calendar": "31"}
KINDS = (
    (Chronos, Generation.EIGHT),
    (Appointments, Generation.SEVEN),
    (Contacts, Generation.EIGHT),
    (Contacts, Generation.SEVEN),
    (Tasks, Generation.EIGHT),
)
BY_THE_LEDGER = KINDS[2:]
"""What OX has no names for."""

Kind = Callable[[], Objects]


class Story:
    """The standard folder of a kind, and another one, behind two gateways."""

    def __init__(self, objects: Objects, site: Replicas, second: str) -> None:
        self.objects = objects
        self.site = site
        self.folder = FOLDERS[objects.module]
        self.segment = default_segment(self.folder)
        self.second = default_segment(second)
        self.follower = Follower(self.segment)

    def client(self, number: int) -> Client:
        return self.site.clients[number]

    def name(self, base: str) -> str:
        return base + self.objects.suffix

    async def put(self, number: int, base: str, uid: str = "uid", segment: str | None = None) -> None:
        body = body_of(self.objects.component, uid, f"Of {uid}")
        assert await self.client(number).put(segment or self.segment, self.name(base), body) == 201

    async def rename(self, number: int, base: str, target: str) -> None:
        client = self.client(number)
        assert await client.move(self.segment, self.name(base), self.segment, self.name(target)) == 201

    async def delete(self, number: int, base: str) -> None:
        listed = await self.client(number).listing(self.segment) or {}
        assert await self.client(number).delete(self.segment, self.name(base), listed[self.name(base)]) == 204

    async def ask(self, number: int) -> set[str]:
        """What the follower knows when it has asked this gateway, which must be what is there."""
        await self.follower.catch_up(self.client(number), None)
        require_same(self.follower, await self.client(number).listing(self.segment) or {})
        return {name.removesuffix(self.objects.suffix) for name in self.follower.known}


@asynccontextmanager
async def story(kind: Kind, generation: Generation) -> AsyncIterator[Story]:
    objects = kind()
    site = Replicas(generation, objects.home, mend=False)
    await site.start()
    try:
        second = await _new_folder(site.alice, objects.module)
        await site.folders_are_old()
        yield Story(objects, site, second)
    finally:
        await site.stop()


async def _new_folder(ox: OXClient, module: str) -> str:
    return str(await ox.data("folders", "new", folder_id=1, body={"title": "Second", "module": module}))


@pytest.mark.parametrize(("kind", "generation"), BY_THE_LEDGER)
async def test_a_name_that_another_object_was_to_take(kind: Kind, generation: Generation) -> None:
    """As when a gateway ends between its note and the move, or OX refuses it."""
    async with story(kind, generation) as told:
        await told.put(0, "a")
        await told.put(0, "other", "uid-other")
        assert await told.ask(0) == {"a", "other"}
        assert await told.client(0).move(told.segment, told.name("a"), told.second, told.name("a")) == 201
        ledger = await Ledger.open(told.site.ledger)
        account = (await told.site.account(0)).identity.key
        await ledger.rename(account, told.folder, "999", told.name("a"))
        await ledger.close()
        await told.site.restart(0)
        assert await told.ask(0) == {"other"}


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_names_that_a_gateway_has_not_seen(kind: Kind, generation: Generation) -> None:
    async with story(kind, generation) as told:
        await told.put(0, "a")
        await told.put(0, "other", "uid-other")
        assert await told.ask(1) == {"a", "other"}
        await told.rename(0, "a", "b")
        assert await told.ask(0) == {"b", "other"}
        await told.rename(0, "b", "c")
        assert await told.ask(1) == {"c", "other"}


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_the_name_of_a_deleted_object_that_a_gateway_has_not_seen(kind: Kind, generation: Generation) -> None:
    async with story(kind, generation) as told:
        await told.put(0, "a")
        await told.put(0, "other", "uid-other")
        assert await told.ask(1) == {"a", "other"}
        await told.rename(0, "a", "b")
        assert await told.ask(0) == {"b", "other"}
        await told.delete(0, "b")
        assert await told.ask(1) == {"other"}


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_there_and_back_unseen_by_the_other_gateway(kind: Kind, generation: Generation) -> None:
    async with story(kind, generation) as told:
        await told.put(0, "a")
        await told.rename(0, "a", "b")
        assert await told.ask(1) == {"b"}
        await told.rename(0, "b", "a")
        await told.site.time_passes()
        await told.put(0, "other", "uid-other")
        assert await told.ask(0) == {"a", "other"}
        await told.rename(0, "a", "b")
        assert await told.ask(1) == {"b", "other"}


@pytest.mark.parametrize(("kind", "generation"), BY_THE_LEDGER)
async def test_a_gateway_that_starts_between_the_note_and_the_move(kind: Kind, generation: Generation) -> None:
    async with story(kind, generation) as told:
        await told.put(0, "a")
        assert await told.ask(1) == {"a"}
        key, stamp = told.follower.known[told.name("a")].strip('"').split("-")[:2]
        ledger = await Ledger.open(told.site.ledger)
        account = (await told.site.account(0)).identity.key
        await told.site.restart(1)
        await ledger.keep_former(account, told.folder, {(key, told.name("a")): Former(until=int(stamp))})
        await ledger.rename(account, told.folder, key, told.name("b"))
        await ledger.close()
        assert list(await told.client(1).listing(told.segment) or ()) == [told.name("b")]
        await told.site.time_passes()
        await told.objects.change(told.site.alice, told.folder, key, 2)
        assert await told.ask(1) == {"b"}


@pytest.mark.parametrize("restarted", [(), (1,), (0, 1)])
async def test_an_event_that_gives_way_is_told_under_its_new_name(restarted: tuple[int, ...]) -> None:
    """An older event of the same name comes into the calendar, through OX."""
    async with story(Chronos, Generation.EIGHT) as told:
        await told.put(0, "a", "uid-older", told.second)
        await told.site.time_passes()
        await told.put(0, "a", "uid-younger")
        await told.site.time_passes()
        await told.put(0, "other", "uid-other")
        assert await told.ask(1) == {"a", "other"}
        older, *_ = await told.objects.ids(told.site.alice, f"cal://0/{told.second}")
        await told.objects.move(told.site.alice, f"cal://0/{told.second}", older, told.folder)
        if 0 not in restarted:
            assert len(await told.client(0).listing(told.segment) or {}) == 3
        for number in restarted:
            await told.site.restart(number)
        for number in (1, 0, 1):
            assert len(await told.ask(number)) == 3


@pytest.mark.parametrize(("kind", "generation"), BY_THE_LEDGER)
async def test_more_deletions_than_an_index_remembers(
    kind: Kind, generation: Generation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.account.gone_names._MOST", 2)
    async with story(kind, generation) as told:
        await told.put(0, "a")
        await told.put(0, "other", "uid-other")
        assert await told.ask(0) == {"a", "other"}
        await told.delete(0, "a")
        for number in range(6):
            await told.put(0, f"b-{number}", f"uid-{number}")
            await told.delete(0, f"b-{number}")
            await told.site.time_passes()
        assert await told.ask(0) == {"other"}


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_the_last_of_two_renames_through_two_gateways_counts(kind: Kind, generation: Generation) -> None:
    async with story(kind, generation) as told:
        await told.put(0, "a")
        assert await told.ask(1) == {"a"}
        await told.rename(1, "a", "b")
        await told.rename(0, "b", "a")
        assert await told.ask(0) == {"a"}
        assert await told.ask(1) == {"a"}

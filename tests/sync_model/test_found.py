"""What the model has found, one story each."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.account.collection import Collection
from gateway.account.collections import default_segment
from gateway.dav.errors import NotFound
from middleware.generation import Generation
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks
from tests.sync_model.follower import Follower
from tests.sync_model.site import FAR, Site, collection_of

KINDS = (
    (Chronos, Generation.EIGHT),
    (Appointments, Generation.SEVEN),
    (Contacts, Generation.EIGHT),
    (Tasks, Generation.EIGHT),
)


@asynccontextmanager
async def site_of(generation: Generation) -> AsyncIterator[Site]:
    site = Site(generation, mend=False)
    await site.start()
    try:
        yield site
    finally:
        await site.stop()


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_folder_that_went_since_folders_were_listed_is_not_found(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    objects = kind()
    async with site_of(generation) as site:
        body = {"title": "Short-lived", "module": objects.module}
        folder = str(await site.alice.data("folders", "new", folder_id=1, body=body))
        tree = await site.replicas[0].tree()
        collection = await collection_of(tree, objects.home, default_segment(folder))
        assert isinstance(collection, Collection)
        await site.alice.call("folders", "delete", timestamp=FAR, body=[folder])
        with pytest.raises(NotFound):
            await collection.changes(None, None)


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_other_rights_count_from_the_first_look_on(kind: Callable[[], Objects], generation: Generation) -> None:
    """The list of folders tells of other rights after the objects were asked for, in one and the same request."""
    objects = kind()
    async with site_of(generation) as site:
        body = {"title": "Shared", "module": objects.module}
        folder = str(await site.bob.data("folders", "new", folder_id=1, body=body))
        segment = default_segment(folder)

        async def share(read: int) -> None:
            bits = 2 | read << 7 | 2 << 14 | 2 << 21
            permissions = [
                {"entity": 4, "group": False, "bits": 403710016},
                {"entity": 3, "group": False, "bits": bits},
            ]
            await site.bob.data("folders", "update", id=folder, timestamp=FAR, body={"permissions": permissions})
            await site.time_passes()

        await share(1)
        await objects.new(site.bob, folder, 2)
        await site.time_passes()
        await objects.new(site.alice, folder, 4)
        follower = Follower(objects.home, segment)
        await follower.catch_up(await site.replicas[0].tree(), None)
        assert len(follower.known) == 1
        await share(2)
        late = Follower(objects.home, segment)
        for each in (late, follower):
            await each.catch_up(await site.replicas[0].tree(), None)
            assert len(each.known) == 2
        await share(1)
        late = Follower(objects.home, segment)
        for each in (late, follower):
            await each.catch_up(await site.replicas[0].tree(), None)
            assert len(each.known) == 1


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_rename_through_one_replica_counts_for_the_others(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    objects = kind()
    async with site_of(generation) as site:
        folder = {"contacts": "32", "tasks": "33", "event": "cal://0/31", "calendar": "31"}[objects.module]
        segment = default_segment(folder)
        await objects.new(site.alice, folder, 2)
        followers = [Follower(objects.home, segment) for _ in site.replicas]
        for follower, replica in zip(followers, site.replicas, strict=True):
            await follower.catch_up(await replica.tree(), None)
        for name in (f"first{objects.suffix}", f"second{objects.suffix}"):
            collection = await collection_of(await site.replicas[0].tree(), objects.home, segment)
            (entry,) = await collection.entries()
            await collection.move(entry.name, entry, collection, name)
            for follower, replica in zip(followers, site.replicas, strict=True):
                await follower.catch_up(await replica.tree(), None)
                assert list(follower.known) == [name]


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_former_name_is_gone_also_after_a_restart(kind: Callable[[], Objects], generation: Generation) -> None:
    objects = kind()
    async with site_of(generation) as site:
        folder = {"contacts": "32", "tasks": "33", "event": "cal://0/31", "calendar": "31"}[objects.module]
        segment = default_segment(folder)
        await objects.new(site.alice, folder, 2)
        follower = Follower(objects.home, segment)
        await follower.catch_up(await site.replicas[0].tree(), None)
        collection = await collection_of(await site.replicas[0].tree(), objects.home, segment)
        (entry,) = await collection.entries()
        await collection.move(entry.name, entry, collection, f"new{objects.suffix}")
        await site.restart(0)
        await follower.catch_up(await site.replicas[0].tree(), None)
        assert list(follower.known) == [f"new{objects.suffix}"]

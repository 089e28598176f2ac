"""What the model has found, one story each."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from gateway.account import promising
from gateway.account.collections import default_segment
from gateway.ledger.ledger import Ledger
from middleware.generation import Generation
from tests.sync_model.client import Client, TokenRefused
from tests.sync_model.elsewhere import Appointments, Chronos, Contacts, Objects, Tasks, body_of
from tests.sync_model.follower import Follower
from tests.sync_model.site import FAR, PASSWORD, REPLICAS, Replicas

FOLDERS = {"contacts": "32", "tasks": "33", "event": "cal://0/31", "calendar": "31"}
KINDS = (
    (Chronos, Generation.EIGHT),
    (Appointments, Generation.SEVEN),
    (Contacts, Generation.EIGHT),
    (Tasks, Generation.EIGHT),
)


@asynccontextmanager
async def site_of(generation: Generation, home: str) -> AsyncIterator[Replicas]:
    site = Replicas(generation, home, mend=False)
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
    async with site_of(generation, objects.home) as site:
        body = {"title": "Short-lived", "module": objects.module}
        folder = str(await site.alice.data("folders", "new", folder_id=1, body=body))
        client = site.clients[0]
        assert await client.listing(default_segment(folder)) == {}
        await site.alice.call("folders", "delete", timestamp=FAR, body=[folder])
        assert await client.changes(default_segment(folder), "", None) is None


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_other_rights_count_from_the_first_look_on(kind: Callable[[], Objects], generation: Generation) -> None:
    """The list of folders tells of other rights after the objects were asked for, in one and the same request."""
    objects = kind()
    async with site_of(generation, objects.home) as site:
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
        follower = Follower(segment)
        await follower.catch_up(site.clients[0], None)
        assert len(follower.known) == 1
        await share(2)
        late = Follower(segment)
        for each in (late, follower):
            await each.catch_up(site.clients[0], None)
            assert len(each.known) == 2
        await share(1)
        late = Follower(segment)
        for each in (late, follower):
            await each.catch_up(site.clients[0], None)
            assert len(each.known) == 1


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_rename_through_one_replica_counts_for_the_others(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    objects = kind()
    async with site_of(generation, objects.home) as site:
        folder = FOLDERS[objects.module]
        segment = default_segment(folder)
        await objects.new(site.alice, folder, 2)
        followers = [Follower(segment) for _ in site.clients]
        for follower, client in zip(followers, site.clients, strict=True):
            await follower.catch_up(client, None)
        for name in (f"first{objects.suffix}", f"second{objects.suffix}"):
            (former,) = (await site.clients[0].listing(segment) or {}).keys()
            assert await site.clients[0].move(segment, former, segment, name) == 201
            for follower, client in zip(followers, site.clients, strict=True):
                await follower.catch_up(client, None)
                assert list(follower.known) == [name]


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_former_name_is_gone_also_after_a_restart(kind: Callable[[], Objects], generation: Generation) -> None:
    objects = kind()
    async with site_of(generation, objects.home) as site:
        folder = FOLDERS[objects.module]
        segment = default_segment(folder)
        await objects.new(site.alice, folder, 2)
        follower = Follower(segment)
        await follower.catch_up(site.clients[0], None)
        (former,) = (await site.clients[0].listing(segment) or {}).keys()
        assert await site.clients[0].move(segment, former, segment, f"new{objects.suffix}") == 201
        await site.restart(0)
        await follower.catch_up(site.clients[0], None)
        assert list(follower.known) == [f"new{objects.suffix}"]


@pytest.mark.parametrize(("kind", "generation"), [*KINDS, (Contacts, Generation.SEVEN), (Tasks, Generation.SEVEN)])
async def test_what_two_clients_store_at_the_same_moment_is_the_same_for_both_gateways(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    """The second one writes to the ledger when the first has shown its object already."""
    objects = kind()
    async with site_of(generation, objects.home) as site:
        segment = default_segment(FOLDERS[objects.module])
        for number in range(10):
            names = [f"name-{number}-{replica if number % 2 else 0}{objects.suffix}" for replica in range(REPLICAS)]
            bodies = [body_of(objects.component, f"uid-{number}-{replica}", "Both") for replica in range(REPLICAS)]
            puts = zip(site.clients, names, bodies, strict=True)
            await asyncio.gather(*(client.put(segment, name, body) for client, name, body in puts))
            listed = [await client.listing(segment) for client in site.clients]
            assert listed[0] == listed[1]


@pytest.mark.parametrize(("kind", "generation"), [*KINDS, (Contacts, Generation.SEVEN), (Tasks, Generation.SEVEN)])
async def test_two_gateways_do_not_make_the_same_resource(kind: Callable[[], Objects], generation: Generation) -> None:
    """Or, where OX keeps the names, both are stored and one of them under another name."""
    objects = kind()
    async with site_of(generation, objects.home) as site:
        segment = default_segment(FOLDERS[objects.module])
        bodies = [body_of(objects.component, f"uid-{replica}", f"By {replica}") for replica in range(REPLICAS)]
        puts = zip(site.clients, bodies, strict=True)
        statuses = await asyncio.gather(*(client.put(segment, f"a{objects.suffix}", body) for client, body in puts))
        assert sorted(statuses) == ([201, 201] if kind is Chronos else [201, 412])
        for client in site.clients:
            listed = await client.listing(segment) or {}
            assert f"a{objects.suffix}" in listed
            assert len(listed) == statuses.count(201)


async def test_a_promise_that_nobody_kept_is_no_lasting_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a gateway ends between its promise and the creation."""
    monkeypatch.setattr(promising, "_WAITS", (0.0, 0.0))
    async with site_of(Generation.EIGHT, "addressbooks") as site:
        ledger = await Ledger.open(site.ledger)
        account = (await site.account(0)).identity.key
        await ledger.claim(account, "32", "uid:lost", "a.vcf")
        await ledger.close()
        assert await site.clients[0].put("32", "a.vcf", body_of("VCARD", "other", "Other")) == 201
        assert list(await site.clients[1].listing("32") or ()) == ["a.vcf"]


async def test_names_of_the_deleted_outlive_a_restart_while_an_address_book_is_empty() -> None:
    """OX does not tell the deletions then; it does as soon as there is a contact again."""
    async with site_of(Generation.EIGHT, "addressbooks") as site:
        body = {"title": "Second", "module": "contacts"}
        second = str(await site.alice.data("folders", "new", folder_id=1, body=body))
        client = site.clients[0]
        assert await client.put(second, "first.vcf", body_of("VCARD", "uid-1", "One")) == 201
        assert await client.put("32", "other.vcf", body_of("VCARD", "uid-2", "Two")) == 201
        follower = Follower(second)
        await follower.catch_up(client, None)
        assert await client.move(second, "first.vcf", "32", "first.vcf") == 201
        await site.restart(0)
        assert await site.clients[0].listing(second) == {}
        assert await site.clients[0].move("32", "other.vcf", second, "other.vcf") == 201
        await follower.catch_up(site.clients[0], None)
        assert list(follower.known) == ["other.vcf"]


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_former_names_of_the_deleted_are_told_after_a_restart(
    kind: Callable[[], Objects], generation: Generation
) -> None:
    objects = kind()
    async with site_of(generation, objects.home) as site:
        segment = default_segment(FOLDERS[objects.module])
        client = site.clients[0]
        assert await client.put(segment, f"a{objects.suffix}", body_of(objects.component, "uid-1", "One")) == 201
        assert await client.put(segment, f"other{objects.suffix}", body_of(objects.component, "uid-2", "Two")) == 201
        follower = Follower(segment)
        await follower.catch_up(client, None)
        assert await client.move(segment, f"a{objects.suffix}", segment, f"b{objects.suffix}") == 201
        listed = await client.listing(segment) or {}
        assert await client.delete(segment, f"b{objects.suffix}", listed[f"b{objects.suffix}"]) == 204
        await site.restart(0)
        await follower.catch_up(site.clients[0], None)
        assert list(follower.known) == [f"other{objects.suffix}"]


async def test_a_former_name_goes_to_one_of_two_clients_only() -> None:
    async with site_of(Generation.EIGHT, "addressbooks") as site:
        client = site.clients[0]
        for number in range(4):
            name = f"a{number}.vcf"
            assert await client.put("32", name, body_of("VCARD", f"former-{number}", "One")) == 201
            assert await client.move("32", name, "32", f"b{number}.vcf") == 201
            body = body_of("VCARD", f"uid-{number}", "Two")
            results = await asyncio.gather(*(each.put("32", name, body) for each in site.clients))
            assert sorted(results) == [201, 412]


@pytest.mark.parametrize(("kind", "generation"), KINDS)
async def test_a_token_of_another_user_is_refused(kind: Callable[[], Objects], generation: Generation) -> None:
    """Names are kept for each user."""
    objects = kind()
    async with site_of(generation, objects.home) as site:
        body = {"title": "Shared", "module": objects.module}
        folder = str(await site.bob.data("folders", "new", folder_id=1, body=body))
        hers = {"entity": 3, "group": False, "bits": 2 | 2 << 7 | 2 << 14 | 2 << 21}
        permissions = [{"entity": 4, "group": False, "bits": 403710016}, hers]
        await site.bob.data("folders", "update", id=folder, timestamp=FAR, body={"permissions": permissions})
        await site.folders_are_old()
        bobs = Client(site.clients[0].dav.url, objects.home, PASSWORD, "bob")
        segment = default_segment(folder)
        await objects.new(site.bob, folder, 2)
        follower = Follower(segment)
        await follower.catch_up(bobs, None)
        with pytest.raises(TokenRefused):
            await site.clients[0].changes(segment, follower.token, None)
        await bobs.close()

"""One budget for all accounts: the one that was used least recently loses first."""

from __future__ import annotations

import asyncio
import gc

from gateway.account.cache import Cache
from gateway.account.pool import Accounts
from tests.account.test_sync import new_event
from tests.account.world import Device, World, text_of

SMALL = 1000


class Indexes:
    """Something of an account that is not on its shelf."""

    def __init__(self, *, in_use: bool = False) -> None:
        self.in_use = in_use
        self.asked = 0

    def release(self) -> bool:
        self.asked += 1
        return not self.in_use


def test_what_was_put_is_there_until_it_is_dropped() -> None:
    cache = Cache(10_000)
    cache.shelf("anna").put("key", "text", SMALL)
    assert cache.shelf("anna").get("key") == "text"
    assert cache.shelf("ben").get("key") is None
    assert cache.size >= SMALL
    cache.shelf("anna").drop("key")
    cache.shelf("anna").drop("key")
    assert (cache.shelf("anna").get("key"), cache.size) == (None, 0)


def test_a_value_in_place_of_another_counts_once() -> None:
    cache = Cache(10_000)
    for size in (4000, 2000, 3000):
        cache.shelf("anna").put("key", "text", size)
    assert 3000 <= cache.size < 4000


def test_the_least_used_account_loses_first_and_its_oldest_value() -> None:
    cache = Cache(10_000)
    for account in ("anna", "ben"):
        for key in ("first", "second"):
            cache.shelf(account).put(key, "text", 2000)
    assert cache.shelf("anna").get("first")  # used again, and anna after ben
    cache.shelf("anna").put("third", "text", 2000)
    assert (cache.shelf("ben").get("first"), cache.shelf("ben").get("second")) == (None, "text")
    assert [cache.shelf("anna").get(key) for key in ("first", "second", "third")] == ["text"] * 3
    for key in ("fourth", "fifth", "sixth"):
        cache.shelf("anna").put(key, "text", 2000)
    assert cache.shelf("ben").get("second") is None
    assert [cache.shelf("anna").get(key) is None for key in ("first", "second", "third", "sixth")] == [
        True,
        True,
        False,
        False,
    ]
    assert cache.size <= cache.budget


def test_what_is_larger_than_everything_is_not_kept() -> None:
    cache = Cache(10_000)
    cache.shelf("anna").put("small", "text", SMALL)
    cache.shelf("anna").put("key", "text", SMALL)
    cache.shelf("anna").put("key", "text", 10_000)
    assert (cache.shelf("anna").get("key"), cache.shelf("anna").get("small")) == (None, "text")


def test_indexes_count_and_go_after_the_values_of_their_account() -> None:
    cache = Cache(10_000)
    anna, ben = Indexes(), Indexes(in_use=True)
    cache.shelf("anna").weigh(anna, 4000)
    cache.shelf("anna").put("key", "text", 2000)
    cache.shelf("ben").weigh(ben, 5000)
    assert (cache.size, anna.asked) == (9000, 0)
    cache.shelf("ben").weigh(ben, 8000)
    assert (cache.size, anna.asked, ben.asked) == (8000, 1, 0)
    cache.shelf("ben").weigh(ben, 11_000)  # nothing helps while it is in use
    assert (cache.size, ben.asked) == (11_000, 1)
    cache.shelf("ben").weigh(ben, 0)
    assert cache.size == 0


def test_values_go_before_indexes() -> None:
    cache = Cache(10_000)
    anna = Indexes()
    cache.shelf("anna").weigh(anna, 4000)
    cache.shelf("anna").put("key", "text", 4000)
    cache.shelf("ben").put("key", "text", 4000)
    assert (cache.shelf("anna").get("key"), anna.asked) == (None, 0)


async def test_accounts_share_a_budget(world: World) -> None:
    """What bob has read takes the place of what alice had, and she finds everything as it was."""
    alice_ox = await world.ox()
    for number in range(20):
        await new_event(alice_ox, f"alice{number}")
    world.accounts = Accounts(world.transport, world.ledger, cache_bytes=12_000)
    device = Device()
    await device.sync(await world.calendar())
    assert await text_of(await world.calendar(), "uid-alice3.ics")
    cache = (await world.account())._cache
    assert 20 * 400 < cache.size <= 12_000
    bob = await world.account("bob")
    for number in range(5):
        bob.keep_text("folder", f"etag {number}", "x" * 2000)
    assert cache.size <= 12_000
    assert (await world.account()).synced("cal://0/31") is None
    changes = await device.sync(await world.calendar())
    assert (changes.changed, changes.removed, len(device.known)) == ((), (), 20)
    await new_event(alice_ox, "another")
    await device.sync(await world.calendar())
    assert len(device.known) == 21


async def test_indexes_stay_while_a_request_uses_them(world: World) -> None:
    await new_event(await world.ox(), "one")
    world.accounts = Accounts(world.transport, world.ledger, cache_bytes=100)
    calendar = await world.calendar()
    assert len(await calendar.entries()) == 1
    assert not calendar.account.release()
    assert calendar.account.synced("cal://0/31") is not None
    assert await text_of(calendar, "uid-one.ics")
    account = calendar.account
    del calendar
    await asyncio.sleep(0.01)  # the loop closes the iterator that was left
    gc.collect()
    assert account.release()
    assert account.synced("cal://0/31") is None

"""What happened just before the newest stamp is asked for again, until nothing more can appear there."""

from __future__ import annotations

import pytest

from gateway.account.index import WINDOW
from gateway.account.synced import SETTLED_SECONDS, Synced
from tests.account.test_sync import new_event
from tests.account.world import Device, World


async def test_after_a_while_ox_is_asked_from_the_newest_stamp_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(Synced, "clock", lambda _: now)
    ox, device = await world.ox(), Device()
    await new_event(ox, "first")
    await device.sync(await world.calendar())
    state = (await world.account()).synced("cal://0/31")
    assert state is not None
    newest = state.index.newest
    now += SETTLED_SECONDS + 1
    assert state.since == newest - WINDOW, "OX was not asked since"
    await device.sync(await world.calendar())
    assert state.since == newest
    await new_event(ox, "second")
    await device.sync(await world.calendar())
    assert state.since == state.index.newest - WINDOW
    assert sorted(device.known) == ["uid-first.ics", "uid-second.ics"]


async def test_what_came_too_fast_is_asked_for_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(Synced, "clock", lambda _: now)
    ox, device = await world.ox(), Device()
    await new_event(ox, "first")
    for _ in range(3):
        await device.sync(await world.calendar())
        now += SETTLED_SECONDS / 4
    state = (await world.account()).synced("cal://0/31")
    assert state is not None
    assert state.since == state.index.newest - WINDOW

"""What OX tells again within some seconds is not read again, but what belongs to it elsewhere is noticed."""

from __future__ import annotations

import pytest

from gateway.account import event_sync
from gateway.ledger.ledger import Residue
from tests.account.test_sync import new_event
from tests.account.world import Device, World


async def test_events_that_are_told_again_are_not_read_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ox, device = await world.ox(), Device()
    for summary in ("one", "two", "three"):
        await new_event(ox, summary)
    await device.sync(await world.calendar())
    read: list[str] = []

    def counted(event: dict[str, str], *others: object) -> object:
        read.append(event["uid"])
        return event_sync.found(event, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(event_sync.SyncedEvents, "found", staticmethod(counted))
    await new_event(ox, "four")
    await device.sync(await world.calendar())
    assert read == ["uid-four"]
    assert len(device.known) == 4


async def test_a_residue_that_another_replica_kept_after_the_event_was_seen_is_noticed(world: World) -> None:
    ox, device = await world.ox(), Device()
    event_id = await new_event(ox, "one")
    await device.sync(await world.calendar())
    before = dict(device.known)
    account = await world.account()
    state = account.synced("cal://0/31")
    assert state is not None
    stamp = state.index.newest
    await world.ledger.set_residue(account.identity.key, "31", event_id, Residue(stamp, "[]"))
    await device.sync(await world.calendar())
    assert device.known.keys() == before.keys()
    assert device.known != before

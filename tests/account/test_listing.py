"""Listings are kept, and written anew as soon as a member changed."""

from __future__ import annotations

from collections.abc import Sequence

from gateway.dav.ports import Entry
from tests.account.test_sync import delete_event, new_event
from tests.account.world import World


async def test_a_listing_is_written_once_for_each_state(world: World) -> None:
    ox = await world.ox()
    await new_event(ox, "one")
    written: list[int] = []

    def write(entries: Sequence[Entry]) -> str:
        written.append(len(entries))
        return "".join(f"{entry.name} {entry.etag}\n" for entry in entries)

    async def listing(form: str = "a") -> str:
        return "".join([text async for text in (await world.calendar()).listing(form, write)])

    first = await listing()
    assert await listing() == first
    assert written == [1]
    other = await listing("b")
    assert (other, written) == (first, [1, 1])
    second = await new_event(ox, "two")
    assert "uid-two.ics" in await listing()
    await delete_event(ox, second)
    assert "uid-two.ics" not in await listing()


async def test_a_first_sync_tells_all_members(world: World) -> None:
    await new_event(await world.ox(), "one")
    calendar = await world.calendar()
    changes = await calendar.changes(None, None)
    assert (changes.whole, changes.changed, changes.token) == (True, (), await calendar.sync_token())
    limited = await (await world.calendar()).changes(None, 0)
    assert not limited.whole

"""Listings are kept, and written anew as soon as a member changed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from gateway.dav.values import Entry
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


async def test_an_answer_to_a_query_is_kept_until_a_member_changes(world: World) -> None:
    ox = await world.ox()
    await new_event(ox, "one")
    written: list[str] = []

    async def answer(form: str) -> str:
        calendar = await world.calendar()

        async def write() -> AsyncIterator[str]:
            written.append(form)
            for entry in await calendar.entries():
                yield f"{entry.name} {entry.etag}\n"

        return "".join([text async for text in calendar.answer(form, write)])

    first = await answer("a")
    assert (await answer("a"), await answer("b"), written) == (first, first, ["a", "b"])
    for form in "cdef":
        await answer(form)
    assert await answer("f") == first
    assert written == ["a", "b", "c", "d", "e", "f"]
    await answer("a")
    assert written[-1] == "a"
    await new_event(ox, "two")
    assert "uid-two.ics" in await answer("f")


async def test_an_answer_in_which_something_fails_is_not_kept(world: World) -> None:
    await new_event(await world.ox(), "one")
    calendar = await world.calendar()
    written: list[int] = []

    async def write() -> AsyncIterator[str]:
        written.append(1)
        yield "a part"
        if len(written) == 1:
            raise LookupError

    with pytest.raises(LookupError):
        _ = [text async for text in calendar.answer("a", write)]
    assert [text async for text in calendar.answer("a", write)] == ["a part"]
    assert [text async for text in calendar.answer("a", write)] == ["a part"]
    assert len(written) == 2


async def test_a_first_sync_tells_all_members(world: World) -> None:
    await new_event(await world.ox(), "one")
    calendar = await world.calendar()
    changes = await calendar.changes(None, None)
    assert (changes.whole, changes.changed, changes.token) == (True, (), await calendar.sync_token())
    limited = await (await world.calendar()).changes(None, 0)
    assert not limited.whole

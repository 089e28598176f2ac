"""OX in trouble: nothing is lost, nothing happens twice, and the answer says what is the case."""

from __future__ import annotations

import pytest

from gateway.dav.errors import BadGateway, Conflict, DAVError, PreconditionFailed, Unavailable
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.account.test_contacts import card
from tests.account.test_events import ics, stored, vevent
from tests.account.world import World, etags, text_of

TROUBLE = OXError("CAL-5000", "ERROR", "An unexpected error occurred.")
STALE = OXError("CAL-4120", "CONFLICT", "Concurrent modification")

SERIES = vevent("u1", "Daily", "RRULE:FREQ=DAILY;COUNT=5")
OVERRIDE = vevent(
    "u1", "Moved", "RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000", start="20270302T150000", end="20270302T160000"
)
SECOND = vevent(
    "u1", "Second", "RECURRENCE-ID;TZID=Europe/Berlin:20270303T090000", start="20270303T150000", end="20270303T160000"
)


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.MALFORMED_JSON])
async def test_a_creation_that_happened_is_found_again(world: World, kind: Kind) -> None:
    await (await world.calendar()).entries()
    world.running.faults.add(Fault(kind, "chronos", "new"))
    result = await (await world.calendar()).put("a.ics", ics(vevent("u1", "Lunch")), None)
    assert result.created
    assert list(etags(await (await world.calendar()).entries())) == ["a.ics"]


@pytest.mark.parametrize("name", ["a.ics", "odd name"])
async def test_a_creation_that_did_not_happen_can_be_repeated(world: World, name: str) -> None:
    await (await world.calendar()).entries()
    world.running.faults.add(Fault(Kind.DROP_BEFORE, "chronos", "new"))
    with pytest.raises(Unavailable):
        await (await world.calendar()).put(name, ics(vevent("u1", "Lunch")), None)
    assert await (await world.calendar()).entries() == []
    await (await world.calendar()).put(name, ics(vevent("u1", "Lunch")), None)
    assert list(etags(await (await world.calendar()).entries())) == [name]


async def test_a_series_whose_creation_got_lost_half_way_is_completed(world: World) -> None:
    await (await world.calendar()).entries()
    world.running.faults.add(Fault(Kind.DROP_AFTER, "chronos", "new"))
    await (await world.calendar()).put("s.ics", ics(SERIES, OVERRIDE), None)
    assert "SUMMARY:Moved" in (await text_of(await world.calendar(), "s.ics") or "")


@pytest.mark.parametrize("kind", [Kind.DROP_AFTER, Kind.MALFORMED_JSON])
async def test_an_update_that_happened_is_found_again(world: World, kind: Kind) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    world.running.faults.add(Fault(kind, "chronos", "update"))
    await (await world.calendar()).put("a.ics", ics(vevent("u1", "Dinner")), entry)
    assert "SUMMARY:Dinner" in (await text_of(await world.calendar(), "a.ics") or "")


async def test_an_update_that_did_not_happen_can_be_repeated(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    world.running.faults.add(Fault(Kind.DROP_BEFORE, "chronos", "update"))
    with pytest.raises(Unavailable):
        await (await world.calendar()).put("a.ics", ics(vevent("u1", "Dinner")), entry)
    await (await world.calendar()).put("a.ics", ics(vevent("u1", "Dinner")), entry)


async def test_a_deletion_that_happened_is_found_again(world: World) -> None:
    entry = await stored(world, "a.ics", vevent("u1", "Lunch"))
    world.running.faults.add(Fault(Kind.DROP_AFTER, "chronos", "delete"))
    await (await world.calendar()).remove("a.ics", entry)
    assert await (await world.calendar()).entries() == []


async def test_a_new_series_of_which_a_part_fails_is_not_left_half(world: World) -> None:
    await (await world.calendar()).entries()
    world.running.faults.add(Fault(Kind.ERROR, "chronos", "update", error=TROUBLE))
    with pytest.raises(BadGateway):
        await (await world.calendar()).put("s.ics", ics(SERIES, OVERRIDE), None)
    assert await (await world.calendar()).entries() == []


async def test_an_update_of_which_a_part_fails_is_taken_back(world: World) -> None:
    entry = await stored(world, "s.ics", SERIES, OVERRIDE)
    changed = (SERIES.replace("Daily", "Changed"), OVERRIDE, SECOND)
    fault = Fault(Kind.ERROR, "chronos", "update", {"recurrenceId": "20270303T080000Z"}, error=STALE)
    world.running.faults.add(fault)
    with pytest.raises(PreconditionFailed):
        await (await world.calendar()).put("s.ics", ics(*changed), entry)
    text = await text_of(await world.calendar(), "s.ics") or ""
    assert "SUMMARY:Daily" in text
    assert "SUMMARY:Moved" in text
    assert "SUMMARY:Second" not in text


async def test_what_cannot_be_taken_back_is_said_and_shown_by_the_next_sync(world: World) -> None:
    await (await world.calendar()).entries()
    world.running.faults.add(Fault(Kind.ERROR, "chronos", "update", error=TROUBLE))
    world.running.faults.add(Fault(Kind.ERROR, "chronos", "delete", error=TROUBLE))
    with pytest.raises(Conflict) as caught:
        await (await world.calendar()).put("s.ics", ics(SERIES, OVERRIDE), None)
    assert "synchronise" in caught.value.reason
    assert list(etags(await (await world.calendar()).entries())) == ["s.ics"]


async def test_contacts_are_looked_up_after_a_lost_answer(world: World) -> None:
    await (await world.book()).entries()
    world.running.faults.add(Fault(Kind.DROP_AFTER, "contacts", "new"))
    await (await world.book()).put("a.vcf", card("u1", "Ada", "X-HOBBY:chess"), None)
    book = await world.book()
    entry = await book.entry("a.vcf")
    assert "X-HOBBY:chess" in (await text_of(book, "a.vcf") or "")
    world.running.faults.add(Fault(Kind.DROP_AFTER, "contacts", "update"))
    await book.put("a.vcf", card("u1", "Bea"), entry)
    book = await world.book()
    entry = await book.entry("a.vcf")
    assert "FN:Bea" in (await text_of(book, "a.vcf") or "")
    assert entry is not None
    world.running.faults.add(Fault(Kind.DROP_AFTER, "contacts", "delete"))
    await book.remove("a.vcf", entry)
    assert await (await world.book()).entries() == []


async def test_a_contact_that_was_not_stored_can_be_sent_again(world: World) -> None:
    await (await world.book()).entries()
    world.running.faults.add(Fault(Kind.DROP_BEFORE, "contacts", "new"))
    with pytest.raises(Unavailable):
        await (await world.book()).put("a.vcf", card("u1", "Ada"), None)
    await (await world.book()).put("a.vcf", card("u1", "Ada"), None)
    assert list(etags(await (await world.book()).entries())) == ["a.vcf"]


@pytest.mark.parametrize(
    ("kind", "error"),
    [(Kind.UNAVAILABLE, Unavailable), (Kind.TOO_MANY_REQUESTS, Unavailable), (Kind.MALFORMED_JSON, BadGateway)],
)
async def test_trouble_of_ox_is_said_and_passes(world: World, kind: Kind, error: type[DAVError]) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    calendar = await world.calendar()
    world.running.faults.add(Fault(kind, "chronos", "updates", times=2))
    with pytest.raises(error) as caught:
        await calendar.entries()
    if error is Unavailable:
        assert caught.value.retry_after
    world.running.faults.clear()
    assert list(etags(await (await world.calendar()).entries())) == ["a.ics"]


async def test_a_lost_session_is_renewed_unnoticed(world: World) -> None:
    await stored(world, "a.ics", vevent("u1", "Lunch"))
    world.running.faults.add(Fault(Kind.SESSION_EXPIRED, "chronos", "updates"))
    assert list(etags(await (await world.calendar()).entries())) == ["a.ics"]

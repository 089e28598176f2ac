"""When OX fails the client is told, nothing is lost, nothing is done twice."""

from __future__ import annotations

import pytest

from middleware.faults import Fault, Kind
from tests.davclient import DAV, card, child, event
from tests.oxclient import OX
from tests.world import World

pytestmark = pytest.mark.usefixtures("no_fault_left")


async def test_an_expired_session_is_renewed_without_the_client_noticing(world: World, alice: DAV) -> None:
    calendar = (await alice.calendars())["Calendar"]
    world.ox_server.faults.add(Fault(Kind.SESSION_EXPIRED))
    (await alice.propfind(calendar, "CS:getctag")).expect(207)
    world.ox_server.faults.add(Fault(Kind.SESSION_EXPIRED, "chronos", "new"))
    (await alice.put(child(calendar, "renewed.ics"), event("renewed"))).expect(201)
    assert "SUMMARY" in (await alice.get(child(calendar, "renewed.ics"))).text


@pytest.mark.parametrize("kind", [Kind.UNAVAILABLE, Kind.TOO_MANY_REQUESTS, Kind.DROP_BEFORE, Kind.MALFORMED_JSON])
async def test_reading_during_an_outage_is_an_error_never_an_empty_listing(
    world: World, alice: DAV, calendar: str, kind: Kind
) -> None:
    (await alice.put(child(calendar, f"outage-{kind.name}.ics"), event(f"outage-{kind.name}"))).expect(201)
    token = (await alice.sync(calendar)).token
    world.ox_server.faults.add(Fault(kind, times=None, seconds=7))
    for answer in (await alice.propfind(calendar, "D:getetag", depth=1), await alice.sync_report(calendar, token)):
        assert answer.status in (502, 503), answer.status
        if answer.status == 503:
            assert int(answer.headers["Retry-After"]) > 0
    poll = await alice.propfind(calendar, "CS:getctag")
    assert poll.status in (502, 503) or not poll.only.has("CS:getctag")
    world.ox_server.faults.clear()
    assert (await alice.sync(calendar, token)).removed == []


async def test_a_write_whose_answer_is_lost_is_done_once(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "lost-answer.ics")
    world.ox_server.faults.add(Fault(Kind.DROP_AFTER, "chronos", "new"))
    answer = await alice.put(href, event("lost-answer"))
    assert answer.status in (201, 204, 503)
    stored = [one for one in await alice_ox.events() if one["uid"] == "lost-answer"]
    assert len(stored) == 1
    assert answer.status == 201, "it was stored, so the client should hear so"
    world.ox_server.faults.add(Fault(Kind.DROP_AFTER, "chronos", "update"))
    (await alice.put(href, event("lost-answer", "Second"))).expect(204)
    assert (await alice_ox.event("lost-answer"))["summary"] == "Second"
    world.ox_server.faults.add(Fault(Kind.DROP_AFTER, "chronos", "delete"))
    (await alice.delete(href)).expect(204)
    (await alice.get(href)).expect(404)


async def test_a_write_that_never_arrived_is_not_claimed(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "never-arrived.ics")
    world.ox_server.faults.add(Fault(Kind.DROP_BEFORE, "chronos", "new", times=None))
    assert (await alice.put(href, event("never-arrived"))).status in (502, 503)
    world.ox_server.faults.clear()
    assert not [one for one in await alice_ox.events() if one["uid"] == "never-arrived"]
    (await alice.get(href)).expect(404)
    (await alice.put(href, event("never-arrived"))).expect(201)


async def test_a_contact_whose_answer_is_lost_is_stored_once(world: World, alice: DAV, alice_ox: OX, book: str) -> None:
    href = child(book, "lost-card.vcf")
    world.ox_server.faults.add(Fault(Kind.DROP_AFTER, "contacts", "new"))
    answer = await alice.put(href, card("lost-card", "Lost Card"))
    assert answer.status in (201, 503)
    rows = await alice_ox.call("contacts", "all", folder=await alice_ox.address_book(), columns="1,223")
    assert len([row for row in rows if row[1] == "lost-card"]) == 1
    (await alice.put(href, card("lost-card", "Lost Card"))).expect(201, 204)
    rows = await alice_ox.call("contacts", "all", folder=await alice_ox.address_book(), columns="1,223")
    assert len([row for row in rows if row[1] == "lost-card"]) == 1


async def test_a_warning_beside_data_is_no_failure(world: World, alice: DAV, calendar: str) -> None:
    world.ox_server.faults.add(Fault(Kind.WARNING, "chronos", "new"))
    (await alice.put(child(calendar, "warned.ics"), event("warned"))).expect(201)
    world.ox_server.faults.add(Fault(Kind.WARNING, "chronos", "updates"))
    (await alice.propfind(calendar, "D:getetag", depth=1)).expect(207)


async def test_a_double_booked_room_is_refused_and_nothing_is_stored(
    alice: DAV, bob: DAV, bob_ox: OX, calendar: str
) -> None:
    room = ["ORGANIZER:mailto:{0}", "ATTENDEE:mailto:{0}", "ATTENDEE;CUTYPE=RESOURCE:mailto:room1@example.com"]
    mine = event("room-1", lines=[line.format("alice@example.com") for line in room])
    (await alice.put(child(calendar, "room-1.ics"), mine)).expect(201)
    theirs = event("room-2", lines=[line.format("bob@example.com") for line in room])
    bobs = (await bob.calendars())["Calendar"]
    (await bob.put(child(bobs, "room-2.ics"), theirs)).expect(403, 409)
    assert not [one for one in await bob_ox.events() if one["uid"] == "room-2"]

"""One UID in two calendars: how Thunderbird, Evolution and others move an object (PUT here, then DELETE there)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.davclient import DAV, child, event, todo
from tests.oxclient import OX
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
SERIES = event("moving", "Series", lines=["RRULE:FREQ=DAILY;COUNT=5"]).replace(
    "END:VCALENDAR",
    "BEGIN:VEVENT\r\nUID:moving\r\nDTSTAMP:20270101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270302T090000\r\n"
    "DTSTART;TZID=Europe/Berlin:20270302T120000\r\nDTEND;TZID=Europe/Berlin:20270302T130000\r\nSUMMARY:Later\r\n"
    "END:VEVENT\r\nEND:VCALENDAR",
)
MEETING = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:bob@example.com")
ONLY_TASKS = '<C:supported-calendar-component-set><C:comp name="VTODO"/></C:supported-calendar-component-set>'


@pytest.fixture
async def second(alice: DAV) -> AsyncIterator[str]:
    href = "/calendars/3/second/"
    (await alice.mkcalendar(href, "Second")).expect(201)
    yield href
    (await alice.delete(href)).expect(204)


@pytest.mark.parametrize("text", [event("moving", "One"), SERIES], ids=["single", "series"])
async def test_an_event_is_moved(alice: DAV, calendar: str, second: str, text: str) -> None:
    there, here = child(calendar, "moving.ics"), child(second, "moving.ics")
    (await alice.put(there, text)).expect(201)
    (await alice.put(here, text, if_none_match="*")).expect(201)
    moved = (await alice.get(here)).text
    assert moved.count("UID:moving\r\n") == text.count("UID:moving\r\n")
    assert moved.count("UID:") == text.count("UID:")
    assert [line for line in moved.splitlines() if "SUMMARY" in line] == [
        line for line in text.splitlines() if "SUMMARY" in line
    ]
    (await alice.delete(there)).expect(204)
    assert set((await alice.sync(second)).changed) == {here}
    assert (await alice.multiget(second, [here])).only.text("C:calendar-data") == (await alice.get(here)).text


async def test_what_was_moved_goes_on_as_any_event(alice: DAV, calendar: str, second: str) -> None:
    there, here = child(calendar, "a.ics"), child(second, "b.ics")
    (await alice.put(there, SERIES)).expect(201)
    (await alice.put(here, SERIES)).expect(201)
    (await alice.delete(there)).expect(204)
    before = await alice.get(here)
    changed = before.text.replace("SUMMARY:Series", "SUMMARY:Changed")
    (await alice.put(here, changed, if_match=before.etag or "")).expect(204)
    after = await alice.get(here)
    assert "SUMMARY:Changed" in after.text
    assert "SUMMARY:Later" in after.text
    assert after.text.count("UID:moving\r\n") == 2
    refused = (await alice.put(here, event("other"))).expect(403, 409)
    assert refused.precondition("C:no-uid-conflict")
    (await alice.put(there, changed)).expect(201)
    (await alice.delete(here)).expect(204)
    assert "SUMMARY:Changed" in (await alice.get(there)).text
    (await alice.delete(there)).expect(204)


async def test_it_keeps_its_uid_over_a_restart(world: World) -> None:
    there, here = "/calendars/3/third/last.ics", "/calendars/3/fourth/last.ics"
    async with world.dav("alice") as alice:
        for name, href in (("Third", there), ("Fourth", here)):
            (await alice.mkcalendar(href.removesuffix("last.ics"), name)).expect(201)
            (await alice.put(href, event("lasting"))).expect(201)
        (await alice.delete(there)).expect(204)
    world.restart_gateway()
    async with world.dav("alice") as alice:
        got = await alice.get(here)
        assert "UID:lasting\r\n" in got.text
        (await alice.put(here, got.text.replace("SUMMARY:Event", "SUMMARY:After"))).expect(204)
        assert "UID:lasting\r\n" in (await alice.get(here)).text


async def test_both_stay_when_nothing_is_deleted(alice: DAV, alice_ox: OX, calendar: str, second: str) -> None:
    there, here = child(calendar, "both.ics"), child(second, "both.ics")
    (await alice.put(there, event("both", "Old"))).expect(201)
    (await alice.put(here, event("both", "New"))).expect(201)
    assert "SUMMARY:Old" in (await alice.get(there)).text
    assert "SUMMARY:New" in (await alice.get(here)).text
    again = (await alice.put(child(second, "third.ics"), event("both"))).expect(403, 409)
    assert again.precondition("C:no-uid-conflict")
    assert here in again.text
    (await alice.delete(there)).expect(204)
    still = (await alice.put(child(second, "third.ics"), event("both"))).expect(403, 409)
    assert here in still.text


async def test_it_is_found_by_its_uid(alice: DAV, calendar: str, second: str) -> None:
    there, here = child(calendar, "find.ics"), child(second, "find.ics")
    (await alice.put(there, event("find-me"))).expect(201)
    (await alice.put(here, event("find-me"))).expect(201)
    filters = (
        '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"><C:prop-filter name="UID">'
        '<C:text-match collation="i;octet">find-me</C:text-match></C:prop-filter></C:comp-filter></C:comp-filter>'
    )
    for collection, href in ((calendar, there), (second, here)):
        assert set((await alice.query(collection, filters)).responses) == {href}
    (await alice.delete(there)).expect(204)


async def test_meetings_are_in_one_calendar_only(alice: DAV, calendar: str, second: str) -> None:
    there = child(calendar, "meeting.ics")
    (await alice.put(there, event("met", lines=MEETING))).expect(201)
    answer = (await alice.put(child(second, "meeting.ics"), event("met", lines=MEETING))).expect(403, 409)
    assert answer.precondition("C:no-uid-conflict")
    assert there in answer.text
    (await alice.delete(there)).expect(204)


async def test_a_task_is_moved(alice: DAV, tasklist: str) -> None:
    other = "/calendars/3/more-tasks/"
    (await alice.mkcalendar(other, "More", more=ONLY_TASKS)).expect(201)
    there, here = child(tasklist, "task.ics"), child(other, "task.ics")
    (await alice.put(there, todo("task-1", "Do it", "X-MINE:1"))).expect(201)
    (await alice.put(here, todo("task-1", "Do it", "X-MINE:1"))).expect(201)
    (await alice.delete(there)).expect(204)
    moved = await alice.get(here)
    assert "UID:task-1\r\n" in moved.text
    (await alice.put(here, moved.text.replace("Do it", "Done"), if_match=moved.etag or "")).expect(204)
    after = (await alice.get(here)).text
    assert "SUMMARY:Done" in after
    assert "UID:task-1\r\n" in after
    assert "X-MINE:1" in after


async def test_a_change_in_ox_leaves_the_uid(alice: DAV, alice_ox: OX, calendar: str, second: str) -> None:
    there, here = child(calendar, "web.ics"), child(second, "web.ics")
    (await alice.put(there, event("web-1"))).expect(201)
    (await alice.put(here, event("web-1", "Moved"))).expect(201)
    (await alice.delete(there)).expect(204)
    visible = await alice_ox.call("folders", "allVisible", content_type="event", columns="1,300")
    folder = next(identifier for identifier, title in visible["private"] if title == "Second")
    (stored,) = await alice_ox.events(folder)
    assert stored["uid"] != "web-1"
    before = (await alice.get(here)).etag
    await alice_ox.change_event(stored, summary="In the web")
    after = await alice.get(here)
    assert after.etag != before
    assert "UID:web-1\r\n" in after.text
    assert "SUMMARY:In the web" in after.text


async def test_it_is_moved_on_by_move(alice: DAV, calendar: str, second: str) -> None:
    there, here = child(calendar, "on.ics"), child(second, "on.ics")
    for text in (event("on-1", "Single"), SERIES.replace("UID:moving", "UID:on-2")):
        (await alice.put(there, text)).expect(201)
        (await alice.put(here, text)).expect(201)
        (await alice.delete(there)).expect(204)
        (await alice.move(here, there)).expect(201)
        moved = await alice.get(there)
        assert moved.text.count("UID:on-") == text.count("UID:on-")
        assert moved.text.count("UID:") == text.count("UID:")
        (await alice.get(here)).expect(404)
        (await alice.put(there, moved.text.replace("SUMMARY:S", "SUMMARY:C"), if_match=moved.etag or "")).expect(204)
        assert (await alice.get(there)).text.count("UID:on-") == text.count("UID:on-")
        (await alice.delete(there)).expect(204)


async def test_people_can_be_invited_later(alice: DAV, bob: DAV, calendar: str, second: str) -> None:
    there, here = child(calendar, "later.ics"), child(second, "later.ics")
    (await alice.put(there, event("later-1"))).expect(201)
    (await alice.put(here, event("later-1"))).expect(201)
    (await alice.delete(there)).expect(204)
    (await alice.put(here, event("later-1", "Together", lines=MEETING))).expect(204)
    shown = (await alice.get(here)).text
    assert "UID:later-1\r\n" in shown
    assert "mailto:bob@example.com" in shown.replace("\r\n ", "")
    theirs = (await bob.calendars())["Calendar"]
    texts = [
        (await bob.get(href)).text
        for href in (await bob.propfind(theirs, "D:getetag", depth=1)).responses
        if href != theirs
    ]
    assert len([text for text in texts if "SUMMARY:Together" in text]) == 1

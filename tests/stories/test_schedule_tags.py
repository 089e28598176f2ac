"""Schedule-Tag and If-Schedule-Tag-Match (RFC 6638 3.2.10)."""

from __future__ import annotations

import re

import pytest

from tests.davclient import DAV, child, event

PEOPLE = (
    "ORGANIZER:mailto:alice@example.com",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:bob@example.com",
    "ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:ext@other.example",
)


async def invite(alice: DAV, calendar: str, uid: str, *lines: str) -> str:
    href = child(calendar, f"{uid}.ics")
    answer = await alice.put(href, event(uid, lines=[*PEOPLE, *lines]))
    assert answer.expect(201).headers.get("Schedule-Tag")
    return href


async def tag(dav: DAV, href: str) -> str:
    """As GET and PROPFIND tell it."""
    told = (await dav.get(href)).expect(200).headers["Schedule-Tag"]
    assert told.startswith('"')
    assert (await dav.propfind(href, "C:schedule-tag")).only.text("C:schedule-tag") == told
    return told


async def bobs(bob: DAV, uid: str) -> str:
    calendar = (await bob.calendars())["Calendar"]
    return child(calendar, f"{uid}.ics")


async def answer(bob: DAV, href: str, status: str, *more: str) -> None:
    text = (await bob.get(href)).expect(200).text
    changed = re.sub(r"(?<=PARTSTAT=)[A-Z-]+(?=[^:]*:mailto:bob@)", status, text.replace("\r\n ", ""))
    assert changed != text.replace("\r\n ", "")
    (await bob.put(href, changed)).expect(201, 204)


async def test_others_answers_do_not_count(alice: DAV, bob: DAV, calendar: str) -> None:
    href = await invite(alice, calendar, "tag-answers")
    before, mine = await tag(alice, href), await bobs(bob, "tag-answers")
    theirs = await tag(bob, mine)
    etag = (await alice.get(href)).etag
    await answer(bob, mine, "ACCEPTED")
    assert (await alice.get(href)).etag != etag
    assert await tag(alice, href) == before
    assert await tag(bob, mine) != theirs, "one's own answer is of consequence"


async def test_an_answer_to_one_occurrence_does_not_count(alice: DAV, bob: DAV, calendar: str) -> None:
    href = await invite(alice, calendar, "tag-series", "RRULE:FREQ=DAILY;COUNT=4", "LOCATION:Here")
    before, mine = await tag(alice, href), await bobs(bob, "tag-series")
    text = (await bob.get(mine)).text.replace("\r\n ", "")
    vevent = text[text.index("BEGIN:VEVENT") : text.index("END:VEVENT") + len("END:VEVENT\r\n")]
    start = re.search(r"DTSTART(;TZID=[^:]*):(\d{8})(T\d{6})", vevent)
    assert start is not None
    day = int(start[2]) + 1
    instance = re.sub(r"RRULE:.*\r\n", f"RECURRENCE-ID{start[1]}:{day}{start[3]}\r\n", vevent)
    instance = re.sub(r"(DT(?:START|END)[^:]*:)\d{8}", rf"\g<1>{day}", instance)
    instance = re.sub(r"PARTSTAT=[A-Z-]+(?=[^:]*:mailto:bob@)", "PARTSTAT=DECLINED", instance)
    (await bob.put(mine, text.replace("END:VCALENDAR", f"{instance}END:VCALENDAR"))).expect(201, 204)
    assert (await alice.get(href)).text.count("BEGIN:VEVENT") == 2
    assert await tag(alice, href) == before
    stale = event("tag-series", "Renamed", lines=[*PEOPLE, "RRULE:FREQ=DAILY;COUNT=4", "LOCATION:Here"])
    headers = {"If-Schedule-Tag-Match": before, "Content-Type": "text/calendar"}
    done = await alice.request("PUT", href, stale, headers)
    assert done.expect(204).etag is None
    now = (await alice.get(href)).text
    assert now.count("SUMMARY:Renamed") == 2
    assert "PARTSTAT=DECLINED" in now


async def test_any_other_change_counts(alice: DAV, bob: DAV, calendar: str) -> None:
    href = await invite(alice, calendar, "tag-changes")
    before, mine = await tag(alice, href), await bobs(bob, "tag-changes")
    theirs = await tag(bob, mine)
    changed = await alice.put(href, event("tag-changes", "Elsewhere", lines=list(PEOPLE)))
    assert changed.expect(204).headers["Schedule-Tag"] == await tag(alice, href) != before
    assert await tag(bob, mine) != theirs


async def test_conditions(alice: DAV, bob: DAV, calendar: str) -> None:
    href = await invite(alice, calendar, "tag-conditions")
    before = await tag(alice, href)
    await answer(bob, await bobs(bob, "tag-conditions"), "TENTATIVE")
    kind = {"Content-Type": "text/calendar"}
    text = event("tag-conditions", "New", lines=list(PEOPLE))
    refused = await alice.request("PUT", href, text, {**kind, "If-Schedule-Tag-Match": '"other"'})
    assert refused.status == 412
    (await alice.request("PUT", href, text, {**kind, "If-Schedule-Tag-Match": before})).expect(204)
    assert "PARTSTAT=TENTATIVE" in (await alice.get(href)).text
    (await alice.request("DELETE", href, None, {"If-Schedule-Tag-Match": before})).expect(412)
    (await alice.request("DELETE", href, None, {"If-Schedule-Tag-Match": await tag(alice, href)})).expect(204)


async def test_what_is_no_meeting_has_none(alice: DAV, calendar: str) -> None:
    href = child(calendar, "tag-none.ics")
    assert "Schedule-Tag" not in (await alice.put(href, event("tag-none"))).expect(201).headers
    assert "Schedule-Tag" not in (await alice.get(href)).headers
    assert (await alice.propfind(href, "C:schedule-tag", "D:getetag")).only.missing("C:schedule-tag")
    for condition in ('"x"', ""):
        answer = await alice.request("DELETE", href, None, {"If-Schedule-Tag-Match": condition})
        assert answer.status == 412


async def test_listings_and_reports_tell_it(alice: DAV, calendar: str) -> None:
    href = await invite(alice, calendar, "tag-listed")
    told = await tag(alice, href)
    listed = await alice.propfind(calendar, "D:getetag", "C:schedule-tag", depth=1)
    assert listed.responses[href].text("C:schedule-tag") == told
    body = (
        '<C:calendar-multiget xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop><C:calendar-data/>'
        f"<C:schedule-tag/></D:prop><D:href>{href}</D:href></C:calendar-multiget>"
    )
    answered = await alice.report(calendar, body)
    assert answered.responses[href].text("C:schedule-tag") == told


@pytest.mark.parametrize("agent", ["NONE", "CLIENT"])
async def test_moves_tell_it(alice: DAV, calendar: str, agent: str) -> None:
    href = await invite(alice, calendar, f"tag-move-{agent}")
    told = await tag(alice, href)
    moved = await alice.move(href, child(calendar, f"moved-{agent}.ics"))
    assert moved.expect(201).headers["Schedule-Tag"] == told

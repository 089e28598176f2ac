"""Recurring events: master and overrides are one resource, however they came about."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, child, event
from tests.oxclient import FAR_FUTURE, OX
from tests.stories.conftest import BOTH

GENERATIONS = BOTH

RULE = "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6"


def vevent(uid: str, start: str, *lines: str, summary: str = "Series") -> str:
    """The event alone."""
    whole = event(uid, summary, start=start, lines=lines)
    return whole[whole.index("BEGIN:VEVENT") : whole.index("\r\nEND:VCALENDAR")]


def calendar_object(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stories//EN", *events, "END:VCALENDAR", ""])


def moved(uid: str, original: str, start: str, summary: str = "Moved") -> str:
    return vevent(uid, start, f"RECURRENCE-ID;TZID=Europe/Berlin:{original}", summary=summary)


async def test_a_series_with_an_override_and_an_exception(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-1", child(calendar, "series-1.ics")
    text = calendar_object(
        vevent(uid, "20270405T090000", RULE, "EXDATE;TZID=Europe/Berlin:20270419T090000"),
        moved(uid, "20270412T090000", "20270412T140000"),
    )
    (await alice.put(href, text)).expect(201)
    objects = [one for one in await alice_ox.events() if one["uid"] == uid]
    assert len(objects) == 2
    override = next(one for one in objects if "recurrenceId" in one)
    assert override["startDate"]["value"] == "20270412T140000"
    back = (await alice.get(href)).text.replace("\r\n ", "")
    assert back.count("BEGIN:VEVENT") == 2
    assert "EXDATE;TZID=Europe/Berlin:20270419T090000" in back
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20270412T090000" in back
    assert "DTSTART;TZID=Europe/Berlin:20270412T140000" in back
    listed = (await alice.propfind(calendar, "D:getetag", depth=1)).responses
    assert len([one for one in listed if "series-1" in one]) == 1


async def test_an_override_made_in_ox_changes_the_resource(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-2", child(calendar, "series-2.ics")
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000", RULE)))).expect(201)
    before = (await alice.get(href)).etag
    master = await alice_ox.event(uid)
    await alice_ox.call(
        "chronos",
        "update",
        {"event": {"summary": "Changed in OX"}},
        folder=master["folder"],
        id=master["id"],
        timestamp=FAR_FUTURE,
        recurrenceId="20270412T070000Z",
    )
    after = await alice.get(href)
    assert after.etag != before
    assert "SUMMARY:Changed in OX" in after.text
    assert "SUMMARY:Series" in after.text


@pytest.mark.chronos  # OX 7.8 cannot restore an occurrence: the instance stays, and says what a regular one says
async def test_an_override_taken_back_is_the_regular_instance_again(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-3", child(calendar, "series-3.ics")
    master = vevent(uid, "20270405T090000", RULE)
    (await alice.put(href, calendar_object(master, moved(uid, "20270412T090000", "20270412T140000")))).expect(201)
    (await alice.put(href, calendar_object(master))).expect(204)
    back = (await alice.get(href)).text
    assert back.count("BEGIN:VEVENT") == 1
    assert "EXDATE" not in back
    instances = await alice_ox.call(
        "chronos",
        "all",
        folder=await alice_ox.calendar(),
        rangeStart="20270412T000000Z",
        rangeEnd="20270413T000000Z",
        expand="true",
    )
    assert [one["startDate"]["value"] for one in instances if one["uid"] == uid] == ["20270412T090000"]


async def test_one_override_changed_leaves_the_others_alone(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-4", child(calendar, "series-4.ics")
    master = vevent(uid, "20270405T090000", RULE)
    first = moved(uid, "20270412T090000", "20270412T140000", "First")
    (await alice.put(href, calendar_object(master, first, moved(uid, "20270426T090000", "20270426T110000")))).expect(
        201
    )
    (
        await alice.put(
            href, calendar_object(master, first, moved(uid, "20270426T090000", "20270426T120000", "Second"))
        )
    ).expect(204)
    overrides = {
        one["summary"]: one["startDate"]["value"]
        for one in await alice_ox.events()
        if one["uid"] == uid and "recurrenceId" in one
    }
    assert overrides == {"First": "20270412T140000", "Second": "20270426T120000"}


async def test_an_instance_removed_by_exdate(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-5", child(calendar, "series-5.ics")
    (
        await alice.put(
            href,
            calendar_object(vevent(uid, "20270405T090000", RULE), moved(uid, "20270412T090000", "20270412T140000")),
        )
    ).expect(201)
    (
        await alice.put(
            href,
            calendar_object(vevent(uid, "20270405T090000", RULE, "EXDATE;TZID=Europe/Berlin:20270412T090000")),
        )
    ).expect(204)
    back = (await alice.get(href)).text
    assert back.count("BEGIN:VEVENT") == 1
    assert "EXDATE;TZID=Europe/Berlin:20270412T090000" in back


async def test_a_series_that_becomes_a_single_event_and_back(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-6", child(calendar, "series-6.ics")
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000", RULE)))).expect(201)
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000")))).expect(204)
    assert "rrule" not in await alice_ox.event(uid)
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000", RULE)))).expect(204)
    assert (await alice_ox.event(uid))["rrule"] == "FREQ=WEEKLY;BYDAY=MO;COUNT=6"


async def test_deleting_the_resource_deletes_the_whole_series(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "series-7", child(calendar, "series-7.ics")
    (
        await alice.put(
            href,
            calendar_object(vevent(uid, "20270405T090000", RULE), moved(uid, "20270412T090000", "20270412T140000")),
        )
    ).expect(201)
    (await alice.delete(href)).expect(204)
    assert not [one for one in await alice_ox.events() if one["uid"] == uid]

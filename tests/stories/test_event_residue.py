"""What OX has no room for comes back all the same, as long as nobody changes it in OX."""

from __future__ import annotations

import re

from sqlalchemy import create_engine
from sqlalchemy import text as sql

from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.stories.conftest import BOTH
from tests.stories.test_meetings import PEOPLE, resource
from tests.world import World

GENERATIONS = BOTH

PLACE = ["BEGIN:VLOCATION", "UID:place", "NAME:Pier 4", "END:VLOCATION"]


def unfold(text: str) -> str:
    return text.replace("\r\n ", "")


async def test_wordings_survive_a_restart_and_end_with_a_change_in_ox(world: World, alice_ox: OX) -> None:
    lines = ["CATEGORIES:Fish\\, fresh,Work", "TRANSP:OPAQUE", "X-ONE;X-P=a:1", *PLACE]
    async with world.dav() as alice:
        href = child((await alice.calendars())["Calendar"], "residue-1.ics")
        (await alice.put(href, event("residue-1", "Market", lines=lines))).expect(201)
        first = unfold((await alice.get(href)).text)
    for line in ["CATEGORIES:Fish\\, fresh,Work", "TRANSP:OPAQUE", "X-ONE;X-P=a:1", *PLACE]:
        assert line in first, first
    world.restart_gateway()
    async with world.dav() as alice:
        assert unfold((await alice.get(href)).text) == first
        await alice_ox.change_event(await alice_ox.event("residue-1"), summary="Changed in OX")
        second = unfold((await alice.get(href)).text)
        assert "SUMMARY:Changed in OX" in second
        assert "CATEGORIES:Fish\\, fresh,Work" in second
        await alice_ox.change_event(await alice_ox.event("residue-1"), categories=["Else"])
        third = unfold((await alice.get(href)).text)
        assert "CATEGORIES:Else" in third
        assert "Fish" not in third
        assert "NAME:Pier 4" in third


async def test_a_change_of_the_residue_alone_reaches_other_devices(world: World, alice: DAV, calendar: str) -> None:
    href = child(calendar, "residue-2.ics")
    (await alice.put(href, event("residue-2", lines=PLACE))).expect(201)
    token, before = (await alice.sync(calendar)).token, (await alice.get(href)).etag
    moved = [line.replace("Pier 4", "Pier 5") for line in PLACE]
    (await alice.put(href, event("residue-2", lines=moved))).expect(204)
    changed = (await alice.sync(calendar, token)).changed
    assert list(changed) == [href]
    answer = await alice.get(href)
    assert answer.etag == changed[href] != before
    assert "NAME:Pier 5" in answer.text
    with world.upstream() as calls:
        (await alice.put(href, answer.text)).expect(204)
    assert not [call for call in calls if call.action in ("update", "updateAttendee", "new")]


async def test_an_attendees_own_wording_is_his_alone(alice: DAV, bob: DAV, alice_ox: OX, calendar: str) -> None:
    mine = child(calendar, "residue-3.ics")
    (await alice.put(mine, event("residue-3", "Planning", lines=PEOPLE))).expect(201)
    theirs = await resource(bob, "residue-3")
    text = (await bob.get(theirs)).text.replace("SUMMARY:Planning", "SUMMARY:Mine\r\nX-BOBS-NOTE:call first")
    (await bob.put(theirs, text)).expect(204)
    bobs = (await bob.get(theirs)).text
    assert "X-BOBS-NOTE:call first" in bobs
    assert "SUMMARY:Planning" in bobs
    assert "X-BOBS-NOTE" not in (await alice.get(mine)).text
    assert (await alice_ox.event("residue-3"))["summary"] == "Planning"


async def test_it_goes_with_the_event_and_moves_with_it(alice: DAV, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"
    (await alice.mkcalendar(f"{home}residue/", "Residue")).expect(201)
    href, target = child(calendar, "residue-4.ics"), f"{home}residue/residue-4.ics"
    (await alice.put(href, event("residue-4", lines=PLACE))).expect(201)
    (await alice.move(href, target)).expect(201)
    assert "NAME:Pier 4" in (await alice.get(target)).text
    (await alice.delete(target)).expect(204)
    (await alice.put(target, event("residue-4"))).expect(201)
    assert "Pier 4" not in (await alice.get(target)).text


async def test_it_goes_when_ox_deletes_the_event(world: World, alice_ox: OX) -> None:
    async with world.dav() as alice:
        calendar = (await alice.calendars())["Calendar"]
        for uid in ("residue-5", "residue-6"):
            (await alice.put(child(calendar, f"{uid}.ics"), event(uid, lines=PLACE))).expect(201)
        first, second = [await alice_ox.event(uid) for uid in ("residue-5", "residue-6")]
        assert {first["id"], second["id"]} <= residues(world)
        await alice_ox.delete_event(first)
        await alice.sync(calendar)
        assert first["id"] not in residues(world)
        assert second["id"] in residues(world)
        await alice_ox.delete_event(second)
    world.restart_gateway()
    async with world.dav() as alice:
        await alice.sync(calendar)
    assert second["id"] not in residues(world)


def residues(world: World) -> set[str]:
    engine = create_engine(world.ledger_url)
    with engine.connect() as ledger:
        return set(ledger.execute(sql("select ox_id from residues")).scalars())


async def test_a_text_too_long_for_ox_is_shortened_there_and_whole_here(
    world: World, alice: DAV, alice_ox: OX, calendar: str
) -> None:
    long = "a long title " * 400
    href = child(calendar, "residue-5.ics")
    (await alice.put(href, event("residue-5", long.strip()))).expect(201)
    assert 0 < len((await alice_ox.event("residue-5"))["summary"]) < 1000
    text = (await alice.get(href)).text
    assert f"SUMMARY:{long.strip()}" in unfold(text)
    with world.upstream() as calls:
        (await alice.put(href, text)).expect(204)
    assert not [call for call in calls if call.action in ("update", "updateAttendee", "new")]


def uids(text: str) -> list[str]:
    return [line for line in text.split("\r\n") if line.startswith("UID:") or line.startswith("SEQUENCE:")]


async def test_alarms_keep_the_names_that_clients_give_them(alice: DAV, calendar: str) -> None:
    """OX takes a new alarm of the same kind for the old one, and its name with it."""
    href = child(calendar, "alarm-names.ics")

    def with_alarm(uid: str, before: str = "-PT10M") -> str:
        alarm = ["BEGIN:VALARM", f"UID:{uid}", "ACTION:DISPLAY", "DESCRIPTION:x", f"TRIGGER:{before}", "END:VALARM"]
        return event("alarm-names", lines=alarm)

    (await alice.put(href, with_alarm("FIRST"))).expect(201)
    (await alice.put(href, with_alarm("SECOND"))).expect(204)
    shown = (await alice.get(href)).expect(200)
    assert "UID:SECOND" in uids(shown.text)
    (await alice.put(href, shown.text)).expect(204)
    assert (await alice.get(href)).etag == shown.etag
    (await alice.put(href, with_alarm("THIRD", "-PT20M"))).expect(204)
    assert "UID:THIRD" in uids((await alice.get(href)).text)


async def test_a_sequence_never_goes_back(alice: DAV, calendar: str) -> None:
    href = child(calendar, "sequences.ics")

    def text(number: int, summary: str = "Event", override: int | None = None) -> str:
        whole = event("sequences", summary, lines=[f"SEQUENCE:{number}", "RRULE:FREQ=DAILY;COUNT=5"])
        if override is None:
            return whole
        lines = ["RECURRENCE-ID;TZID=Europe/Berlin:20270302T090000", f"SEQUENCE:{override}"]
        other = event("sequences", "Other", start="20270302T110000", lines=lines)
        instance = other[other.index("BEGIN:VEVENT") : other.index("END:VCALENDAR")]
        return whole.replace("END:VCALENDAR", instance + "END:VCALENDAR")

    (await alice.put(href, text(2))).expect(201)
    (await alice.put(href, text(9, "Renamed"))).expect(204)
    assert "SEQUENCE:9" in uids((await alice.get(href)).text)
    (await alice.put(href, text(9, "Renamed", 20))).expect(204)
    shown = (await alice.get(href)).expect(200)
    assert [line for line in uids(shown.text) if "SEQUENCE" in line][1] == "SEQUENCE:20"
    (await alice.put(href, shown.text)).expect(204)
    assert (await alice.get(href)).etag == shown.etag


def daily(uid: str, *overrides: str, summary: str = "Daily", lines: tuple[str, ...] = ()) -> str:
    whole = event(uid, summary, lines=["RRULE:FREQ=DAILY;COUNT=5", *lines])
    return whole.replace("END:VCALENDAR", "".join(overrides) + "END:VCALENDAR")


def override(uid: str, day: int, summary: str = "Daily", *lines: str) -> str:
    start = f"202703{day:02d}T090000"
    whole = event(uid, summary, start=start, lines=[f"RECURRENCE-ID;TZID=Europe/Berlin:{start}", *lines])
    return whole[whole.index("BEGIN:VEVENT") : whole.index("END:VCALENDAR")]


async def test_overrides_that_say_nothing_new_come_back(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    """Clients write them when a change of one occurrence was taken back by hand."""
    href, uid = child(calendar, "redundant.ics"), "redundant"
    (await alice.put(href, daily(uid, override(uid, 2, "Daily", "SEQUENCE:4"), override(uid, 3)))).expect(201)
    shown = await alice.get(href)
    assert shown.text.count("BEGIN:VEVENT") == 3
    assert "SEQUENCE:4" in uids(shown.text)
    assert (await alice_ox.event(uid)).get("changeExceptionDates") in (None, [])
    with world.upstream() as calls:
        stamped = re.sub("DTSTAMP:.*", "DTSTAMP:20300101T000000Z", shown.text)
        (await alice.put(href, stamped)).expect(204)
    assert not [call for call in calls if call.action in ("update", "updateAttendee", "new")]
    assert (await alice.get(href)).etag == shown.etag
    # One of them taken away, the other one changed.
    (await alice.put(href, daily(uid, override(uid, 2, "Special")))).expect(204)
    assert (await alice.get(href)).text.count("BEGIN:VEVENT") == 2
    assert len((await alice_ox.event(uid))["changeExceptionDates"]) == 1


async def test_a_redundant_override_keeps_its_old_text_when_its_series_changes(
    alice: DAV, alice_ox: OX, calendar: str
) -> None:
    href, uid = child(calendar, "redundant-2.ics"), "redundant-2"
    (await alice.put(href, daily(uid, override(uid, 2)))).expect(201)
    (await alice.put(href, daily(uid, override(uid, 2), summary="Renamed"))).expect(204)
    text = (await alice.get(href)).text
    assert ("SUMMARY:Renamed" in text, "SUMMARY:Daily" in text) == (True, True)
    assert len((await alice_ox.event(uid))["changeExceptionDates"]) == 1


async def test_a_redundant_override_goes_when_ox_changes_the_series(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href, uid = child(calendar, "redundant-3.ics"), "redundant-3"
    (await alice.put(href, daily(uid, override(uid, 2)))).expect(201)
    await alice_ox.change_event(await alice_ox.event(uid), summary="Changed in OX")
    text = (await alice.get(href)).text
    assert text.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:Daily" not in text


async def test_an_override_may_differ_in_what_ox_has_no_place_for(alice: DAV, calendar: str) -> None:
    href, uid = child(calendar, "redundant-4.ics"), "redundant-4"
    different = override(uid, 2).replace("SUMMARY:", "SUMMARY;LANGUAGE=en:")
    (await alice.put(href, daily(uid, different))).expect(201)
    shown = await alice.get(href)
    assert "SUMMARY;LANGUAGE=en:Daily" in shown.text
    (await alice.put(href, shown.text)).expect(204)
    assert (await alice.get(href)).etag == shown.etag


async def test_a_calendar_object_keeps_its_own_uid(alice: DAV, calendar: str) -> None:
    """RFC 7986 5.3 gives one to the VCALENDAR, too."""
    href = child(calendar, "own-uid.ics")
    text = event("own-uid").replace(
        "VERSION:2.0", "VERSION:2.0\r\nUID:of-the-calendar\r\nLAST-MODIFIED:20240101T000000Z"
    )
    (await alice.put(href, text)).expect(201)
    shown = await alice.get(href)
    assert "UID:of-the-calendar" in shown.text
    (await alice.put(href, text.replace("20240101", "20250101"))).expect(204)
    assert (await alice.get(href)).etag == shown.etag

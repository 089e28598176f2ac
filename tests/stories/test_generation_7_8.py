"""What is different before an OX 7.8: what it costs, what it cannot do, and what is made of that."""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.settings import SettingsError, load
from middleware.errors import OXError
from middleware.faults import Fault, Kind
from middleware.journal import Entry
from tests.davclient import DAV, card, child, event
from tests.oxclient import OX
from tests.stories.test_series import RULE, calendar_object, moved, vevent
from tests.world import World

GENERATIONS = ("7.8",)


def actions(calls: list[Entry]) -> list[str]:
    return [f"{call.module} {call.action}" for call in calls]


# -- cost --------------------------------------------------------------------------------------------------------------


async def test_a_write_is_read_back(world: World, alice: DAV, calendar: str) -> None:
    href = child(calendar, "cost.ics")
    await alice.propfind(calendar, "CS:getctag")
    with world.upstream() as calls:
        (await alice.put(href, event("cost"))).expect(201)
    assert actions(calls) == ["calendar updates", "calendar new", "calendar updates"]
    with world.upstream() as calls:
        (await alice.put(href, event("cost", "Other"))).expect(204)
    assert actions(calls) == ["calendar updates", "calendar list", "calendar update", "calendar updates"]
    with world.upstream() as calls:
        (await alice.put(href, event("cost", "Other"))).expect(204)
    assert actions(calls) == ["calendar updates", "calendar list"]
    with world.upstream() as calls:
        (await alice.delete(href)).expect(204)
    assert actions(calls) == ["calendar updates", "calendar delete", "calendar updates"]


async def test_all_deleted_dates_of_a_new_series_are_two_deletions(world: World, alice: DAV, calendar: str) -> None:
    dates = ",".join(f"202704{day:02d}T090000" for day in (12, 19, 26))
    series = calendar_object(vevent("dates", "20270405T090000", RULE, f"EXDATE;TZID=Europe/Berlin:{dates}"))
    with world.upstream() as calls:
        (await alice.put(child(calendar, "dates.ics"), series)).expect(201)
    assert actions(calls).count("calendar delete") == 2
    assert (await alice.get(child(calendar, "dates.ics"))).text.count("EXDATE") == 3


async def test_the_generation_is_found_out_once(world: World) -> None:
    world.restart_gateway()
    async with world.dav("alice") as client:
        with world.upstream() as calls:
            (await client.propfind("/", "D:current-user-principal")).expect(207)
    assert ("chronos", "resolve") in {(call.module, call.action) for call in calls}
    async with world.dav("bob") as client:
        with world.upstream() as calls:
            (await client.propfind("/", "D:current-user-principal")).expect(207)
    assert "chronos" not in {call.module for call in calls}


# -- what OX 7.8 cannot do ---------------------------------------------------------------------------------------------


async def test_an_override_taken_back_says_what_a_regular_instance_says(alice: DAV, calendar: str) -> None:
    uid, href = "taken-back", child(calendar, "taken-back.ics")
    master = vevent(uid, "20270405T090000", RULE)
    (await alice.put(href, calendar_object(master, moved(uid, "20270412T090000", "20270412T140000")))).expect(201)
    (await alice.put(href, calendar_object(master))).expect(204)
    back = (await alice.get(href)).text
    assert "140000" not in back
    assert "EXDATE" not in back
    assert "Moved" not in back


async def test_a_deleted_occurrence_comes_back(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "comes-back", child(calendar, "comes-back.ics")
    (
        await alice.put(
            href,
            calendar_object(
                vevent(uid, "20270405T090000", RULE, "EXDATE;TZID=Europe/Berlin:20270412T090000,20270426T090000"),
                moved(uid, "20270419T090000", "20270419T140000"),
            ),
        )
    ).expect(201)
    former = (await alice_ox.event(uid))["id"]
    wanted = calendar_object(
        vevent(uid, "20270405T090000", RULE, "EXDATE;TZID=Europe/Berlin:20270426T090000"),
        moved(uid, "20270419T090000", "20270419T140000"),
    )
    (await alice.put(href, wanted)).expect(204)
    master = await alice_ox.event(uid)
    assert master["id"] == former
    assert master["deleteExceptionDates"] == ["Europe/Berlin:20270426T090000"]
    back = (await alice.get(href)).text
    assert back.count("BEGIN:VEVENT") == 2
    assert "20270419T140000" in back


async def test_a_meeting_with_deleted_dates_gets_another_rule(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "other-rule", child(calendar, "other-rule.ics")
    people = (
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE:mailto:alice@example.com",
        "ATTENDEE:mailto:bob@example.com",
    )
    first = vevent(uid, "20270405T090000", RULE, "EXDATE;TZID=Europe/Berlin:20270405T090000", *people)
    (await alice.put(href, calendar_object(first))).expect(201)
    other = vevent(uid, "20270406T110000", "RRULE:FREQ=DAILY;COUNT=3", *people)
    (await alice.put(href, calendar_object(other))).expect(204)
    master = await alice_ox.event(uid)
    assert "deleteExceptionDates" not in master
    assert master["startDate"]["value"] == "20270406T110000"


async def test_a_restored_occurrence_of_a_meeting_is_kept_for_its_organizer(
    alice: DAV, bob_ox: OX, alice_ox: OX, calendar: str
) -> None:
    """OX 7.8 could give it back only by asking everybody to answer anew."""
    uid, href = "restored", child(calendar, "restored.ics")
    people = (
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE:mailto:alice@example.com",
        "ATTENDEE:mailto:bob@example.com",
    )
    rule = "RRULE:FREQ=DAILY;COUNT=3"
    deleted = "EXDATE;TZID=Europe/Berlin:20270407T110000"
    (await alice.put(href, calendar_object(vevent(uid, "20270406T110000", rule, deleted, *people)))).expect(201)
    (await alice.put(href, calendar_object(vevent(uid, "20270406T110000", rule, *people)))).expect(204)
    assert "EXDATE" not in (await alice.get(href)).text
    assert (await alice_ox.event(uid))["deleteExceptionDates"] == ["Europe/Berlin:20270407T110000"]
    longer = vevent(uid, "20270406T110000", rule, *people).replace("SUMMARY:", "SUMMARY:Longer ")
    override = moved(uid, "20270407T110000", "20270407T150000", "Restored and moved")
    (await alice.put(href, calendar_object(longer, override))).expect(204)
    back = (await alice.get(href)).text
    assert "SUMMARY:Longer " in back
    assert "Restored and moved" in back
    assert (await alice_ox.event(uid))["deleteExceptionDates"] == ["Europe/Berlin:20270407T110000"]
    held = await bob_ox.event(uid, await bob_ox.calendar())
    assert held["summary"].startswith("Longer ")
    (await alice.put(href, back.replace("SUMMARY:Longer ", "SUMMARY:Longest "))).expect(204)
    again = (await alice.get(href)).text
    assert again.replace("Longest", "Longer").count("Restored and moved") == 1
    assert "SUMMARY:Longest " in again


async def test_what_it_cannot_say_of_a_series_is_kept(world: World, alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "unsaid", child(calendar, "unsaid.ics")
    extra = "RDATE;TZID=Europe/Berlin:20270407T170000"
    override = moved(uid, "20270407T170000", "20270407T180000", "Extra, moved")
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000", RULE, extra), override))).expect(201)
    assert "recurrenceDates" not in await alice_ox.event(uid)
    first = (await alice.get(href)).text
    assert "RDATE;TZID=Europe/Berlin:20270407T170000" in first
    assert "SUMMARY:Extra\\, moved" in first or "SUMMARY:Extra, moved" in first
    with world.upstream() as calls:
        (await alice.put(href, first)).expect(204)
    assert actions(calls) == ["calendar updates", "calendar list"]


async def test_an_instance_that_differs_in_nothing_it_could_hold(alice: DAV, calendar: str) -> None:
    uid, href = "indifferent", child(calendar, "indifferent.ics")
    stamp = "RECURRENCE-ID;TZID=Europe/Berlin:20270412T090000"
    instance = vevent(uid, "20270412T090000", stamp, "URL:https://example.com/agenda")
    (await alice.put(href, calendar_object(vevent(uid, "20270405T090000", RULE), instance))).expect(201)
    back = (await alice.get(href)).text
    assert back.count("BEGIN:VEVENT") == 2
    assert "URL:https://example.com/agenda" in back


async def test_an_event_without_a_summary(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "untitled.ics")
    (await alice.put(href, event("untitled").replace("SUMMARY:Event\r\n", ""))).expect(201)
    assert (await alice_ox.event("untitled"))["summary"] == "(no title)"
    assert "SUMMARY" not in (await alice.get(href)).text


async def test_a_colour_is_kept_here(world: World, alice: DAV, calendar: str) -> None:
    home = calendar.rsplit("/", 2)[0] + "/"
    (await alice.mkcalendar(f"{home}coloured/", "Coloured")).expect(201)
    (
        await alice.proppatch(
            f"{home}coloured/", "<D:set><D:prop><A:calendar-color>#112233FF</A:calendar-color></D:prop></D:set>"
        )
    ).expect(207)
    world.restart_gateway()
    async with world.dav() as client:
        shown = await client.propfind(f"{home}coloured/", "A:calendar-color")
    assert shown.only.text("A:calendar-color").startswith("#112233")


async def test_a_deletion_before_a_restart_makes_clients_start_anew(world: World, alice: DAV, alice_ox: OX) -> None:
    """OX tells the ids of deletions, not their names; of names that a client chose the ledger knows."""
    await alice_ox.call("folders", "new", {"title": "Restarts", "module": "event"}, folder_id=1)
    calendar = (await alice.calendars())["Restarts"]  # where nothing was deleted before
    folder = f"cal://0/{calendar.rstrip('/').rsplit('/', 1)[-1]}"
    (await alice.put(child(calendar, "chosen name.ics"), event("chosen"))).expect(201)
    (await alice.put(child(calendar, "unnamed.ics"), event("unnamed"))).expect(201)
    token = (await alice.sync(calendar)).token
    await alice_ox.delete_event(await alice_ox.event("chosen", folder))
    world.restart_gateway()
    async with world.dav() as client:
        assert (await client.sync(calendar, token)).removed == [child(calendar, "chosen name.ics")]
        token = (await client.sync(calendar)).token
    await alice_ox.delete_event(await alice_ox.event("unnamed", folder))
    world.restart_gateway()
    async with world.dav() as client:
        answer = (await client.sync_report(calendar, token)).expect(403)
        assert answer.precondition("D:valid-sync-token")
        assert child(calendar, "unnamed.ics") not in (await client.sync(calendar)).changed


# -- choosing ----------------------------------------------------------------------------------------------------------


def test_the_setting_names_a_generation() -> None:
    assert load(ox={"generation": "7.8"}).ox.generation == "7.8"
    with pytest.raises(SettingsError, match=r"ox\.generation"):
        load(ox={"generation": "6"})


async def test_a_server_without_calendars_is_unavailable(tmp_path: Path) -> None:
    world = World(tmp_path, generation="7.8")
    try:
        hidden = OXError("SVL-0007", "ERROR", "Unknown module")
        world.ox_server.faults.add(Fault(Kind.ERROR, module="calendar", times=None, error=hidden))
        async with world.dav() as client:
            answer = await client.propfind("/", "D:current-user-principal")
        assert answer.status == 503
        assert "no calendars" in answer.text
    finally:
        world.close()


# -- people ------------------------------------------------------------------------------------------------------------

DELEGATED = (
    "ORGANIZER:mailto:alice@example.com",
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:alice@example.com",
    'ATTENDEE;CUTYPE=ROOM;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:erik@example.net":mailto:dora@example.net',
)


async def test_what_7_8_cannot_say_of_somebody_is_kept_until_it_has_an_answer(alice: DAV, calendar: str) -> None:
    href = child(calendar, "delegated.ics")
    (await alice.put(href, event("delegated", lines=DELEGATED))).expect(201)
    got = (await alice.get(href)).text
    assert {"CUTYPE=ROOM", "PARTSTAT=DELEGATED"} <= set(attendee(got, "dora").split(";"))
    (await alice.put(href, got)).expect(204)
    assert (await alice.get(href)).text == got
    (await alice.put(href, got.replace("PARTSTAT=DELEGATED", "PARTSTAT=DECLINED"))).expect(204)
    assert {"CUTYPE=ROOM", "PARTSTAT=DECLINED"} <= set(attendee((await alice.get(href)).text, "dora").split(";"))
    (await alice.put(href, got)).expect(204)
    assert "PARTSTAT=DELEGATED" in attendee((await alice.get(href)).text, "dora")


async def test_the_organizers_own_answer_is_kept(alice: DAV, calendar: str) -> None:
    href = child(calendar, "invited.ics")
    people = (
        "ORGANIZER:mailto:grace@example.net",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:grace@example.net",
        "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:alice@example.com",
    )
    (await alice.put(href, event("invited", lines=people))).expect(201)
    assert "PARTSTAT=ACCEPTED" in attendee((await alice.get(href)).text, "grace")


def attendee(text: str, login: str) -> str:
    """The parameters of an ATTENDEE line."""
    lines = [line for line in text.replace("\r\n ", "").splitlines() if line.startswith("ATTENDEE")]
    return next(line for line in lines if f":mailto:{login}@" in line).rsplit(":mailto", 1)[0]


# -- contacts ----------------------------------------------------------------------------------------------------------


async def test_contacts_are_asked_for_by_the_numbers_of_7_8(alice: DAV, alice_ox: OX) -> None:
    href = child((await alice.address_books())["Contacts"], "kana.vcf")
    phonetic = ("X-PHONETIC-FIRST-NAME:Ei", "X-PHONETIC-LAST-NAME:Da")
    (await alice.put(href, card("kana", "Ada Lovelace", *phonetic))).expect(201)
    assert set(phonetic) <= set((await alice.get(href)).expect(200).text.splitlines())
    found = await alice_ox.contact((await alice_ox.contacts())["kana"])
    assert (found["yomiFirstName"], found["yomiLastName"]) == ("Ei", "Da")


# -- what is refused ---------------------------------------------------------------------------------------------------


async def test_a_uid_of_another_calendar_is_named(alice: DAV, calendar: str) -> None:
    other = "/calendars/3/other/"
    (await alice.mkcalendar(other, "Other")).expect(201)
    people = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:bob@example.com")
    (await alice.put(child(other, "there.ics"), event("taken", lines=people))).expect(201)
    answer = (await alice.put(child(calendar, "here.ics"), event("taken", lines=people))).expect(403, 409)
    assert answer.precondition("C:no-uid-conflict")
    assert child(other, "there.ics") in answer.text


async def test_a_private_meeting_is_refused_with_the_reason(alice: DAV, calendar: str) -> None:
    people = (*DELEGATED[:2], "ATTENDEE:mailto:bob@example.com", "CLASS:PRIVATE")
    answer = (await alice.put(child(calendar, "private.ics"), event("private", lines=people))).expect(403)
    assert answer.precondition("C:valid-calendar-data")
    assert "private" in answer.text
    assert "other people" in answer.text
    (await alice.get(child(calendar, "private.ics"))).expect(404)


# -- series without an occurrence --------------------------------------------------------------------------------------

TWICE = "RRULE:FREQ=DAILY;COUNT=2"
BOTH_DELETED = "EXDATE;TZID=Europe/Berlin:20270405T090000,20270406T090000"


async def test_a_new_series_without_any_occurrence_is_refused(alice: DAV, calendar: str) -> None:
    """OX 7.8 deletes a series with its last occurrence."""
    href = child(calendar, "none left.ics")
    answer = await alice.put(href, calendar_object(vevent("none", "20270405T090000", TWICE, BOTH_DELETED)))
    assert answer.expect(403).precondition("C:valid-calendar-data")
    (await alice.put(href, calendar_object(vevent("none", "20270405T090000", TWICE)))).expect(201)
    (await alice.get(href)).expect(200)


async def test_the_last_occurrence_goes_with_its_series(alice: DAV, calendar: str) -> None:
    href = child(calendar, "last one.ics")
    (await alice.put(href, calendar_object(vevent("last", "20270405T090000", TWICE, "X-OWN:kept")))).expect(201)
    token = (await alice.sync(calendar)).token
    (await alice.put(href, calendar_object(vevent("last", "20270405T090000", TWICE, BOTH_DELETED)))).expect(204)
    assert (await alice.sync(calendar, token)).removed == [href]
    (await alice.get(href)).expect(404)


async def test_a_summary_as_long_as_the_uid_is_cut_and_the_uid_is_not(alice: DAV, alice_ox: OX, calendar: str) -> None:
    uid, href = "u" * 300, child(calendar, "long.ics")
    (await alice.put(href, event(uid, "s" * 300))).expect(201)
    assert (await alice_ox.event(uid))["summary"] == "s" * 255
    assert "s" * 60 in (await alice.get(href)).expect(200).text

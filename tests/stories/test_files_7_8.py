"""Files of events before OX 7.8, which keeps them beside its appointments: series, meetings, and what they cost."""

from __future__ import annotations

import pytest

from gateway.account import endangered_files
from tests.davclient import DAV, child, event
from tests.oxclient import OX
from tests.stories.test_attachments import INSIDE, lines_of, path_of
from tests.stories.test_managed_attachments import named, post
from tests.world import World

GENERATIONS = ("7.8",)

OTHER = "ATTACH;FMTTYPE=text/plain;X-FILENAME=other.txt;ENCODING=BASE64;VALUE=BINARY:T3RoZXI="


def series(uid: str, master: tuple[str, ...], *instances: tuple[int, tuple[str, ...]], hour: int = 9) -> str:
    """A daily series; an instance is its day in March and its further lines, an hour later than the others."""
    text = event(uid, "Series", start=f"20270301T{hour:02d}0000", lines=["RRULE:FREQ=DAILY;COUNT=6", *master])
    for day, lines in instances:
        own = [f"RECURRENCE-ID;TZID=Europe/Berlin:202703{day:02d}T{hour:02d}0000", *lines]
        one = event(uid, "Instance", start=f"202703{day:02d}T{hour + 1:02d}0000", lines=own)
        inner = one[one.index("BEGIN:VEVENT") : one.index("END:VCALENDAR")]
        text = text.replace("END:VCALENDAR", f"{inner}END:VCALENDAR")
    return text


async def held(ox: OX, uid: str, folder: str | None = None) -> dict[str, dict[str, bytes]]:
    """By day and hour, what OX has of each event of a resource."""
    return {
        each["startDate"]["value"][6:11]: {
            one["filename"]: await ox.file(each, one["managedId"]) for one in each.get("attachments", ())
        }
        for each in await ox.events(folder)
        if each["uid"] == uid
    }


async def test_each_event_of_a_series_has_its_own_files(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "own.ics")
    text = series("own", (INSIDE,), (2, (INSIDE,)), (3, ()), (4, (OTHER,)))
    (await alice.put(href, text)).expect(201)
    expected: dict[str, dict[str, bytes]] = {
        "01T09": {"in.txt": b"Inside"},
        "02T10": {"in.txt": b"Inside"},
        "03T10": {},
        "04T10": {"other.txt": b"Other"},
    }
    assert await held(alice_ox, "own") == expected
    assert lines_of((await alice.get(href)).text) == [INSIDE, INSIDE, OTHER]
    (await alice.put(href, series("own", (OTHER,), (2, (INSIDE,)), (3, (INSIDE, OTHER)), (4, ())))).expect(204)
    expected |= {"01T09": {"other.txt": b"Other"}, "03T10": {"in.txt": b"Inside", "other.txt": b"Other"}, "04T10": {}}
    assert await held(alice_ox, "own") == expected


async def test_files_outlive_a_series_that_is_rolled_out_anew(alice: DAV, alice_ox: OX, calendar: str) -> None:
    """OX 7.8 cannot restore a deleted occurrence: the series becomes a single event for a moment."""
    href = child(calendar, "anew.ics")
    deleted = "EXDATE;TZID=Europe/Berlin:20270305T090000"
    (await alice.put(href, series("anew", (deleted,), (2, ())))).expect(201)
    for name, rid in (("all.txt", "M"), ("own.txt", "20270302T080000Z")):
        query = f"action=attachment-add&rid={rid}"
        (await post(alice, href, query, name.encode(), content_disposition=named(name))).expect(201)
    before: dict[str, dict[str, bytes]] = {"01T09": {"all.txt": b"all.txt"}, "02T10": {"own.txt": b"own.txt"}}
    assert await held(alice_ox, "anew") == before
    text = (await alice.get(href)).text
    (await alice.put(href, "".join(line for line in text.splitlines(keepends=True) if "EXDATE" not in line))).expect(
        204
    )
    assert await held(alice_ox, "anew") == before
    for line in lines_of((await alice.get(href)).text):
        assert (await alice.get(path_of(line))).expect(200).body in (b"all.txt", b"own.txt")


async def test_files_outlive_another_time_of_the_series(alice: DAV, alice_ox: OX, calendar: str) -> None:
    href = child(calendar, "later.ics")
    (await alice.put(href, series("later", (), (2, (INSIDE,))))).expect(201)
    (await post(alice, href, "action=attachment-add&rid=M", b"M", content_disposition=named("m.txt"))).expect(201)
    (line, inside) = lines_of((await alice.get(href)).text)
    assert inside == INSIDE
    (await alice.put(href, series("later", (line,), (2, (INSIDE,)), hour=11))).expect(204)
    assert await held(alice_ox, "later") == {"01T11": {"m.txt": b"M"}, "02T12": {"in.txt": b"Inside"}}


async def test_files_that_could_not_outlive_a_change(
    alice: DAV, alice_ox: OX, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    href = child(calendar, "large.ics")
    (await alice.put(href, series("large", (), (2, (INSIDE,))))).expect(201)
    monkeypatch.setattr(endangered_files, "_MOST_BYTES", 5)
    answer = await alice.put(href, series("large", (), (2, (INSIDE,)), hour=11))
    assert answer.precondition("C:max-attachment-size")
    assert await held(alice_ox, "large") == {"01T09": {}, "02T10": {"in.txt": b"Inside"}}


async def test_files_move_along(alice: DAV, alice_ox: OX, calendar: str) -> None:
    await alice_ox.call("folders", "new", {"title": "Further", "module": "event"}, folder_id=1)
    there = (await alice.calendars())["Further"]
    href, target = child(calendar, "along.ics"), child(there, "along.ics")
    (await alice.put(href, series("along", (INSIDE,), (2, (OTHER,))))).expect(201)
    (await post(alice, href, "action=attachment-add", b"1", content_disposition=named("1.txt"))).expect(201)
    before = await held(alice_ox, "along")
    assert before == {
        "01T09": {"in.txt": b"Inside", "1.txt": b"1"},
        "02T10": {"other.txt": b"Other", "1.txt": b"1"},
    }
    lines = [line for line in lines_of((await alice.get(href)).text) if "MANAGED-ID" in line]
    (await alice.move(href, target)).expect(201)
    assert await held(alice_ox, "along", f"cal://0/{there.rstrip('/').rpartition('/')[2]}") == before
    assert (await alice.get(path_of(lines[0]))).expect(200).body == b"1"


async def test_an_attendee_reads_files_and_adds_none(
    alice: DAV, bob: DAV, alice_ox: OX, bob_ox: OX, calendar: str
) -> None:
    people = (
        "ORGANIZER:mailto:alice@example.com",
        "ATTENDEE:mailto:alice@example.com",
        "ATTENDEE:mailto:bob@example.com",
    )
    (await alice.put(child(calendar, "meet.ics"), event("meet", lines=[*people, INSIDE]))).expect(201)
    theirs = child((await bob.calendars())["Calendar"], "meet.ics")
    (line,) = lines_of((await bob.get(theirs)).text)
    assert (await bob.get(path_of(line))).expect(200).body == b"Inside"
    assert (await post(bob, theirs, "action=attachment-add", b"x")).status == 403
    (await post(alice, child(calendar, "meet.ics"), "action=attachment-add", b"2")).expect(201)
    address = path_of(lines_of((await alice.get(child(calendar, "meet.ics"))).text)[-1])
    assert (await bob.get(address)).expect(200).body == b"2"  # by alice's address, from bob's own calendar


async def test_what_files_cost(world: World, alice: DAV, calendar: str) -> None:
    hrefs = [child(calendar, f"cost{number}.ics") for number in range(3)]
    for number, href in enumerate(hrefs):
        lines = [INSIDE] if number == 1 else []
        with world.upstream() as calls:
            (await alice.put(href, event(f"cost{number}", lines=lines))).expect(201)
        assert ("attachment" in {call.module for call in calls}) == (number == 1)
    world.restart_gateway()
    async with world.dav("alice") as client:
        await client.propfind(calendar, "D:getetag", depth=1)
        with world.upstream() as calls:
            await client.propfind(calendar, "D:getetag", depth=1)
        assert len(calls) == 1
        with world.upstream() as calls:
            await client.multiget(calendar, hrefs)
        assert [call.module for call in calls].count("attachment") == 1

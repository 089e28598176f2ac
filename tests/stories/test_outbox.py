"""The outbox: when are others busy (RFC 6638 5)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.davclient import DAV, Answer, child, clark, event
from tests.world import World

ALICE, BOB = "mailto:alice@example.com", "mailto:bob@example.com"


def request(*attendees: str, organizer: str = ALICE, method: str = "REQUEST", more: tuple[str, ...] = ()) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Stories//EN",
        f"METHOD:{method}",
        "BEGIN:VFREEBUSY",
        "UID:ask-1",
        "DTSTAMP:20270101T000000Z",
        "DTSTART:20270405T000000Z",
        "DTEND:20270406T000000Z",
        f"ORGANIZER:{organizer}",
        *(f"ATTENDEE:{attendee}" for attendee in attendees),
        *more,
        "END:VFREEBUSY",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


@pytest.fixture(scope="module", params=["8", "7.8"])
def generation(request: pytest.FixtureRequest) -> str:
    """Of OX."""
    return str(request.param)


@pytest.fixture(scope="module")
def world(generation: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"), generation=generation)
    yield world
    world.close()


@pytest.fixture
async def outbox(alice: DAV) -> str:
    root = await alice.propfind("/", "D:current-user-principal")
    principal = await alice.propfind(root.only.href_in("D:current-user-principal"), "C:schedule-outbox-URL")
    return principal.only.href_in("C:schedule-outbox-URL")


@pytest.fixture
async def busy_bob(bob: DAV) -> AsyncIterator[str]:
    """Bob is busy from 7 to 8 (UTC); the calendar's href."""
    calendar = (await bob.calendars())["Calendar"]
    href = child(calendar, "busy.ics")
    (await bob.put(href, event("bob-busy", "Secret", start="20270405T090000"))).expect(201)
    yield calendar
    (await bob.delete(href)).expect(204)


async def post(dav: DAV, href: str, body: str, kind: str = "text/calendar; charset=utf-8") -> Answer:
    return await dav.request("POST", href, body, {"Content-Type": kind})


def answers(answer: Answer) -> dict[str, tuple[str, str | None]]:
    """Recipient -> request-status and calendar-data."""
    root = answer.expect(200).xml
    assert root.tag == clark("C:schedule-response")
    return {
        one.findtext(f"{clark('C:recipient')}/{clark('D:href')}") or "": (
            one.findtext(clark("C:request-status")) or "",
            one.findtext(clark("C:calendar-data")),
        )
        for one in root.iterfind(clark("C:response"))
    }


def periods(text: str | None) -> list[str]:
    assert text is not None
    return [line for line in text.splitlines() if line.startswith("FREEBUSY")]


async def test_users_rooms_and_others(world: World, alice: DAV, outbox: str, busy_bob: str) -> None:
    stranger = "mailto:ext@other.example"
    rooms = await alice.propfind("/principals/resources/", "D:displayname", depth=1)
    room = next(href for href in rooms.responses if href != "/principals/resources/")
    asked = (ALICE, BOB, "MAILTO:Bob@Example.com", room, stranger, "/principals/users/4711/", "urn:x:nobody")
    with world.upstream() as calls:
        answer = await post(alice, outbox, request(*asked))
    assert len([call for call in calls if call.module == "multiple"]) <= 2
    found = answers(answer)
    assert list(found) == [ALICE, BOB, room, stranger, "/principals/users/4711/", "urn:x:nobody"]
    for href in (ALICE, BOB, room):
        assert found[href][0] == "2.0;Success"
    assert periods(found[BOB][1]) == ["FREEBUSY;FBTYPE=BUSY:20270405T070000Z/20270405T080000Z"]
    assert periods(found[ALICE][1]) == periods(found[room][1]) == []
    assert found[stranger] == ("5.3;No scheduling support for user", None)
    for href in ("/principals/users/4711/", "urn:x:nobody"):
        assert found[href] == ("3.7;Invalid calendar user", None)
    text = found[BOB][1] or ""
    assert "Secret" not in text
    for line in ("METHOD:REPLY", "UID:ask-1", f"ORGANIZER:{ALICE}", f"ATTENDEE:{BOB}", "DTEND:20270406T000000Z"):
        assert line in text.splitlines()


async def test_an_event_can_be_left_out(generation: str, alice: DAV, outbox: str, busy_bob: str) -> None:
    answer = await post(alice, outbox, request(BOB, more=("X-CALENDARSERVER-MASK-UID:bob-busy",)))
    assert len(periods(answers(answer)[BOB][1])) == {"8": 0, "7.8": 1}[generation]


async def test_groups_are_not_answered_as_free(alice: DAV, outbox: str) -> None:
    groups = await alice.propfind("/principals/groups/", "D:displayname", depth=1)
    team = next(href for href in groups.responses if href != "/principals/groups/")
    assert answers(await post(alice, outbox, request(team)))[team][0].startswith("5.3;")


async def test_the_organizer_may_be_the_principal(alice: DAV, outbox: str) -> None:
    root = await alice.propfind("/", "D:current-user-principal")
    organizer = root.only.href_in("D:current-user-principal")
    assert ALICE in answers(await post(alice, outbox, request(ALICE, organizer=organizer)))


@pytest.mark.parametrize(
    ("body", "precondition"),
    [
        ("no calendar", "C:valid-calendar-data"),
        (request(BOB, method="PUBLISH"), "C:valid-scheduling-message"),
        (request(), "C:valid-scheduling-message"),
        (request(BOB).replace("UID:ask-1\r\n", ""), "C:valid-scheduling-message"),
        (request(BOB).replace("DTEND:20270406", "DTEND:20270404"), "C:valid-scheduling-message"),
        (request(BOB).replace("VFREEBUSY", "VEVENT"), "C:valid-scheduling-message"),
        (request(BOB).replace("DTSTART:20270405T000000Z", "DTSTART:soon"), "C:valid-calendar-data"),
        (request(BOB, organizer=BOB), "C:organizer-allowed"),
        (request(*(f"mailto:a{n}@example.org" for n in range(201))), "C:max-attendees-per-instance"),
    ],
)
async def test_what_is_refused(alice: DAV, outbox: str, body: str, precondition: str) -> None:
    answer = await post(alice, outbox, body)
    assert answer.expect(403).precondition(precondition)


async def test_other_media_types(alice: DAV, outbox: str) -> None:
    answer = await post(alice, outbox, request(BOB), "application/json")
    assert answer.expect(403).precondition("C:supported-calendar-data")


async def test_privileges_and_methods(alice: DAV, outbox: str) -> None:
    answer = await alice.propfind(outbox, "D:current-user-privilege-set", "D:supported-privilege-set")
    granted = {one[0].tag for one in answer.only.element("D:current-user-privilege-set")}
    assert granted >= {clark("C:schedule-send"), clark("C:schedule-send-freebusy"), clark("D:read")}
    inbox = outbox.replace("outbox", "inbox")
    answer = await alice.propfind(inbox, "D:current-user-privilege-set")
    granted = {one[0].tag for one in answer.only.element("D:current-user-privilege-set")}
    assert clark("C:schedule-deliver") in granted
    assert "POST" in (await alice.request("OPTIONS", outbox)).headers["Allow"]
    (await post(alice, inbox, request(BOB))).expect(405)

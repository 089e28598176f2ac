"""What OX's error codes are for clients: the right status, the right precondition element, and nothing is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import pytest

from middleware.errors import OXError
from middleware.faults import Fault, Kind
from tests.davclient import DAV, Answer, card, child, event, todo
from tests.oxclient import OX
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH
pytestmark = pytest.mark.usefixtures("no_fault_left")

DATA, CARD_DATA = "C:valid-calendar-data", "CR:valid-address-data"
UID, CARD_UID = "C:no-uid-conflict", "CR:no-uid-conflict"
RIGHTS = "D:need-privileges"

_numbers = count()


@dataclass(frozen=True, slots=True)
class Stage:
    alice: DAV
    bob: DAV
    ox: OX
    calendar: str
    tasks: str
    book: str


@pytest.fixture
async def stage(alice: DAV, bob: DAV, alice_ox: OX, calendar: str, tasklist: str, book: str) -> Stage:
    return Stage(alice, bob, alice_ox, calendar, tasklist, book)


# -- provoked ----------------------------------------------------------------------------------------------------------

ME = 3
BOB = 4
OWNER, AUTHOR, READER = 403710016, 2 | 2 << 7 | 2 << 14 | 2 << 21, 1 | 2 << 7


async def folder(stage: Stage, module: str, *, bob: int, public: bool = False) -> str:
    """The title of a new folder of alice's in which bob has these rights."""
    title = f"{module} {next(_numbers)}"
    permissions = [{"entity": ME, "group": False, "bits": OWNER}, {"entity": BOB, "group": False, "bits": bob}]
    body = {"title": title, "module": module, "permissions": permissions}
    await stage.ox.call("folders", "new", body, folder_id=2 if public else 1)
    return title


async def collection(client: DAV, title: str) -> str:
    return {**await client.calendars(), **await client.address_books()}[title]


def new_name(text: str) -> str:
    return f"object {next(_numbers)}.{'vcf' if 'VCARD' in text else 'ics'}"


def puts(text: str, where: str = "calendar") -> Callable[[Stage], Awaitable[Answer]]:
    async def act(stage: Stage) -> Answer:
        return await stage.alice.put(child(getattr(stage, where), new_name(text)), text)

    return act


def privately(text: str, module: str) -> Callable[[Stage], Awaitable[Answer]]:
    """Something private in a public folder."""

    async def act(stage: Stage) -> Answer:
        title = await folder(stage, module, bob=AUTHOR, public=True)
        return await stage.alice.put(child(await collection(stage.alice, title), new_name(text)), text)

    return act


def same_uid(text: str, where: str) -> Callable[[Stage], Awaitable[Answer]]:
    async def act(stage: Stage) -> Answer:
        await puts(text, where)(stage)
        return await puts(text, where)(stage)

    return act


def stale(text: str, where: str) -> Callable[[Stage], Awaitable[Answer]]:
    async def act(stage: Stage) -> Answer:
        href = child(getattr(stage, where), new_name(text))
        await stage.alice.put(href, text)
        etag = (await stage.alice.get(href)).etag or ""
        for name in ("One", "Two"):
            await stage.alice.put(href, text.replace("Stale", name))
        return await stage.alice.put(href, text.replace("Stale", "Three"), if_match=etag)

    return act


def without_rights(text: str, module: str) -> Callable[[Stage], Awaitable[Answer]]:
    async def act(stage: Stage) -> Answer:
        title = await folder(stage, module, bob=READER)
        return await stage.bob.put(child(await collection(stage.bob, title), new_name(text)), text)

    return act


async def deletes_without_rights(stage: Stage) -> Answer:
    title = await folder(stage, "event", bob=READER)
    await stage.alice.put(child(await collection(stage.alice, title), f"{title}.ics"), event(title))
    return await stage.bob.delete(child(await collection(stage.bob, title), f"{title}.ics"))


async def deletes_a_folder_of_somebody_else(stage: Stage) -> Answer:
    title = await folder(stage, "event", bob=AUTHOR)
    return await stage.bob.delete(await collection(stage.bob, title))


async def deletes_the_default_calendar(stage: Stage) -> Answer:
    return await stage.alice.delete(stage.calendar)


async def makes_a_second_of_that_name(stage: Stage) -> Answer:
    home = stage.calendar.rstrip("/").rpartition("/")[0]
    title = f"twice {next(_numbers)}"
    (await stage.alice.mkcalendar(f"{home}/a{next(_numbers)}/", title)).expect(201)
    answer = await stage.alice.mkcalendar(f"{home}/b{next(_numbers)}/", title)
    assert "409 Conflict" in answer.text
    return answer


async def books_a_room_twice(stage: Stage) -> Answer:
    (found,) = await stage.ox.call("resource", "search", {"pattern": "Room 1"})
    room = (*PEOPLE[:2], f"ATTENDEE;CUTYPE=ROOM:mailto:{found['mailaddress']}")
    start = "20270310T090000"
    await stage.alice.put(child(stage.calendar, "room1.ics"), event("room1", start=start, lines=room))
    return await stage.alice.put(child(stage.calendar, "room2.ics"), event("room2", start=start, lines=room))


PRIVATE = ("CLASS:PRIVATE",)
PEOPLE = ("ORGANIZER:mailto:alice@example.com", "ATTENDEE:mailto:alice@example.com", "ATTENDEE:mailto:bob@example.com")
BACKWARDS = event("backwards").replace("DTEND;TZID=Europe/Berlin:20270301T10", "DTEND;TZID=Europe/Berlin:20270301T08")

PROVOKED: dict[str, tuple[Callable[[Stage], Awaitable[Answer]], int, str | None]] = {
    "CAL-4221, APP-0020: end before start": (puts(BACKWARDS), 403, DATA),
    "CAL-4220, APP-0026: no start": (
        puts("\r\n".join(line for line in event("x").split("\r\n") if "DTSTART;" not in line)),
        403,
        DATA,
    ),
    "CAL-4002, APP-0040: no rule": (puts(event("x", lines=["RRULE:FREQ=NEVER"])), 403, DATA),
    "CAL-4222, APP-0022: private in a public folder": (privately(event("x", lines=PRIVATE), "event"), 403, DATA),
    "CAL-4090, APP-0100: UID taken": (same_uid(event("same"), "calendar"), 409, UID),
    "CAL-4120: stale": (stale(event("stale", "Stale"), "calendar"), 412, None),
    "CAL-4031, APP-0063: no right to write": (without_rights(event("x"), "event"), 403, RIGHTS),
    "CAL-4032: no right to delete": (deletes_without_rights, 403, RIGHTS),
    "TSK-0040: due before start": (
        puts(todo("x", "X", "DTSTART:20270302T090000Z", "DUE:20270301T090000Z"), "tasks"),
        403,
        DATA,
    ),
    "TSK-0008: private in a public folder": (privately(todo("x", "X", *PRIVATE), "tasks"), 403, DATA),
    "TSK-0028: private with other people": (puts(todo("x", "X", *PRIVATE, *PEOPLE), "tasks"), 403, DATA),
    "APP-0100: UID of a task taken": (same_uid(todo("same-task"), "tasks"), 409, UID),
    "TSK-0007: stale": (stale(todo("stale-task", "Stale"), "tasks"), 412, None),
    "TSK-0025: no right to create": (without_rights(todo("x"), "tasks"), 403, RIGHTS),
    "CON-0171: private in a public folder": (privately(card("x", "X", *PRIVATE), "contacts"), 403, CARD_DATA),
    "a UID twice in a book": (same_uid(card("same-card"), "book"), 409, CARD_UID),
    "CON-0119: stale": (stale(card("stale-card", "Stale"), "book"), 412, None),
    "CON-0112: no right to create": (without_rights(card("x"), "contacts"), 403, RIGHTS),
    "FLD-1014: name taken": (makes_a_second_of_that_name, 207, None),
    "FLD-0010: somebody else's folder": (deletes_a_folder_of_somebody_else, 403, RIGHTS),
    "FLD-0031: a default folder": (deletes_the_default_calendar, 403, RIGHTS),
    "CAL-4092: a room that is taken": (books_a_room_twice, 403, None),
}


@pytest.mark.parametrize("code", PROVOKED)
async def test_provoked(stage: Stage, code: str) -> None:
    act, status, precondition = PROVOKED[code]
    answer = (await act(stage)).expect(status)
    assert precondition is None or answer.precondition(precondition), answer.text


# -- repaired ----------------------------------------------------------------------------------------------------------

TAKEN: dict[str, tuple[str, str, str]] = {
    "CAL-5070, APP-0072: too long": ("calendar", event("long", "L" * 3000), "L" * 60),
    "CAL-4001: a zone of its own": (
        "calendar",
        event("zone").replace("Europe/Berlin", "Mars/Base"),
        "20270301T090000",
    ),
    "CAL-4003: no place": ("calendar", event("geo", lines=["GEO:999;999"]), "GEO:999;999"),
    "CAL-4005: half an alarm": (
        "calendar",
        event("alarm", lines=["BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT5M", "END:VALARM"]),
        "TRIGGER:-PT5M",
    ),
    "CAL-4034: nobody": ("calendar", event("nobody", lines=[*PEOPLE, "ATTENDEE:tel:+49"]), "ATTENDEE:tel:+49"),
    "CAL-4223: every second": ("calendar", event("rule", lines=["RRULE:FREQ=SECONDLY;COUNT=3"]), "FREQ=SECONDLY"),
    "CAL-1991: an unknown status": ("calendar", event("status", lines=["STATUS:NONSENSE"]), "STATUS:NONSENSE"),
    "TSK-0030: 150 %": ("tasks", todo("percent", "X", "PERCENT-COMPLETE:150"), "PERCENT-COMPLETE:150"),
    "TSK-0031: not begun and half done": (
        "tasks",
        todo("half", "X", "STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:50"),
        "PERCENT-COMPLETE:50",
    ),
    "TSK-0037: a rule without dates": ("tasks", todo("rule-task", "X", "RRULE:FREQ=DAILY"), "RRULE:FREQ=DAILY"),
    "TSK-0039: an unknown status": ("tasks", todo("status-task", "X", "STATUS:NONSENSE"), "STATUS:NONSENSE"),
    "TSK-0041: too long": ("tasks", todo("long-task", "L" * 1000), "L" * 60),
    "TSK-0044: nobody": ("tasks", todo("nobody-task", "X", PEOPLE[0], "ATTENDEE:tel:+49"), "ATTENDEE:tel:+49"),
    "TSK-0057: an unknown priority": ("tasks", todo("priority", "X", "PRIORITY:42"), "PRIORITY:42"),
    "CON-0100: no mail address": ("book", card("mail", "X", "EMAIL:not an address"), "EMAIL:not an address"),
    "CON-0154: too long": ("book", card("long-card", "L" * 500), "L" * 60),
    "CON-0177: a member without address": (
        "book",
        card("list", "X", "X-ADDRESSBOOKSERVER-KIND:group", "X-ADDRESSBOOKSERVER-MEMBER:mailto:nowhere"),
        "X-ADDRESSBOOKSERVER-MEMBER:mailto:nowhere",
    ),
}


@pytest.mark.parametrize("code", TAKEN)
async def test_taken_and_kept(stage: Stage, code: str) -> None:
    """What OX refuses by its own rules is stored as far as OX can hold it, and comes back whole."""
    where, text, kept = TAKEN[code]
    href = child(getattr(stage, where), new_name(text))
    (await stage.alice.put(href, text)).expect(201)
    got = (await stage.alice.get(href)).expect(200)
    assert kept in got.text.replace("\r\n ", "")
    (await stage.alice.put(href, got.text, if_match=got.etag or "")).expect(204)


# -- whatever OX says --------------------------------------------------------------------------------------------------

LATER = 503
SAID: dict[tuple[str, str], tuple[int, str | None, str | None]] = {
    ("CAL-4031", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("APP-0059", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("TSK-0024", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("CON-0176", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("SVL-0016", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("RA-0002", "PERMISSION_DENIED"): (403, RIGHTS, RIGHTS),
    ("CAL-4045", "USER_INPUT"): (404, None, None),
    ("FLD-0008", "ERROR"): (404, None, None),
    ("CAL-4120", "CONFLICT"): (412, None, None),
    ("CAL-4121", "CONFLICT"): (412, None, None),
    ("CON-0119", "CONFLICT"): (412, None, None),
    ("CAL-4092", "CONFLICT"): (403, None, None),
    ("CAL-4006", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("APP-0029", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("CAL-4222", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("APP-0023", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("TSK-0043", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("CON-0171", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("CON-0167", "TRY_AGAIN"): (403, DATA, CARD_DATA),
    ("CAL-5071", "USER_INPUT"): (403, DATA, CARD_DATA),
    ("APP-0072", "TRUNCATED"): (403, DATA, CARD_DATA),
    ("CAL-5073", "USER_INPUT"): (403, "C:max-attendees-per-instance", None),
    ("SVL-0015", "PERMISSION_DENIED"): (403, None, None),
    ("NEW-0001", "CAPACITY"): (507, "D:quota-not-exceeded", "D:quota-not-exceeded"),
    ("CAL-5002", "TRY_AGAIN"): (LATER, None, None),
    ("SES-0204", "TRY_AGAIN"): (LATER, None, None),
    ("CAL-5032", "SERVICE_DOWN"): (LATER, None, None),
    ("CAL-5000", "ERROR"): (502, None, None),
    ("SVL-0011", "ERROR"): (502, None, None),
}
KINDS: dict[str, Callable[[str, str], str]] = {"calendar": event, "tasks": todo, "book": card}


@pytest.mark.parametrize("where", KINDS)
async def test_whatever_ox_says(world: World, stage: Stage, where: str) -> None:
    """The answer to a creation and to a change that OX refuses; nothing is stored, and it can be done again."""
    cards = where == "book"
    kept = child(getattr(stage, where), new_name(KINDS[where]("", "")))
    (await stage.alice.put(kept, KINDS[where](f"kept-{where}", "Kept"))).expect(201)
    before = (await stage.alice.get(kept)).text
    for (code, category), (status, precondition, of_cards) in SAID.items():
        expected = of_cards if cards else precondition
        text = KINDS[where](f"said-{where}-{code}", "Said")
        href = child(getattr(stage, where), new_name(text))
        for action, target, sent in (("new", href, text), ("update", kept, before.replace(":Kept", f":Kept {code}"))):
            error = OXError(code, category, "No.")
            world.ox_server.faults.add(Fault(Kind.ERROR, action=action, times=None, error=error))
            answer = await stage.alice.put(target, sent)
            world.ox_server.faults.clear()
            assert answer.status == status, (code, action, answer.text)
            assert expected is None or answer.precondition(expected), (code, action, answer.text)
            assert ("Retry-After" in answer.headers) == (status == LATER), (code, action)
        assert (await stage.alice.get(href)).status == 404, code
        assert (await stage.alice.get(kept)).text == before, code
    (await stage.alice.put(href, text)).expect(201)

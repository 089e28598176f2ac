"""The same objects in Radicale and behind the gateway: the same question gets the same answer.

Where the two differ on purpose the reason stands beside the case.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import pytest

from tests.davclient import DAV, card, child, event
from tests.world import World


def all_day(uid: str, first: str, last: str, *lines: str) -> str:
    text = event(uid, lines=lines)
    text = text.replace("DTSTART;TZID=Europe/Berlin:20270301T090000", f"DTSTART;VALUE=DATE:{first}")
    return text.replace("DTEND;TZID=Europe/Berlin:20270301T100000", f"DTEND;VALUE=DATE:{last}")


EVENTS = {
    "plain": event("plain", "Plain meeting", lines=["LOCATION:Room 1", "CATEGORIES:Work"]),
    "later": event("later", "Later", start="20270601T150000", lines=["STATUS:TENTATIVE"]),
    "weekly": event("weekly", "Weekly", lines=["RRULE:FREQ=WEEKLY;COUNT=20"]),
    "endless": event("endless", "Endless", start="20270102T120000", lines=["RRULE:FREQ=DAILY"]),
    "gaps": event("gaps", "Gaps", lines=["RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20270308T090000"]),
    "days": all_day("days", "20270310", "20270313"),
    "birthday": all_day("birthday", "20200310", "20200311", "RRULE:FREQ=YEARLY"),
    "alarmed": event(
        "alarmed",
        "Alarmed",
        start="20270901T080000",
        lines=["BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:x", "TRIGGER:-PT15M", "END:VALARM"],
    ),
}
CARDS = {
    "ada": card("ada", "Ada Lovelace", "EMAIL;TYPE=WORK:ada@example.org", "NICKNAME:Countess"),
    "bob": card("bob", "Bob Builder", "TEL;TYPE=CELL:+49 1", "ORG:Works"),
    "eve": card("eve", "Eve Mallory", "EMAIL;TYPE=HOME:eve@example.net", "CATEGORIES:Friends"),
}


@pytest.fixture(scope="module")
def filled() -> set[str]:
    return set()


@pytest.fixture
async def ours(world: World, filled: set[str]) -> AsyncIterator[tuple[DAV, str, str]]:
    async with world.dav() as client:
        calendar, book = (await client.calendars())["Calendar"], (await client.address_books())["Contacts"]
        if "ours" not in filled:
            await fill(client, calendar, book)
            filled.add("ours")
        yield client, calendar, book


@pytest.fixture
async def theirs(peer: DAV, filled: set[str]) -> tuple[DAV, str, str]:
    calendar, book = "/alice/calendar/", "/alice/book/"
    if "theirs" not in filled:
        (await peer.mkcalendar(calendar, "Calendar")).expect(201)
        (await peer.mkcol(book, "CR:addressbook", "Contacts")).expect(201)
        await fill(peer, calendar, book)
        filled.add("theirs")
    return peer, calendar, book


async def fill(client: DAV, calendar: str, book: str) -> None:
    for name, text in EVENTS.items():
        (await client.put(child(calendar, f"{name}.ics"), text)).expect(201)
    for name, text in CARDS.items():
        (await client.put(child(book, f"{name}.vcf"), text)).expect(201)


def comp(inner: str, name: str = "VEVENT") -> str:
    return f'<C:comp-filter name="VCALENDAR"><C:comp-filter name="{name}">{inner}</C:comp-filter></C:comp-filter>'


def window(start: str, end: str) -> str:
    return comp(f'<C:time-range start="{start}" end="{end}"/>')


def prop(name: str, inner: str) -> str:
    return comp(f'<C:prop-filter name="{name}">{inner}</C:prop-filter>')


CALENDAR_FILTERS = {
    "everything": '<C:comp-filter name="VCALENDAR"/>',
    "events": comp(""),
    "todos": comp("", "VTODO"),
    "no todo": '<C:comp-filter name="VCALENDAR"><C:comp-filter name="VTODO"><C:is-not-defined/></C:comp-filter>'
    "</C:comp-filter>",
    "march": window("20270301T000000Z", "20270401T000000Z"),
    "one hour": window("20270301T080000Z", "20270301T090000Z"),
    "touching the end": window("20270301T090000Z", "20270301T100000Z"),
    "removed instance": window("20270308T080000Z", "20270308T090000Z"),
    "far future": window("20990101T000000Z", "20990102T000000Z"),
    "open end": comp('<C:time-range start="20270801T000000Z"/>'),
    "inside a long day": window("20270311T120000Z", "20270311T130000Z"),
    "summary contains": prop("SUMMARY", "<C:text-match>meeting</C:text-match>"),
    "summary contains not": prop("SUMMARY", '<C:text-match negate-condition="yes">e</C:text-match>'),
    "other case": prop("SUMMARY", '<C:text-match collation="i;ascii-casemap">PLAIN</C:text-match>'),
    "octets": prop("SUMMARY", '<C:text-match collation="i;octet">plain</C:text-match>'),
    "with location": prop("LOCATION", ""),
    "without location": prop("LOCATION", "<C:is-not-defined/>"),
    "uid": prop("UID", '<C:text-match collation="i;octet">weekly</C:text-match>'),
    "alarm": comp('<C:comp-filter name="VALARM"/>'),
    "no alarm": comp('<C:comp-filter name="VALARM"><C:is-not-defined/></C:comp-filter>'),
}
EXPECTED_OTHERWISE: dict[str, set[str]] = {
    # Radicale ignores the collation and always folds case (RFC 4791 7.5).
    "octets": set(),
    # Radicale does not find VALARM inside of VEVENT (RFC 4791 7.8.5 does).
    "alarm": {"alarmed.ics"},
    "no alarm": {f"{name}.ics" for name in EVENTS if name != "alarmed"},
}


def names(responses: Iterable[str]) -> set[str]:
    return {href.rsplit("/", 1)[1] for href in responses}


@pytest.mark.parametrize("case", CALENDAR_FILTERS)
async def test_calendar_query(ours: tuple[DAV, str, str], theirs: tuple[DAV, str, str], case: str) -> None:
    ours_client, our_calendar, _ = ours
    their_client, their_calendar, _ = theirs
    filters = CALENDAR_FILTERS[case]
    answered = names((await ours_client.query(our_calendar, filters)).responses)
    if case in EXPECTED_OTHERWISE:
        assert answered == EXPECTED_OTHERWISE[case]
        return
    assert answered == names((await their_client.query(their_calendar, filters)).responses)


def card_prop(name: str, inner: str) -> str:
    return f'<CR:prop-filter name="{name}">{inner}</CR:prop-filter>'


def match(text: str, kind: str = "contains", negate: str = "no") -> str:
    return f'<CR:text-match match-type="{kind}" negate-condition="{negate}">{text}</CR:text-match>'


CARD_FILTERS = {
    "contains": card_prop("FN", match("love")),
    "equals": card_prop("FN", match("bob builder", "equals")),
    "starts with": card_prop("FN", match("eve", "starts-with")),
    "ends with": card_prop("EMAIL", match("example.org", "ends-with")),
    "not": card_prop("FN", match("a", negate="yes")),
    "has mail": card_prop("EMAIL", ""),
    "has none": card_prop("EMAIL", "<CR:is-not-defined/>"),
    "several texts, any": card_prop("FN", match("ada") + match("bob")),
    "several texts, all": '<CR:prop-filter name="FN" test="allof">'
    + match("ada")
    + match("love")
    + "</CR:prop-filter>",
    "a parameter": card_prop("EMAIL", f'<CR:param-filter name="TYPE">{match("home")}</CR:param-filter>'),
    "not that parameter": card_prop("EMAIL", '<CR:param-filter name="X-NONE"><CR:is-not-defined/></CR:param-filter>'),
    "a text and a parameter": '<CR:prop-filter name="EMAIL" test="allof">'
    + match("example")
    + f'<CR:param-filter name="TYPE">{match("work")}</CR:param-filter></CR:prop-filter>',
    "nothing of that name": card_prop("X-NONE", ""),
    "either": card_prop("NICKNAME", match("countess")) + card_prop("ORG", match("works")),
}


@pytest.mark.parametrize("test", ["anyof", "allof"])
@pytest.mark.parametrize("case", CARD_FILTERS)
async def test_addressbook_query(
    ours: tuple[DAV, str, str], theirs: tuple[DAV, str, str], case: str, test: str
) -> None:
    ours_client, _, our_book = ours
    their_client, _, their_book = theirs
    answered = await ours_client.card_query(our_book, CARD_FILTERS[case], test=test)
    expected = await their_client.card_query(their_book, CARD_FILTERS[case], test=test)
    assert names(answered.responses) == names(expected.responses)


async def test_listings(ours: tuple[DAV, str, str], theirs: tuple[DAV, str, str]) -> None:
    for (client, *mine), (peer, *other) in [(ours, theirs)]:
        for our_collection, their_collection in zip(mine, other, strict=True):
            here = (await client.propfind(our_collection, "D:getetag", depth=1)).responses
            there = (await peer.propfind(their_collection, "D:getetag", depth=1)).responses
            assert {name for name in names(here) if name} == {name for name in names(there) if name}
            synced = await client.sync(our_collection)
            assert names(dict(synced.changed)) == {name for name in names(here) if name}

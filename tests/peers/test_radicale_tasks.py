"""The same tasks in Radicale and behind the gateway: the same question gets the same answer."""

from __future__ import annotations

import pytest

from tests.davclient import DAV, child, todo
from tests.peers.test_radicale import comp, names
from tests.world import World

TASKS = {
    "due": todo("due", "Due", "DUE:20270301T120000Z"),
    "day": todo("day", "Day", "DUE;VALUE=DATE:20270305"),
    "span": todo("span", "Span", "DTSTART:20270301T080000Z", "DUE:20270303T120000Z", "LOCATION:Desk"),
    "start": todo("start", "Start", "DTSTART:20270302T080000Z", "STATUS:IN-PROCESS"),
    "length": todo("length", "Length", "DTSTART:20270310T080000Z", "DURATION:PT3H", "PRIORITY:1"),
    "done": todo("done", "Done", "DUE:20270302T120000Z", "STATUS:COMPLETED", "COMPLETED:20270301T100000Z"),
    "weekly": todo("weekly", "Weekly", "DTSTART:20270301T070000Z", "DUE:20270301T073000Z", "RRULE:FREQ=WEEKLY;COUNT=9"),
}
FIRST_WEEK = '<C:time-range start="20270301T000000Z" end="20270308T000000Z"/>'


def prop(name: str, inner: str = "") -> str:
    return comp(f'<C:prop-filter name="{name}">{inner}</C:prop-filter>', "VTODO")


FILTERS = {
    "all": comp("", "VTODO"),
    "events": comp(""),
    "first week": comp(FIRST_WEEK, "VTODO"),
    "one hour": comp('<C:time-range start="20270301T110000Z" end="20270301T120000Z"/>', "VTODO"),
    "an occurrence": comp('<C:time-range start="20270315T070000Z" end="20270315T080000Z"/>', "VTODO"),
    "inside of a duration": comp('<C:time-range start="20270310T090000Z" end="20270310T093000Z"/>', "VTODO"),
    "from then on": comp('<C:time-range start="20270309T000000Z"/>', "VTODO"),
    "not completed": prop("COMPLETED", "<C:is-not-defined/>"),
    "open in the first week": comp(
        f'{FIRST_WEEK}<C:prop-filter name="COMPLETED"><C:is-not-defined/></C:prop-filter>', "VTODO"
    ),
    "in process": prop("STATUS", "<C:text-match>IN-PROCESS</C:text-match>"),
    "with place": prop("LOCATION"),
    "important": prop("PRIORITY", "<C:text-match>1</C:text-match>"),
}


@pytest.fixture(scope="module")
def filled() -> set[str]:
    return set()


async def fill(client: DAV, tasklist: str, filled: set[str]) -> None:
    if tasklist not in filled:
        for name, text in TASKS.items():
            (await client.put(child(tasklist, f"{name}.ics"), text)).expect(201)
        filled.add(tasklist)


@pytest.mark.parametrize("case", FILTERS)
async def test_queries(world: World, peer: DAV, filled: set[str], case: str) -> None:
    theirs = "/alice/tasks/"
    if theirs not in filled:
        (await peer.mkcalendar(theirs, "Tasks")).expect(201)
    await fill(peer, theirs, filled)
    async with world.dav() as client:
        ours = (await client.calendars())["Tasks"]
        await fill(client, ours, filled)
        answered = names((await client.query(ours, FILTERS[case])).responses)
    assert answered == names((await peer.query(theirs, FILTERS[case])).responses)

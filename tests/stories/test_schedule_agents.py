"""Who is told of a meeting: SCHEDULE-AGENT and Schedule-Reply (RFC 6638 7.1, 8.1) become OX's ``scheduling``."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from middleware.journal import Entry
from tests.davclient import DAV, child, event
from tests.world import World

WRITES = {"new", "update", "updateAttendee", "delete"}
ORGANIZER = "ORGANIZER:mailto:alice@example.com"


def guest(name: str, agent: str | None = None) -> str:
    return f"ATTENDEE{f';SCHEDULE-AGENT={agent}' if agent else ''}:mailto:{name}@other.example"


def scheduling(calls: Sequence[Entry]) -> list[str | None]:
    """What each write said."""
    return [call.params.get("scheduling") for call in calls if call.module == "chronos" and call.action in WRITES]


@pytest.mark.parametrize(
    ("people", "wanted"),
    [
        ([guest("one")], None),
        ([guest("one", "SERVER")], None),
        ([guest("one", "CLIENT")], "none"),
        ([guest("one", "none"), guest("two", "X-ELSE")], "none"),
        ([guest("one", "NONE"), guest("two")], None),
    ],
)
async def test_the_organizer_says_who_sends(
    world: World, alice: DAV, calendar: str, people: list[str], wanted: str | None
) -> None:
    href = child(calendar, "agents.ics")
    with world.upstream() as calls:
        (await alice.put(href, event("agents", lines=[ORGANIZER, *people]))).expect(201)
    assert scheduling(calls) == [wanted]
    assert (await alice.get(href)).text.count("SCHEDULE-AGENT") == sum("AGENT" in one for one in people)
    with world.upstream() as calls:
        (await alice.put(href, event("agents", "Other", lines=[ORGANIZER, *people]))).expect(204)
    assert scheduling(calls) == [wanted]
    (await alice.delete(href)).expect(204)


async def test_an_attendee_who_does_not_want_to_answer(world: World, alice: DAV, bob: DAV, calendar: str) -> None:
    href = child(calendar, "quiet.ics")
    lines = [ORGANIZER, "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:bob@example.com"]
    (await alice.put(href, event("quiet", lines=lines))).expect(201)
    mine = child((await bob.calendars())["Calendar"], "quiet.ics")
    text = (await bob.get(mine)).text.replace("\r\n ", "")
    accepted = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=ACCEPTED")
    kind = {"Content-Type": "text/calendar"}
    with world.upstream() as calls:
        (await bob.request("PUT", mine, accepted, {**kind, "Schedule-Reply": "F"})).expect(204)
    assert scheduling(calls) == ["none"]
    by_client = text.replace("PARTSTAT=NEEDS-ACTION", "PARTSTAT=TENTATIVE").replace(
        "ORGANIZER;", "ORGANIZER;SCHEDULE-AGENT=CLIENT;"
    )
    with world.upstream() as calls:
        (await bob.request("PUT", mine, by_client, kind)).expect(204)
    assert set(scheduling(calls)) == {"none"}
    (await bob.request("DELETE", mine, None, {"Schedule-Reply": "maybe"})).expect(400)
    with world.upstream() as calls:
        (await bob.request("DELETE", mine, None, {"Schedule-Reply": "F"})).expect(204)
    assert scheduling(calls) == ["none"]

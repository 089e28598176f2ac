"""Generated events through both servers: PUT, GET, PUT of what came, GET. Nothing is lost, nothing written twice."""

from __future__ import annotations

import asyncio
import re
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.roundtrip import calendars
from gateway.roundtrip.findings import Verdict
from mappings.contentline import parse_tree
from tests.davclient import child
from tests.mappings.calendar.generated import vevents
from tests.stories.conftest import BOTH
from tests.world import World

GENERATIONS = BOTH

# What the generator of the translation's own tests leaves out: parameters, inner components, the calendar's own.
MORE = [
    "SUMMARY;LANGUAGE=de:Fischmarkt",
    'DESCRIPTION;ALTREP="data:text/html,x";X-P=1:Text',
    "LOCATION:" + "far away " * 60,
    "CATEGORIES;LANGUAGE=en:Fish\\, fresh,Work",
    "GEO:52.5;13.4",
    "X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE=Pier:geo:1,2",
    "BEGIN:VLOCATION\r\nUID:place\r\nNAME:Pier 4\r\nEND:VLOCATION",
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nUID:near\r\nTRIGGER:-PT1M\r\nPROXIMITY:ARRIVE\r\n"
    "BEGIN:VLOCATION\r\nUID:l\r\nURL:geo:1,2\r\nEND:VLOCATION\r\nEND:VALARM",
    'LINK;LINKREL="https://example.com/rel";VALUE=URI:https://example.com/x',
    "REQUEST-STATUS:2.0;Success",
    'CONTACT;ALTREP="cid:1":Somebody\\, somewhere',
    "RESOURCES;LANGUAGE=en:Projector",
]
EXAMPLES = 12 if settings().max_examples <= 100 else settings().max_examples
_numbers = count()


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck), deadline=None)
@given(text=vevents(uid="UID-HERE"), more=st.lists(st.sampled_from(MORE), max_size=4, unique=True))
def test_nothing_is_lost_and_what_came_is_no_change(world: World, text: str, more: list[str]) -> None:
    uid = f"generated-{next(_numbers)}"
    own = [line for line in more if f"\n{line.partition(':')[0].partition(';')[0]}" not in text or ":VLOC" in line]
    text = text.replace("ORGANIZER;CN=Alice:", "ORGANIZER;CN=Alice Archer:")  # OX names its users itself
    if world.generation == "7.8":
        text = text.replace("ATTENDEE;CN=Bobby", "ATTENDEE;CN=Bob Baker")  # attendees, too
        if "ATTENDEE" in text:  # it refuses private meetings
            text = re.sub("CLASS:[A-Z-]+", "CLASS:PUBLIC", text)
    lines = "\r\n".join([f"UID:{uid}", "DTSTAMP:20270101T000000Z", *own])
    asyncio.run(there_and_back(world, uid, text.replace("UID:UID-HERE", lines)))


async def there_and_back(world: World, uid: str, text: str) -> None:
    async with world.dav() as alice:
        href = child((await alice.calendars())["Calendar"], f"{uid}.ics")
        (await alice.put(href, text)).expect(201)
        first = await alice.get(href)
        findings = calendars.compare(parse_tree(text), parse_tree(first.text))
        assert not [each for each in findings if each.verdict is Verdict.LOST], first.text
        with world.upstream() as calls:
            (await alice.put(href, first.text)).expect(204)
        assert not [call.action for call in calls if call.action not in ("updates", "list", "get", "all")]
        assert (await alice.get(href)).text == first.text
        (await alice.delete(href)).expect(204)

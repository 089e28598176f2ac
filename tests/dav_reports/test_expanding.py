"""Expanded events in a range that moves: what is kept of their months says what the events say now."""

import re

from tests.dav.client import Client, xml
from tests.dav.memory import MemoryTree
from tests.dav_reports.texts import event

CALENDAR = "/calendars/3/31/"


def days(first: int, last: int) -> str:
    return f'start="202704{first:02}T000000Z" end="202704{last:02}T000000Z"'


async def starts(client: Client, span: str, *names: str, more: str = "") -> dict[str, list[str]]:
    """The start of each instance by the href of its event, by way of a multiget."""
    hrefs = "".join(f"<D:href>{CALENDAR}{name}</D:href>" for name in names)
    props = f"<D:prop><C:calendar-data><C:expand {span}/></C:calendar-data>{more}</D:prop>"
    answer = await client("REPORT", CALENDAR, xml("C:calendar-multiget", props + hrefs), depth="1")
    assert answer.status == 207
    return {
        href: re.findall(r"DTSTART:(\S+)", answer.prop(href, "C:calendar-data").text or "") for href in answer.hrefs()
    }


async def test_instances_of_the_range_only(client: Client, tree: MemoryTree) -> None:
    tree.calendar.store("one.ics", event("one"))
    tree.calendar.store("daily.ics", event("daily", "20270330T090000Z", "20270330T100000Z", "RRULE:FREQ=DAILY"))
    tree.calendar.store("hourly.ics", event("hourly", "20270402T063000Z", "20270402T064500Z", "RRULE:FREQ=HOURLY"))
    found = await starts(client, days(5, 7), "daily.ics", "hourly.ics", "one.ics", more="<D:getetag/>")
    assert list(found) == [f"{CALENDAR}{name}.ics" for name in ("daily", "hourly", "one")]
    assert found[f"{CALENDAR}daily.ics"] == ["20270405T090000Z", "20270406T090000Z"]
    assert len(found[f"{CALENDAR}hourly.ics"]) == 48
    assert found[f"{CALENDAR}one.ics"] == ["20270405T090000Z"]
    assert await starts(client, days(6, 7), "one.ics") == {f"{CALENDAR}one.ics": []}


async def test_with_a_property_of_the_text_and_marks_in_it(client: Client, tree: MemoryTree) -> None:
    """Other properties are made of the whole event; what a text holds cannot be mistaken for a place in it."""
    tree.calendar.store("a.ics", event("a", "20270405T090000Z", "20270405T100000Z", "X-ODD:a\0b <&> %s \ue000"))
    found = await starts(client, days(5, 7), "a.ics", more="<C:schedule-tag/>")
    assert found == {f"{CALENDAR}a.ics": ["20270405T090000Z"]}

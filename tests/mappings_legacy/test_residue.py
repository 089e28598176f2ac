"""What OX 7.8 has no place for comes back to the client all the same."""

import pytest

from mappings.calendar.plan import plan
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.render import render
from mappings.calendar.residue import as_changed, find, merge
from mappings.contentline import parse_tree
from mappings.legacy.holdable import holdable_series
from tests.mappings_legacy.server import ALICE, Server

EXTRAS = (
    "STATUS:TENTATIVE\r\nURL:https://example.com/\r\nGEO:48.1;11.6\r\nCLASS:CONFIDENTIAL\r\nCOLOR:tomato\r\nX-A:b\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:a\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\n"
    "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:b\r\nTRIGGER;RELATED=END:PT0S\r\nEND:VALARM\r\n"
)
TIMES = "DTSTART;TZID=Europe/Berlin:20270401T090000\r\nDTEND;TZID=America/New_York:20270401T050000\r\n"
OVERRIDE = (
    "BEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20270101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20270415T090000\r\n"
    "DTSTART;TZID=Europe/Berlin:20270415T100000\r\nDTEND;TZID=Europe/Berlin:20270415T110000\r\nEND:VEVENT\r\n"
)


def _object(body: str, others: str = "") -> CalendarObject:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\nDTSTAMP:20270101T000000Z\r\n"
        f"{body}END:VEVENT\r\n{others}END:VCALENDAR\r\n"
    )
    return read(text.encode())


@pytest.mark.parametrize(
    ("body", "others", "lines"),
    [
        (TIMES + EXTRAS, "", [*EXTRAS.split("\r\n")[:6], "TRIGGER;RELATED=END:PT0S", "TRIGGER:-PT10M"]),
        (TIMES, "", ["DTEND;TZID=America/New_York:20270401T050000"]),
        (TIMES + "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n", "", ["RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15"]),
        (TIMES + "RDATE:20270403T070000Z\r\n", "", ["RDATE:20270403T070000Z"]),
        (
            TIMES + "RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15\r\n",
            OVERRIDE,
            ["RRULE:FREQ=MONTHLY;BYMONTHDAY=1,15", "DTSTART;TZID=Europe/Berlin:20270415T100000"],
        ),
    ],
)
def test_a_client_gets_back_what_it_sent(body: str, others: str, lines: list[str]) -> None:
    obj, server = _object(body, others), Server()
    server.apply(plan([], obj, ALICE, holdable_series))
    shown = render(server.events(), ALICE)
    residue = find(obj.tree, parse_tree(shown), ALICE, whole=True)
    got = merge(shown, residue, ALICE)
    assert set(lines) <= set(got.split("\r\n"))
    sent_back = as_changed(parse_tree(got), parse_tree(shown), residue, ALICE)
    assert sent_back.components
    again = read(got.encode())
    assert plan(server.events(), again, ALICE, holdable_series) == ()

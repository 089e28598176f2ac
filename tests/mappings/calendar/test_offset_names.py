"""A zone whose name is an offset is what the VTIMEZONE beside it says, if that knows daylight saving."""

from __future__ import annotations

from mappings.calendar.read import read
from mappings.calendar.zones import Zones

BERLIN = (
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\n"
)
FIXED = "BEGIN:STANDARD\r\nDTSTART:16010101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n"


def zone_of(definition: str) -> str:
    text = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VTIMEZONE\r\nTZID:UTC+01:00\r\n{definition}END:VTIMEZONE\r\n"
        'BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID="UTC+01:00":20270701T090000\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n'
    )
    return str(Zones(read(text.encode()).tree).zone("UTC+01:00"))


def test_daylight_saving_beside_it_counts() -> None:
    assert zone_of(BERLIN) == "Europe/Berlin"


def test_else_the_name_counts() -> None:
    assert zone_of(FIXED) == "Etc/GMT-1"

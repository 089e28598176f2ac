"""Small objects to compare, and findings in short."""

from __future__ import annotations

from gateway.roundtrip import calendars, cards
from gateway.roundtrip.findings import Finding, Verdict
from mappings.contentline import Component, parse_tree

BERLIN = "Europe/Berlin"
START = "DTSTART;TZID=Europe/Berlin:20270301T090000"
END = "DTEND;TZID=Europe/Berlin:20270301T100000"

RULES_OF_BERLIN = """BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT"""


def zone(tzid: str, rules: str = RULES_OF_BERLIN) -> str:
    return f"BEGIN:VTIMEZONE\nTZID:{tzid}\n{rules}\nEND:VTIMEZONE"


def event(*lines: str) -> str:
    return "\n".join(["BEGIN:VEVENT", "UID:1", "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT"])


def calendar(*parts: str) -> Component:
    return parse_tree("\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *parts, "END:VCALENDAR"]))


def calendar_file(*parts: str, head: str = "VERSION:2.0\nPRODID:x") -> bytes:
    return "\n".join(["BEGIN:VCALENDAR", head, *parts, "END:VCALENDAR", ""]).encode()


def card(*lines: str, version: str = "3.0") -> Component:
    return parse_tree("\n".join(["BEGIN:VCARD", f"VERSION:{version}", "UID:1", "FN:x", *lines, "END:VCARD"]))


def differences(sent: Component, got: Component) -> list[str]:
    """Item and verdict of all that is not equal; with the reason where there is one."""
    found = (cards.compare if sent.name == "VCARD" else calendars.compare)(sent, got)
    return [in_short(one) for one in found if one.verdict is not Verdict.EQUAL]


def in_short(finding: Finding) -> str:
    return f"{finding.item} {finding.verdict}" + (f": {finding.reason}" if finding.reason else "")


def events(sent: list[str] | tuple[str, ...], got: list[str] | tuple[str, ...], *beside: str) -> list[str]:
    """Differences of two events with these lines; `beside` stands in the first object's calendar."""
    return differences(calendar(*beside, event(*sent)), calendar(event(*got)))

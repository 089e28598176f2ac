"""Time ranges over awkward events: the same in Radicale and behind the gateway, or the reason stands here."""

from __future__ import annotations

from tests.davclient import DAV, child, event
from tests.peers.test_radicale import all_day, names, window
from tests.world import World

BERLIN = "TZID=Europe/Berlin"


def timed(uid: str, start: str, *lines: str, end: str = "", zone: str = f";{BERLIN}") -> str:
    """One hour, unless there is an end or DURATION among the lines."""
    text = event(uid, lines=list(lines))
    text = text.replace(f"DTSTART;{BERLIN}:20270301T090000", f"DTSTART{zone}:{start}")
    return text.replace(f"DTEND;{BERLIN}:20270301T100000\r\n", f"DTEND{zone}:{end}\r\n" if end else "")


def with_override(text: str, *lines: str) -> str:
    uid = text.partition("UID:")[2].partition("\r\n")[0]
    override = "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20270101T000000Z", *lines, "END:VEVENT", ""])
    return text.replace("END:VCALENDAR", override + "END:VCALENDAR")


DAILY = ("DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=5")
EVENTS = {
    "moved-out": with_override(
        timed("moved-out", "20270301T090000", *DAILY),
        f"RECURRENCE-ID;{BERLIN}:20270303T090000",
        f"DTSTART;{BERLIN}:20270420T090000",
        "DURATION:PT1H",
    ),
    "moved-before": with_override(
        timed("moved-before", "20270301T110000", *DAILY),
        f"RECURRENCE-ID;{BERLIN}:20270304T110000",
        f"DTSTART;{BERLIN}:20270210T110000",
        "DURATION:PT30M",
    ),
    "longer": with_override(
        timed("longer", "20270301T130000", *DAILY),
        "RECURRENCE-ID:20270302T120000Z",
        f"DTSTART;{BERLIN}:20270302T130000",
        "DURATION:P3DT1H",
    ),
    "spring": timed("spring", "20270327T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
    "autumn": timed("autumn", "20271030T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"),
    "over-night": timed("over-night", "20270327T230000", "DURATION:P1D"),
    "utc": timed("utc", "20270310T230000Z", "RRULE:FREQ=WEEKLY;BYDAY=WE;COUNT=3", end="20270311T010000Z", zone=""),
    "no-end": timed("no-end", "20270315T120000"),
    "dates": timed("dates", "20270501T090000", "DURATION:PT1H", f"RDATE;{BERLIN}:20270503T090000,20270510T150000"),
    "days": all_day("days", "20270601", "20270602", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;VALUE=DATE:20270608"),
    "last-friday": timed(
        "last-friday", "20270129T170000", "DURATION:PT2H", "RRULE:FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1;COUNT=6"
    ),
    "until": timed("until", "20270701T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20270703T070000Z"),
}

DAYS = [
    ("0210", "0211"), ("0226", "0227"), ("0302", "0303"), ("0303", "0304"), ("0304", "0305"), ("0305", "0306"),
    ("0306", "0307"), ("0310", "0311"), ("0311", "0312"), ("0315", "0316"), ("0327", "0328"), ("0328", "0329"),
    ("0329", "0330"), ("0420", "0421"), ("0503", "0504"), ("0510", "0511"), ("0601", "0602"), ("0608", "0609"),
    ("0615", "0616"), ("0703", "0704"), ("0704", "0705"), ("1031", "1101"), ("1101", "1102"),
]  # fmt: skip
HOURS = [
    ("20270303T075959Z", "20270303T090001Z"),
    ("20270327T012959Z", "20270327T013001Z"),
    ("20270328T005959Z", "20270328T010001Z"),
    ("20270328T013000Z", "20270328T020000Z"),
    ("20270328T205900Z", "20270328T220000Z"),
    ("20271031T003000Z", "20271031T010000Z"),
    ("20271031T013000Z", "20271031T020000Z"),
    ("20270315T110000Z", "20270315T110001Z"),
    ("20270315T105959Z", "20270315T110000Z"),
    ("20270310T235900Z", "20270311T000100Z"),
    ("20270703T070000Z", "20270703T070100Z"),
]
RANGES = [(f"2027{first}T000000Z", f"2027{last}T000000Z") for first, last in DAYS] + HOURS


async def test_time_ranges(world: World, peer: DAV) -> None:
    async with world.dav() as client:
        ours, theirs = (await client.calendars())["Calendar"], "/alice/ranges/"
        (await peer.mkcalendar(theirs, "Ranges")).expect(201)
        for name, text in EVENTS.items():
            (await client.put(child(ours, f"{name}.ics"), text)).expect(201)
            (await peer.put(child(theirs, f"{name}.ics"), text)).expect(201)
        found = {
            bounds: (
                names((await client.query(ours, window(*bounds))).responses) & {f"{name}.ics" for name in EVENTS},
                names((await peer.query(theirs, window(*bounds))).responses),
            )
            for bounds in RANGES
        }
        for name in EVENTS:
            await client.delete(child(ours, f"{name}.ics"))
    assert sum(bool(answered) for answered, _ in found.values()) > 20
    differences = {bounds: sides for bounds, sides in found.items() if sides[0] != sides[1]}
    assert differences == {}

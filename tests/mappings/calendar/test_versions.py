"""iCalendar under the version of vCalendar is taken, vCalendar itself is not."""

from __future__ import annotations

import pytest

from mappings.calendar.read import read
from mappings.errors import InvalidCalendarData


def body(version: str, *lines: str) -> bytes:
    head = ["BEGIN:VCALENDAR", *([f"VERSION:{version}"] if version != "none" else []), "BEGIN:VEVENT", "UID:1"]
    return "\r\n".join([*head, "DTSTART:20270301T090000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


@pytest.mark.parametrize("version", ["2.0", " 2.0 ", "1.0", "", "none", "1.0;2.0", "2.0;2.0"])
@pytest.mark.parametrize(
    "line", ["RRULE:FREQ=DAILY", "SUMMARY:One; two", "CATEGORIES:A\\;B,C", "EXDATE:20270302T090000Z"]
)
def test_icalendar_whatever_its_version(version: str, line: str) -> None:
    obj = read(body(version, line))
    assert obj.master is not None
    assert line.split(":")[1] in {prop.value for prop in obj.master.properties}


@pytest.mark.parametrize(
    "line",
    [
        "RRULE:D1 #10",
        "SUMMARY;ENCODING=QUOTED-PRINTABLE:Caf=C3=A9",
        "SUMMARY;QUOTED-PRINTABLE:Caf=E9",
        "DALARM:20270301T085000Z;PT5M;2;Wake up",
        "EXDATE:20270302T090000Z;20270303T090000Z",
        "CATEGORIES:A;B",
    ],
)
def test_vcalendar_is_refused(line: str) -> None:
    with pytest.raises(InvalidCalendarData, match="not iCalendar"):
        read(body("1.0", line))


@pytest.mark.parametrize("version", ["3.0", "x", "2"])
def test_other_versions_are_refused(version: str) -> None:
    with pytest.raises(InvalidCalendarData, match="not iCalendar"):
        read(body(version))

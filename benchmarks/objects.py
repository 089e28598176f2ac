"""The events and contacts every server holds, as OX stores them; the same for every run."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

FIRST_DAY = date(2026, 1, 1)
MONTHS = 19
"""Single events are spread evenly over so many months."""
MONTH = ("20270101T000000Z", "20270201T000000Z")
"""The month that is asked for."""

_SUBJECTS = ("Planning", "Review", "Call with Haddad & Lind", "Lunch", "Interview", "Workshop", "Train to Köln")
_PLACES = ("Room 1", "Room 2; second floor", "Café at the corner", "12 Harbour Lane, Berlin")
_NOTES = (
    "Agenda:\n- what happened since last time\n- open questions, with owners\n- next steps until the end of the month",
    "Bring the figures of the last quarter, please; the draft is in the shared folder.",
)
_GIVEN = ("Noor", "Emil", "Marta", "Jürgen", "Ada", "Grace", "Alan", "Zoë", "Linus", "Margaret", "Björn", "Ida")
_FAMILY = ("Haddad", "Lind", "Archer", "Müller", "Lovelace", "Hopper", "Turing", "Kowalska", "Hamilton", "Øverland")


def events(count: int) -> Iterator[dict[str, Any]]:
    """Bodies for ``chronos?action=new``: of 100 events 4 are bounded series, 1 an endless one, 3 last all day;
    every third has an alarm, every tenth invites somebody from outside."""
    days = MONTHS * 365 // 12
    for number in range(count):
        day = FIRST_DAY + timedelta(days=number * days // count)
        yield {**_when(number, day), **_what(number)}


def _when(number: int, day: date) -> dict[str, Any]:
    kind = number % 100
    if kind in (10, 40, 70):
        return {"startDate": {"value": f"{day:%Y%m%d}"}, "endDate": {"value": f"{day + timedelta(days=2):%Y%m%d}"}}
    start = datetime(day.year, day.month, day.day, 8 + number % 9, number % 4 * 15)
    span = {"startDate": _moment(start), "endDate": _moment(start + timedelta(minutes=30 + number % 3 * 30))}
    if kind in (1, 26, 51, 76):
        return {**span, "rrule": "FREQ=WEEKLY;COUNT=10"}
    if kind == 99:
        return {**span, "rrule": "FREQ=YEARLY"}
    return span


def _moment(moment: datetime) -> dict[str, str]:
    return {"value": f"{moment:%Y%m%dT%H%M%S}", "tzid": "Europe/Berlin"}


def _what(number: int) -> dict[str, Any]:
    event: dict[str, Any] = {
        "uid": f"event-{number:06d}",
        "filename": f"event-{number:06d}",
        "summary": f"{_SUBJECTS[number % len(_SUBJECTS)]} {number}",
        "location": _PLACES[number % len(_PLACES)],
    }
    if number % 2:
        event["description"] = _NOTES[number // 2 % len(_NOTES)]
    if number % 3 == 0:
        alarm = {"action": "DISPLAY", "description": "Soon", "trigger": {"duration": "-PT15M", "related": "START"}}
        event["alarms"] = [alarm]
    if number % 10 == 5:
        guest = f"guest-{number % 50}@example.net"
        event["attendees"] = [{"uri": f"mailto:{guest}", "cn": guest, "cuType": "INDIVIDUAL", "rsvp": True}]
    return event


def contacts(count: int) -> Iterator[dict[str, Any]]:
    """Fields for ``contacts?action=new``, without pictures."""
    for number in range(count):
        given, family = _GIVEN[number % len(_GIVEN)], _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
        yield {
            "uid": f"contact-{number:06d}",
            "display_name": f"{given} {family} {number}",
            "first_name": given,
            "last_name": f"{family} {number}",
            "email1": f"person-{number}@example.org",
            "telephone_business1": f"+49 30 555 {number:04d}",
            "cellular_telephone1": f"+49 170 {number:07d}",
            "company": "Haddad & Lind",
            "street_business": f"{number % 90 + 1} Harbour Lane",
            "city_business": "Berlin",
            "postal_code_business": f"{10115 + number % 800}",
            "country_business": "Germany",
            **({"note": _NOTES[1]} if number % 4 == 0 else {}),
        }


TEXT = "Haddad 12"
"""What an address book is searched for; a few of a thousand have it."""

"""What alice, bob and carol find in their accounts: a week of a small team, in OX's own JSON.

All dates hang on the day the demo starts, so that calendars always show something.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

ZONE = "Europe/Berlin"
Event = dict[str, Any]
Contact = dict[str, Any]
Task = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    login: str
    given: str
    family: str

    @property
    def mail(self) -> str:
        return f"{self.login}@example.com"


PEOPLE = (Person("alice", "Alice", "Archer"), Person("bob", "Bob", "Baker"), Person("carol", "Carol", "Clark"))
PASSWORD = "demo"


def _at(day: date, hour: int, minute: int = 0) -> dict[str, str]:
    moment = datetime(day.year, day.month, day.day, hour, minute)
    return {"value": moment.strftime("%Y%m%dT%H%M%S"), "tzid": ZONE}


def _day(day: date) -> dict[str, str]:
    return {"value": day.strftime("%Y%m%d")}


def _timed(summary: str, day: date, start: tuple[int, int], minutes: int, **more: Any) -> Event:
    begin = datetime(day.year, day.month, day.day, *start)
    end = begin + timedelta(minutes=minutes)
    return {
        "summary": summary,
        "startDate": _at(day, *start),
        "endDate": _at(end.date(), end.hour, end.minute),
        **more,
    }


def _all_day(summary: str, first: date, days: int, **more: Any) -> Event:
    return {"summary": summary, "startDate": _day(first), "endDate": _day(first + timedelta(days=days)), **more}


def _alarm(before: str, text: str) -> dict[str, Any]:
    return {"action": "DISPLAY", "trigger": {"related": "START", "duration": before}, "description": text}


def _invited(*logins: str) -> list[dict[str, Any]]:
    people = {person.login: person for person in PEOPLE}
    return [
        {
            "uri": f"mailto:{people[login].mail}",
            "cn": f"{people[login].given} {people[login].family}",
            "cuType": "INDIVIDUAL",
            "role": "REQ-PARTICIPANT",
            "rsvp": True,
        }
        for login in logins
    ]


def events(today: date) -> dict[str, list[Event]]:
    """Events by the login in whose default calendar they are made."""
    monday = today - timedelta(days=today.weekday())
    next_monday = monday + timedelta(days=7)
    return {
        "alice": [
            _timed(
                "Team meeting",
                monday,
                (9, 30),
                30,
                rrule="FREQ=WEEKLY;BYDAY=MO;COUNT=26",
                location="Room 1",
                description="Round of news, then open questions.",
                attendees=_invited("alice", "bob", "carol"),
                alarms=[_alarm("-PT10M", "Team meeting")],
            ),
            _timed(
                "Project review",
                next_monday + timedelta(days=2),
                (14, 0),
                90,
                attendees=_invited("alice", "bob"),
                categories=["Project"],
                alarms=[_alarm("-PT1H", "Project review")],
            ),
            _timed(
                "Swimming",
                monday + timedelta(days=1),
                (18, 0),
                60,
                rrule="FREQ=WEEKLY;BYDAY=TU,TH",
                categories=["Sport"],
            ),
            {
                **_timed("Dentist", next_monday + timedelta(days=3), (8, 15), 45, location="12 Market Street"),
                "class": "PRIVATE",
            },
            _all_day("Holiday in Norway", next_monday + timedelta(days=14), 9, transp="TRANSPARENT"),
            _all_day("Wedding anniversary", monday + timedelta(days=4), 1, rrule="FREQ=YEARLY", transp="TRANSPARENT"),
        ],
        "bob": [
            _timed(
                "Budget 1:1",
                next_monday + timedelta(days=1),
                (11, 0),
                45,
                rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=12",
                attendees=_invited("bob", "alice"),
            ),
            _timed("Train to Hamburg", next_monday + timedelta(days=4), (7, 4), 172, location="Central station"),
            _all_day("Trade fair", next_monday + timedelta(days=7), 3, categories=["Travel"]),
        ],
        "carol": [
            _timed(
                "Design lunch",
                monday + timedelta(days=3),
                (12, 30),
                60,
                attendees=_invited("carol", "alice", "bob"),
                location="Bistro at the corner",
                alarms=[_alarm("-PT15M", "Design lunch")],
            ),
            _timed(
                "Month end report",
                next_monday,
                (16, 0),
                30,
                rrule="FREQ=MONTHLY;BYDAY=-1FR",
                alarms=[_alarm("-P1D", "Month end report")],
            ),
        ],
    }


def contacts() -> dict[str, list[Contact]]:
    """Contacts by the login in whose default address book they are made; ``picture`` is a colour for one."""
    return {
        "alice": [
            {
                "display_name": "Noor Haddad",
                "first_name": "Noor",
                "last_name": "Haddad",
                "company": "Haddad & Lind",
                "position": "Architect",
                "email1": "noor@example.net",
                "cellular_telephone1": "+49 170 5550101",
                "birthday": 482198400000,
                "picture": "#8a4f7d",
            },
            {
                "display_name": "Emil Lind",
                "first_name": "Emil",
                "last_name": "Lind",
                "company": "Haddad & Lind",
                "email1": "emil@example.net",
                "telephone_business1": "+49 30 5550102",
                "street_business": "12 Harbour Lane",
                "city_business": "Berlin",
                "postal_code_business": "10115",
                "country_business": "Germany",
                "picture": "#2f6690",
            },
            {
                "display_name": "Grandma",
                "first_name": "Marta",
                "last_name": "Archer",
                "nickname": "Grandma",
                "telephone_home1": "+49 221 5550103",
                "note": "Calls on Sundays.",
            },
            {
                "display_name": "Harbour project",
                "mark_as_distributionlist": True,
                "distribution_list": [
                    {"display_name": "Noor Haddad", "mail": "noor@example.net", "mail_field": 0},
                    {"display_name": "Emil Lind", "mail": "emil@example.net", "mail_field": 0},
                ],
            },
        ],
        "bob": [
            {
                "display_name": "Print shop",
                "company": "Print shop",
                "telephone_business1": "+49 40 5550104",
                "url": "https://print.example.org",
            },
        ],
        "carol": [
            {
                "display_name": "Jonas Weber",
                "first_name": "Jonas",
                "last_name": "Weber",
                "email1": "jonas@example.org",
                "anniversary": 1119225600000,
                "picture": "#3a7d44",
            },
        ],
    }


def tasks(today: date) -> dict[str, list[Task]]:
    """Tasks by the login in whose default list they are made; ``file``: name and text of one beside the task."""
    monday = today - timedelta(days=today.weekday())
    return {
        "alice": [
            _due("Renew the passport", monday + timedelta(days=18), priority=3, note="Two pictures, the old passport."),
            _due("Water the plants", monday + timedelta(days=4), recurrence_type=2, days=32, interval=1),
            _due("Slides for the review", monday + timedelta(days=8), status=2, percent_completed=40),
            _due("Collect the figures", monday + timedelta(days=2), file=("figures.csv", "month,sum\n1,120\n2,95\n")),
            {"title": "Read the new guide", "status": 5},
        ],
        "bob": [_due("Book a hotel in Hamburg", monday + timedelta(days=7), status=3, percent_completed=100)],
    }


def _due(title: str, day: date, **more: Any) -> Task:
    """A task of one day."""
    at = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
    return {"title": title, "full_time": True, "start_time": at, "end_time": at, **more}

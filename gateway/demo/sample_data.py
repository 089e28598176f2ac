"""What alice, bob and carol find in their accounts: a week of a small team, in OX's own JSON, by login.

All dates hang on the week in which the demo starts, so that calendars always show something: ``day`` counts from its
Monday.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from gateway.demo.people import PEOPLE, ZONE

Event = dict[str, Any]
Contact = Mapping[str, Any]
Task = dict[str, Any]
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timed:
    """An event of some minutes. ``more``: further fields, as OX names them."""

    summary: str
    day: int
    start: time
    minutes: int
    more: Fields = field(default_factory=dict)

    def in_week(self, monday: date) -> Event:
        """As OX takes it."""
        begin = datetime.combine(monday + timedelta(days=self.day), self.start)
        end = begin + timedelta(minutes=self.minutes)
        moments = {"startDate": begin, "endDate": end}
        dates = {name: {"value": f"{moment:%Y%m%dT%H%M%S}", "tzid": ZONE} for name, moment in moments.items()}
        return {"summary": self.summary, **dates, **self.more}


@dataclass(frozen=True, slots=True)
class AllDay:
    """An event of whole days. ``more`` as of ``Timed``."""

    summary: str
    day: int
    days: int
    more: Fields = field(default_factory=dict)

    def in_week(self, monday: date) -> Event:
        """As OX takes it."""
        first = monday + timedelta(days=self.day)
        days = {"startDate": first, "endDate": first + timedelta(days=self.days)}
        return {
            "summary": self.summary,
            **{name: {"value": f"{day:%Y%m%d}"} for name, day in days.items()},
            **self.more,
        }


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task of one day, or of none. ``file``: name and text of one beside the task; ``more`` as of ``Timed``."""

    title: str
    day: int | None = None
    more: Fields = field(default_factory=dict)
    file: tuple[str, str] | None = None

    def in_week(self, monday: date) -> Task:
        """As OX takes it, without the file."""
        if self.day is None:
            return {"title": self.title, **self.more}
        midnight = datetime.combine(monday + timedelta(days=self.day), time(), UTC)
        at = int(midnight.timestamp() * 1000)
        return {"title": self.title, "full_time": True, "start_time": at, "end_time": at, **self.more}


def _invited(*logins: str) -> list[Fields]:
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


def _alarm(before: str, text: str) -> list[Fields]:
    return [{"action": "DISPLAY", "trigger": {"related": "START", "duration": before}, "description": text}]


_TEAM_MEETING = {
    "rrule": "FREQ=WEEKLY;BYDAY=MO;COUNT=26",
    "location": "Room 1",
    "description": "Round of news, then open questions.",
    "attendees": _invited("alice", "bob", "carol"),
    "alarms": _alarm("-PT10M", "Team meeting"),
}
_REVIEW = {
    "attendees": _invited("alice", "bob"),
    "categories": ["Project"],
    "alarms": _alarm("-PT1H", "Project review"),
}
_BUDGET = {"rrule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;COUNT=12", "attendees": _invited("bob", "alice")}
_LUNCH = {
    "attendees": _invited("carol", "alice", "bob"),
    "location": "Bistro at the corner",
    "alarms": _alarm("-PT15M", "Design lunch"),
}
_REPORT = {"rrule": "FREQ=MONTHLY;BYDAY=-1FR", "alarms": _alarm("-P1D", "Month end report")}

EVENTS: Mapping[str, tuple[Timed | AllDay, ...]] = {
    "alice": (
        Timed("Team meeting", 0, time(9, 30), 30, _TEAM_MEETING),
        Timed("Project review", 9, time(14), 90, _REVIEW),
        Timed("Swimming", 1, time(18), 60, {"rrule": "FREQ=WEEKLY;BYDAY=TU,TH", "categories": ["Sport"]}),
        Timed("Dentist", 10, time(8, 15), 45, {"location": "12 Market Street", "class": "PRIVATE"}),
        AllDay("Holiday in Norway", 21, 9, {"transp": "TRANSPARENT"}),
        AllDay("Wedding anniversary", 4, 1, {"rrule": "FREQ=YEARLY", "transp": "TRANSPARENT"}),
    ),
    "bob": (
        Timed("Budget 1:1", 8, time(11), 45, _BUDGET),
        Timed("Train to Hamburg", 11, time(7, 4), 172, {"location": "Central station"}),
        AllDay("Trade fair", 14, 3, {"categories": ["Travel"]}),
    ),
    "carol": (
        Timed("Design lunch", 3, time(12, 30), 60, _LUNCH),
        Timed("Month end report", 7, time(16), 30, _REPORT),
    ),
}

CONTACTS: Mapping[str, tuple[Contact, ...]] = {
    "alice": (
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
    ),
    "bob": (
        {
            "display_name": "Print shop",
            "company": "Print shop",
            "telephone_business1": "+49 40 5550104",
            "url": "https://print.example.org",
        },
    ),
    "carol": (
        {
            "display_name": "Jonas Weber",
            "first_name": "Jonas",
            "last_name": "Weber",
            "email1": "jonas@example.org",
            "anniversary": 1119225600000,
            "picture": "#3a7d44",
        },
    ),
}
"""``picture`` is a colour for one."""

TASKS: Mapping[str, tuple[ToDo, ...]] = {
    "alice": (
        ToDo("Renew the passport", 18, {"priority": 3, "note": "Two pictures, the old passport."}),
        ToDo("Water the plants", 4, {"recurrence_type": 2, "days": 32, "interval": 1}),
        ToDo("Slides for the review", 8, {"status": 2, "percent_completed": 40}),
        ToDo("Collect the figures", 2, file=("figures.csv", "month,sum\n1,120\n2,95\n")),
        ToDo("Read the new guide", more={"status": 5}),
    ),
    "bob": (ToDo("Book a hotel in Hamburg", 7, {"status": 3, "percent_completed": 100}),),
}

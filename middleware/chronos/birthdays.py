"""The events of the calendar of birthdays. They are computed when they are read and cannot be changed or followed."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from middleware.birthdays.account import birthdays_folder
from middleware.call import Call
from middleware.chronos import errors
from middleware.chronos.dates import DAY_MS, When, naive_ms, parse_value
from middleware.chronos.event import JSON, Event
from middleware.chronos.fields import only, requested_fields, requested_order
from middleware.chronos.parameters import Range
from middleware.contacts import access, storage
from middleware.contacts.days import day_of, returns
from middleware.contacts.model import Contact

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from middleware.context import Context

_RULE = "FREQ=YEARLY;SKIP=BACKWARD"
# How many days of one birthday an answer lists.
MAX_LISTED = 1_000
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Birthday:
    """The birthday of a contact as a series of events, one every year."""

    contact: Contact
    day: date

    @property
    def id(self) -> str:
        """The address book and the id of the contact."""
        return f"{self.contact.folder}-{self.contact.id}"

    @property
    def name(self) -> str:
        """Whose birthday it is."""
        names = (self.contact.fields.get(part) for part in ("first_name", "last_name"))
        return str(self.contact.fields.get("display_name") or " ".join(str(one) for one in names if one))

    def series(self, ox: Context, user: int) -> JSON:
        """The series with all its fields, from the day of birth on."""
        contact, mail = self.contact, self.contact.fields.get("email1")
        found: JSON = {
            "id": self.id,
            "seriesId": self.id,
            "folder": birthdays_folder(ox, user),
            "uid": contact.uid,
            "timestamp": contact.modified,
            "dtstamp": contact.modified,
            "class": "PUBLIC",
            "transp": "TRANSPARENT",
            "summary": f"\N{BIRTHDAY CAKE} {self.name}",
            "description": f"* {_MONTHS[self.day.month - 1]} {self.day.day}, {self.day.year}",
            "rrule": _RULE,
            "calendarUser": {"entity": user},
            "flags": ["transparent", "series"],
            "extendedProperties": {
                "X-OX-CONTACT-FOLDER-ID": {"value": str(contact.folder)},
                "X-OX-CONTACT-ID": {"value": str(contact.id)},
            },
            **_dates(self.day),
        }
        if mail:
            person = {"uri": f"mailto:{mail}", "cn": self.name, "cuType": "INDIVIDUAL", "partStat": "ACCEPTED"}
            found["attendees"] = [person]
        return found

    def occurrence(self, ox: Context, user: int, day: date) -> JSON:
        """One of its days."""
        series = self.series(ox, user)
        del series["rrule"]
        return {**series, "recurrenceId": _when(day).value(), **_dates(day)}

    def days(self, span: Range) -> Iterator[date]:
        """The days of a range on which it comes, from the birth on."""
        offset = span.zone.utcoffset(datetime.combine(self.day, time())) or timedelta()
        shift = int(offset.total_seconds()) * 1000
        begin = max(span.begin + shift - DAY_MS + 1, naive_ms(datetime.combine(self.day, time())))
        return returns(self.day, begin, span.end + shift)


def _when(day: date) -> When:
    return When(datetime.combine(day, time()), all_day=True)


def _dates(day: date) -> JSON:
    after = day + timedelta(days=1) if day < date.max else day
    return {"startDate": _when(day).to_json(), "endDate": _when(after).to_json()}


def _birthdays(ox: Context, connection: Connection, user: int) -> Iterator[Birthday]:
    for folder in ox.folders.visible(user, access.MODULE):
        for contact in access.visible(ox, user, folder, storage.in_folders(connection, [folder.id])):
            day = day_of(contact.fields.get("birthday"))
            if day is not None:
                yield Birthday(contact, day)


def birthdays_in(
    call: Call, ox: Context, connection: Connection, span: Range, matches: Callable[[Event], bool] | None = None
) -> tuple[list[JSON], int | None]:
    """The user's birthdays that come in a range and match, as `all` lists them, and their greatest stamp.

    Cost: reads all address books of the user.
    """
    user = call.user
    listed: list[JSON] = []
    stamps: list[int] = []
    for one in _birthdays(ox, connection, user):
        days = list(itertools.islice(one.days(span), MAX_LISTED if call.flag("expand") else 1))
        series = one.series(ox, user)
        event = Event(one.contact.id, None, None, user, one.contact.modified, series)
        if not days or (matches is not None and not matches(event)):
            continue
        stamps.append(event.stamp)
        listed.extend([one.occurrence(ox, user, day) for day in days] if call.flag("expand") else [series])
    order, fields = requested_order(call), requested_fields(call)
    ordered = listed if order is None else order(listed)
    return [only(one, fields) for one in ordered], max(stamps, default=None)


def find_birthday(ox: Context, connection: Connection, user: int, event_id: str, recurrence_id: str | None) -> JSON:
    """One birthday, or one of its days. CAL-4040 when there is none, CAL-4042 for a day that is none of its."""
    found = next((one for one in _birthdays(ox, connection, user) if one.id == event_id), None)
    if found is None:
        raise errors.event_not_found(event_id)
    if not recurrence_id:
        return found.series(ox, user)
    value = parse_value(recurrence_id)
    if value is not None and value.all_day:
        begin = naive_ms(value.local)
        for day in found.days(Range(begin, begin + 1, UTC)):
            return found.occurrence(ox, user, day)
    raise errors.occurrence_not_found(event_id, recurrence_id)

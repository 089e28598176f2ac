"""Creating events."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

from middleware.chronos import data_errors, errors
from middleware.chronos.alarms import set_alarms
from middleware.chronos.attendance import attendees_for
from middleware.chronos.conflicts import require_free
from middleware.chronos.dates import When, parse_recurrence_id, stored, zone_info
from middleware.chronos.event import JSON, Event
from middleware.chronos.exception_dates import normalised, normalised_added, store_list
from middleware.chronos.people import calendar_user, external, user_json
from middleware.chronos.recurrence import Recurrence
from middleware.chronos.rules import in_zone_of, parse_rule
from middleware.chronos.uploads import stored_attachments
from middleware.chronos.writer import Writer

if TYPE_CHECKING:
    from middleware.chronos.access import Calendar

_PLAIN = (
    "filename",
    "summary",
    "location",
    "description",
    "categories",
    "class",
    "color",
    "url",
    "geo",
    "transp",
    "shownAs",
    "status",
    "startDate",
    "endDate",
    "attendeePrivileges",
    "extendedProperties",
)


def create(writer: Writer, fields: JSON) -> Event:
    """Store a new event with these fields (as `parse_event` reads them) in the folder of the call.

    Raises `Busy` when it cannot take place, and the errors of chronos for what does not fit.
    """
    calendar = writer.calendar
    calendar.require_create()
    require_dates(fields)
    require_classification(calendar, fields.get("class"))
    data: JSON = {"class": "PUBLIC", "transp": "OPAQUE", "attendeePrivileges": "DEFAULT"}
    data.update({name: fields[name] for name in _PLAIN if fields.get(name) is not None})
    data["sequence"] = fields.get("sequence") or 0
    data["createdBy"] = writer.user
    data["organizer"] = _organizer(writer, fields.get("organizer"))
    if not fields.get("organizer"):
        data["dtstamp"] = writer.stamp
    data["attendees"] = attendees_for(writer.ox, calendar, data["organizer"], fields.get("attendees"))
    data["uid"] = fields.get("uid") or str(uuid.uuid4())
    folder = calendar.id if calendar.public else None
    owner = None if calendar.public else calendar.calendar_user
    event = Event(0, None, folder, owner, writer.stamp, data)
    _require_unused_uid(writer, event)
    event.id = writer.next_id()
    _place_in_series(writer, event, fields)
    adopt_contents(writer, event, fields)
    require_free(writer, event, event.attendees, people=writer.call.flag("checkConflicts"))
    writer.insert(event)
    if fields.get("alarms"):
        set_alarms(writer, event, fields["alarms"])
    return event


def require_dates(fields: JSON) -> None:
    """CAL-4220 without start or end, CAL-4229 when they are of different types, CAL-4221 when in wrong order.

    An all-day event that ends on the day it starts is given that day.
    """
    for name, label in (("startDate", "Starts on"), ("endDate", "Ends on")):
        if fields.get(name) is None:
            raise data_errors.mandatory_field(label)
    start, end = stored(fields["startDate"]), stored(fields["endDate"])
    if not start.same_kind(end):
        raise data_errors.incompatible_dates(start.value(), end.value())
    if _before(end, start):
        raise data_errors.end_before_start(start.value(), end.value())
    if start.all_day and start.local == end.local and end.local.date() < date.max:
        fields["endDate"] = end.at(end.local + timedelta(days=1)).to_json()


def _before(one: When, other: When) -> bool:
    return one.epoch_ms(zone_info("UTC")) < other.epoch_ms(zone_info("UTC"))


def require_classification(calendar: Calendar, classification: str | None) -> None:
    """CAL-4222 for private and confidential events outside of the user's own calendars."""
    if classification in ("PRIVATE", "CONFIDENTIAL") and (calendar.public or calendar.shared):
        raise errors.unsupported_classification(classification, calendar.text, calendar.type_name)


def _organizer(writer: Writer, sent: JSON | None) -> JSON:
    """The calendar user, unless the client names somebody else: then it is the copy of an external meeting."""
    own = user_json(writer.ox, writer.calendar_user) or {}
    if not sent:
        return own
    organizer = calendar_user(writer.ox, sent)
    if organizer.get("entity") == writer.calendar_user:
        return {**own, **({"sentBy": organizer["sentBy"]} if "sentBy" in organizer else {})}
    return external({**sent, "uri": sent.get("uri") or organizer["uri"]})


def _require_unused_uid(writer: Writer, event: Event) -> None:
    """CAL-4090 when the calendar user has an event with this uid."""
    taken = writer.events.with_uid(event.data["uid"], writer.calendar_user)
    if taken and not (event.external and taken[0].is_instance):
        folder = writer.events.folder_of(taken[0].id, writer.calendar_user) or writer.calendar.id
        raise errors.uid_conflict(event.data["uid"], f"cal://0/{folder}", taken[0].text_id)


def _place_in_series(writer: Writer, event: Event, fields: JSON) -> None:
    if fields.get("recurrenceId"):
        _detach(writer, event, fields["recurrenceId"])
        return
    rule, added = fields.get("rrule"), fields.get("recurrenceDates")
    if not rule and not added:
        return
    event.series = event.id
    if rule:
        event.data["rrule"] = parse_rule(rule, event.start).text
        align_start(writer, event)
    recurrence = Recurrence.of(event.data)
    store_list(event.data, "recurrenceDates", [normalised_added(text, recurrence) for text in added or ()])
    if not rule:
        _without_rule(writer, event, recurrence)
        return
    recurrence = Recurrence.of(event.data)
    excluded = [normalised(text, recurrence) for text in fields.get("deleteExceptionDates") or ()]
    store_list(event.data, "deleteExceptionDates", excluded)


def _without_rule(writer: Writer, event: Event, recurrence: Recurrence) -> None:
    """A series of dates only: the real server stores it, warns, and never finds it again."""
    if writer.ox.settings.mend:
        event.data["rrule"] = parse_rule("FREQ=DAILY;COUNT=1", event.start).text
        return
    if recurrence.rule is None:
        writer.warnings.append(data_errors.ignored_rule(event.text_id))


def align_start(writer: Writer, event: Event) -> None:
    """Move a series that does not start with an occurrence to its first one, with a warning."""
    recurrence = Recurrence.of(event.data)
    first = recurrence.first()
    if first is None or first == recurrence.start.local:
        return
    writer.warnings.append(data_errors.start_adjusted(recurrence.start.value(), event.data["rrule"]))
    occurrence = recurrence.occurrence(first)
    event.data.update(startDate=occurrence.start.to_json(), endDate=occurrence.end.to_json())


def _detach(writer: Writer, event: Event, sent: str) -> None:
    """An instance of a series that the user does not have: he was invited to this occurrence only."""
    if not event.external:
        raise data_errors.invalid_data("ORGANIZER", "Cannot create detached occurrence for internally organized events")
    value = parse_recurrence_id(sent)
    if value is None:
        raise data_errors.invalid_data("RECURRENCE_ID", f"Invalid recurrence id {sent}")
    start = event.start
    if value.zone == "UTC" and start.zone not in (None, "UTC"):
        value = start.at(in_zone_of(value, start))
    siblings = writer.events.with_uid(event.data["uid"], writer.calendar_user)
    event.series = siblings[0].series if siblings else writer.next_id()
    event.data["recurrenceId"] = value.recurrence_id()
    event.data["changeExceptionDates"] = [value.recurrence_id()]


def adopt_contents(writer: Writer, event: Event, fields: JSON) -> None:
    """Store attachments and conferences of a body."""
    if "attachments" in fields:
        attachments = stored_attachments(writer, event, fields["attachments"] or ())
        _set(event.data, "attachments", attachments)
    if "conferences" in fields:
        _set(event.data, "conferences", [_conference(writer, event, one) for one in fields["conferences"] or ()])


def _set(data: JSON, name: str, values: list[JSON]) -> None:
    if values:
        data[name] = values
    else:
        data.pop(name, None)


def _conference(writer: Writer, event: Event, sent: JSON) -> JSON:
    known = {one["id"] for one in event.data.get("conferences", ())}
    number = sent.get("id")
    if number not in known:
        number = writer.ox.store.next_id(writer.connection, "conferences")
    return {"id": number, **{name: value for name, value in sent.items() if name != "id"}}

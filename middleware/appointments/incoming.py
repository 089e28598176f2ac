"""Reading the appointment in a request body: the event fields that it means."""

from __future__ import annotations

from typing import Any, Final
from zoneinfo import ZoneInfo

from middleware.appointments.errors import appointment_error
from middleware.appointments.patterns import NONE, rule_of
from middleware.appointments.people import part_stat, sent_attendees, sent_organizer
from middleware.appointments.times import from_time, when_of
from middleware.appointments.view import COLORS, FREE, RESERVED
from middleware.call import Call
from middleware.chronos.body import parse_event
from middleware.chronos.dates import When, zone_info
from middleware.chronos.event import JSON, Event
from middleware.chronos.people import user_json
from middleware.context import Context
from middleware.errors import unparsable_body
from middleware.generation import Generation
from middleware.times import zone_names

_TEXTS: Final = {"title": "summary", "note": "description", "location": "location", "uid": "uid"}
_ORGANIZERS: Final = frozenset({"organizer", "organizerId", "principal", "principalId"})
_MOST_MINUTES: Final = 10_000_000


def parse_appointment(call: Call, ox: Context, body: JSON, event: Event | None) -> JSON:
    """The fields of chronos for a body, as `parse_event` gives them; `event` is what is to be changed.

    Members that OX ignores (created_by, users, delete_exceptions ...) are left out. SVL-0002 for wrong types, and the
    errors APP-0008 to APP-0097 for values that an appointment cannot have.
    """
    seven = ox.settings.generation is Generation.SEVEN
    sent: JSON = {name: _text(member, body[member]) for member, name in _TEXTS.items() if member in body}
    if "categories" in body:
        sent["categories"] = [part for part in (_text("categories", body["categories"]) or "").split(",") if part]
    if "private_flag" in body:
        sent["class"] = "CONFIDENTIAL" if is_true(body["private_flag"]) else "PUBLIC"
    if "color_label" in body:
        sent["color"] = COLORS[_in_range("color_label", body["color_label"], len(COLORS) - 1, 21)] or None
    if body.get("sequence") is not None:
        sent["sequence"] = body["sequence"]
    if body.get("shown_as") is not None:
        sent["transp"] = "TRANSPARENT" if _shown_as(body) == FREE else "OPAQUE"
    if "alarm" in body:
        sent["alarms"] = _alarms(body["alarm"])
    if "participants" in body:
        sent["attendees"] = sent_attendees(body["participants"], event)
    if not _ORGANIZERS.isdisjoint(body) and (organizer := sent_organizer(body)) is not None:
        sent["organizer"] = organizer
    if seven and event is None:
        _require_members(body)
    dates = _Dates(call.timezone(), body, event)
    sent.update(dates.fields())
    if "recurrence_type" in body:
        sent["rrule"] = _rule(body, dates, ox.settings.generation)
    mail = {name: value for name, value in (user_json(ox, call.user) or {}).items() if name != "entity"}
    fields = parse_event(sent, mail, mend=ox.settings.mend)
    if body.get("shown_as") is not None:
        # Kept beside the transparency, which cannot tell these apart.
        fields["shownAs"] = _shown_as(body) if RESERVED < _shown_as(body) < FREE else None
    return fields


def own_answer(body: JSON) -> JSON | None:
    """What the body of a new appointment says of the user's own participation."""
    if body.get("confirmation") is None:
        return None
    comment = _text("confirmmessage", body.get("confirmmessage"))
    return {"partStat": part_stat(body["confirmation"]), **({"comment": comment} if comment else {})}


def whole_number(name: str, value: Any) -> int:
    """A number, also as text; SVL-0002 for anything else."""
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise unparsable_body(f'JSONObject["{name}"] is not a number.') from None


def is_true(value: Any) -> bool:
    """A boolean, also as text."""
    return value is True or str(value).lower() == "true"


def _require_members(body: JSON) -> None:
    """OX 7.8 does not take an appointment without start, end and title."""
    for number, name in ((26, "start_date"), (27, "end_date"), (28, "title")):
        if body.get(name) in (None, ""):
            raise appointment_error(number)


def _text(name: str, value: Any) -> str | None:
    """A text; an empty one is none."""
    if isinstance(value, dict | list):
        raise unparsable_body(f'JSONObject["{name}"] is not a string')
    return None if value is None or value == "" else str(value)


def _in_range(name: str, value: Any, most: int, error: int) -> int:
    number = 0 if value is None else whole_number(name, value)
    if not 0 <= number <= most:
        raise appointment_error(error, number)
    return number


def _shown_as(body: JSON) -> int:
    number = _in_range("shown_as", body["shown_as"], FREE, 25)
    if number == 0:
        raise appointment_error(25, number)
    return number


def _alarms(value: Any) -> list[JSON]:
    """One reminder so many minutes before the start; -1 for none."""
    minutes = -1 if value is None else whole_number("alarm", value)
    if minutes < 0:
        return []
    if minutes > _MOST_MINUTES:
        raise unparsable_body('JSONObject["alarm"] is too great.')
    trigger = {"duration": f"-PT{minutes}M"}
    return [{"action": "DISPLAY", "description": "Reminder", "trigger": trigger}]


class _Dates:
    """Start and end of a body, completed by those of the event that is changed."""

    def __init__(self, zone: ZoneInfo, body: JSON, event: Event | None) -> None:
        self._zone = zone
        self._event = event
        known = False if event is None else event.start.all_day
        # Without `full_time` the numbers are read as times, also for an all-day appointment.
        self._sent_full_time = is_true(body.get("full_time"))
        self._all_day = self._sent_full_time if "full_time" in body else known
        self._name = self._zone_name(body.get("timezone"))
        renewed = "full_time" in body or "timezone" in body
        self._start = self._when(body, "start_date", None if event is None else event.start, renewed=renewed)
        self._end = self._when(body, "end_date", None if event is None else event.end, renewed=renewed)

    def fields(self) -> JSON:
        """The dates as DateTime objects; what the body does not touch is left out."""
        found = (("startDate", self._start), ("endDate", self._end))
        return {name: when.to_json() for name, when in found if when is not None}

    @property
    def start(self) -> When | None:
        """The start after the change."""
        known = None if self._event is None else self._event.start
        return self._start or known

    def _zone_name(self, sent: Any) -> str | None:
        if self._all_day:
            return None
        if sent in zone_names():
            return str(sent)
        if self._event is not None and not self._event.start.all_day and not sent:
            return self._event.start.zone
        return self._zone.key

    def _when(self, body: JSON, name: str, known: When | None, *, renewed: bool) -> When | None:
        value = body.get(name)
        if value is None:
            if known is None or not renewed:
                return None
            return when_of(known.epoch_ms(zone_info("UTC")), self._name, all_day=self._all_day)
        number = whole_number(name, value)
        instant = number if self._sent_full_time else from_time(number, self._zone)
        return when_of(instant, self._name, all_day=self._all_day)


def _rule(body: JSON, dates: _Dates, generation: Generation) -> str | None:
    if whole_number("recurrence_type", body["recurrence_type"] or NONE) == NONE:
        return None
    if dates.start is None:
        raise appointment_error(26)
    return rule_of(body, dates.start, generation)

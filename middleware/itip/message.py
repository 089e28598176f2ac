"""A scheduling message, and what the user has in his calendars of what it is about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos.access import Calendar, calendar_of
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.finding import Occurrence, instance_at, regular_occurrence
from middleware.chronos.flags import flags_of
from middleware.chronos.people import calendar_user
from middleware.chronos.view import View
from middleware.errors import OXError, unexpected
from middleware.ical.reading import ReadEvent, read_calendar
from middleware.itip.mails import calendar_part

if TYPE_CHECKING:
    from middleware.context import Context

_PREFIX: Final = "com.openexchange.mail.conversion."
_NO_MAIL: Final = 'Cannot invoke "com.openexchange.mail.dataobjects.MailMessage.getFolder()" because "mail" is null'
# Members that an event of a message shows also when it does not have them.
_NULLS: Final = ("class", "description", "transp", "recurrenceId", "rrule", "folder", "status", "location", "url")
# Members of a stored event that an analysis does not show.
_NOT_SHOWN: Final = frozenset({"created", "flags", "lastModified", "modifiedBy", "transp"})
_COMPARED: Final = ("summary", "location", "description", "startDate", "endDate", "rrule", "status")


@dataclass(frozen=True, slots=True)
class Message:
    """One VEVENT of a scheduling message. `stored` is the event, series or instance it is about, `occurrence` one that
    is not overridden yet; both None when the user has nothing of it."""

    method: str
    event: ReadEvent
    calendar: Calendar
    master: Event | None
    stored: Event | None
    occurrence: Occurrence | None

    @property
    def body(self) -> JSON:
        """What the message says of the event."""
        return self.event.body

    @property
    def recurrence_id(self) -> str | None:
        """The occurrence of a series that it is about."""
        found: str | None = self.body.get("recurrenceId")
        return found

    @property
    def known(self) -> bool:
        """Whether the user has the event or occurrence."""
        return self.stored is not None or self.occurrence is not None

    def current(self, view: View) -> JSON | None:
        """What the user has, as an analysis shows it."""
        shown: JSON | None = None
        if self.stored is not None:
            shown = view.all([self.stored])[0]
        elif self.occurrence is not None:
            view.prepare([self.occurrence.master])
            shown = self.occurrence.shown(view)
        return None if shown is None else {name: value for name, value in shown.items() if name not in _NOT_SHOWN}

    def is_news(self, current: JSON | None) -> bool:
        """Whether the message says something else than the user has."""
        if current is None:
            return False
        rule = None if self.recurrence_id else current.get("rrule")
        return any(
            (self.body.get(name) or None) != (rule if name == "rrule" else current.get(name)) for name in _COMPARED
        )


def messages(call: Call, ox: Context, connection: Connection) -> Iterator[tuple[str, list[Message]]]:
    """The messages in the mail that a call names, by uid.

    SVL-0009 when the body names none, SVL-0011 for an unknown one.
    """
    body: dict[str, Any] = call.body if isinstance(call.body, dict) else {}
    names = [f"{_PREFIX}{name}" for name in ("fullname", "mailid", "sequenceid")]
    for name in names[:2]:
        if body.get(name) is None:
            raise _missing(name)
    folder, number, part = (str(body.get(name, "")) for name in names)
    text = calendar_part(connection, call.user, folder, number, part)
    if text is None:
        raise unexpected(_NO_MAIL)
    read = read_calendar(text, call.session.timezone)
    for uid, events in read.events.items():
        yield uid, [_message(call, ox, connection, read.method, one) for one in events]


def _missing(name: str) -> OXError:
    reason = f'JSONObject["{name}"] not found.'
    return OXError("SVL-0009", "ERROR", desc=f"JSON error: {reason}", params=[reason])


def _message(call: Call, ox: Context, connection: Connection, method: str, event: ReadEvent) -> Message:
    store = Events(connection)
    found = store.with_uid(event.body.get("uid", ""), call.user)
    recurrence_id = event.body.get("recurrenceId")
    master = next((one for one in found if not one.is_instance), None)
    stored, occurrence = master, None
    if recurrence_id:
        series = found[0].series if found else None
        stored = instance_at(store, series, recurrence_id) if series is not None else None
        occurrence = regular_occurrence(master, recurrence_id) if master is not None and stored is None else None
    place = store.folder_of(found[0].id, call.user) if found else None
    folder = ox.folders.get(place) if place else ox.folders.default(call.user, "calendar")
    return Message(method, event, calendar_of(ox, call.user, folder), master, stored, occurrence)


def described(ox: Context, message: Message, user: int) -> JSON:
    """The event of a message as an analysis shows it."""
    shown: JSON = {**dict.fromkeys(_NULLS), "sequence": 0, **message.body, "created": 0, "lastModified": 0}
    shown["attendees"] = [_person(ox, one) for one in message.body.get("attendees", ())]
    if message.body.get("organizer"):
        shown["organizer"] = {**message.body["organizer"], **_entity(ox, message.body["organizer"])}
    if message.event.comment:
        shown.setdefault("extendedProperties", {})
        for one in shown["attendees"]:
            one["comment"] = message.event.comment
    event = Event(0, None, None, None, 0, shown)
    flags = flags_of(event, user, user, alarms=False, place=())
    # The others in a reply are not all others.
    shown["flags"] = [one for one in flags if one != "all_others_declined" or event.attends(user)]
    return shown


def _person(ox: Context, sent: JSON) -> JSON:
    entity = _entity(ox, sent)
    return {**sent, **entity, **({"cuType": sent.get("cuType", "INDIVIDUAL")} if entity else {})}


def _entity(ox: Context, sent: JSON) -> JSON:
    found = calendar_user(ox, {**sent, "sentBy": None})
    return {"entity": found["entity"]} if "entity" in found else {}

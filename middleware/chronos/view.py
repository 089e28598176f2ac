"""Events as one user sees them in one folder."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, bindparam, select

from middleware.chronos.access import Calendar, classified_for
from middleware.chronos.data_errors import too_many_events
from middleware.chronos.entities import extended_entity
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.exception_dates import Attended, userized
from middleware.chronos.fields import FIELDS, IDENTIFYING
from middleware.chronos.flags import anonymous_flags, flags_of, place_in_series
from middleware.chronos.people import user_json
from middleware.chronos.tables import alarms
from middleware.statement import Statement, one_of

if TYPE_CHECKING:
    from middleware.context import Context

# What remains of a confidential event for others.
_ANONYMOUS: Final = frozenset(
    {
        "uid",
        "sequence",
        "created",
        "createdBy",
        "modifiedBy",
        "dtstamp",
        "class",
        "startDate",
        "endDate",
        "transp",
        "rrule",
        "recurrenceId",
        "recurrenceDates",
        "changeExceptionDates",
        "deleteExceptionDates",
    }
)
# Fields that do not stand in the stored document, or not as they are shown; `shownAs` is for appointments only.
_COMPUTED: Final = frozenset(
    {"id", "folder", "timestamp", "lastModified", "seriesId", "calendarUser", "attendees", "alarms", "flags", "shownAs"}
)
_EXCEPTIONS: Final = frozenset({"changeExceptionDates", "deleteExceptionDates"})
_HIDDEN_MEMBERS: Final = frozenset({"hidden", "transp"})
_MANY: Final = 400

_OF_USER: Final = (
    select(alarms.c.event_id, alarms.c.id, alarms.c.document)
    .where(alarms.c.user_id == bindparam("user"))
    .order_by(alarms.c.id)
)
_ALARMS: Final = Statement(_OF_USER)
_ALARMS_OF: Final = Statement(_OF_USER.where(one_of(alarms.c.event_id, "wanted")))

Alarms = dict[int, list[JSON]]


class View:
    """Makes the JSON of events. `folder` is the calendar looked at; `fields` what to show, None for everything.

    Cost: `prepare` reads what many events need (alarms, masters, attended instances) with a few statements.
    """

    def __init__(
        self,
        context: Context,
        connection: Connection,
        calendar: Calendar,
        fields: Collection[str] | None = None,
        *,
        extended: bool = False,
        personal_exceptions: bool = True,
    ) -> None:
        self._context = context
        self._connection = connection
        self._calendar = calendar
        self._fields = FIELDS if fields is None else frozenset(fields)
        self._stored_fields = None if fields is None else tuple(self._fields - _COMPUTED)
        self._extended = extended
        self._personal_exceptions = personal_exceptions
        self._alarms: Alarms = {}
        self._masters: dict[int, Event] = {}
        self._attended: dict[int, Attended] = {}
        self._folder = calendar.text
        self._owners: dict[int, JSON | None] = {}

    def require_few(self, count: int) -> None:
        """CAL-5072 when the server does not give so many events at once, unless only what identifies them is asked."""
        limit = self._context.settings.max_events
        if limit is not None and count > limit and not self._fields <= IDENTIFYING:
            raise too_many_events()

    def shows(self, name: str) -> bool:
        """Whether a field was asked for."""
        return name in self._fields

    def all(self, found: Collection[Event]) -> list[JSON]:
        """The JSON of events, in their order."""
        if not found:
            return []
        self.prepare(found)
        return [self.event(event) for event in found]

    def prepare(self, found: Collection[Event]) -> None:
        """Read what these events need beside themselves."""
        if self.shows("alarms") or self.shows("flags"):
            self._alarms = self._read_alarms([event.id for event in found])
        if self.shows("flags"):
            series = {event.series for event in found if event.is_instance and event.series is not None}
            self._masters = Events(self._connection).find_all(series)
        if self._personal_exceptions and not self._calendar.public and any(map(self.shows, _EXCEPTIONS)):
            masters = [event.id for event in found if event.is_master and event.data.get("changeExceptionDates")]
            self._attended = self._read_attended(masters) if masters else {}

    def event(self, event: Event) -> JSON:
        """The JSON of one event; `prepare` must have been told of it."""
        if classified_for(event, self._calendar.user):
            return self._anonymous(event)
        return self._filled(event, self._stored(event))

    def occurrence(self, event: Event, changes: JSON, place: tuple[str, ...]) -> JSON:
        """The JSON of a computed occurrence of a master: `changes` are its dates and id."""
        data = {name: value for name, value in event.data.items() if name not in _OF_MASTERS}
        single = Event(event.id, event.series, event.folder, event.owner, event.stamp, {**data, **changes})
        if classified_for(single, self._calendar.user):
            return self._anonymous(single, place)
        return self._filled(single, self._stored(single, occurrence=True), place)

    def _stored(self, event: Event, *, occurrence: bool = False) -> JSON:
        data = event.data
        if self._stored_fields is None:
            shown = {name: value for name, value in data.items() if name not in _COMPUTED}
        else:
            shown = {name: data[name] for name in self._stored_fields if name in data}
        attended = self._attended.get(event.id)
        if attended is not None and not occurrence:
            for name, dates in userized(event, attended).items():
                shown.pop(name, None)
                if dates and self.shows(name):
                    shown[name] = dates
        return shown

    def _filled(self, event: Event, shown: JSON, place: tuple[str, ...] | None = None) -> JSON:
        fields = self._fields
        self._add_identity(event, shown)
        if "calendarUser" in fields and event.owner is not None:
            shown["calendarUser"] = self._owner(event.owner)
        if "attendees" in fields and event.attendees:
            shown["attendees"] = [self._attendee(one) for one in event.attendees]
        if self._extended and "organizer" in shown:
            shown["organizer"] = self._with_entity(shown["organizer"])
        if "alarms" in fields and event.id in self._alarms:
            shown["alarms"] = self._alarms[event.id]
        if "flags" in fields:
            shown["flags"] = flags_of(
                event,
                self._calendar.calendar_user,
                self._calendar.user,
                alarms=event.id in self._alarms,
                place=self._place(event) if place is None else place,
            )
        return shown

    def _add_identity(self, event: Event, shown: JSON) -> None:
        fields = self._fields
        if "id" in fields:
            shown["id"] = event.text_id
        if "folder" in fields:
            shown["folder"] = self._folder
        if "timestamp" in fields:
            shown["timestamp"] = event.stamp
        if "lastModified" in fields:
            shown["lastModified"] = event.stamp
        if "seriesId" in fields and event.series is not None:
            shown["seriesId"] = str(event.series)

    def _owner(self, user: int) -> JSON | None:
        """The calendar user of events, made once: thousands of them have the same."""
        if user not in self._owners:
            self._owners[user] = user_json(self._context, user)
        return self._owners[user]

    def _attendee(self, attendee: JSON) -> JSON:
        shown = {name: value for name, value in attendee.items() if name not in _HIDDEN_MEMBERS}
        return self._with_entity(shown) if self._extended else shown

    def _with_entity(self, person: JSON) -> JSON:
        return {**person, **extended_entity(self._context, person)}

    def _place(self, event: Event) -> tuple[str, ...]:
        return place_in_series(event, self._masters.get(event.series or 0))

    def _anonymous(self, event: Event, place: tuple[str, ...] | None = None) -> JSON:
        shown = {name: value for name, value in event.data.items() if name in _ANONYMOUS and self.shows(name)}
        self._add_identity(event, shown)
        shown.pop("lastModified", None)
        if self.shows("summary"):
            shown["summary"] = "Private"
        if event.owner is not None and self.shows("calendarUser"):
            shown["calendarUser"] = self._owner(event.owner)
        if self.shows("flags"):
            shown["flags"] = anonymous_flags(event, self._place(event) if place is None else place)
        return shown

    def tombstone(self, event: Event) -> JSON:
        """The JSON of an event that left the folder."""
        shown = {
            name: value
            for name, value in event.data.items()
            if self.shows(name) and name not in ("attendees", "calendarUser")
        }
        self._add_identity(event, shown)
        if self.shows("attendees") and event.attendees:
            shown["attendees"] = [self._attendee(one) for one in event.attendees]
        if event.owner is not None and self.shows("calendarUser"):
            shown["calendarUser"] = self._owner(event.owner)
        return shown

    def _read_alarms(self, ids: list[int]) -> Alarms:
        """The alarms of the calendar user for these events."""
        user = self._calendar.calendar_user
        if len(ids) <= _MANY:
            rows = _ALARMS_OF.all(self._connection, user=user, wanted=ids)
        else:
            rows = _ALARMS.all(self._connection, user=user)
        found: Alarms = {}
        for event_id, alarm_id, document in rows:
            found.setdefault(event_id, []).append({"id": alarm_id, **json.loads(document)})
        return found

    def _read_attended(self, masters: Iterable[int]) -> dict[int, Attended]:
        """For series of which the calendar user does not attend every instance: what he attends."""
        store = Events(self._connection)
        user = self._calendar.calendar_user
        found: dict[int, Attended] = {}
        for master in masters:
            instances = store.instances(master)
            attended = [one.data["recurrenceId"] for one in instances if one.attends(user)]
            if len(attended) < len(instances):
                found[master] = tuple(attended)
        return found


_OF_MASTERS: Final = _EXCEPTIONS | {"recurrenceDates"}

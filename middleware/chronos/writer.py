"""What one writing call does to the store, and the answer that tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from middleware.call import Call
from middleware.chronos.access import Calendar
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events
from middleware.chronos.fields import requested_fields
from middleware.chronos.people import user_json
from middleware.chronos.tombstones import Tombstones
from middleware.chronos.view import View
from middleware.errors import OXError

if TYPE_CHECKING:
    from middleware.context import Context


class Writer:
    """One write in a folder: every event it stores gets its stamp and its user as last modifier.

    The answer lists what was created, updated and deleted as far as it is visible in the folder; deleted events
    as they were before.
    """

    def __init__(self, call: Call, ox: Context, connection: Connection, calendar: Calendar) -> None:
        self.call = call
        self.ox = ox
        self.connection = connection
        self.calendar = calendar
        self.events = Events(connection)
        self.tombstones = Tombstones(connection)
        self.stamp = ox.clock.stamp()
        self.warnings: list[OXError] = []
        self._created: list[Event] = []
        self._updated: list[Event] = []
        self._deleted: list[JSON] = []
        self._fields = requested_fields(call)

    @property
    def user(self) -> JSON:
        """The CalendarUser of the session."""
        return user_json(self.ox, self.calendar.user) or {}

    @property
    def calendar_user(self) -> int:
        """For whom the call acts."""
        return self.calendar.calendar_user

    @property
    def view(self) -> View:
        """How the answer shows events."""
        extended = self.call.flag("extendedEntities")
        return View(self.ox, self.connection, self.calendar, self._fields, extended=extended, personal_exceptions=False)

    def next_id(self) -> int:
        """An id for a new event."""
        return self.ox.store.next_id(self.connection, "events")

    def insert(self, event: Event) -> None:
        """Store a new event; `created` and `timestamp` are the stamp of the write."""
        event.stamp = self.stamp
        event.data.update(created=self.stamp, modifiedBy=self.user)
        self.events.add(event)
        self._created.append(event)

    def save(self, event: Event) -> None:
        """Store a changed event."""
        event.stamp = self.stamp
        event.data["modifiedBy"] = self.user
        if not event.external:
            event.data["dtstamp"] = self.stamp
        self.events.save(event)
        if not any(known.id == event.id for known in (*self._created, *self._updated)):
            self._updated.append(event)

    def remove(self, event: Event) -> None:
        """Delete an event for everybody, leaving tombstones."""
        self.show_deleted(event)
        self.tombstones.bury(event, self.stamp, self.user)
        self.events.remove(event)

    def show_deleted(self, event: Event) -> None:
        """Put an event, as it is now, among the deleted ones of the answer."""
        if self.events.is_in(event.id, self.calendar.id):
            self._deleted.append(self.view.all([event])[0])

    def show_deleted_json(self, shown: JSON) -> None:
        """Put something computed among the deleted ones of the answer."""
        self._deleted.append(shown)

    def show_as_new(self, event: Event) -> None:
        """List a changed event as created: its recurrence id is another one."""
        self._updated = [known for known in self._updated if known.id != event.id]
        self._created.append(event)

    def outcome(self) -> dict[str, Any]:
        """The CalendarResult object."""
        return {
            "created": self._shown(self._created),
            "updated": self._shown(self._updated),
            "deleted": self._deleted,
        }

    def _shown(self, found: list[Event]) -> list[JSON]:
        visible = [event for event in found if self.events.is_in(event.id, self.calendar.id)]
        return self.view.all(visible)

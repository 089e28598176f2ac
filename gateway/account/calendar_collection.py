"""What calendars and task lists have in common: colour, time zone, and on whose behalf they are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.collection import Collection
from gateway.account.directory import calendar_user
from gateway.account.properties import COLOR, TIMEZONE, TRANSPARENT, text_property
from gateway.dav.ports import Calendar
from mappings.calendar.timezones import resolve
from mappings.calendar.vtimezone import zone_calendar
from mappings.colors import hex_color
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.tree import AccountTree
    from gateway.dav.paths import Path
    from gateway.ox.folders import Folder


class CalendarCollection(Collection, Calendar):
    """One OX folder as a CalDAV collection (RFC 4791 4.2)."""

    content_type = "text/calendar"

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        super().__init__(tree, path, folder)
        self.user = self.account.identity.calendar_user
        self.color = hex_color(folder.color or text_property(self.kept, COLOR) or "")
        transparent = text_property(self.kept, TRANSPARENT)
        self.transparent = folder.schedule_transparent if transparent is None else transparent == "True"
        own = text_property(self.kept, TIMEZONE)
        self.zone = zone_of(own) or self.user.timezone
        self.timezone = own or zone_calendar(self.zone)

    async def meet_owner(self) -> None:
        """Read and write on behalf of the calendar's owner: what is his own event depends on it. No upstream call
        for one's own calendars, else one in some minutes. Raises OXError."""
        owner = self.folder.owner
        if owner is None or owner == str(self.user.user_id):
            return
        people = await self.account.directory.people()
        if owner in people.users:
            self.user = calendar_user(people.users[owner], self.user.context_id, self.user.timezone)


def zone_of(timezone: str | None) -> str | None:
    """The IANA name of the VTIMEZONE in an iCalendar text."""
    if timezone is None:
        return None
    try:
        for component in parse_tree(timezone).components:
            if component.name == "VTIMEZONE":
                return next((resolve(p.value) for p in component.properties if p.name == "TZID"), None)
    except InvalidData:
        return None
    return None

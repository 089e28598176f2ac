"""What calendars and task lists have in common: colour, time zone, and on whose behalf they are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gateway.account.collection import Collection
from gateway.account.directory import calendar_user
from gateway.account.properties import COLOR, TIMEZONE, TRANSPARENT, text_property
from gateway.dav.errors import MaxAttachmentSize
from gateway.dav.ports import Attachable
from mappings.calendar.attachments import size_inside
from mappings.calendar.other_uid import may_be_other
from mappings.calendar.read import CalendarObject, read
from mappings.calendar.timezones import resolve
from mappings.calendar.vtimezone import zone_calendar
from mappings.colors import hex_color
from mappings.contentline import parse_tree
from mappings.errors import InvalidData

if TYPE_CHECKING:
    from gateway.account.index import Member
    from gateway.account.tree import AccountTree
    from gateway.dav.paths import Path
    from gateway.dav.values import QueryHint
    from gateway.ox.folders import Folder


class CalendarCollection(Collection, Attachable):
    """One OX folder as a CalDAV collection (RFC 4791 4.2)."""

    content_type = "text/calendar"
    max_attachments = 100

    def __init__(self, tree: AccountTree, path: Path, folder: Folder) -> None:
        super().__init__(tree, path, folder)
        self.user = self.account.identity.calendar_user
        self.color = hex_color(folder.color or text_property(self.kept, COLOR) or "")
        transparent = text_property(self.kept, TRANSPARENT)
        self.transparent = folder.schedule_transparent if transparent is None else transparent == "True"
        own = text_property(self.kept, TIMEZONE)
        self.zone = zone_of(own) or self.user.timezone
        self.timezone = own or zone_calendar(self.zone)

    @property
    def max_attachment_size(self) -> int:
        return self.account.limits.max_attachment_bytes

    @property
    def cached_under(self) -> str:
        """Texts hold addresses of this server, which clients may see under several names."""
        base = self.tree.links.base
        return f"{self.folder.id} {base.origin}{base.prefix}"

    def read_object(self, data: bytes) -> CalendarObject:
        """What a client sent, with files of OX told from links. Raises InvalidData, MaxAttachmentSize."""
        obj = read(data)
        self.tree.links.recognise(obj.tree)
        limit = self.max_attachment_size
        if any(size_inside(prop) > limit for each in obj.tree.components for prop in each.all("ATTACH")):
            raise MaxAttachmentSize(f"an attachment has at most {limit} bytes")
        return obj

    def may_match(self, member: Member, hint: QueryHint) -> bool:
        """As in any collection, but some are shown with another UID than OX's."""
        return super().may_match(member, hint) or (member.may_have_residue and may_be_other(member.uid or ""))

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

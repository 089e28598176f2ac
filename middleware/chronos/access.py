"""Calendar folders as a request names them, and what its user may do there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from middleware.birthdays.account import PROVIDER, birthdays_folder
from middleware.chronos import errors
from middleware.chronos.event import Event
from middleware.folders.model import Folder, Rights

if TYPE_CHECKING:
    from middleware.context import Context

MODULE = "calendar"
_COMPOSITE = re.compile(r"cal://(\d+)/(\d+)")
_TYPES = {True: "SharedType", False: "PublicType"}


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar folder in the eyes of one user."""

    folder: Folder
    user: int
    rights: Rights

    @property
    def id(self) -> int:
        """The number of the folder."""
        return self.folder.id

    @property
    def text(self) -> str:
        """The composite id."""
        return calendar_id(self.folder.id)

    @property
    def public(self) -> bool:
        """Whether events belong to the folder rather than to the calendar of a user."""
        return self.folder.public

    @property
    def shared(self) -> bool:
        """Whether this is a personal calendar of somebody else."""
        return not self.public and self.folder.owner != self.user

    @property
    def calendar_user(self) -> int:
        """For whom the user acts: the owner of a personal calendar, himself in a public one."""
        return self.user if self.public else self.folder.owner

    @property
    def type_name(self) -> str:
        """How the server prints the type of a folder that is not the user's own."""
        return f"com.openexchange.folderstorage.type.{_TYPES[self.shared]}@{self.id:x}"

    def own(self, event: Event) -> bool:
        """Whether the user created the event, which is what rights on own objects mean."""
        creator: dict[str, object] = event.data.get("createdBy", {})
        return creator.get("entity") == self.user

    def can_read(self, event: Event) -> bool:
        """Whether the user may know of the event; its classification is another question."""
        return self.rights.can_read(own=self.own(event))

    def require_create(self) -> None:
        """CAL-4030 unless the user may create events."""
        if not self.rights.can_create:
            raise errors.no_read_permission(self.text)

    def require_write(self, event: Event) -> None:
        """CAL-4031 unless the user may change the event."""
        if not self.rights.can_write(own=self.own(event)):
            raise errors.no_write_permission(self.text)

    def require_delete(self, event: Event) -> None:
        """CAL-4032 unless the user may delete the event."""
        if not self.rights.can_delete(own=self.own(event)):
            raise errors.no_delete_permission(self.text)

    def require_unclassified(self, event: Event) -> None:
        """CAL-4037 when the event is private or confidential for the user."""
        if classified_for(event, self.user):
            raise errors.restricted_by_classification(self.text, event.text_id, event.data["class"])


def calendar_id(folder: int) -> str:
    """`cal://0/31`"""
    return f"cal://0/{folder}"


def open_calendar(context: Context, user: int, text: str) -> Calendar:
    """The calendar of that composite id.

    CAL-4060 for another form of id, CAL-4045 unknown, CAL-4030 not visible, CAL-4228 for the birthday calendar.
    """
    if text == birthdays_folder(context, user):
        raise errors.unsupported_operation(PROVIDER)
    match = _COMPOSITE.fullmatch(text)
    if match is None:
        raise errors.unsupported_folder(text)
    folder = context.folders.find(int(match[2])) if match[1] == "0" else None
    if folder is None or folder.module != MODULE:
        raise errors.folder_not_found(text)
    calendar = calendar_of(context, user, folder)
    if not calendar.rights.visible:
        raise errors.no_read_permission(text)
    return calendar


def open_readable(context: Context, user: int, text: str) -> Calendar:
    """The same for reading: CAL-4030 also when no event could be read."""
    calendar = open_calendar(context, user, text)
    if not calendar.rights.can_read(own=True):
        raise errors.no_read_permission(text)
    return calendar


def calendar_of(context: Context, user: int, folder: Folder) -> Calendar:
    """A folder in the eyes of a user."""
    return Calendar(folder, user, context.folders.rights(user, folder))


def visible_calendars(context: Context, user: int) -> list[Calendar]:
    """The calendars that a user can read, by rising id."""
    found = [calendar_of(context, user, folder) for folder in context.folders.visible(user, MODULE)]
    return [calendar for calendar in found if calendar.rights.can_read(own=True)]


def is_private(event: Event) -> bool:
    """Whether others must not even know of the event."""
    return event.data.get("class") == "PRIVATE"


def classified_for(event: Event, user: int) -> bool:
    """Whether the event is private or confidential (or of an unknown class) and the user has no part in it."""
    if event.data.get("class") in (None, "", "PUBLIC"):
        return False
    creator = event.data.get("createdBy", {}).get("entity")
    return user not in (event.owner, creator) and not event.attends(user)

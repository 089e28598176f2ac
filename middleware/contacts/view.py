"""Contacts as answers show them: objects with names, rows by column."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from middleware.call import Call
from middleware.contacts.fields import COLUMNS, EMPTY, OLDER_COLUMNS
from middleware.contacts.model import Contact
from middleware.context import Context
from middleware.generation import Generation

PICTURE_URL = "/ajax/contacts/picture?action=get&contact_id={id}&folder_id={folder}&timestamp={stamp}"

# OX 7.8 has no module for pictures of contacts, but one for all kinds of pictures.
OLDER_PICTURE_URL = "/ajax/image/contact/picture?folder={folder}&id={id}&timestamp={stamp}"


_TIMES = frozenset({"creation_date", "last_modified"})


@dataclass(frozen=True, slots=True)
class View:
    """How a request sees contacts: zone of values of type Time, spelling of folder ids, addresses of pictures, numbers
    of columns."""

    zone: ZoneInfo
    composite: bool
    picture_url: str = PICTURE_URL
    columns: Mapping[int, str] = field(default_factory=lambda: COLUMNS)

    def folder(self, folder: int) -> str:
        return f"con://0/{folder}" if self.composite else str(folder)

    def members(self, contact: Contact, *, times: Container[str] = _TIMES) -> dict[str, Any]:
        """Every value the contact has, by JSON name. What takes long to make is only made when named in `times`."""
        listed = contact.fields.get("distribution_list")
        shown: dict[str, Any] = {
            **{name: value for name, value in contact.fields.items() if value is not None},
            "id": str(contact.id),
            "folder_id": self.folder(contact.folder),
            "uid": contact.uid,
            "created_by": contact.created_by,
            "modified_by": contact.modified_by,
            "creation_date": self._time(contact.created) if "creation_date" in times else None,
            "last_modified": self._time(contact.modified) if "last_modified" in times else None,
            "last_modified_utc": contact.modified,
            "number_of_images": 1 if contact.picture_type else 0,
            "useCount": 0,
        }
        if sort_name := contact.sort_name:
            shown["sort_name"] = sort_name
        if "file_as" not in shown and shown.get("display_name"):
            shown["file_as"] = shown["display_name"]
        if contact.user_id is None:
            shown.setdefault("number_of_attachments", 0)
        else:
            shown["user_id"] = contact.user_id
        if listed is not None:
            shown["number_of_distribution_list"] = len(listed)
            shown["distribution_list"] = [self._member(member) for member in listed]
        if contact.picture_type:
            url = self.picture_url.format(id=contact.id, folder=contact.folder, stamp=contact.modified)
            shown |= {
                "image1": url,
                "image1_url": url,
                "image1_content_type": contact.picture_type,
                "image_last_modified": contact.picture_modified,
            }
        return shown

    def object(self, contact: Contact) -> dict[str, Any]:
        """The answer of `get`: only what is set; flags and lists only when they say something."""
        shown = self.members(contact)
        shown.pop("image1", None)
        if not shown.get("distribution_list"):
            shown.pop("distribution_list", None)
        return {name: value for name, value in shown.items() if value is not False}

    def rows(self, found: Iterable[Contact], columns: Sequence[int]) -> list[list[Any]]:
        """A row for each contact; columns that do not exist are left out."""
        names = [self.columns[column] for column in columns if column in self.columns]
        empty = {name: EMPTY.get(name) for name in names}
        rows = []
        for contact in found:
            shown = {**empty, **self.members(contact, times=empty)}
            rows.append([shown[name] for name in names])
        return rows

    def _member(self, member: dict[str, Any]) -> dict[str, Any]:
        if self.composite and "folder_id" in member:
            return {**member, "folder_id": f"con://0/{member['folder_id']}"}
        return dict(member)

    def _time(self, stamp: int) -> int:
        offset = datetime.fromtimestamp(stamp / 1000, UTC).astimezone(self.zone).utcoffset()
        return stamp + int(offset.total_seconds() * 1000) if offset else stamp


def view_for(call: Call, context: Context, *, composite: bool) -> View:
    """How the contacts of an answer are shown."""
    if context.settings.generation is Generation.SEVEN:
        return View(call.timezone(), composite, OLDER_PICTURE_URL, OLDER_COLUMNS)
    return View(call.timezone(), composite)


def latest(found: Iterable[Contact]) -> int | None:
    """The greatest stamp; None for nothing, as envelopes then have none."""
    return max((contact.modified for contact in found), default=None)

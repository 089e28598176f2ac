"""A contact as stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ATTACHMENT_MODULE = 7  # the number of contacts in the module `attachment`


@dataclass(frozen=True, slots=True)
class Contact:
    """One row. `fields`: what clients wrote, by JSON name, and the members of a distribution list. Stamps in ms."""

    id: int
    folder: int
    uid: str
    created: int
    created_by: int
    modified: int
    modified_by: int
    fields: Mapping[str, Any]
    user_id: int | None = None
    picture_type: str | None = None
    picture_modified: int | None = None

    @property
    def private(self) -> bool:
        return bool(self.fields.get("private_flag"))

    @property
    def sort_name(self) -> str:
        """What contacts are ordered by: surname and given name with their readings, else the best there is."""
        names = ("last_name", "first_name", "yomiLastName", "yomiFirstName")
        parts = [str(self.fields[name]) for name in names if self.fields.get(name)]
        if parts:
            return "_".join(parts)
        others = ("display_name", "company", "email1", "email2")
        return next((str(self.fields[name]) for name in others if self.fields.get(name)), "")


@dataclass(frozen=True, slots=True)
class Picture:
    data: bytes
    content_type: str

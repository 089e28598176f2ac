"""The names a contact is shown by when OX does not hold them.

vCard 3.0 demands FN and N, OX demands neither. What is written in their stead is recognised when a client sends
it back, so that it never becomes data.
"""

from collections.abc import Mapping
from typing import Any

from mappings.contacts import fields, values

_LAST_RESORTS = ("company", "email1", "email2", "email3", *fields.NUMBERS, "nickname")


def formatted_name(contact: Mapping[str, Any]) -> str:
    """FN: the display name; without one the given, middle and last name; else company, mail, telephone; else ""."""
    display_name = values.text(contact.get("display_name"))
    return display_name or name_without_display_name(contact)


def name_without_display_name(contact: Mapping[str, Any]) -> str:
    """What FN falls back to."""
    parts = (values.text(contact.get(field)) for field in ("first_name", "second_name", "last_name"))
    name = " ".join(part for part in parts if part)
    if name:
        return name
    return next((written for field in _LAST_RESORTS if (written := values.text(contact.get(field)))), "")


def last_name_stand_in(contact: Mapping[str, Any]) -> str | None:
    """The display name where it must serve as last name in N, because Apple's address books do not read FN.

    None for a contact with a name of its own, and for a company shown by its company name.
    """
    if any(values.text(contact.get(field)) for field in fields.NAME):
        return None
    display_name = values.text(contact.get("display_name"))
    return None if display_name == values.text(contact.get("company")) else display_name

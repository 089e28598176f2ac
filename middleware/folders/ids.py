"""Folder ids: plain numbers (`31`) and composite ids that name the account (`cal://0/31`, `con://0/32`)."""

from __future__ import annotations

CALENDAR_PREFIX = "cal://0/"
CONTACTS_PREFIX = "con://0/"


def parse_folder_id(text: object) -> int | None:
    """The number in a plain or composite folder id of the internal account, None when it is something else."""
    plain = str(text).strip()
    for prefix in (CALENDAR_PREFIX, CONTACTS_PREFIX):
        plain = plain.removeprefix(prefix)
    return int(plain) if plain.isascii() and plain.isdigit() else None


def calendar_id(folder_id: int) -> str:
    """`cal://0/31`"""
    return f"{CALENDAR_PREFIX}{folder_id}"


def contacts_id(folder_id: int) -> str:
    """`con://0/32`"""
    return f"{CONTACTS_PREFIX}{folder_id}"

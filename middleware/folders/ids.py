"""Folder ids: plain numbers (`31`) and composite ids that name the account (`cal://0/31`, `con://0/32`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from middleware.errors import OXError

CALENDAR_PREFIX = "cal://0/"
CONTACTS_PREFIX = "con://0/"
_NUMBER = re.compile(r"[0-9]{1,18}")


class Form(Enum):
    """How a folder is addressed: it decides which members the server shows."""

    PLAIN = ""
    CALENDAR = CALENDAR_PREFIX
    CONTACTS = CONTACTS_PREFIX


@dataclass(frozen=True, slots=True)
class FolderId:
    """A folder id with the form in which it was written."""

    number: int
    form: Form

    def __str__(self) -> str:
        return f"{self.form.value}{self.number}"


def unknown_account(account: str) -> OXError:
    """There is only account 0."""
    return OXError(
        "CAL-4044",
        "USER_INPUT",
        "The requested calendar account was not found.",
        f"Account not found [account {account}]",
        [int(account) if _NUMBER.fullmatch(account) else account],
    )


def split_folder_id(text: object) -> FolderId | None:
    """The parts of a folder id, None when it is malformed; CAL-4044 for an account that does not exist."""
    plain = str(text).strip()
    form = next((one for one in (Form.CALENDAR, Form.CONTACTS) if plain.startswith(one.value)), Form.PLAIN)
    plain = plain.removeprefix(form.value)
    if plain.startswith("cal://"):
        raise unknown_account(plain.removeprefix("cal://").partition("/")[0])
    return FolderId(int(plain), form) if _NUMBER.fullmatch(plain) else None


def parse_folder_id(text: object) -> int | None:
    """The number in a plain or composite folder id of the internal account, None when it is something else."""
    plain = str(text).strip()
    for prefix in (CALENDAR_PREFIX, CONTACTS_PREFIX):
        plain = plain.removeprefix(prefix)
    return int(plain) if _NUMBER.fullmatch(plain) else None


def calendar_id(folder_id: int) -> str:
    """`cal://0/31`"""
    return f"{CALENDAR_PREFIX}{folder_id}"


def contacts_id(folder_id: int) -> str:
    """`con://0/32`"""
    return f"{CONTACTS_PREFIX}{folder_id}"

"""The calendar account in which a user has his birthdays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from middleware.directory.model import ADMIN_ID
from middleware.generation import Generation

if TYPE_CHECKING:
    from middleware.context import Context

PROVIDER = "Birthday Calendar"


def account_of(user_id: int) -> str:
    """`cal://1` for the first user; numbers of accounts are not shared between users."""
    return f"cal://{user_id - ADMIN_ID}"


def birthdays_folder(ox: Context, user_id: int) -> str | None:
    """The id of the user's calendar of birthdays; None in OX 7.8, and for the administrator of the context."""
    if user_id <= ADMIN_ID or ox.settings.generation is Generation.SEVEN:
        return None
    return f"{account_of(user_id)}/0"

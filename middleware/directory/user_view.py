"""Users as answers show them: their contact in the address book of all users plus the fields of the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from middleware.contacts.fields import COLUMNS, EMPTY
from middleware.directory.model import User
from middleware.folders.model import ALL_USERS

if TYPE_CHECKING:
    from middleware.call import Call
    from middleware.context import Context

# In the module `user` these columns mean fields of the account, not of the contact.
USER_COLUMNS: Mapping[int, str] = {
    610: "aliases",
    611: "timezone",
    612: "locale",
    613: "groups",
    614: "contact_id",
    615: "login_info",
    616: "guest_created_by",
}


def user_object(call: Call, ox: Context, user: User) -> dict[str, Any]:
    """All members of a user; `id` is the user id, not that of the contact."""
    return {
        **_contact(call, ox, user),
        "id": user.id,
        "timezone": user.timezone,
        "locale": user.locale,
        "groups": list(ox.groups.of_user(user.id)),
        "contact_id": user.contact_id,
        "login_info": user.login,
        "aliases": [user.email],
    }


def user_row(members: Mapping[str, Any], columns: Iterable[int]) -> list[Any]:
    """The members in the order of the columns."""
    return [_column(members, column) for column in columns]


def _column(members: Mapping[str, Any], column: int) -> Any:
    if column in USER_COLUMNS:
        return members.get(USER_COLUMNS[column], 0 if column == 616 else None)
    name = COLUMNS.get(column, "")
    return members.get(name, EMPTY.get(name))


def _contact(call: Call, ox: Context, user: User) -> dict[str, Any]:
    for module in ox.registry:
        if module.contact_of_user is not None:
            return module.contact_of_user(call, ox, user)
    return {"folder_id": str(ALL_USERS), "user_id": user.id, "display_name": user.display_name}

"""The modules `user` and `user/me`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from middleware.call import Call
from middleware.configuration.config import set_preferences
from middleware.contacts.fields import COLUMNS
from middleware.context import Context
from middleware.directory.matching import matches
from middleware.directory.model import ADMIN_ID, User
from middleware.directory.user_view import USER_COLUMNS, user_object, user_row
from middleware.directory.users import user_not_found
from middleware.envelope import Result
from middleware.errors import OXError, invalid_parameter, unknown_ajax_action
from middleware.folders.model import ALL_USERS
from middleware.registry import Module

module = Module("user", unknown=lambda action: unknown_ajax_action())
me_module = Module("user/me", default_action="me")

PREFERENCES = ("timezone", "locale")


def not_own_account(user_id: int) -> OXError:
    """Users change their own account only."""
    text = "You are not allowed to change this user."
    return OXError("USR-0008", "PERMISSION_DENIED", text, f"No permission to modify user {user_id}.", [user_id])


def changed_meanwhile() -> OXError:
    """The user was changed after the stamp of the request."""
    return OXError("SVL-0017", "CONFLICT", "The object has been changed in the meantime.")


@me_module.action("me")
def me(call: Call, ox: Context) -> Result:
    """Who the caller is."""
    user = ox.users.get(call.user)
    return Result(
        {
            "context_id": ox.id,
            "user_id": user.id,
            "context_admin": ADMIN_ID,
            "login_name": user.login,
            "display_name": user.display_name,
            "mail_login": user.email,
            "email_address": user.email,
            "email_aliases": [user.email],
        }
    )


@module.action("get")
def get(call: Call, ox: Context) -> Result:
    """One user as an object, the caller without `id`."""
    members = user_object(call, ox, ox.users.get(call.integer("id", call.user)))
    return Result(members, members.get("last_modified_utc"))


@module.action("all")
def all_users(call: Call, ox: Context) -> Result:
    """All users, the administrator of the context included."""
    return _rows(call, ox, ox.users.all())


@module.action("list", "PUT")
def list_users(call: Call, ox: Context) -> Result:
    """The users with the ids in the body, null for the caller; unknown ids become warnings."""
    found: list[User] = []
    warnings: list[OXError] = []
    for item in call.array():
        user_id = call.user if item is None else item
        user = ox.users.find(user_id) if isinstance(user_id, int) else None
        if user is None:
            warnings.append(user_not_found(user_id, ox.id))
        else:
            found.append(user)
    return replace(_rows(call, ox, found), warnings=tuple(warnings))


@module.action("search", "PUT")
def search(call: Call, ox: Context) -> Result:
    """Users by `pattern` on the display name, or by names joined with and (`orSearch`: or)."""
    body = call.object()
    return _rows(call, ox, [user for user in ox.users.all() if _found(user, body)])


def _found(user: User, body: dict[str, Any]) -> bool:
    if body.get("emailAutoComplete") is True and not user.email:
        return False
    if "pattern" in body:
        return matches(str(body["pattern"]), user.display_name)
    fields = {"last_name": user.surname, "first_name": user.given_name, "display_name": user.display_name}
    results = [matches(str(body[name]), text) for name, text in fields.items() if body.get(name)]
    return (any if body.get("orSearch") is True else all)(results)


def _rows(call: Call, ox: Context, users: Any) -> Result:
    columns = call.columns()
    objects = [user_object(call, ox, user) for user in users]
    sort = call.params.get("sort")
    if sort:
        name = USER_COLUMNS.get(int(sort), COLUMNS.get(int(sort), "")) if sort.isdigit() else ""
        if not name:
            raise invalid_parameter("sort", sort)
        descending = call.text("order").lower() == "desc"
        objects.sort(key=lambda members: str(members.get(name, "")).casefold(), reverse=descending)
    stamps = [members["last_modified_utc"] for members in objects if "last_modified_utc" in members]
    return Result([user_row(members, columns) for members in objects], max(stamps, default=0))


@module.action("update", "PUT")
def update(call: Call, ox: Context) -> Result:
    """Change the caller's time zone, locale and the fields of his contact."""
    user_id = call.integer("id")
    if user_id != call.user:
        raise not_own_account(user_id)
    body = call.object()
    user = ox.users.get(user_id)
    if user_object(call, ox, user).get("last_modified_utc", 0) > call.integer("timestamp"):
        raise changed_meanwhile()
    contact = {name: value for name, value in body.items() if name not in PREFERENCES}
    with ox.store.writing():
        preferences = {name: body[name] for name in PREFERENCES if name in body}
        if preferences:
            set_preferences(ox, user_id, **preferences)
        if contact:
            _update_contact(call, ox, user, contact)
    return Result(timestamp=ox.clock.last)


def _update_contact(call: Call, ox: Context, user: User, fields: dict[str, Any]) -> None:
    contacts = ox.registry.get("contacts")
    if contacts is None:
        return
    params = {**call.params, "folder": str(ALL_USERS), "id": str(user.contact_id)}
    contacts.find("update").handler(replace(call, module="contacts", params=params, body=fields), ox)


@module.action("getAttribute")
def get_attribute(call: Call, ox: Context) -> Result:
    """A value that the caller keeps at his account; without `value` when there is none."""
    attributes = _own(call, ox).attributes
    name = call.require("name")
    return Result({"name": name, "value": attributes[name]} if name in attributes else {"name": name})


@module.action("setAttribute", "PUT")
def set_attribute(call: Call, ox: Context) -> Result:
    """Keep a value at the caller's account (null removes it); whether it was set, with `setIfAbsent`."""
    user = _own(call, ox)
    body = call.object()
    name, value = str(body.get("name", "")), body.get("value")
    if call.flag("setIfAbsent") and name in user.attributes:
        return Result(False)
    attributes = {key: old for key, old in user.attributes.items() if key != name}
    if value is not None:
        attributes[name] = value
    with ox.store.writing() as connection:
        ox.users.change(connection, user.id, attributes=attributes)
    return Result(True)


def _own(call: Call, ox: Context) -> User:
    user_id = call.integer("id")
    if user_id != call.user:
        raise not_own_account(user_id)
    return ox.users.get(user_id)

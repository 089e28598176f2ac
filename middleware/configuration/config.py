"""The module `config`: the settings tree by path, and properties by name."""

from __future__ import annotations

from typing import Any

from middleware.call import Call
from middleware.configuration.tree import config_tree
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import OXError, invalid_parameter, missing_body
from middleware.registry import Module
from middleware.times import zone_names

PROPERTIES = {"com.openexchange.caldav.enabled": "true", "com.openexchange.carddav.enabled": "true"}


def unknown_path(path: str) -> OXError:
    """The tree has no such node."""
    desc = f"Unknown setting path /{path}."
    return OXError("USS-0004", "ERROR", desc=desc, params=[f"/{path}"])


module = Module("config")


@module.action("get_property")
def get_property(call: Call, ox: Context) -> Result:
    """A property of the server by its full name; without value when it is not set."""
    name = call.require("name")
    return Result({"name": name, "value": PROPERTIES[name]} if name in PROPERTIES else {"name": name})


@module.action("GET")
def read(call: Call, ox: Context) -> Result:
    """The value or subtree at the path."""
    node: Any = config_tree(ox, ox.users.get(call.user))
    for name in filter(None, call.path.split("/")):
        if not isinstance(node, dict) or name not in node:
            raise unknown_path(call.path)
        node = node[name]
    return Result(node)


@module.action("PUT", "PUT")
def write(call: Call, ox: Context) -> Result:
    """Set the time zone or the language of the user; the value is the body, bare or as `{"data": value}`."""
    if call.body is None:
        raise missing_body()
    value = call.body["data"] if isinstance(call.body, dict) and "data" in call.body else call.body
    if call.path == "timezone":
        set_preferences(ox, call.user, timezone=value)
    elif call.path == "language":
        set_preferences(ox, call.user, locale=value)
    else:
        raise unknown_path(call.path)
    return Result(None)


def set_preferences(ox: Context, user_id: int, *, timezone: Any = None, locale: Any = None) -> None:
    """Change a user's time zone (an Olson id) or locale (such as en_US), also in his running sessions.

    SVL-0010 for a value that cannot be used.
    """
    changes: dict[str, str] = {}
    if timezone is not None:
        if not isinstance(timezone, str) or timezone not in zone_names():
            raise invalid_parameter("timezone", timezone)
        changes["timezone"] = timezone
    if locale is not None:
        if not isinstance(locale, str) or not locale.replace("_", "").isalpha():
            raise invalid_parameter("locale", locale)
        changes["locale"] = locale
    with ox.store.writing() as connection:
        ox.users.change(connection, user_id, **changes)
    user = ox.users.get(user_id)
    ox.sessions.update_user(user_id, locale=user.locale, timezone=user.timezone)

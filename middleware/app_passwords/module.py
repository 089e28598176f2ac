"""The module `appPasswords`. It is there only when the server is set up for it."""

from __future__ import annotations

from middleware.app_passwords import storage
from middleware.call import Call
from middleware.context import Context
from middleware.envelope import Result
from middleware.errors import invalid_parameter
from middleware.registry import Module

module = Module("appPasswords")


@module.action("getApps")
def get_apps(call: Call, ox: Context) -> Result:
    """The kinds of applications that passwords can be made for."""
    types = ox.settings.offered_app_types
    return Result([{"name": one.name, "displayName": one.display_name, "sort": one.sort} for one in types])


@module.action("list")
def list_passwords(call: Call, ox: Context) -> Result:
    """The caller's application passwords, without the secrets."""
    with ox.store.reading() as connection:
        found = storage.of_user(connection, call.user)
    members = (
        {
            "UUID": one.uuid,
            "Scope": one.type,
            "Name": one.name,
            "LastDevice": one.last_device,
            "LastLogin": one.last_login,
            "IP": one.address,
        }
        for one in found
    )
    return Result([{name: value for name, value in one.items() if value is not None} for one in members])


@module.action("add", "POST")
def add(call: Call, ox: Context) -> Result:
    """Make a password for `appScope` (a type of getApps) named `appName`; it is told only now."""
    app_type, name = call.require("appScope"), call.require("appName")
    if not any(one.name == app_type for one in ox.settings.offered_app_types):
        raise invalid_parameter("appScope", app_type)
    password = storage.new_password()
    with ox.store.writing() as connection:
        storage.add(connection, call.user, app_type, name, password)
    return Result({"password": password, "login": call.session.login, "newLogin": False})


@module.action("remove", "POST")
def remove(call: Call, ox: Context) -> Result:
    """Forget a password by `uuid`; its sessions end."""
    uuid = call.require("uuid")
    with ox.store.writing() as connection:
        if not storage.remove(connection, call.user, uuid):
            raise invalid_parameter("uuid", uuid)
    for session in ox.sessions.of_user(call.user):
        if session.app_password == uuid:
            ox.sessions.remove(session.id)
    return Result({"result": "OK"})

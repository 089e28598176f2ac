"""Creating the context and its users, groups and resources: the entry for tests and the demonstration."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from middleware.context import Context, Settings
from middleware.directory.model import ADMIN_ID, FIRST_PRINCIPAL, Group, Resource, User
from middleware.folders.standard import add_standard_folders, add_system_folders, admit_to_all_users
from middleware.modules import default_registry
from middleware.passwords import hash_password
from middleware.store import Store

_LOGIN = re.compile(r"[\w.@+-]+")
_MAIL = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+")


def create_context(
    store: Store,
    *,
    context_id: int = 2,
    settings: Settings | None = None,
) -> Context:
    """The context in `store`: opened when it is there, else created with its administrator and system folders."""
    context = Context(store, default_registry(settings), context_id, settings)
    with context.turn(), store.writing() as connection:
        store.create_tables()
        if context.users.find(ADMIN_ID) is None:
            _create_admin(context, connection)
    return context


def _create_admin(context: Context, connection: Connection) -> None:
    stamp = context.clock.stamp()
    admin = User(
        id=ADMIN_ID,
        login="oxadmin",
        given_name="Context",
        surname="Admin",
        display_name="Context Admin",
        email="oxadmin@example.com",
        timezone="Europe/Berlin",
        locale="en_US",
        contact_id=context.store.next_id(connection, "contacts"),
        created=stamp,
        modified=stamp,
    )
    context.users.add(connection, admin, "")
    add_system_folders(context, connection)
    _announce(context, connection, admin)


def add_user(
    context: Context,
    login: str,
    password: str,
    given: str,
    family: str,
    email: str = "",
    timezone: str = "Europe/Berlin",
    locale: str = "en_US",
) -> User:
    """A new user with his default calendar, contacts and tasks folders and his entry in the address book of all users.

    ValueError when the login name or the mail address is taken or cannot be one, for an unknown time zone and for an
    empty password.
    """
    email = email or f"{login}@example.com"
    _check_user(context, login, email, timezone)
    password_hash = _checked_hash(password)
    with context.store.writing() as connection:
        stamp = context.clock.stamp()
        user = User(
            id=context.store.next_id(connection, "principals", FIRST_PRINCIPAL),
            login=login,
            given_name=given,
            surname=family,
            display_name=f"{given} {family}".strip(),
            email=email,
            timezone=timezone,
            locale=locale,
            contact_id=context.store.next_id(connection, "contacts"),
            created=stamp,
            modified=stamp,
        )
        context.users.add(connection, user, password_hash)
        add_standard_folders(context, connection, user)
        admit_to_all_users(context, connection, user)
        _announce(context, connection, user)
    return user


def _announce(context: Context, connection: Connection, user: User) -> None:
    for module in context.registry:
        for hook in module.user_created:
            hook(context, connection, user)


def _check_user(context: Context, login: str, email: str, timezone: str) -> None:
    if not _LOGIN.fullmatch(login):
        raise ValueError(f"{login!r} cannot be a login name: letters, digits and . _ @ + - are possible")
    if not _MAIL.fullmatch(email):
        raise ValueError(f"{email!r} is no mail address")
    try:
        ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"the time zone {timezone!r} is unknown") from None
    if context.users.by_login(login) or context.users.by_login(email) or context.resources.by_email(email):
        raise ValueError(f"the login {login} or the address {email} is taken")


def set_password(context: Context, user: User, password: str) -> None:
    """Another password for a user; his sessions end. ValueError for an empty one."""
    password_hash = _checked_hash(password)
    with context.store.writing() as connection:
        context.users.set_password_hash(connection, user.id, password_hash)
    context.end_revoked_sessions()


def _checked_hash(password: str) -> str:
    if not password:
        raise ValueError("the password is empty")
    return hash_password(password)


def add_group(context: Context, name: str, display_name: str, members: tuple[int, ...]) -> Group:
    """A new group of users. ValueError when the name is taken."""
    if not name or any(group.name == name for group in context.groups.all()):
        raise ValueError(f"the group name {name!r} is taken or empty")
    with context.store.writing() as connection:
        group_id = context.store.next_id(connection, "principals", FIRST_PRINCIPAL)
        group = Group(group_id, name, display_name, tuple(sorted(set(members))), context.clock.stamp())
        context.groups.put(connection, group)
    return group


def add_resource(context: Context, name: str, display_name: str, email: str = "", description: str = "") -> Resource:
    """A new resource that everybody may book. ValueError when the name or address is taken or cannot be one."""
    address = email or f"{name}@example.com"
    if not name or any(known.name == name for known in context.resources.all()):
        raise ValueError(f"the resource name {name!r} is taken or empty")
    if not _MAIL.fullmatch(address):
        raise ValueError(f"{address!r} is no mail address")
    if context.resources.by_email(address) or context.users.by_email(address):
        raise ValueError(f"the address {address} is taken")
    with context.store.writing() as connection:
        resource_id = context.store.next_id(connection, "principals", FIRST_PRINCIPAL)
        stamp = context.clock.stamp()
        resource = Resource(resource_id, name, display_name, address, description, True, stamp)
        context.resources.put(connection, resource)
    return resource

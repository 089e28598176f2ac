"""Creating the context and its users, groups and resources: the entry for tests and the demonstration."""

from __future__ import annotations

from sqlalchemy import Connection

from middleware.context import Context, Settings
from middleware.directory.model import ADMIN_ID, FIRST_PRINCIPAL, Group, Resource, User
from middleware.folders.standard import add_standard_folders, add_system_folders, admit_to_all_users
from middleware.modules import default_registry
from middleware.passwords import hash_password
from middleware.registry import Registry
from middleware.store import Store


def create_context(
    store: Store,
    *,
    registry: Registry | None = None,
    context_id: int = 2,
    settings: Settings | None = None,
) -> Context:
    """The context in `store`: opened when it is there, else created with its administrator and system folders."""
    registry = registry or default_registry()
    store.create_tables()
    context = Context(store, registry, context_id, settings)
    with store.writing() as connection:
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

    ValueError when the login name or the mail address is taken.
    """
    email = email or f"{login}@example.com"
    if context.users.by_login(login) or context.users.by_login(email):
        raise ValueError(f"the login {login} or the address {email} is taken")
    password_hash = hash_password(password)
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


def add_group(context: Context, name: str, display_name: str, members: tuple[int, ...]) -> Group:
    """A new group of users."""
    with context.store.writing() as connection:
        group_id = context.store.next_id(connection, "principals", FIRST_PRINCIPAL)
        group = Group(group_id, name, display_name, tuple(sorted(set(members))), context.clock.stamp())
        context.groups.put(connection, group)
    return group


def add_resource(context: Context, name: str, display_name: str, email: str = "", description: str = "") -> Resource:
    """A new resource that everybody may book."""
    with context.store.writing() as connection:
        resource_id = context.store.next_id(connection, "principals", FIRST_PRINCIPAL)
        address = email or f"{name}@example.com"
        stamp = context.clock.stamp()
        resource = Resource(resource_id, name, display_name, address, description, True, stamp)
        context.resources.put(connection, resource)
    return resource

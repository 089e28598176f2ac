"""Modules `contacts`, `addressbooks` and `contacts/picture`: the contacts of the context."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from middleware.call import Call
from middleware.contacts import picture, storage, writing
from middleware.contacts.model import Contact
from middleware.contacts.searching import Searching
from middleware.contacts.view import view_for
from middleware.context import Context
from middleware.directory.model import User
from middleware.folders.model import Folder
from middleware.registry import Module

ALL_USERS = 6

contacts_module = Module("contacts")
addressbooks_module = Module("addressbooks")
picture_module = Module("contacts/picture")
image_module = Module("image/contact/picture", default_action="get")

_plain = Searching(composite=False)
_composite = Searching(composite=True)

for _module, _actions in ((contacts_module, _plain), (addressbooks_module, _composite)):
    _module.action("all", "GET", repeatable=True)(_actions.all)
    _module.action("get", "GET", repeatable=True)(_actions.get)
    _module.action("list", "PUT", repeatable=True)(_actions.list)
    _module.action("advancedSearch", "PUT", repeatable=True)(_actions.advanced_search)
    _module.action("autocomplete", "GET")(_actions.autocomplete)
    _module.action("birthdays", "GET")(_actions.birthdays)
    _module.action("anniversaries", "GET")(_actions.anniversaries)
    _module.action("new", "PUT")(writing.new)
    _module.action("update", "PUT")(writing.update)
    _module.action("delete", "PUT")(writing.delete)

# A real OX 8 has these in `contacts` only; not even `updates` exists for `addressbooks`.
contacts_module.action("updates", "GET", repeatable=True)(_plain.updates)
contacts_module.action("search", "PUT", repeatable=True)(_plain.search)
contacts_module.action("getuser", "GET")(_plain.getuser)
contacts_module.action("listuser", "PUT")(_plain.listuser)
picture_module.action("get", "GET")(picture.get)
image_module.action("get", "GET")(picture.image)


@contacts_module.on_folder_deleted
def _forget_folder(_context: Context, connection: Connection, folder: Folder) -> None:
    storage.remove_folder(connection, folder.id)


@contacts_module.on_user_created
def _add_user_contact(_context: Context, connection: Connection, user: User) -> None:
    """Every user has a contact in the address book of all users, which is his own to edit."""
    fields = {
        "display_name": user.display_name,
        "first_name": user.given_name,
        "last_name": user.surname,
        "email1": user.email,
    }
    contact = Contact(
        id=user.contact_id,
        folder=ALL_USERS,
        uid=str(uuid4()),
        created=user.created,
        created_by=user.id,
        modified=user.modified,
        modified_by=user.id,
        fields={name: value for name, value in fields.items() if value},
        user_id=user.id,
    )
    storage.add(connection, contact)


@contacts_module.on_user_removed
def _remove_user_contact(context: Context, connection: Connection, user: User) -> None:
    contact = storage.by_user(connection, user.id)
    if contact is not None:
        storage.remove(connection, contact, context.clock.stamp())


@contacts_module.on_clean_up
def _forget_tombstones(connection: Connection, before: int) -> None:
    storage.forget_tombstones(connection, before)


@contacts_module.user_contact
def _user_contact(call: Call, context: Context, user: User) -> dict[str, Any]:
    with context.store.reading() as connection:
        contact = storage.by_user(connection, user.id)
    return view_for(call, context, composite=False).object(contact) if contact is not None else {}


@contacts_module.usage
def _usage(context: Context, user_id: int) -> int:
    with context.store.reading() as connection:
        return storage.count(connection, user_id)

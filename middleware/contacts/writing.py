"""The writing actions of `contacts` and `addressbooks`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from middleware.call import Call
from middleware.contacts import access, errors, incoming, storage
from middleware.contacts.incoming import Incoming
from middleware.contacts.model import Contact, Picture
from middleware.context import Context
from middleware.envelope import Result
from middleware.folders.model import ALL_USERS, Folder


def new(call: Call, context: Context) -> Result:
    """Create a contact; uid is the client's or a new one, and need not be unique."""
    if call.object().get("folder_id") is None:
        raise errors.missing_field("folder_id")
    with context.store.writing() as connection:
        folder = access.folder_named(context, call.object()["folder_id"])
        access.require_create(context, call, folder)
        given = incoming.read(call, lambda number: storage.find(connection, number))
        _check_private(folder, given.fields)
        stamp = context.clock.stamp()
        picture = given.picture if isinstance(given.picture, Picture) else None
        contact = Contact(
            id=context.store.next_id(connection, "contacts"),
            folder=folder.id,
            uid=given.uid or str(uuid4()),
            created=stamp,
            created_by=call.user,
            modified=stamp,
            modified_by=call.user,
            fields=_kept(given.fields),
            picture_type=picture.content_type if picture else None,
            picture_modified=stamp if picture else None,
        )
        storage.add(connection, contact)
        if picture is not None:
            storage.set_picture(connection, contact.id, picture.data)
    return Result({"id": str(contact.id)}, stamp)


def update(call: Call, context: Context) -> Result:
    """Change what was sent; `folder_id` moves. Every update raises the stamp, also one that changes nothing."""
    identifier = call.require("id")
    client_stamp = call.integer("timestamp")
    with context.store.writing() as connection:
        folder = access.readable_folder(context, call, call.require("folder"))
        contact = access.existing(context, call, connection, folder, identifier)
        access.require_write(context, call, folder, contact)
        if contact.modified > client_stamp:
            raise errors.edit_conflict()
        given = incoming.read(call, lambda number: storage.find(connection, number))
        if given.uid is not None and given.uid != contact.uid:
            raise errors.may_not_change(contact.id, context.id)
        stamp = context.clock.stamp()
        target = _target(call, context, given, folder)
        _check_private(target, given.fields)
        fields = _kept({**contact.fields, **given.fields})
        if folder.id == ALL_USERS:
            _check_names(fields)
        changed = replace(
            contact,
            folder=target.id,
            fields=fields,
            modified=stamp,
            modified_by=call.user,
        )
        storage.replace(connection, _with_picture(connection, changed, given.picture, stamp))
        if changed.user_id is not None:
            _rename_user(context, connection, changed.user_id, changed.fields)
        if target.id != folder.id:
            storage.bury(connection, contact.id, folder.id, stamp)
    return Result({}, stamp)


def delete(call: Call, context: Context) -> Result:
    """Delete the named contacts, all or none; the answer echoes the client's stamp."""
    client_stamp = call.integer("timestamp")
    named = call.body if isinstance(call.body, list) else [call.object()]
    with context.store.writing() as connection:
        for entry in named:
            if not isinstance(entry, dict):
                raise errors.bad_identifier(str(entry))
            folder = access.folder_named(context, entry.get("folder") or entry.get("folder_id"))
            number = access.identifier(entry.get("id"))
            contact = storage.find(connection, number)
            own = contact is not None and contact.created_by == call.user
            access.require_delete(context, call, folder, own)
            if contact is None or contact.folder != folder.id:
                raise errors.not_found(number, context.id)
            if contact.modified > client_stamp:
                raise errors.edit_conflict()
            storage.remove(connection, contact, context.clock.stamp())
    return Result({}, client_stamp)


def _rename_user(context: Context, connection: Connection, user_id: int, fields: Mapping[str, Any]) -> None:
    """A user has the names of his entry in the address book of all users; his mail address is the account's."""
    user = context.users.get(user_id)
    names = {
        "display_name": str(fields.get("display_name") or user.display_name),
        "given_name": str(fields.get("first_name") or user.given_name),
        "surname": str(fields.get("last_name") or user.surname),
    }
    if names != {"display_name": user.display_name, "given_name": user.given_name, "surname": user.surname}:
        context.users.change(connection, user_id, **names)


def _target(call: Call, context: Context, given: Incoming, folder: Folder) -> Folder:
    """Where an update leaves the contact; moving takes the rights to delete here and to create there."""
    if given.folder is None or given.folder == folder.id:
        return folder
    target = access.folder_named(context, given.folder)
    access.require_delete(context, call, folder, own=True)
    access.require_create(context, call, target)
    return target


def _with_picture(connection: Connection, contact: Contact, picture: Picture | bool | None, stamp: int) -> Contact:
    if picture is None:
        return contact
    if not isinstance(picture, Picture):
        storage.set_picture(connection, contact.id, None)
        return replace(contact, picture_type=None, picture_modified=None)
    storage.set_picture(connection, contact.id, picture.data)
    return replace(contact, picture_type=picture.content_type, picture_modified=stamp)


def _check_private(folder: Folder, fields: Mapping[str, Any]) -> None:
    if folder.public and fields.get("private_flag"):
        raise errors.private_in_public(folder.id)


def _check_names(fields: Mapping[str, Any]) -> None:
    """A user always has his names; everybody sees them."""
    for field, code in (("display_name", "CON-0164"), ("first_name", "CON-0166"), ("last_name", "CON-0175")):
        if not fields.get(field):
            raise errors.name_missing(code, field)


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without cleared values; false flags are as good as none."""
    return {name: value for name, value in fields.items() if value is not None and value is not False}

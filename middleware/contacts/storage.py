"""Reading and writing rows of contacts."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update

from middleware.attachments import storage as attachments
from middleware.contacts.model import ATTACHMENT_MODULE, Contact, Picture
from middleware.contacts.tables import contacts, pictures, tombstones
from middleware.statement import Statement, one_of
from middleware.store import replacing

_ROW = [contacts.c[field.name] for field in dataclasses.fields(Contact)]
_FIND = Statement(select(*_ROW).where(contacts.c.id == bindparam("contact")))
_BY_USER = Statement(select(*_ROW).where(contacts.c.user_id == bindparam("user")))
_IN_FOLDERS = Statement(select(*_ROW).where(one_of(contacts.c.folder, "folders")).order_by(contacts.c.id))
_MODIFIED = Statement(
    select(*_ROW)
    .where(contacts.c.folder == bindparam("in_folder"), contacts.c.modified > bindparam("since"))
    .order_by(contacts.c.id)
)
_DELETED = Statement(
    select(tombstones.c.contact, tombstones.c.deleted)
    .where(
        tombstones.c.folder == bindparam("in_folder"),
        tombstones.c.deleted > bindparam("since"),
        ~exists().where(contacts.c.id == tombstones.c.contact, contacts.c.folder == tombstones.c.folder),
    )
    .order_by(tombstones.c.contact)
)
_ADD = Statement(insert(contacts))
_REPLACE = Statement(update(contacts).where(contacts.c.id == bindparam("contact")))
_REMOVE = Statement(delete(contacts).where(contacts.c.id == bindparam("contact")))
_BURY = Statement(replacing(tombstones, "contact", "folder"))
_ADD_PICTURE = Statement(insert(pictures))
_REMOVE_PICTURE = Statement(delete(pictures).where(pictures.c.contact == bindparam("of_contact")))


def find(connection: Connection, contact_id: int) -> Contact | None:
    row = _FIND.first(connection, contact=contact_id)
    return _contact(row) if row is not None else None


def by_user(connection: Connection, user_id: int) -> Contact | None:
    row = _BY_USER.first(connection, user=user_id)
    return _contact(row) if row is not None else None


def in_folders(connection: Connection, folders: Iterable[int]) -> list[Contact]:
    """All contacts of the folders, by rising id."""
    return [_contact(row) for row in _IN_FOLDERS.all(connection, folders=list(folders))]


def modified_since(connection: Connection, folder: int, stamp: int) -> list[Contact]:
    """Contacts with a stamp strictly greater, by rising id."""
    return [_contact(row) for row in _MODIFIED.all(connection, in_folder=folder, since=stamp)]


def deleted_since(connection: Connection, folder: int, stamp: int) -> list[tuple[int, int]]:
    """(id, stamp) of what left the folder, by rising id; without what came back."""
    rows = _DELETED.all(connection, in_folder=folder, since=stamp)
    return [(row.contact, row.deleted) for row in rows]


def count(connection: Connection, user_id: int) -> int:
    statement = select(func.count()).select_from(contacts).where(contacts.c.created_by == user_id)
    return connection.execute(statement).scalar_one()


def add(connection: Connection, contact: Contact) -> None:
    _ADD.run(connection, **_values(contact))


def replace(connection: Connection, contact: Contact) -> None:
    _REPLACE.run(connection, contact=contact.id, **_values(contact))


def remove(connection: Connection, contact: Contact, stamp: int) -> None:
    """Delete a contact and leave its tombstone."""
    bury(connection, contact.id, contact.folder, stamp)
    attachments.forget(connection, ATTACHMENT_MODULE, contact.id)
    _REMOVE.run(connection, contact=contact.id)


def bury(connection: Connection, contact_id: int, folder: int, stamp: int) -> None:
    """Leave a tombstone in a folder, as deletions and moves do."""
    _BURY.run(connection, contact=contact_id, folder=folder, deleted=stamp)


def remove_folder(connection: Connection, folder: int) -> None:
    """Forget everything of a folder that is deleted itself."""
    for contact in in_folders(connection, [folder]):
        attachments.forget(connection, ATTACHMENT_MODULE, contact.id)
    connection.execute(delete(contacts).where(contacts.c.folder == folder))
    connection.execute(delete(tombstones).where(tombstones.c.folder == folder))


def forget_tombstones(connection: Connection, before: int) -> None:
    """Forget what left an address book before a stamp."""
    connection.execute(delete(tombstones).where(tombstones.c.deleted < before))


def picture(connection: Connection, contact: Contact) -> Picture | None:
    data = connection.execute(select(pictures.c.data).where(pictures.c.contact == contact.id)).scalar()
    return Picture(data, contact.picture_type or "image/jpeg") if data is not None else None


def set_picture(connection: Connection, contact_id: int, data: bytes | None) -> None:
    _REMOVE_PICTURE.run(connection, of_contact=contact_id)
    if data is not None:
        _ADD_PICTURE.run(connection, contact=contact_id, data=data)


def _contact(row: Any) -> Contact:
    return Contact(*row)


def _values(contact: Contact) -> dict[str, Any]:
    return {column.name: getattr(contact, column.name) for column in contacts.columns}

"""Reading and writing rows of contacts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from middleware.attachments import storage as attachments
from middleware.contacts.model import ATTACHMENT_MODULE, Contact, Picture
from middleware.contacts.tables import contacts, pictures, tombstones

# What `updates` asks; made once, because making a statement costs more than running it.
_MODIFIED = (
    select(contacts)
    .where(contacts.c.folder == bindparam("in_folder"), contacts.c.modified > bindparam("since"))
    .order_by(contacts.c.id)
)
_DELETED = (
    select(tombstones.c.contact, tombstones.c.deleted)
    .where(
        tombstones.c.folder == bindparam("in_folder"),
        tombstones.c.deleted > bindparam("since"),
        ~exists().where(contacts.c.id == tombstones.c.contact, contacts.c.folder == tombstones.c.folder),
    )
    .order_by(tombstones.c.contact)
)


def find(connection: Connection, contact_id: int) -> Contact | None:
    row = connection.execute(select(contacts).where(contacts.c.id == contact_id)).first()
    return _contact(row) if row is not None else None


def by_user(connection: Connection, user_id: int) -> Contact | None:
    row = connection.execute(select(contacts).where(contacts.c.user_id == user_id)).first()
    return _contact(row) if row is not None else None


def in_folders(connection: Connection, folders: Iterable[int]) -> list[Contact]:
    """All contacts of the folders, by rising id."""
    statement = select(contacts).where(contacts.c.folder.in_(tuple(folders))).order_by(contacts.c.id)
    return [_contact(row) for row in connection.execute(statement)]


def modified_since(connection: Connection, folder: int, stamp: int) -> list[Contact]:
    """Contacts with a stamp strictly greater, by rising id."""
    return [_contact(row) for row in connection.execute(_MODIFIED, {"in_folder": folder, "since": stamp})]


def deleted_since(connection: Connection, folder: int, stamp: int) -> list[tuple[int, int]]:
    """(id, stamp) of what left the folder, by rising id; without what came back."""
    rows = connection.execute(_DELETED, {"in_folder": folder, "since": stamp})
    return [(row.contact, row.deleted) for row in rows]


def count(connection: Connection, user_id: int) -> int:
    statement = select(func.count()).select_from(contacts).where(contacts.c.created_by == user_id)
    return connection.execute(statement).scalar_one()


def add(connection: Connection, contact: Contact) -> None:
    connection.execute(insert(contacts).values(**_values(contact)))


def replace(connection: Connection, contact: Contact) -> None:
    connection.execute(update(contacts).where(contacts.c.id == contact.id).values(**_values(contact)))


def remove(connection: Connection, contact: Contact, stamp: int) -> None:
    """Delete a contact and leave its tombstone."""
    bury(connection, contact.id, contact.folder, stamp)
    attachments.forget(connection, ATTACHMENT_MODULE, contact.id)
    connection.execute(delete(contacts).where(contacts.c.id == contact.id))


def bury(connection: Connection, contact_id: int, folder: int, stamp: int) -> None:
    """Leave a tombstone in a folder, as deletions and moves do."""
    statement = upsert(tombstones).values(contact=contact_id, folder=folder, deleted=stamp)
    connection.execute(statement.on_conflict_do_update(index_elements=["contact", "folder"], set_={"deleted": stamp}))


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
    connection.execute(delete(pictures).where(pictures.c.contact == contact_id))
    if data is not None:
        connection.execute(insert(pictures).values(contact=contact_id, data=data))


def _contact(row: Row[Any]) -> Contact:
    return Contact(**row._mapping)


def _values(contact: Contact) -> dict[str, Any]:
    return {column.name: getattr(contact, column.name) for column in contacts.columns}

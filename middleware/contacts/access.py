"""Who may see and change which contact."""

from __future__ import annotations

from sqlalchemy import Connection

from middleware.call import Call
from middleware.contacts import errors, storage
from middleware.contacts.model import Contact
from middleware.context import Context
from middleware.errors import OXError
from middleware.folders.errors import folder_not_found
from middleware.folders.ids import parse_folder_id
from middleware.folders.model import Folder

MODULE = "contacts"
INTEGER_LIMIT = 2**31
MAX_DIGITS = 10


def folder_named(context: Context, text: object) -> Folder:
    """The address book with that id, plain or composite; FLD-0008 without one."""
    number = parse_folder_id(text)
    folder = context.folders.find(number) if number is not None else None
    if folder is None or folder.module != MODULE:
        raise folder_not_found(number if number is not None else -1, context.id)
    return folder


def readable_folder(context: Context, call: Call, text: object) -> Folder:
    """CON-0104 unless the user may read at least what he made himself."""
    folder = folder_named(context, text)
    if not context.folders.rights(call.user, folder).can_read(own=True):
        raise errors.may_not_read(folder.id, context.id, call.user)
    return folder


def require_create(context: Context, call: Call, folder: Folder) -> None:
    if not context.folders.rights(call.user, folder).can_create:
        raise errors.may_not_create(folder.id, context.id, call.user)


def visible(context: Context, user: int, folder: Folder, found: list[Contact]) -> list[Contact]:
    """Those of a folder's contacts that the user may read; private ones only where they are his."""
    rights = context.folders.rights(user, folder)
    return [
        contact
        for contact in found
        if rights.can_read(own=contact.created_by == user) and (not contact.private or contact.created_by == user)
    ]


def identifier(text: object) -> int:
    """CON-0261 for what is no contact id."""
    digits = str(text)
    if not digits.isdecimal() or len(digits) > MAX_DIGITS or int(digits) >= INTEGER_LIMIT:
        raise errors.bad_identifier(digits)
    return int(digits)


def existing(context: Context, call: Call, connection: Connection, folder: Folder, text: object) -> Contact:
    """A contact that the user may read; CON-0125 unknown or elsewhere."""
    number = identifier(text)
    contact = storage.find(connection, number)
    if contact is None or contact.folder != folder.id:
        raise errors.not_found(number, context.id)
    if not visible(context, call.user, folder, [contact]):
        raise errors.may_not_read(folder.id, context.id, call.user)
    return contact


def require_write(context: Context, call: Call, folder: Folder, contact: Contact) -> None:
    own = contact.created_by == call.user
    if not context.folders.rights(call.user, folder).can_write(own=own):
        raise errors.may_not_change(contact.id, context.id)


def require_delete(context: Context, call: Call, folder: Folder, own: bool) -> None:
    denied: OXError = errors.may_not_delete(folder.id, context.id, call.user)
    if not context.folders.rights(call.user, folder).can_delete(own=own):
        raise denied

"""`contacts/picture?action=get` and `image/contact/picture`: the bytes of a picture."""

from __future__ import annotations

from email.utils import formatdate

from sqlalchemy import Connection

from middleware.call import Call
from middleware.contacts import access, storage
from middleware.contacts.model import Contact
from middleware.context import Context
from middleware.disposition import disposition
from middleware.envelope import Binary
from middleware.pages import error_page


def get(call: Call, context: Context) -> Binary:
    """By `user_id`, or by `contact_id` and `folder_id`; a plain 404 when there is none."""
    if "user_id" in call.params:
        with context.store.reading() as connection:
            return _answer(connection, storage.by_user(connection, call.integer("user_id")))
    return _of_contact(call, context, call.require("contact_id"), call.require("folder_id"))


def image(call: Call, context: Context) -> Binary:
    """The older spelling: `id` and `folder`."""
    return _of_contact(call, context, call.require("id"), call.require("folder"))


def _of_contact(call: Call, context: Context, identifier: str, folder_id: str) -> Binary:
    with context.store.reading() as connection:
        folder = access.readable_folder(context, call, folder_id)
        contact = access.existing(context, call, connection, folder, identifier)
        return _answer(connection, contact)


def _answer(connection: Connection, contact: Contact | None) -> Binary:
    picture = storage.picture(connection, contact) if contact is not None else None
    if contact is None or picture is None:
        page = error_page(404)
        return Binary((page.text or "").encode(), "text/html;charset=UTF-8", status=404)
    headers = {
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": disposition("inline", f"contact-image-{contact.id}"),
        "ETag": f"con://0/{contact.folder}/{contact.id}/{contact.picture_modified}",
        "Last-Modified": formatdate((contact.picture_modified or 0) // 1000, usegmt=True),
    }
    return Binary(picture.data, picture.content_type, headers)

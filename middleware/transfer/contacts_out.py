"""`export?action=VCARD`: the contacts of a folder, or single ones, as vCards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from middleware.call import Call
from middleware.contacts import access, storage
from middleware.contacts.model import Contact
from middleware.content_lines import read
from middleware.envelope import Binary
from middleware.transfer.requests import download, named_objects
from middleware.vcard.tables import original
from middleware.vcard.writing import card_text

if TYPE_CHECKING:
    from middleware.context import Context

TYPE: Final = "text/x-vcard"


def export_contacts(call: Call, ox: Context) -> Binary:
    """The file. Distribution lists of a folder only with `export_dlists`."""
    named = named_objects(call)
    with ox.store.reading() as connection:
        found: list[Contact] = []
        if named is None:
            folder = access.readable_folder(ox, call, call.require("folder"))
            listed = access.visible(ox, call.user, folder, storage.in_folders(connection, [folder.id]))
            found = [one for one in listed if call.flag("export_dlists") or not _is_list(one)]
            title = folder.name
        else:
            title = "Export"
            for folder_id, contact_id in named:
                folder = access.readable_folder(ox, call, folder_id)
                found.append(access.existing(ox, call, connection, folder, contact_id))
                title = folder.name
            if len(found) == 1:
                title = str(found[0].fields.get("display_name") or found[0].sort_name or title)
        text = "".join(_text(connection, one) for one in found)
    return download(text, TYPE, f"{title}.vcf")


def _is_list(contact: Contact) -> bool:
    return bool(contact.fields.get("mark_as_distributionlist"))


def _text(connection: Connection, contact: Contact) -> str:
    picture = storage.picture(connection, contact)
    imported = original(connection, contact.id)
    return card_text(contact, picture, next(iter(read(imported)), None) if imported else None)

"""`import?action=VCARD`: the vCards of a file into an address book."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from middleware.call import Call
from middleware.contacts import access
from middleware.contacts.writing import new
from middleware.content_lines import Component, read
from middleware.envelope import Result, error_members
from middleware.errors import OXError
from middleware.transfer.requests import uploaded_text
from middleware.vcard.reading import contact_body
from middleware.vcard.tables import keep

if TYPE_CHECKING:
    from middleware.context import Context

# What the types of an address may be in vCard 3.0 to a validator that knows RFC 2426 only.
_MAIL_TYPES_3: Final = frozenset({"INTERNET", "X400", "PREF"})


def import_contacts(call: Call, ox: Context) -> Result:
    """Every vCard has its entry in the answer; its uid is kept, and need not be unique."""
    folder = access.folder_named(ox, call.require("folder"))
    access.require_create(ox, call, folder)
    cards = [one for one in read(uploaded_text(call)) if one.name == "VCARD"]
    return Result([_imported(call, ox, folder.id, card) for card in cards])


def _imported(call: Call, ox: Context, folder: int, card: Component) -> dict[str, Any]:
    body = {**contact_body(card), "folder_id": str(folder)}
    try:
        with ox.store.writing() as connection:
            stored = new(replace(call, body=body, files=()), ox)
            keep(connection, int(stored.data["id"]), "".join(_lines(card)))
    except OXError as error:
        return error_members(error)
    warning = _warning(card)
    members = {} if warning is None else error_members(warning)
    return {**members, "id": stored.data["id"], "last_modified": stored.timestamp, "folder_id": str(folder)}


def _lines(card: Component) -> list[str]:
    return ["BEGIN:VCARD\r\n", *map(str, card.properties), "END:VCARD\r\n"]


def _warning(card: Component) -> OXError | None:
    """What the server finds wrong with the types of an address."""
    if card.text("VERSION").strip() != "3.0":
        return None
    for mail in card.all("EMAIL"):
        strange = sorted(mail.types() - _MAIL_TYPES_3)
        if strange:
            problem = (
                f'TYPE parameter value ("{strange[0].lower()}") is not supported by this property in this vCard '
                "version."
            )
            return OXError(
                "VCARD-0003",
                "WARNING",
                f'Validation failed for property "Email": {problem}',
                f"Validation failed for [Email]: {problem} (W9)",
                ["Email", problem, 9],
            )
    return None

"""What clients send for a contact, checked and made uniform."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from middleware.call import Call
from middleware.contacts import errors
from middleware.contacts.fields import BY_NAME, Field, Kind
from middleware.contacts.model import Contact, Picture
from middleware.folders.ids import parse_folder_id

DAY = 86_400_000
_MAIL = re.compile(r"^[^\s@<>,;]+@[^\s@<>,;]+$")


@dataclass(frozen=True, slots=True)
class Incoming:
    """Checked values of a body. `fields`: only what was sent, None clears. `picture`: None when it is not touched,
    False when it is removed."""

    fields: Mapping[str, Any]
    folder: int | None
    uid: str | None
    picture: Picture | bool | None


def read(call: Call, find: Callable[[int], Contact | None]) -> Incoming:
    """The body of `new` and `update`. `find` looks up members of distribution lists by contact id.

    SVL-0002 wrong types, CON-0154 too long, CON-0100 bad mail address, CON-0177 member without address.
    """
    body = call.object()
    fields = {name: _value(BY_NAME[name], value, body) for name, value in body.items() if name in BY_NAME}
    if "distribution_list" in body:
        fields["distribution_list"] = _members(body["distribution_list"], body, find)
        fields.setdefault("mark_as_distributionlist", True)
    uid = body.get("uid")
    folder = parse_folder_id(body["folder_id"]) if body.get("folder_id") is not None else None
    return Incoming(fields, folder, str(uid) if uid else None, _picture(call, body))


def _value(field: Field, value: Any, body: Any) -> Any:
    if value is None:
        return None
    match field.kind:
        case Kind.FLAG:
            return value is True or str(value).lower() == "true"
        case Kind.DATE | Kind.NUMBER:
            return _number(field, value, body)
        case _:
            return _text(field, value)


def _number(field: Field, value: Any, body: Any) -> int:
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise errors.wrong_value(body) from None
    return number // DAY * DAY if field.kind is Kind.DATE else number


def _text(field: Field, value: Any) -> str:
    text = str(value)
    if len(text) > field.limit:
        raise errors.too_long(field.label, field.limit, len(text))
    if field.kind is Kind.MAIL and text and not _MAIL.match(text):
        raise errors.bad_mail(text)
    return text


def _picture(call: Call, body: Mapping[str, Any]) -> Picture | bool | None:
    upload = call.upload("file")
    if upload is not None:
        return Picture(upload.data, upload.content_type or "image/jpeg")
    if "image1" not in body:
        return None
    if not body["image1"]:
        return False
    try:
        data = base64.b64decode(str(body["image1"]), validate=True)
    except (binascii.Error, ValueError):
        raise errors.wrong_value(dict(body)) from None
    return Picture(data, str(body.get("image1_content_type") or "image/jpeg"))


def _members(listed: Any, body: Any, find: Callable[[int], Contact | None]) -> list[dict[str, Any]] | None:
    """Members by what they say: existing contacts first, then addresses; a contact is listed once."""
    if listed is None:
        return None
    if not isinstance(listed, list) or not all(isinstance(member, dict) for member in listed):
        raise errors.wrong_value(body)
    contacts: dict[str, dict[str, Any]] = {}
    external: list[dict[str, Any]] = []
    for member in listed:
        known = _known_member(member, find)
        if known is not None:
            contacts.setdefault(known["id"], known)
        else:
            external.append(_external_member(member))
    return [*contacts.values(), *external]


def _known_member(member: Mapping[str, Any], find: Callable[[int], Contact | None]) -> dict[str, Any] | None:
    identifier = str(member.get("id") or "")
    contact = find(int(identifier)) if identifier.isdigit() else None
    if contact is None:
        return None
    slot = member.get("mail_field") or 1
    mail = contact.fields.get(f"email{slot}") or member.get("mail")
    shown: dict[str, Any] = {"id": identifier, "folder_id": str(contact.folder)}
    if mail:
        shown["mail"] = mail
    name = member.get("display_name") or contact.fields.get("display_name")
    if name:
        shown["display_name"] = name
    return {**shown, "sort_name": contact.sort_name, "mail_field": slot}


def _external_member(member: Mapping[str, Any]) -> dict[str, Any]:
    name, mail = member.get("display_name"), member.get("mail")
    if not mail:
        raise errors.member_without_mail(str(name or ""))
    if not _MAIL.match(str(mail)):
        raise errors.bad_mail(str(mail))
    shown = {"mail": str(mail), **({"display_name": str(name)} if name else {})}
    return {**shown, "sort_name": str(name or mail), "mail_field": 0}

"""Modules ``contacts`` and ``addressbooks``: the folder's id tells which. ``contacts`` has the internal account alone,
with plain ids (``32``; ``6`` holds all users); ``addressbooks`` of OX 8 all accounts, with composite ones
(``con://0/32``), but neither ``updates`` nor uploads.

A contact is a dict by field name (``contact_columns.COLUMNS``), unset fields left out, ids as strings, and
``last_modified_utc`` as int: the stamp to sync and to write with.

Surprises: ``updates`` cannot answer an interval of deletions only (DeletionsOnly) and sends deletions as bare ids;
``delete`` echoes the stamp it was sent; the same uid may exist twice; ``list`` leaves out unknown ids; ``uid`` is
writable only at creation; the picture is a URL on read and a multipart upload on write.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gateway.ox.call import Answer, Call, Upload
from gateway.ox.contact_columns import COLUMNS
from gateway.ox.errors import DeletionsOnly, Malformed, OXError
from gateway.ox.shape import a_stamp, all_readable, an_array, an_id, an_object, rows, sorted_out, with_ids

Contact = dict[str, Any]

ALL_FIELDS: tuple[str, ...] = tuple(COLUMNS)
STAMP = "last_modified_utc"
OWN_ACCOUNT = "0"

_ALWAYS = ("id", "folder_id", STAMP)
_COMPOSITE = "con://"
_PICTURE_MODULES = ("contacts/picture", "image/contact/picture", "image/user/picture")


@dataclass(frozen=True, slots=True)
class ContactUpdates:
    """``rows``: new and changed contacts with ``id``, ``folder_id``, ``last_modified_utc`` and the asked fields;
    ``deleted_ids``: deleted or moved away. ``stamp`` of the envelope, None when nothing changed. ``unreadable``: ids
    of changed contacts of another shape, or without a stamp."""

    rows: tuple[Contact, ...]
    deleted_ids: tuple[str, ...]
    stamp: int | None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContactWritten:
    """``stamp``: the new ``last_modified_utc``."""

    id: str
    stamp: int


def module_of(folder: str) -> str:
    """The module that knows a folder under this id."""
    return "addressbooks" if folder.startswith(_COMPOSITE) else "contacts"


def account_of(folder: str) -> str:
    """The contacts account that a folder belongs to; ``0`` is the groupware's own."""
    return folder.removeprefix(_COMPOSITE).partition("/")[0] if folder.startswith(_COMPOSITE) else OWN_ACCOUNT


# -- reading ---------------------------------------------------------------------------------------------------------


def presence() -> Call[tuple[Contact, ...]]:
    """contacts?action=list of nothing. Raises Unsupported on a server without module ``contacts``."""
    return Call("contacts", "list", lambda _: (), _columns(("id",)), [], "PUT")


def updates(folder: str, since: int, fields: Sequence[str]) -> Call[ContactUpdates]:
    """contacts?action=updates, of a plain id, with deletions: changes with a stamp greater than ``since``; 0 lists the
    folder. About 3 ms when nothing changed. Raises DeletionsOnly, ObjectNotFound, PermissionDenied."""
    return _updates(folder, since, fields, "none")


def updates_without_deletions(folder: str, since: int, fields: Sequence[str]) -> Call[ContactUpdates]:
    """contacts?action=updates&ignore=deleted: always works; pair it with ``ids`` to learn what is gone."""
    return _updates(folder, since, fields, "deleted")


def listed(folder: str, fields: Sequence[str]) -> Call[ContactUpdates]:
    """contacts?action=all: everything in a folder, as changes without deletions."""
    names = _with_identity(fields)

    def decode(answer: Answer) -> ContactUpdates:
        found, unreadable = sorted_out(rows(answer.data, names, "contacts"), _contact)
        return ContactUpdates(found, (), None, unreadable)

    return Call(module_of(folder), "all", decode, {"folder": folder, **_columns(names)})


def ids(folder: str) -> Call[tuple[str, ...]]:
    """contacts?action=all: the ids of a folder."""

    def decode(answer: Answer) -> tuple[str, ...]:
        return tuple(an_id(row.get("id"), "id") for row in rows(answer.data, ("id",), "contacts"))

    return Call(module_of(folder), "all", decode, {"folder": folder, **_columns(("id",))})


def by_id(
    folder: str,
    contact_ids: Sequence[str],
    fields: Sequence[str] = ALL_FIELDS,
    columns: Mapping[str, int] = COLUMNS,
) -> Call[tuple[Contact, ...]]:
    """contacts?action=list, one read for all (best about 100): those that exist, in OX's order. ``columns``: how this
    OX numbers the fields. Raises MalformedObjects."""

    def decode(answer: Answer) -> tuple[Contact, ...]:
        return _contacts(answer.data, names)

    names = _with_identity(fields)
    body = [{"folder": folder, "id": contact_id} for contact_id in contact_ids]
    return Call(module_of(folder), "list", decode, _columns(names, columns), body, "PUT")


def search(
    term: Sequence[Any],
    folders: Sequence[str] | None = None,
    fields: Sequence[str] = ALL_FIELDS,
    module: str = "contacts",
) -> Call[tuple[Contact, ...]]:
    """contacts?action=advancedSearch: ``term`` in OX's prefix notation, e.g. ``["=", {"field": "uid"}, "a1b2"]``.
    Strings may hold ``*`` and ``?``, case does not matter. Without ``folders``: all that ``module`` shows."""

    def decode(answer: Answer) -> tuple[Contact, ...]:
        return _contacts(answer.data, names)

    names = _with_identity(fields)
    body: dict[str, Any] = {"filter": list(term)}
    if folders is not None:
        body["folders"] = list(folders)
    return Call(module, "advancedSearch", decode, _columns(names), body, "PUT")


def picture(url: str) -> Call[bytes]:
    """The picture behind a contact's ``image1_url``. Only its query is used, against the OX that is configured,
    whatever host it names. Raises ObjectNotFound (no picture), Malformed (not the URL of a picture)."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Malformed("not a URL") from error
    module = next((each for each in _PICTURE_MODULES if parts.path.endswith(f"/{each}")), None)
    if module is None:
        raise Malformed("not the URL of a picture")
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    params.pop("session", None)
    return Call(module, params.pop("action", None), _decode_bytes, params, binary=True)


# -- writing ---------------------------------------------------------------------------------------------------------


def create(folder: str, fields: Mapping[str, Any]) -> Call[ContactWritten]:
    """contacts?action=new. Accepts a uid that exists already. Raises TooLong, InvalidValue, PermissionDenied."""
    body = {**fields, "folder_id": folder}
    return Call(module_of(folder), "new", _decode_created, {}, body, "PUT", write=True)


def create_with_image(folder: str, fields: Mapping[str, Any], image: Upload) -> Call[ContactWritten]:
    """contacts?action=new as multipart, or with the picture as base64 where uploads are not taken. A picture OX cannot
    use fails the whole call (InvalidValue)."""
    if module_of(folder) != "contacts":
        return create(folder, {**fields, **_inline(image)})
    body = {**fields, "folder_id": folder}
    return Call("contacts", "new", _decode_created, {}, body, "POST", write=True, uploads=(image,))


def update(folder: str, contact_id: str, stamp: int, fields: Mapping[str, Any]) -> Call[ContactWritten]:
    """contacts?action=update: only ``fields`` change, None removes; ``folder_id`` moves, ``image1`` None removes the
    picture. Raises ChangedMeanwhile if OX's stamp is greater, TooLong, InvalidValue, PermissionDenied."""
    decode = _decode_updated(contact_id)
    params = _target(folder, contact_id, stamp)
    return Call(module_of(folder), "update", decode, params, dict(fields), "PUT", write=True)


def update_with_image(
    folder: str, contact_id: str, stamp: int, fields: Mapping[str, Any], image: Upload
) -> Call[ContactWritten]:
    """contacts?action=update as multipart, or with the picture as base64: as ``update``, with another picture."""
    if module_of(folder) != "contacts":
        return update(folder, contact_id, stamp, {**fields, **_inline(image)})
    decode = _decode_updated(contact_id)
    params = _target(folder, contact_id, stamp)
    return Call("contacts", "update", decode, params, dict(fields), "POST", write=True, uploads=(image,))


def delete(folder: str, contact_ids: Sequence[str], stamp: int) -> Call[None]:
    """contacts?action=delete. Raises ChangedMeanwhile if one is newer than ``stamp``, ObjectNotFound."""
    body = [{"folder": folder, "id": contact_id} for contact_id in contact_ids]
    return Call(module_of(folder), "delete", _decode_deleted, {"timestamp": str(stamp)}, body, "PUT", write=True)


# -- pieces ----------------------------------------------------------------------------------------------------------


def _updates(folder: str, since: int, fields: Sequence[str], ignore: str) -> Call[ContactUpdates]:
    names = _with_identity(fields)

    def decode(answer: Answer) -> ContactUpdates:
        items = an_array(answer.data, "updates")
        listed = rows([item for item in items if isinstance(item, list)], names, "updates")
        changed, unreadable = sorted_out(listed, _contact)
        deleted = tuple(an_id(item, "deleted id") for item in items if not isinstance(item, list))
        return ContactUpdates(changed, deleted, answer.timestamp, unreadable)

    params = {"folder": folder, "timestamp": str(since), "ignore": ignore, **_columns(names)}
    return Call("contacts", "updates", decode, params, refine=_deletions_only)


def _inline(image: Upload) -> dict[str, str]:
    return {"image1": base64.b64encode(image.data).decode(), "image1_content_type": image.content_type}


def _deletions_only(error: OXError) -> OXError:
    return DeletionsOnly(error.fault) if error.code == "SVL-0011" else error


def _with_identity(fields: Sequence[str]) -> tuple[str, ...]:
    return (*_ALWAYS, *(name for name in fields if name not in _ALWAYS))


def _columns(names: Sequence[str], columns: Mapping[str, int] = COLUMNS) -> dict[str, str]:
    return {"columns": ",".join(str(columns[name]) for name in names)}


def _target(folder: str, contact_id: str, stamp: int) -> dict[str, str]:
    return {"folder": folder, "id": contact_id, "timestamp": str(stamp)}


def _contacts(value: Any, names: Sequence[str]) -> tuple[Contact, ...]:
    return all_readable(rows(value, names, "contacts"), _contact)


def _contact(value: Mapping[str, Any]) -> Contact:
    contact = with_ids(value, ("id", "folder_id"), "contact")
    an_id(contact.get("id"), "id of contact")
    contact[STAMP] = a_stamp(contact.get(STAMP), STAMP)
    members = contact.get("distribution_list")
    if members is not None:
        contact["distribution_list"] = [
            with_ids(an_object(member, "member"), ("id", "folder_id"), "member")
            for member in an_array(members, "distribution_list")
        ]
    return contact


def _decode_created(answer: Answer) -> ContactWritten:
    data = an_object(answer.data, "result")
    return ContactWritten(an_id(data.get("id"), "id"), a_stamp(answer.timestamp, "timestamp"))


def _decode_updated(contact_id: str) -> Callable[[Answer], ContactWritten]:
    def decode(answer: Answer) -> ContactWritten:
        return ContactWritten(contact_id, a_stamp(answer.timestamp, "timestamp"))

    return decode


def _decode_deleted(answer: Answer) -> None:
    """``{}`` or ``[]``; the documents speak of ids that were not deleted, newer servers report an error instead."""
    if answer.data:
        raise Malformed("contacts not deleted")


def _decode_bytes(answer: Answer) -> bytes:
    if not isinstance(answer.data, bytes):
        raise Malformed("a picture without octets")
    return answer.data

"""Module ``folders``: the collections of an account.

Surprises: of a calendar's extended properties only ``color`` may be written (anything else fails the whole request
with OX-0001); the colour is per user and also allowed on read-only shares. Folder stamps do not move when content
does. A delete never fails as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gateway.ox.call import Answer, Call
from gateway.ox.codes import classify
from gateway.ox.envelope import fault_of
from gateway.ox.errors import Fault, Malformed, OXError
from gateway.ox.shape import a_flag, an_array, an_id, an_object, named, optional_id, optional_stamp, optional_text

_OWN_ACCOUNTS = ("cal://0/", "con://0/")

PRIVATE, PUBLIC, SHARED = 1, 2, 3
"""Folder types as the session's user sees them."""

EXTENDED = "com.openexchange.calendar.extendedProperties"
PROVIDER = "com.openexchange.calendar.provider"

_GROUPS = ("private", "public", "shared")

COLUMNS: Mapping[int, str] = {
    1: "id",
    2: "created_by",
    6: "last_modified_utc",
    20: "folder_id",
    300: "title",
    301: "module",
    302: "type",
    305: "own_rights",
    306: "permissions",
    308: "standard_folder",
    314: "subscribed",
    316: "standard_folder_type",
    317: "supported_capabilities",
    321: "used_for_sync",
    3030: "com.openexchange.folderstorage.displayName",
    3031: "com.openexchange.folderstorage.accountError",
    3201: EXTENDED,
    3203: PROVIDER,
    3204: "com.openexchange.calendar.accountError",
}
COLUMNS_7_8: Mapping[int, str] = {
    number: name for number, name in COLUMNS.items() if number not in (321, 3031, 3201, 3203, 3204)
}


@dataclass(frozen=True, slots=True)
class Rights:
    """Folder permission bits. Levels include the lower ones: read, write, delete 0 none, 1 own, 2 all objects;
    folder 0 none, 1 see, 2 create objects, 4 create subfolders; 64 means everything."""

    folder: int
    read: int
    write: int
    delete: int
    admin: bool

    @classmethod
    def from_bits(cls, bits: int) -> Rights:
        return cls(bits & 127, bits >> 7 & 127, bits >> 14 & 127, bits >> 21 & 127, bool(bits >> 28 & 1))

    def bits(self) -> int:
        return self.folder | self.read << 7 | self.write << 14 | self.delete << 21 | self.admin << 28

    @property
    def can_see(self) -> bool:
        return self.folder >= 1

    @property
    def can_create(self) -> bool:
        return self.folder >= 2


@dataclass(frozen=True, slots=True)
class Permission:
    """Rights of a user or group (``entity`` None: a guest without an id)."""

    entity: str | None
    group: bool
    rights: Rights


def plain_id(folder_id: str) -> str:
    """``31`` for ``cal://0/31``, as OX 8 names a calendar of the groupware that is ``31`` for OX 7.8, and ``32`` for
    ``con://0/32``; other ids as they are. No two folders of a context share a number."""
    for own in _OWN_ACCOUNTS:
        folder_id = folder_id.removeprefix(own)
    return folder_id


@dataclass(frozen=True, slots=True)
class Folder:
    """A calendar, address book or task list as the session's user sees it. Ids are OX's: ``cal://0/31``, ``32``,
    ``con://1/a``."""

    id: str
    title: str
    module: str
    """``calendar`` (also for content type ``event``), ``contacts``, ``tasks``."""
    type: int
    own_rights: Rights
    standard: bool
    """A default folder or one that the server made; it can neither be renamed nor deleted."""
    standard_type: int
    """1 tasks, 2 calendar, 3 contacts; 2 also for calendars that are not ``standard``."""
    created_by: str | None
    permissions: tuple[Permission, ...]
    color: str | None
    description: str | None
    schedule_transparent: bool
    used_for_sync: bool
    subscribed: bool
    capabilities: frozenset[str]
    """E.g. ``sync``, ``alarms``, ``permissions``; calendars of feeds and birthdays lack ``sync``."""
    provider: str | None
    """``chronos`` for calendars of the groupware, ``birthdays``, ``ical``, ...; None for other modules."""
    last_modified: int | None
    parent: str | None
    owner_name: str | None
    account_error: OXError | None
    """Why the account behind the folder does not work at present."""

    @property
    def plain_id(self) -> str:
        """The id, the same in OX 7.8 and OX 8 (``plain_id``)."""
        return plain_id(self.id)

    @property
    def owner(self) -> str | None:
        """User id of the owner of a private or shared folder; None for public ones."""
        if self.type == PUBLIC:
            return None
        admins = [each.entity for each in self.permissions if each.rights.admin and not each.group]
        return admins[0] if admins else self.created_by


def visible(content_type: str, columns: Mapping[int, str] = COLUMNS) -> Call[tuple[Folder, ...]]:
    """folders?action=allVisible: private, public and shared folders, in OX's order. ``content_type``: ``event``
    (all calendar accounts, composite ids), ``contacts`` (plain ids), ``addressdata`` (the same folders and those of
    other accounts, composite ids), ``tasks``; on OX 7.8 ``calendar`` (plain ids) and ``COLUMNS_7_8``, because OX leaves
    unknown columns out without a word. One cheap read.

    A call that is carried out again gives the same tuple as long as OX's answer is the same."""
    decode = _VisibleFolders(tuple(columns.values()))
    params = {"content_type": content_type, "columns": ",".join(map(str, columns)), "tree": "0"}
    return Call("folders", "allVisible", decode, params)


class _VisibleFolders:
    """Reads answers to allVisible; the last one is kept, because nearly all are like the one before."""

    def __init__(self, columns: tuple[str, ...]) -> None:
        self._columns = columns
        self._last: Any = None
        self._folders: tuple[Folder, ...] = ()

    def __call__(self, answer: Answer) -> tuple[Folder, ...]:
        groups = an_object(answer.data or {}, "visible folders")
        if groups != self._last:
            rows = (row for group in _GROUPS for row in an_array(groups.get(group) or [], group))
            self._folders = tuple(_folder(named(row, self._columns, "folders")) for row in rows)
            self._last = groups
        return self._folders


def create(parent: str, module: str, title: str, fields: Mapping[str, Any] | None = None) -> Call[str]:
    """folders?action=new: the id of the new folder. ``module``: ``event``, ``contacts``, ``tasks``; ``parent`` ``1``
    for private ones. ``fields``: further members, see ``coloured``. Raises NameTaken, PermissionDenied, TooLong."""
    folder = {"module": module, "title": title, **(fields or {})}
    params = {"folder_id": parent, "tree": "0", "autorename": "false"}
    return Call("folders", "new", _decode_id, params, {"folder": folder}, "PUT", write=True)


def update(folder_id: str, fields: Mapping[str, Any], stamp: int | None = None) -> Call[str]:
    """folders?action=update: only ``fields`` change. Without ``stamp`` whatever is stored is overwritten.
    Raises ChangedMeanwhile, NameTaken, PermissionDenied, TooLong, ObjectNotFound."""
    params = {"id": folder_id, "tree": "0"}
    if stamp is not None:
        params["timestamp"] = str(stamp)
    return Call("folders", "update", _decode_id, params, {"folder": dict(fields)}, "PUT", write=True)


def delete(folder_ids: Sequence[str], stamp: int) -> Call[None]:
    """folders?action=delete with everything inside, for good. Raises the first reason why a folder is still there
    (the others may be gone)."""

    def decode(answer: Answer) -> None:
        if an_array(answer.data, "folders not deleted"):
            raise answer.warnings[0] if answer.warnings else OXError(Fault())

    params = {"timestamp": str(stamp), "tree": "0", "hardDelete": "true"}
    return Call("folders", "delete", decode, params, list(folder_ids), "PUT", write=True)


def coloured(color: str | None) -> dict[str, Any]:
    """The member for ``create`` and ``update`` that sets a calendar's colour (``#RRGGBB``), None resets it."""
    return {EXTENDED: {"color": {"value": color} if color is not None else {}}}


def _decode_id(answer: Answer) -> str:
    return an_id(answer.data, "folder id")


def _folder(member: Mapping[str, Any]) -> Folder:
    extended = an_object(member.get(EXTENDED) or {}, EXTENDED)
    error = fault_of(member.get(COLUMNS[3204])) or fault_of(member.get(COLUMNS[3031]))
    kind = member.get("type")
    if not isinstance(kind, int):
        raise Malformed("folder type is no number")
    return Folder(
        id=an_id(member.get("id"), "folder id"),
        title=optional_text(member.get("title"), "title") or "",
        module=optional_text(member.get("module"), "module") or "",
        type=kind,
        own_rights=_rights(member.get("own_rights")),
        standard=a_flag(member.get("standard_folder")),
        standard_type=_small_number(member.get("standard_folder_type")),
        created_by=optional_id(member.get("created_by"), "created_by"),
        permissions=tuple(_permission(each) for each in an_array(member.get("permissions") or [], "permissions")),
        color=_extended_value(extended, "color"),
        description=_extended_value(extended, "description"),
        schedule_transparent=_extended_value(extended, "scheduleTransp") == "TRANSPARENT",
        used_for_sync=_used_for_sync(member.get("used_for_sync")),
        subscribed=member.get("subscribed") is not False,
        capabilities=frozenset(map(str, an_array(member.get("supported_capabilities") or [], "capabilities"))),
        provider=optional_text(member.get(PROVIDER), "provider"),
        last_modified=optional_stamp(member.get("last_modified_utc"), "last_modified_utc"),
        parent=optional_id(member.get("folder_id"), "folder_id"),
        owner_name=optional_text(member.get(COLUMNS[3030]), "owner name"),
        account_error=None if error is None else classify(error),
    )


def _rights(value: Any) -> Rights:
    """Mail folders have letters instead of bits; they do not come here."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise Malformed("own_rights is no number")
    return Rights.from_bits(value)


def _permission(value: Any) -> Permission:
    member = an_object(value, "permission")
    entity = optional_id(member.get("entity"), "entity")
    return Permission(entity, a_flag(member.get("group")), _rights(member.get("bits")))


def _extended_value(extended: Mapping[str, Any], name: str) -> str | None:
    """``{"color": {"value": "#FF2968FF"}}``; an unset property is ``{}`` or missing."""
    return optional_text(an_object(extended.get(name) or {}, name).get("value"), name)


def _used_for_sync(value: Any) -> bool:
    """``{"value": "false"}``, strings or booleans; missing means used."""
    return not isinstance(value, dict) or value.get("value") not in ("false", False)


def _small_number(value: Any) -> int:
    return value if isinstance(value, int) else 0

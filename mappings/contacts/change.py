"""What a client's card changes in OX."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.contacts import fields, groups, names, pictures, render, residue, slots
from mappings.contacts.assign import Assignment, assign
from mappings.contacts.card import Card, Member, Picture
from mappings.contacts.entries import Entry, entries
from mappings.contacts.version import as_version_3
from mappings.contentline import Property, unescape_text

__all__ = [
    "ContactChange",
    "KeepPicture",
    "PictureChange",
    "RemovePicture",
    "SetPicture",
    "changes",
    "create",
    "unmapped",
]


@dataclass(frozen=True, slots=True)
class KeepPicture:
    """The card has the picture that OX has, or neither has one."""


@dataclass(frozen=True, slots=True)
class RemovePicture:
    """The card has no picture any more: send `image1: null`."""


@dataclass(frozen=True, slots=True)
class SetPicture:
    """The card has another picture: to be sent as multipart."""

    data: bytes
    content_type: str


PictureChange = KeepPicture | RemovePicture | SetPicture


@dataclass(frozen=True, slots=True)
class ContactChange:
    """The smallest write that makes OX's contact say what a card says.

    `fields` holds only what differs, None clears a field; `uid` and `folder_id` are never in it. `members` is the whole
    wanted list of a distribution list, None when it stays; references by uid come without mail, to be looked up
    by the caller. `overflow` is the residue to keep beside the contact and to give to `render`.
    """

    fields: dict[str, Any]
    picture: PictureChange
    members: tuple[Member, ...] | None
    overflow: tuple[Property, ...]


def create(card: Card) -> ContactChange:
    """The fields, picture and members of a contact that does not exist yet."""
    return changes({}, None, card)


def unmapped(card: Card) -> tuple[Property, ...]:
    """What OX could not hold of a card if it were created: the residue `create` returns."""
    return create(card).overflow


def changes(
    current: Mapping[str, Any],
    picture_digest: str | None,
    card: Card,
    members: Sequence[Member] = (),
    extra: Sequence[Property] = (),
) -> ContactChange:
    """What a card changes in the contact `current` (the object of OX's `get`).

    `picture_digest` is `Picture.digest` of the picture OX holds, None without one; `members` are the list's members as
    given to `render`, `extra` is the residue of the last write. A card that means the same as what `render` gives
    for these has neither fields nor members nor picture to write. Values stay in their slots when neighbours change.
    """
    properties = as_version_3(card.properties) if card.version == "4.0" else card.properties
    listed = entries(properties)
    photo, picture = _photo(properties)
    silent = {id(entry) for entry in listed if _is_served(entry.prop, card, photo)}
    spoken = [entry for entry in listed if id(entry) not in silent]
    assignment = assign(spoken, current, residue.merge(current, extra).categories, _is_placeable)
    wanted = _wanted(assignment)
    silent |= _drop_stand_ins(wanted, assignment, current, card)
    _follow(wanted, current, card)
    changed = {name: wanted[name] for name in fields.FORMS if not fields.same(name, wanted[name], current.get(name))}
    kept = residue.find(listed, assignment, render.plain_lines({**current, **changed}), frozenset(silent))
    if photo is not None and picture is not None:
        remembered = pictures.as_residue(photo, picture)
        kept = kept if remembered is None else (*kept, residue.mark_picture(remembered))
    return ContactChange(
        fields=changed,
        picture=_picture_change(picture, picture_digest, properties),
        members=_member_change(card, wanted, current, members),
        overflow=kept,
    )


_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
_SERVED_BY_OX = frozenset({"UID", "REV", "PRODID", "VERSION"})
_EMPTY = {"private_flag": False, "mark_as_distributionlist": False, "color_label": 0}


def _is_served(prop: Property, card: Card, photo: Property | None) -> bool:
    """Properties that are rendered from what OX knows anyway, whatever the client wrote."""
    if prop is photo or prop.name in _SERVED_BY_OX:
        return True
    if card.kind != "group":
        return False
    if prop.name in groups.KIND_NAMES:
        return True
    return prop.name in groups.MEMBER_NAMES and groups.reference(prop) is not None


def _is_placeable(entry: Entry) -> bool:
    """OX refuses the whole contact for one malformed mail address (CON-0100)."""
    category = entry.category or ""
    return not category.startswith("email.") or bool(_MAIL.fullmatch(unescape_text(entry.prop.value).strip()))


def _wanted(assignment: Assignment) -> dict[str, Any]:
    """Every field with the value the card gives it."""
    wanted: dict[str, Any] = {field: _EMPTY.get(field) for field in fields.FORMS}
    for key, taken in assignment.taken.items():
        slot = slots.BY_KEY[key]
        found = [values for entry in taken if (values := slot.read(entry.prop)) is not None]
        wanted.update(slots.merged(found) if slot.merges else found[0])
    return wanted


def _drop_stand_ins(wanted: dict[str, Any], assignment: Assignment, current: Mapping[str, Any], card: Card) -> set[int]:
    """Take out FN and N that only repeat what was rendered in place of missing names; the ids of their entries."""
    dropped: set[int] = set()
    stand_in = names.last_name_stand_in(current)
    if card.kind == "group" and not fields.same("last_name", wanted["last_name"], current.get("last_name")):
        stand_in = wanted["display_name"]
    if stand_in and tuple(wanted[field] for field in fields.NAME) == (stand_in, None, None, None, None):
        wanted["last_name"] = None
        dropped.update(id(entry) for entry in assignment.taken["n"])
    if current and not fields.FORMS["display_name"](current.get("display_name")):
        fallbacks = (names.name_without_display_name(current), names.name_without_display_name(wanted))
        if wanted["display_name"] in fallbacks:
            wanted["display_name"] = None
            dropped.update(id(entry) for entry in assignment.taken["display_name"])
    return dropped


def _follow(wanted: dict[str, Any], current: Mapping[str, Any], card: Card) -> None:
    """Fields that the card does not say in a property of their own.

    A list stays a list for clients that do not know lists. OX fills `file_as` from the display name; there it follows.
    """
    stays = bool(current.get("mark_as_distributionlist")) and not card.kind_said
    wanted["mark_as_distributionlist"] = card.kind == "group" or stays
    file_as = current.get("file_as")
    if wanted["file_as"] is None and file_as and fields.same("file_as", file_as, current.get("display_name")):
        wanted["file_as"] = wanted["display_name"]


def _photo(properties: Sequence[Property]) -> tuple[Property | None, Picture | None]:
    """The first PHOTO with octets in it and its picture."""
    for prop in properties:
        if prop.name == "PHOTO":
            picture = pictures.read(prop)
            if picture is not None:
                return prop, picture
    return None, None


def _picture_change(picture: Picture | None, digest: str | None, properties: Sequence[Property]) -> PictureChange:
    """A card whose only PHOTO is a link or unreadable leaves OX's picture alone."""
    if picture is not None:
        return KeepPicture() if picture.digest == digest else SetPicture(picture.data, picture.content_type)
    pointed = any(prop.name == "PHOTO" for prop in properties)
    return KeepPicture() if digest is None or pointed else RemovePicture()


def _member_change(
    card: Card, wanted: Mapping[str, Any], current: Mapping[str, Any], members: Sequence[Member]
) -> tuple[Member, ...] | None:
    if card.kind != "group":
        ends = current.get("mark_as_distributionlist") and not wanted["mark_as_distributionlist"]
        return () if ends else None
    asked = groups.desired(card, members)
    if current.get("mark_as_distributionlist") and groups.same_members(asked, members):
        return None
    return asked

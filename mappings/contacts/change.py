"""What a client's card changes in OX."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mappings.contacts import fields, groups, originals, pictures, render, residue, wanted
from mappings.contacts.assign import assign
from mappings.contacts.card import Card, Member, Picture
from mappings.contacts.entries import entries
from mappings.contacts.read import read
from mappings.contentline import Property
from mappings.vcard.spelling import said
from mappings.vcard.versions import as_version_3

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


def create(card: Card, refused: frozenset[str] = frozenset()) -> ContactChange:
    """The fields, picture and members of a contact that does not exist yet. `refused` as for `changes`."""
    return changes({}, None, card, refused=refused)


def unmapped(card: Card) -> tuple[Property, ...]:
    """What OX could not hold of a card if it were created: the residue `create` returns."""
    return create(card).overflow


def changes(
    current: Mapping[str, Any],
    picture_digest: str | None,
    card: Card,
    members: Sequence[Member] = (),
    extra: Sequence[Property] = (),
    refused: frozenset[str] = frozenset(),
) -> ContactChange:
    """What a card changes in the contact `current` (the object of OX's `get`).

    `picture_digest` is `Picture.digest` of the picture OX holds, None without one; `members` are the list's members as
    given to `render`, `extra` is the residue of the last write. A card that means the same as what `render` gives
    for these has neither fields nor members nor picture to write. Values stay in their slots when neighbours change.
    `refused` names fields (`image1` for the picture) that OX did not take as they were: what the card says there
    becomes residue.
    """
    properties = as_version_3(card.properties) if card.version == "4.0" else card.properties
    is_list = wanted.is_list(current, card)
    original = originals.of(extra, picture_digest)
    seen = picture_digest if original is None else _digest(originals.photo(original))
    photo, picture = _photo(properties, seen, extra, refused)
    spoken = [prop for prop in properties if prop is not photo and not _is_served(prop, is_list)]
    changed, kept = _fields(spoken, is_list, current, extra, refused)
    asked, unknown = groups.change(properties, current, members, extra) if is_list else _no_members(current)
    arranged = groups.arrangement(properties, members, extra) if is_list else ()
    photo_change = _picture_change(picture, seen, properties)
    marked = _picture_residue(photo, picture, original if photo_change == KeepPicture() else None)
    overflow = (*kept, *marked, *unknown, *arranged)
    untouched = bool(current) and not changed and asked is None and photo_change == KeepPicture()
    before = residue.with_version(extra, "3.0")
    if untouched and Counter(overflow) == Counter(before):  # another version alone is not worth a write
        return ContactChange(changed, photo_change, asked, tuple(extra))
    return ContactChange(changed, photo_change, asked, residue.with_version(overflow, card.version))


_SERVED_BY_OX = frozenset({"UID", "REV", "PRODID", "VERSION"})


def _is_served(prop: Property, is_list: bool) -> bool:
    """Whether a property is rendered from what OX knows, whatever the client wrote."""
    return prop.name in _SERVED_BY_OX or (is_list and groups.is_served(prop))


def _fields(
    spoken: Sequence[Property],
    is_list: bool,
    current: Mapping[str, Any],
    extra: Sequence[Property],
    refused: frozenset[str],
) -> tuple[dict[str, Any], tuple[Property, ...]]:
    """The fields to write and the residue of the properties."""
    kept = [prop for prop in extra if prop.param(residue.MARKER) != residue.PICTURE and not _is_served(prop, is_list)]
    kept = [prop for prop in kept if not groups.is_arrangement(prop)]
    if current and bool(current.get("mark_as_distributionlist")) == is_list:
        shown = read(render.render(current, extra=kept, version="3.0").encode()).properties
        if _meanings(spoken) == _meanings(prop for prop in shown if not _is_served(prop, is_list)):
            return {}, tuple(kept)  # what the client was shown: nothing moves, not even into a slot that got free
    listed = entries(spoken)
    assignment = assign(listed, current, residue.merge(current, extra).categories, wanted.is_placeable)
    assignment.release(refused)
    asked = wanted.fields_of(assignment)
    silent = wanted.drop_stand_ins(asked, assignment, current, is_list)
    wanted.follow(asked, current, is_list)
    changed = {name: asked[name] for name in fields.FORMS if not fields.same(name, asked[name], current.get(name))}
    return changed, residue.find(listed, assignment, render.plain_lines({**current, **changed}), silent)


def _meanings(properties: Iterable[Property]) -> Counter[Hashable]:
    return Counter(map(said, properties))


def _no_members(current: Mapping[str, Any]) -> tuple[tuple[Member, ...] | None, tuple[Property, ...]]:
    return (() if current.get("mark_as_distributionlist") else None), ()


def _photo(
    properties: Sequence[Property], digest: str | None, extra: Sequence[Property], refused: frozenset[str]
) -> tuple[Property | None, Picture | None]:
    """The PHOTO that OX has, else the first one with octets in it that OX may take, and its picture."""
    found = _pictures(properties)
    known = ((prop, picture) for prop, picture in found if digest is not None and picture.digest == digest)
    kept = {picture.digest for _, picture in _pictures(prop for prop in extra if prop.param(residue.MARKER) is None)}
    others = (one for one in found if one[1].digest not in kept and "image1" not in refused)
    return next(known, next(others, (None, None)))


def _pictures(properties: Iterable[Property]) -> list[tuple[Property, Picture]]:
    return [
        (prop, picture) for prop in properties if prop.name == "PHOTO" and (picture := pictures.read(prop)) is not None
    ]


def _picture_residue(
    photo: Property | None, picture: Picture | None, original: Property | None
) -> tuple[Property, ...]:
    """What to remember of the picture; the original of one that OX has smaller stays as long as that one does."""
    if original is not None:
        return (original,)
    remembered = pictures.as_residue(photo, picture) if photo and picture else None
    return () if remembered is None else (residue.mark_picture(remembered),)


def _digest(photo: Property) -> str | None:
    picture = pictures.read(photo)
    return None if picture is None else picture.digest


def _picture_change(picture: Picture | None, digest: str | None, properties: Sequence[Property]) -> PictureChange:
    """A card whose only PHOTO is a link or unreadable leaves OX's picture alone."""
    if picture is not None:
        return KeepPicture() if picture.digest == digest else SetPicture(picture.data, picture.content_type)
    pointed = any(prop.name == "PHOTO" for prop in properties)
    return KeepPicture() if digest is None or pointed else RemovePicture()

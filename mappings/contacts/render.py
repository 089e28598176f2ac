"""What OX holds of a contact as vCard text: 3.0 (RFC 2426, with Apple's groups and labels) or 4.0 (RFC 6350)."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mappings.contacts import groups, names, originals, pictures, residue, slots, values
from mappings.contacts.card import Member, Picture
from mappings.contentline import Property, escape_text, fold, parse_property, property_line
from mappings.vcard.anniversary import LABEL, free_group
from mappings.vcard.versions import as_version_4, shown, spelled, write_card

__all__ = ["Member", "Picture", "render"]

PRODID = "-//OX DAV gateway//EN"

_SLOT_ORDER = {slot.key: index for index, slot in enumerate(slots.SLOTS)}
_INDEX = {
    field: index
    for index, slot in enumerate(slots.SLOTS)
    for field in slot.fields
    if slot.key not in ("n", "display_name")
}


def render(
    contact: Mapping[str, Any],
    picture: Picture | None = None,
    members: Sequence[Member] = (),
    extra: Sequence[Property] = (),
    version: str | None = None,
) -> str:
    """The vCard of a contact or distribution list, lines ended by CRLF and folded at 75 octets.

    `contact` is the object of OX's `get` (fields may be missing or null), `members` are those of a distribution list
    with the uids of the contacts they refer to, `extra` is the residue of the last write (`ContactChange.overflow`).
    `version`: "3.0" or "4.0", None for the one of the card that was last written. The same input gives the same octets.
    """
    if (version or residue.version(extra)) == "4.0":
        lines = _lines(contact, picture, members, extra)
        return write_card((Property("VERSION", (), "4.0"), *as_version_4(map(parse_property, lines))))
    lines = _lines(contact, picture, members, shown(extra))
    lines = [line if len(line) < 75 and line.isascii() else fold(line) for line in lines]
    return "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD\r\n"])


def _lines(
    contact: Mapping[str, Any], picture: Picture | None, members: Sequence[Member], extra: Sequence[Property]
) -> list[str]:
    """The unfolded lines of the card in 3.0 spelling."""
    merge = residue.merge(contact, extra) if extra else residue.Merge()
    lines = [f"PRODID:{PRODID}"]
    uid = values.text(contact.get("uid"))
    if uid:
        lines.append(f"UID:{escape_text(uid)}")
    lines.extend(_slot_lines(contact, merge.replaced))
    lines.extend(_anniversary(contact, merge, extra))
    added = [prop for prop in groups.without(merge.added, members) if not groups.is_arrangement(prop)]
    if contact.get("mark_as_distributionlist"):
        unknown = [prop for prop in added if groups.is_member(prop)]
        added = [prop for prop in added if not groups.is_member(prop)]
        lines.append(groups.KIND_LINE)
        lines.extend(groups.member_lines(members, unknown, extra))
    if picture is not None:
        original = originals.of(extra, picture.digest)
        remembered = merge.replaced.get(residue.PICTURE, ())
        lines.append(_photo(picture, remembered) if original is None else _line(originals.photo(original)))
    lines.extend(map(_line, added))
    changed = _revision(contact)
    if changed:
        lines.append(changed)
    return lines


def plain_lines(contact: Mapping[str, Any]) -> dict[str, str]:
    """Slot key → the content line of what OX holds there; stand-ins for a missing N and FN included."""
    found = {"n": _name(contact), "display_name": f"FN:{escape_text(names.formatted_name(contact))}"}
    filled = {_INDEX[field] for field, value in contact.items() if value is not None and field in _INDEX}
    for index in sorted(filled):
        slot = slots.SLOTS[index]
        line = slot.write(contact)
        if line is not None:
            found[slot.key] = line
    return found


def _name(contact: Mapping[str, Any]) -> str:
    written = slots.BY_KEY["n"].write(contact)
    return written or f"N:{escape_text(names.last_name_stand_in(contact) or '')};;;;"


def _slot_lines(contact: Mapping[str, Any], replaced: Mapping[str, Sequence[Property]]) -> Iterable[str]:
    plain = plain_lines(contact)
    plain.pop("anniversary", None)
    if not replaced:
        return plain.values()
    lines: list[str] = []
    for key in sorted(plain.keys() | (replaced.keys() & _SLOT_ORDER.keys()), key=_SLOT_ORDER.__getitem__):
        if key in replaced:
            lines.extend(map(_line, replaced[key]))
        else:
            lines.append(plain[key])
    return lines


def _line(prop: Property) -> str:
    """A property of the residue as a line."""
    return property_line(spelled(prop))


def _anniversary(contact: Mapping[str, Any], merge: residue.Merge, extra: Iterable[Property]) -> Iterable[str]:
    """Apple's labelled date, in a group of its own, unless the residue has the client's own wording."""
    line = None if "anniversary" in merge.replaced else slots.BY_KEY["anniversary"].write(contact)
    if line is None:
        return ()
    group = free_group(prop.group for prop in extra)
    return f"{group}.{line}", f"{group}.X-ABLabel:{LABEL}"


def _photo(picture: Picture, remembered: Sequence[Property]) -> str:
    for prop in remembered:
        if prop.name == "PHOTO" and prop.value == picture.digest:
            return pictures.line(picture, prop)
    return pictures.line(picture)


def _revision(contact: Mapping[str, Any]) -> str | None:
    stamp = contact.get("last_modified_utc") or contact.get("last_modified")
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        return None
    try:
        moment = datetime.datetime.fromtimestamp(stamp // 1000, datetime.UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return f"REV:{moment:%Y-%m-%dT%H:%M:%SZ}"

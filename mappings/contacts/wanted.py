"""The OX fields a card asks for."""

import re
from collections.abc import Mapping
from typing import Any

from mappings.contacts import fields, limits, names, slots
from mappings.contacts.assign import Assignment
from mappings.contacts.card import Card
from mappings.contacts.entries import Entry
from mappings.contentline import unescape_text

_MAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+")
_EMPTY = {"private_flag": False, "mark_as_distributionlist": False, "color_label": 0}


def is_mail(text: str) -> bool:
    """Whether OX takes a text as mail address."""
    return len(text) <= limits.LIMITS["email1"] and bool(_MAIL.fullmatch(text))


def is_placeable(entry: Entry) -> bool:
    """Whether OX would store the value of an entry.

    It refuses the whole contact for one malformed mail address (CON-0100) and silently drops `business_category`.
    """
    category = entry.category or ""
    if category.startswith("email."):
        return is_mail(unescape_text(entry.prop.value).strip())
    return category != "business_category"


def fields_of(assignment: Assignment) -> dict[str, Any]:
    """Every field with the value the card gives it."""
    wanted: dict[str, Any] = {field: _EMPTY.get(field) for field in fields.FORMS}
    for key, taken in assignment.taken.items():
        slot = slots.BY_KEY[key]
        found = [values for entry in taken if (values := slot.read(entry.prop)) is not None]
        wanted.update(slots.merged(found) if slot.merges else found[0])
    return wanted


def drop_stand_ins(
    wanted: dict[str, Any], assignment: Assignment, current: Mapping[str, Any], is_list: bool
) -> frozenset[int]:
    """Take out FN and N that only repeat what was rendered in place of missing names; the ids of their entries."""
    dropped: set[int] = set()
    stand_ins = {limits.clipped("last_name", names.last_name_stand_in(current) or "")}
    if is_list and not fields.same("last_name", wanted["last_name"], current.get("last_name")):
        stand_ins.add(wanted["display_name"])
    last_name, *others = (wanted[field] for field in fields.NAME)
    if last_name and last_name in stand_ins and not any(others):
        wanted["last_name"] = None
        dropped.update(id(entry) for entry in assignment.taken["n"])
    if current and not fields.FORMS["display_name"](current.get("display_name")):
        fallbacks = (names.name_without_display_name(current), names.name_without_display_name(wanted))
        if wanted["display_name"] in [limits.clipped("display_name", name) for name in fallbacks]:
            wanted["display_name"] = None
            dropped.update(id(entry) for entry in assignment.taken["display_name"])
    return frozenset(dropped)


def follow(wanted: dict[str, Any], current: Mapping[str, Any], is_list: bool) -> None:
    """Fill in what no property says: whether it is a list, and `file_as`, which OX copies from the display name."""
    wanted["mark_as_distributionlist"] = is_list
    file_as = current.get("file_as")
    if wanted["file_as"] is None and file_as and fields.same("file_as", file_as, current.get("display_name")):
        wanted["file_as"] = wanted["display_name"]


def is_list(current: Mapping[str, Any], card: Card) -> bool:
    """Whether the card is a distribution list; a list stays one for clients that know none and send no KIND."""
    stays = bool(current.get("mark_as_distributionlist")) and not card.kind_said
    return card.kind == "group" or stays

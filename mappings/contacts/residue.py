"""What OX cannot hold of a card: found when a client writes, merged back when the card is read.

The residue is a tuple of properties in vCard 3.0 spelling, kept by the caller next to the contact. Two kinds:

- a bare property, for which OX had no room: it is always shown again, unless OX came to hold the same value;
- a property with the parameter X-OX-SLOT: the client's own wording of a slot of the contact (its types, label,
  group, extra parts). It takes the place of the plain line as long as the slot still shows the same value, and is
  passed over once somebody changed the value in OX. Labels and other companions of a group follow their property.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mappings.contacts import slots
from mappings.contacts.assign import Assignment, candidates
from mappings.contacts.entries import Entry, entries
from mappings.contentline import Property, parse_property
from mappings.vcard.anniversary import LABEL as ANNIVERSARY_LABEL
from mappings.vcard.spelling import types_of

MARKER = "X-OX-SLOT"
PICTURE = "image1"
"""The slot key of the picture; its residue carries the picture's digest instead of its octets."""

_VERSION = "version"
"""The slot key of the version a card was last written in."""

DAYS = ("birthday", "anniversary")
"""Slots beside whose value no second one may appear: what OX cannot hold of them goes when the value changes."""

Keyed = tuple[Entry, str | None]


@dataclass(slots=True)
class Merge:
    """How residue joins a contact: slot key → the properties that stand for it, and what comes in addition."""

    replaced: dict[str, list[Property]] = field(default_factory=dict)
    added: list[Property] = field(default_factory=list)
    categories: dict[str, str] = field(default_factory=dict)
    """Slot key → the category under which the client sees the slot."""


def find(
    listed: Sequence[Entry],
    assignment: Assignment,
    plain_lines: Mapping[str, str],
    silent: frozenset[int],
) -> tuple[Property, ...]:
    """The residue of a card whose entries were assigned to slots.

    `plain_lines` gives the content line the contact has for each slot; `silent` holds the ids of the entries that
    need not be kept.
    """
    every = list(_keyed(listed, assignment, silent))
    kept = _without_rendered_anniversary(every, plain_lines.get("anniversary"))
    shares = Counter(key for _, key in kept)
    return tuple(
        _mark(entry.prop, key)
        for entry, key in kept
        if key is None or shares[key] > 1 or entry.prop.group or not _is_plain(entry.prop, plain_lines.get(key))
    )


def _keyed(listed: Sequence[Entry], assignment: Assignment, silent: frozenset[int]) -> Iterator[Keyed]:
    """The entries to keep, each with the slot it belongs to or None; companions go with the first of their group."""
    slot_of = {id(entry): key for key, taken in assignment.taken.items() for entry in taken}
    leaders: dict[str, Entry] = {}
    for entry in listed:
        if entry.prop.group and entry.category is not None and id(entry) not in silent:
            leaders.setdefault(entry.prop.group.upper(), entry)
    for entry in listed:
        leader = entry if entry.category else leaders.get((entry.prop.group or "").upper(), entry)
        key = slot_of.get(id(leader)) or (leader.category if leader.category in DAYS else None)
        if id(entry) not in silent and not _says_nothing(entry, key):
            yield entry, key


def _without_rendered_anniversary(kept: Sequence[Keyed], line: str | None) -> Sequence[Keyed]:
    """Leave out the labelled date if it is the only anniversary and exactly what is rendered for one."""
    group = [entry for entry, key in kept if key == "anniversary"]
    if [entry.prop.name for entry in group] != ["X-ABDATE", "X-ABLABEL"]:
        return kept
    date, label = group
    if not _is_plain(date.prop, line) or label.prop.value != ANNIVERSARY_LABEL:
        return kept
    return [(entry, key) for entry, key in kept if key != "anniversary"]


def _says_nothing(entry: Entry, key: str | None) -> bool:
    return entry.category is not None and key is None and not entry.prop.value.strip(" ;,")


def _is_plain(prop: Property, line: str | None) -> bool:
    """Whether a property says no more than the line OX's fields give."""
    if line is None:
        return False
    plain = parse_property(line)
    same_name = prop.name == plain.name or (prop.name, plain.name) == ("ANNIVERSARY", "X-ABDATE")
    return same_name and meaning(prop)[1:-1] == meaning(plain)[1:-1]


def meaning(prop: Property) -> tuple[Hashable, ...]:
    """Equal for two properties that differ only in the spelling of types and in empty parts at the end."""
    structured = prop.name in ("N", "ADR", "ORG")
    return (
        prop.name,
        prop.value.rstrip(";") if structured else prop.value,
        types_of(prop),
        tuple(sorted(pair for pair in prop.params if pair[0] != "TYPE" and pair[1])),
        (prop.group or "").upper(),
    )


def _mark(prop: Property, key: str | None) -> Property:
    params = tuple(pair for pair in prop.params if pair[0] != MARKER)
    if key is not None:
        params = (*params, (MARKER, (key,)))
    return Property(prop.name, params, prop.value, prop.group)


def version(extra: Iterable[Property]) -> str:
    """The vCard version of the card the residue is from."""
    return next((prop.value for prop in extra if _is_version(prop)), "3.0")


def with_version(extra: Iterable[Property], version: str) -> tuple[Property, ...]:
    """The residue of a card of that version; 3.0 needs no mention."""
    kept = tuple(prop for prop in extra if not _is_version(prop))
    return kept if version == "3.0" else (*kept, _mark(Property("VERSION", (), version), _VERSION))


def _is_version(prop: Property) -> bool:
    return prop.param(MARKER) == _VERSION


def mark_picture(prop: Property) -> Property:
    """The residue of a PHOTO."""
    return _mark(prop, PICTURE)


def merge(contact: Mapping[str, Any], extra: Iterable[Property]) -> Merge:
    """What of the residue still holds for the contact as OX has it now."""
    listed = tuple(extra)
    result = Merge()
    marked: dict[str, list[Entry]] = {}
    gone: set[str] = set()
    for prop, entry in zip(listed, entries(_mark(prop, None) for prop in listed), strict=True):
        key = prop.param(MARKER)
        if key is not None:
            marked.setdefault(key, []).append(entry)
        elif _held(entry, contact):
            gone.add((entry.prop.group or "").upper())
        elif entry.category or (entry.prop.group or "").upper() not in gone - {""}:
            result.added.append(entry.prop)
    for key, group in marked.items():
        _merge_slot(key, group, contact, result)
    return result


def _held(entry: Entry, contact: Mapping[str, Any]) -> bool:
    """Whether OX has meanwhile got the value of a property it had no room for."""
    for slot in candidates(entry):
        found = slot.read(entry.prop)
        if found is not None and slot.shown(found) == slot.shown(contact):
            return True
    return False


def _merge_slot(key: str, group: Sequence[Entry], contact: Mapping[str, Any], result: Merge) -> None:
    if key == PICTURE:
        result.replaced[key] = [entry.prop for entry in group]
        return
    slot = slots.BY_KEY.get(key)
    if slot is None or not any(slot in candidates(entry) for entry in group):
        return
    telling = [(entry, found) for entry in group if slot in candidates(entry) and (found := slot.read(entry.prop))]
    shown = slot.shown(contact)
    if slot.merges:
        agree = slot.shown(slots.merged(found for _, found in telling)) == shown
        wrong = set() if agree else {id(entry) for entry, _ in telling}
    else:
        wrong = {id(entry) for entry, found in telling if slot.shown(found) != shown}
    if len(wrong) == len(telling) and (wrong or any(shown)):
        return
    result.replaced[key] = [entry.prop for entry in group if key in DAYS or id(entry) not in wrong]
    category = next((entry.category for entry, _ in telling if id(entry) not in wrong), None)
    if category is not None:
        result.categories[key] = category

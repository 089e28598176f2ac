"""Files as the resources a client would make of them (RFC 4791 4.1, RFC 6352 5.1)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.roundtrip import old_cards
from mappings.contentline import Component, Property, decode, parse_trees, write_tree
from mappings.errors import InvalidData

_OBJECTS = re.compile(r"^BEGIN:(?:VCALENDAR|VCARD)\s*$.*?(?=^BEGIN:(?:VCALENDAR|VCARD)\s*$|\Z)", re.I | re.M | re.S)
OF_EACH = frozenset(["VERSION", "PRODID", "CALSCALE"])
"""What the properties of a VCALENDAR say of every object in it."""

LOOSE = frozenset(["VEVENT", "VTODO", "VJOURNAL", "VTIMEZONE"])


@dataclass(frozen=True, slots=True)
class Resource:
    """What one PUT sends. `tree` is None where the text cannot be read as content lines."""

    file: str
    uid: str
    content: bytes
    tree: Component | None

    @property
    def is_card(self) -> bool:
        return self.tree.name == "VCARD" if self.tree else b"BEGIN:VCARD" in self.content.upper()

    @property
    def is_task(self) -> bool:
        names = {component.name for component in self.tree.components} if self.tree else set()
        return "VTODO" in names and "VEVENT" not in names


def split(file: str, data: bytes) -> list[Resource]:
    """The resources in a file of iCalendar or vCard objects.

    One UID a resource; METHOD is removed, a UID made where one lacks, the time zones in use stay beside. A second
    component that says it is the same object (no RECURRENCE-ID) becomes a resource of its own. Of a file with
    several objects, what it says of them as a whole (X-WR-CALNAME, NAME ...) belongs to none of them. What is one
    object already, and what cannot be read, stays as it is.
    """
    resources: list[Resource] = []
    for text in _OBJECTS.findall(_lines(data)) or [decode(data)]:
        try:
            if old_cards.is_old(text):
                resources.append(_old_card(file, text))
                continue
            trees = parse_trees(text)
        except InvalidData:
            resources.append(Resource(file, "", text.encode(), None))
            continue
        for tree in _wrapped(trees):
            pieces = _cards(tree) if tree.name == "VCARD" else list(_events(tree))
            for piece in pieces:
                resources.append(Resource(file, _uid(piece), write_tree(piece).encode(), piece))
    if len(resources) == 1 and resources[0].tree in _whole(data):
        return [Resource(file, resources[0].uid, data, resources[0].tree)]
    return resources


def _old_card(file: str, text: str) -> Resource:
    """A vCard 2.1 goes as it is, but for a UID."""
    text = old_cards.with_uid(text, _made_uid(old_cards.read(text)).value)
    card = old_cards.read(text)
    return Resource(file, _uid(card), text.encode(), card)


def _wrapped(trees: list[Component]) -> list[Component]:
    """Components outside of any VCALENDAR in one of their own."""
    loose = [tree for tree in trees if tree.name in LOOSE]
    if not any(tree.name != "VTIMEZONE" for tree in loose):
        return trees
    return [*(tree for tree in trees if tree.name not in LOOSE), Component("VCALENDAR", [], loose)]


def _lines(data: bytes) -> str:
    return decode(data).replace("\r\n", "\n").replace("\r", "\n")


def _whole(data: bytes) -> list[Component]:
    try:
        return parse_trees(decode(data))
    except InvalidData:
        return []


def _uid(tree: Component) -> str:
    holders = [tree, *(inner for inner in tree.components if inner.name != "VTIMEZONE")]
    return next((text.strip() for one in holders if (text := one.text("UID"))), "")


def _cards(tree: Component) -> list[Component]:
    if (tree.text("UID") or "").strip():
        return [tree]
    return [Component(tree.name, [*tree.properties, _made_uid(tree)], tree.components)]


def _events(calendar: Component) -> Iterator[Component]:
    """The calendar objects of one VCALENDAR; a calendar without any as it is."""
    parts = [inner for inner in calendar.components if inner.name != "VTIMEZONE"]
    if not parts:
        yield calendar
    groups = _groups(parts)
    for group in groups:
        used = _zones_of(group)
        zones = [one for one in calendar.components if one.name == "VTIMEZONE" and (one.text("TZID") or "") in used]
        kept = [prop for prop in calendar.properties if len(groups) == 1 or prop.name in OF_EACH]
        properties = [prop for prop in kept if prop.name != "METHOD"]
        for name, value in (("PRODID", "-//oxdav//roundtrip//EN"), ("VERSION", "2.0")):
            if not any(prop.name == name for prop in properties):
                properties.insert(0, Property(name, (), value))
        yield Component(calendar.name, properties, [*zones, *group])


def _groups(parts: list[Component]) -> list[list[Component]]:
    """The components of each object, further masters of an object as objects of their own."""
    groups: dict[tuple[str, str], list[Component]] = {}
    alone: list[list[Component]] = []
    for part in parts:
        uid = (part.text("UID") or "").strip()
        if not uid:
            alone.append([Component(part.name, [_made_uid(part), *part.properties], part.components)])
            continue
        group = groups.setdefault((part.name, uid), [])
        if not part.first("RECURRENCE-ID") and any(not one.first("RECURRENCE-ID") for one in group):
            alone.append([part])
        else:
            group.append(part)
    return [*groups.values(), *alone]


def _made_uid(component: Component) -> Property:
    digest = hashlib.sha256(write_tree(component).encode()).hexdigest()
    return Property("UID", (), f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}")


def _zones_of(components: list[Component]) -> set[str]:
    found: set[str] = set()
    for component in components:
        found.update(value for prop in component.properties for value in prop.param_values("TZID"))
        found |= _zones_of(component.components)
    return found

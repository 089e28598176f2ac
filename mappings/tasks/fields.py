"""The plain properties of a VTODO and the fields of an OX task: texts, priority, class, categories."""

from typing import Any

from mappings.contentline import Component, same_text, split_escaped, unescape_text
from mappings.legacy.values import number

TEXTS = {"SUMMARY": "title", "DESCRIPTION": "note"}

PRIORITIES = {3: 1, 2: 5, 1: 9}
"""OX's levels (3 is high) and the PRIORITY each is shown as."""


def to_priority(component: Component) -> int | None:
    """OX's level, in the groups of RFC 5545 3.8.1.9 (1 to 4 high, 5 medium, 6 to 9 low); None for 0 and nonsense."""
    priority = number((component.text("PRIORITY") or "").strip()) or 0
    if not 1 <= priority <= 9:
        return None
    return 3 if priority < 5 else 2 if priority == 5 else 1


def priority_of(value: Any) -> int | None:
    """OX's level as OX holds it, None for what is none."""
    level = number(value)
    return level if level in PRIORITIES else None


def is_private(component: Component) -> bool:
    """Other classes than PUBLIC are private, unknown ones, too (RFC 5545 3.8.1.3)."""
    return (component.text("CLASS") or "PUBLIC").strip().upper() != "PUBLIC"


def to_text(component: Component, name: str) -> str | None:
    return same_text(component.text(name))


def to_categories(component: Component) -> list[str]:
    """One list of all CATEGORIES lines. OX keeps one text with commas between, so they are cut at commas."""
    found: dict[str, None] = {}
    for prop in component.all("CATEGORIES"):
        for part in split_escaped(prop.value, ","):
            found |= dict.fromkeys(categories_of(unescape_text(part)))
    return list(found)


def categories_of(value: Any) -> list[str]:
    """The categories in OX's text."""
    parts = (part.strip() for part in (same_text(value) or "").split(","))
    return list(dict.fromkeys(part for part in parts if part))

"""How much OX can hold of a text, in UTF-16 units.

OX refuses a whole contact for one text that is too long (CON-0154). So of prose, names and addresses it gets the
beginning and the residue keeps the text; a number, mail address or link is kept whole or not at all.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mappings.contacts import fields
from mappings.contentline import Property

Reader = Callable[[Property], Mapping[str, Any] | None]

LIMITS: Mapping[str, int] = {
    **{name: 64 for name in fields.FORMS if fields.FORMS[name] in fields.TEXTUAL},
    **dict.fromkeys(("display_name", "file_as"), 320),
    **dict.fromkeys(("last_name", "first_name", "second_name", "department", "position", "employee_type"), 128),
    **dict.fromkeys((f"street_{kind}" for kind in fields.ADDRESS_KINDS), 256),
    **dict.fromkeys(("email1", "email2", "email3", "url"), 256),
    **dict.fromkeys(("yomiFirstName", "yomiLastName", "yomiCompany"), 256),
    **dict.fromkeys(("company", "addressBusiness", "addressHome", "addressOther"), 512),
    "categories": 4096,
    "note": 5680,
}
"""The columns of OX's store."""

WHOLE = frozenset({
    *fields.NUMBERS, "email1", "email2", "email3", "url", "instant_messenger1", "instant_messenger2",
})  # fmt: skip
"""Fields whose beginning alone would be wrong."""


def fits(field: str, value: object) -> bool:
    """Whether OX has room for a value."""
    return not isinstance(value, str) or field not in LIMITS or _length(value) <= LIMITS[field]


def clipped(field: str, text: str) -> str:
    """The beginning of a text that OX has room for."""
    if fits(field, text):
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * LIMITS[field]].decode("utf-16-le", "ignore")


def words_within(field: str, words: Iterable[str]) -> str | None:
    """The words of a comma separated list that OX has room for."""
    found = ""
    for word in words:
        longer = f"{found},{word}" if found else word
        if not fits(field, longer):
            break
        found = longer
    return found or None


def bounded(read: Reader) -> Reader:
    """A reader that gives only what OX has room for; None for a value that cannot be cut."""

    def reader(prop: Property) -> Mapping[str, Any] | None:
        found = read(prop)
        if found is None or all(fits(field, value) for field, value in found.items()):
            return found
        if any(field in WHOLE and not fits(field, value) for field, value in found.items()):
            return None
        return {field: clipped(field, value) if isinstance(value, str) else value for field, value in found.items()}

    return reader


def _length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

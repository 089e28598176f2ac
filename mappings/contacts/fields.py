"""The OX contact fields this mapping owns, by their names in the HTTP API, and when two values are the same.

Fields that are not named here (ids, folder, stamps, counters) are never written by a vCard.
"""

from collections.abc import Callable, Mapping
from typing import Any

from mappings.contacts import dates, values

Form = Callable[[Any], Any]

ADDRESS_PARTS = ("street", "city", "state", "postal_code", "country")
"""The parts of an OX address in the order of ADR, from the street on."""

ADDRESS_KINDS = ("business", "home", "other")

NAME = ("last_name", "first_name", "second_name", "title", "suffix")
"""The fields of N, in its order."""

ORGANIZATION = ("company", "department", "branches")
USER_FIELDS = tuple(f"userfield{index:02}" for index in range(1, 21))


def address_fields(kind: str) -> tuple[str, ...]:
    """The five fields of the business, home or other address."""
    return tuple(f"{part}_{kind}" for part in ADDRESS_PARTS)


def _mail(value: object) -> str | None:
    written = values.text(value)
    return written.strip() or None if written else None


def _number(value: object) -> str | None:
    written = values.text(value)
    return values.number(written) if written else None


def _messenger(value: object) -> str | None:
    written = values.text(value)
    return values.messenger_text(values.messenger_uri(written)) if written else None


def _color(value: object) -> int:
    try:
        label = int(value)  # type: ignore[call-overload]
    except (TypeError, ValueError, OverflowError):
        return 0
    return label if 1 <= label <= 10 else 0


_TEXT = (
    "display_name", *NAME, "nickname", "file_as", "company", "department", "position", "profession", "note", "url",
    *(field for kind in ADDRESS_KINDS for field in address_fields(kind)),
    "addressBusiness", "addressHome", "addressOther",
    "marital_status", "spouse_name", "number_of_children", "employee_type", "room_number", "number_of_employees",
    "sales_volume", "tax_id", "commercial_register", "business_category", "info", "manager_name", "assistant_name",
    "yomiFirstName", "yomiLastName", "yomiCompany",
    *USER_FIELDS,
)  # fmt: skip

NUMBERS = (
    "telephone_business1", "telephone_business2", "telephone_home1", "telephone_home2",
    "cellular_telephone1", "cellular_telephone2", "telephone_other", "fax_business", "fax_home", "fax_other",
    "telephone_pager", "telephone_car", "telephone_isdn", "telephone_telex", "telephone_ttytdd",
    "telephone_callback", "telephone_company", "telephone_assistant", "telephone_ip", "telephone_radio",
    "telephone_primary",
)  # fmt: skip

FORMS: Mapping[str, Form] = {
    **dict.fromkeys(_TEXT, values.text),
    **dict.fromkeys(NUMBERS, _number),
    **dict.fromkeys(("email1", "email2", "email3"), _mail),
    **dict.fromkeys(("instant_messenger1", "instant_messenger2"), _messenger),
    **dict.fromkeys(("birthday", "anniversary"), dates.from_milliseconds),
    **dict.fromkeys(("categories", "branches"), values.words),
    "private_flag": bool,
    "color_label": _color,
    "mark_as_distributionlist": bool,
}
"""Field → its form: what the field shows in a vCard. Two values with the same form are the same to a client."""

TEXTUAL = (values.text, _number, _mail, _messenger, values.words)
"""Forms of the fields that hold text."""


def same(field: str, one: object, other: object) -> bool:
    """Whether two values of an OX field cannot be told apart in a vCard."""
    form = FORMS[field]
    return bool(form(one) == form(other))

"""What one property of a card is about: its category, label and preference.

A category names a kind of value ("tel.work", "email.home", "anniversary"), independent of how a client spells it:
TYPE in any case, several TYPE parameters or one list, vCard 2.1 style bare types, Apple's X-ABLabel of the group.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mappings.contentline import Property, unescape_text
from mappings.vcard.spelling import types_of

Types = frozenset[str]

_APPLE_LABEL = ("_$!<", ">!$_")


@dataclass(frozen=True, slots=True)
class Entry:
    """A property with what its group says about it. `category` is None for what OX has no field for."""

    prop: Property
    category: str | None
    label: str | None
    preferred: bool
    second: bool


def entries(properties: Iterable[Property]) -> tuple[Entry, ...]:
    """The entries of a card's properties (vCard 3.0 spelling), in their order."""
    listed = tuple(properties)
    labels = {
        prop.group.upper(): unescape_text(prop.value) for prop in listed if prop.name == "X-ABLABEL" and prop.group
    }
    return tuple(_entry(prop, labels) for prop in listed)


def _entry(prop: Property, labels: Mapping[str, str]) -> Entry:
    types = types_of(prop)
    label = _plain_label(labels.get(prop.group.upper())) if prop.group else None
    return Entry(
        prop=prop,
        category=_category(prop, types, label),
        label=label,
        preferred="PREF" in types or prop.param("PREF") == "1",
        second="X-2ND" in types,
    )


def _plain_label(label: str | None) -> str | None:
    """A label in lower case, without the brackets of Apple's built-in ones: `_$!<Other>!$_` is "other"."""
    if label is None:
        return None
    prefix, suffix = _APPLE_LABEL
    return label.strip().removeprefix(prefix).removesuffix(suffix).lower()


def _category(prop: Property, types: Types, label: str | None) -> str | None:
    simple = SIMPLE.get(prop.name)
    if simple is not None:
        return simple
    match prop.name:
        case "TEL":
            return _telephone(types, label)
        case "EMAIL":
            return "tel.telex" if "TLX" in types else f"email.{_place(types, label)}"
        case "ADR":
            return f"adr.{_place(types, label)}"
        case "LABEL":
            return f"label.{_place(types, label)}"
        case "IMPP":
            return f"im.{_place(types, label)}"
        case "X-ABDATE" if label == "anniversary":
            return "anniversary"
        case "X-ABRELATEDNAMES" if label in _RELATED:
            return _RELATED[label]
        case "RELATED" if (prop.param("VALUE") or "").lower() == "text" and "SPOUSE" in types:
            return "spouse_name"
        case _:
            return None


def _place(types: Types, label: str | None) -> str:
    """Where a value belongs: "work", "home", "other" (said by the client), or "any" when nothing is said."""
    if "WORK" in types:
        return "work"
    if "HOME" in types:
        return "home"
    if label in ("work", "home"):
        return label
    return "other" if label or types - _SAYS_NO_PLACE else "any"


def _telephone(types: Types, label: str | None) -> str:
    for word, category in _TELEPHONES.items():
        if word in types:
            return category
    place = _place(types, label)
    if "FAX" in types or (label or "").endswith("fax"):
        return f"fax.{place}"
    if label in _TELEPHONE_LABELS and place == "other":
        return _TELEPHONE_LABELS[label]
    return f"tel.{place}"


SIMPLE: Mapping[str, str] = {
    "FN": "display_name",
    "N": "n",
    "NICKNAME": "nickname",
    "ORG": "org",
    "TITLE": "position",
    "ROLE": "profession",
    "NOTE": "note",
    "URL": "url",
    "CATEGORIES": "categories",
    "CLASS": "private_flag",
    "X-OX-COLOR-LABEL": "color_label",
    "BDAY": "birthday",
    "ANNIVERSARY": "anniversary",
    "X-ANNIVERSARY": "anniversary",
    "X-MS-ANNIVERSARY": "anniversary",
    "X-EVOLUTION-ANNIVERSARY": "anniversary",
    "X-KADDRESSBOOK-X-ANNIVERSARY": "anniversary",
    "X-EVOLUTION-FILE-AS": "file_as",
    "X-ASSISTANT": "assistant_name",
    "X-MS-ASSISTANT": "assistant_name",
    "X-EVOLUTION-ASSISTANT": "assistant_name",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant_name",
    "X-MANAGER": "manager_name",
    "X-MS-MANAGER": "manager_name",
    "X-EVOLUTION-MANAGER": "manager_name",
    "X-KADDRESSBOOK-X-MANAGERSNAME": "manager_name",
    "X-SPOUSE": "spouse_name",
    "X-MS-SPOUSE": "spouse_name",
    "X-EVOLUTION-SPOUSE": "spouse_name",
    "X-KADDRESSBOOK-X-SPOUSENAME": "spouse_name",
    "X-MS-CHILD": "number_of_children",
    "X-PHONETIC-FIRST-NAME": "yomiFirstName",
    "X-PHONETIC-LAST-NAME": "yomiLastName",
    "X-OX-YOMI-COMPANY": "yomiCompany",
    "X-PHONETIC-ORG": "yomiCompany",
    "X-OX-ROOM-NUMBER": "room_number",
    "X-OX-INFO": "info",
    "X-OX-NUMBER-OF-EMPLOYEE": "number_of_employees",
    "X-OX-BUSINESS-CATEGORY": "business_category",
    "X-OX-COMMERCIAL-REGISTER": "commercial_register",
    "X-OX-TAX-ID": "tax_id",
    "X-OX-SALES-VOLUME": "sales_volume",
    "X-OX-EMPLOYEE-TYPE": "employee_type",
    "X-OX-MARITAL-STATUS": "marital_status",
    **{f"X-OX-USERFIELD-{index:02}": f"userfield{index:02}" for index in range(1, 21)},
}
"""Properties whose category does not depend on types or labels."""

_RELATED = {"spouse": "spouse_name", "assistant": "assistant_name", "manager": "manager_name"}
_SAYS_NO_PLACE = frozenset({
    "", "PREF", "INTERNET", "X400", "VOICE", "MSG", "TEXT", "VIDEO", "FAX", "CELL", "DOM", "INTL", "POSTAL", "PARCEL",
    "X-2ND",
})  # fmt: skip
_TELEPHONES = {
    "PAGER": "tel.pager",
    "CAR": "tel.car",
    "ISDN": "tel.isdn",
    "TEXTPHONE": "tel.ttytdd",
    "X-EVOLUTION-TTYTDD": "tel.ttytdd",
    "TLX": "tel.telex",
    "X-TELEX": "tel.telex",
    "X-EVOLUTION-TELEX": "tel.telex",
    "X-CALLBACK": "tel.callback",
    "X-EVOLUTION-CALLBACK": "tel.callback",
    "X-COMPANY": "tel.company",
    "X-EVOLUTION-COMPANY": "tel.company",
    "X-ASSISTANT": "tel.assistant",
    "X-EVOLUTION-ASSISTANT": "tel.assistant",
    "X-IP": "tel.ip",
    "X-RADIO": "tel.radio",
    "X-EVOLUTION-RADIO": "tel.radio",
    "X-PRIMARY": "tel.primary",
    "MAIN": "tel.primary",
    "CELL": "tel.cell",
    "IPHONE": "tel.cell",
}
_TELEPHONE_LABELS = {
    "assistantphone": "tel.assistant",
    "assistant": "tel.assistant",
    "mobile": "tel.cell",
    "iphone": "tel.cell",
    "main": "tel.primary",
    "pager": "tel.pager",
    "car": "tel.car",
}

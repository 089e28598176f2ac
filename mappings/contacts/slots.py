"""The places an OX contact has for the values of a card, and how each is read and written.

OX has a fixed row of fields: three mail addresses, two business telephones, one company. A slot is one such place;
it fills one field (a number) or several (the parts of an address). Which property goes to which slot is decided
by its category here and, among several candidates, by `assign`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mappings.contacts import dates, fields, limits, values
from mappings.contentline import Property, unescape_text

Values = Mapping[str, Any]
"""OX field → value, as in the JSON of OX."""

Plain = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the contact. `key` names it, also in the residue.

    `read` gives the OX values of a raw property value, None when OX cannot hold it.
    `write` gives the unfolded content line of a contact, None when the slot is empty.
    """

    key: str
    category: str
    fields: tuple[str, ...]
    read: Callable[[Property], Values | None]
    write: Callable[[Mapping[str, Any]], str | None]
    merges: bool = False
    """Several properties are one value (CATEGORIES)."""

    def shown(self, held: Mapping[str, Any]) -> tuple[Any, ...]:
        """What a client sees of the slot; equal tuples cannot be told apart."""
        return tuple(fields.FORMS[field](held.get(field)) for field in self.fields)


def _text(field: str, head: str, category: str | None = None, plain: Plain = values.is_plain) -> Slot:
    """A slot of one text field; `plain` recognises, fast, the values that are written as they are."""
    form = fields.FORMS[field]
    prefix = head + ":"

    def read(prop: Property) -> Values | None:
        written = form(unescape_text(prop.value))
        return {field: written} if written else None

    def write(contact: Mapping[str, Any]) -> str | None:
        value = contact.get(field)
        if isinstance(value, str) and plain(value):
            return prefix + value
        written = form(value)
        return prefix + values.escaped(written) if written else None

    return Slot(field, category or field, (field,), limits.bounded(read), write)


def _number(field: str, category: str, types: str) -> Slot:
    return _text(field, f"TEL;TYPE={types}", category, values.is_plain_number)


def _mail(field: str, category: str, types: str) -> Slot:
    return _text(field, f"EMAIL;TYPE={types}", category, values.is_plain_mail)


def _messenger(field: str, category: str, types: str) -> Slot:
    def read(prop: Property) -> Values | None:
        written = values.messenger_text(prop.value)
        return {field: written} if written else None

    def write(contact: Mapping[str, Any]) -> str | None:
        written = values.text(contact.get(field))
        return f"IMPP;TYPE={types}:{values.messenger_uri(written)}" if written else None

    return Slot(field, category, (field,), limits.bounded(read), write)


def _address(kind: str, category: str, types: str) -> Slot:
    filled = fields.address_fields(kind)

    def read(prop: Property) -> Values | None:
        parts = values.components(prop.value, 7)[2:]
        return dict(zip(filled, parts, strict=True)) if any(parts) else None

    def write(contact: Mapping[str, Any]) -> str | None:
        parts = [values.text(contact.get(field)) or "" for field in filled]
        return f"ADR;TYPE={types}:;;" + ";".join(map(values.escaped, parts)) if any(parts) else None

    return Slot(f"address_{kind}", category, filled, limits.bounded(read), write)


def _day(field: str, head: str) -> Slot:
    def read(prop: Property) -> Values | None:
        day = dates.parse(unescape_text(prop.value))
        return {field: dates.to_milliseconds(day)} if day else None

    def write(contact: Mapping[str, Any]) -> str | None:
        day = dates.from_milliseconds(contact.get(field))
        return dates.line(head, day) if day else None

    return Slot(field, field, (field,), read, write)


def _read_name(prop: Property) -> Values | None:
    return dict(zip(fields.NAME, values.names(prop.value, 5), strict=True))


def _write_name(contact: Mapping[str, Any]) -> str | None:
    parts = [values.text(contact.get(field)) or "" for field in fields.NAME]
    return "N:" + ";".join(map(values.escaped, parts)) if any(parts) else None


def _read_organization(prop: Property) -> Values | None:
    parts = values.components(prop.value, MAX_ORGANIZATION_PARTS)
    company, department, *units = parts
    branches = limits.words_within("branches", values.words(",".join(unit for unit in units if unit)))
    return {"company": company, "department": department, "branches": branches} if any(parts) else None


def _write_organization(contact: Mapping[str, Any]) -> str | None:
    company, department = (values.text(contact.get(field)) or "" for field in ("company", "department"))
    parts = [company, department, *values.words(contact.get("branches"))]
    while parts and not parts[-1]:
        parts.pop()
    return "ORG:" + ";".join(map(values.escaped, parts)) if parts else None


def _read_categories(prop: Property) -> Values | None:
    found = values.words(unescape_text(prop.value))
    return {"categories": ",".join(found)} if found else None


def _write_categories(contact: Mapping[str, Any]) -> str | None:
    found = values.words(contact.get("categories"))
    return "CATEGORIES:" + ",".join(map(values.escaped, found)) if found else None


def _read_class(prop: Property) -> Values | None:
    return {"private_flag": prop.value.strip().upper() in ("PRIVATE", "CONFIDENTIAL")}


def _write_class(contact: Mapping[str, Any]) -> str | None:
    return "CLASS:PRIVATE" if contact.get("private_flag") else None


def _read_color(prop: Property) -> Values | None:
    label = fields.FORMS["color_label"](prop.value)
    return {"color_label": label} if label else None


def _write_color(contact: Mapping[str, Any]) -> str | None:
    label = fields.FORMS["color_label"](contact.get("color_label"))
    return f"X-OX-COLOR-LABEL:{label}" if label else None


def _read_url(prop: Property) -> Values | None:
    written = values.text(unescape_text(prop.value))
    return {"url": written} if written else None


def _write_url(contact: Mapping[str, Any]) -> str | None:
    written = values.text(contact.get("url"))
    return f"URL:{values.uri(written)}" if written else None


def _write_file_as(contact: Mapping[str, Any]) -> str | None:
    """OX copies the display name there; only a different one is somebody's wish."""
    written = values.text(contact.get("file_as"))
    if not written or written == values.text(contact.get("display_name")):
        return None
    return f"X-EVOLUTION-FILE-AS:{values.escaped(written)}"


MAX_ORGANIZATION_PARTS = 64

SLOTS: tuple[Slot, ...] = (
    Slot("n", "n", fields.NAME, limits.bounded(_read_name), _write_name),
    _text("display_name", "FN"),
    _text("nickname", "NICKNAME"),
    Slot("org", "org", fields.ORGANIZATION, limits.bounded(_read_organization), _write_organization),
    _text("position", "TITLE"),
    _text("profession", "ROLE"),
    _day("birthday", "BDAY"),
    _mail("email1", "email.work", "INTERNET,WORK,PREF"),
    _mail("email2", "email.home", "INTERNET,HOME"),
    _mail("email3", "email.other", "INTERNET,OTHER"),
    _number("telephone_business1", "tel.work", "WORK,VOICE"),
    _number("telephone_business2", "tel.work", "WORK,VOICE"),
    _number("telephone_home1", "tel.home", "HOME,VOICE"),
    _number("telephone_home2", "tel.home", "HOME,VOICE"),
    _number("cellular_telephone1", "tel.cell", "CELL"),
    _number("cellular_telephone2", "tel.cell", "CELL"),
    _number("telephone_other", "tel.other", "OTHER,VOICE"),
    _number("fax_business", "fax.work", "WORK,FAX"),
    _number("fax_home", "fax.home", "HOME,FAX"),
    _number("fax_other", "fax.other", "OTHER,FAX"),
    _number("telephone_pager", "tel.pager", "PAGER"),
    _number("telephone_car", "tel.car", "CAR"),
    _number("telephone_isdn", "tel.isdn", "ISDN"),
    _number("telephone_ttytdd", "tel.ttytdd", "TEXTPHONE"),
    _number("telephone_telex", "tel.telex", "X-TELEX"),
    _number("telephone_callback", "tel.callback", "X-CALLBACK"),
    _number("telephone_company", "tel.company", "X-COMPANY"),
    _number("telephone_assistant", "tel.assistant", "X-ASSISTANT"),
    _number("telephone_ip", "tel.ip", "X-IP"),
    _number("telephone_radio", "tel.radio", "X-RADIO"),
    _number("telephone_primary", "tel.primary", "X-PRIMARY"),
    _address("business", "adr.work", "WORK"),
    _address("home", "adr.home", "HOME"),
    _address("other", "adr.other", "OTHER"),
    _text("addressBusiness", "LABEL;TYPE=WORK", "label.work"),
    _text("addressHome", "LABEL;TYPE=HOME", "label.home"),
    _text("addressOther", "LABEL;TYPE=OTHER", "label.other"),
    _messenger("instant_messenger1", "im.work", "WORK"),
    _messenger("instant_messenger2", "im.home", "HOME"),
    Slot("url", "url", ("url",), limits.bounded(_read_url), _write_url),
    _text("note", "NOTE"),
    Slot("categories", "categories", ("categories",), _read_categories, _write_categories, merges=True),
    Slot("private_flag", "private_flag", ("private_flag",), _read_class, _write_class),
    Slot("color_label", "color_label", ("color_label",), _read_color, _write_color),
    _text("assistant_name", "X-ASSISTANT"),
    _text("manager_name", "X-MANAGER"),
    _text("spouse_name", "X-SPOUSE"),
    _text("number_of_children", "X-MS-CHILD"),
    _text("yomiFirstName", "X-PHONETIC-FIRST-NAME"),
    _text("yomiLastName", "X-PHONETIC-LAST-NAME"),
    _text("yomiCompany", "X-OX-YOMI-COMPANY"),
    Slot("file_as", "file_as", ("file_as",), _text("file_as", "").read, _write_file_as),
    _text("room_number", "X-OX-ROOM-NUMBER"),
    _text("info", "X-OX-INFO"),
    _text("number_of_employees", "X-OX-NUMBER-OF-EMPLOYEE"),
    _text("business_category", "X-OX-BUSINESS-CATEGORY"),
    _text("commercial_register", "X-OX-COMMERCIAL-REGISTER"),
    _text("tax_id", "X-OX-TAX-ID"),
    _text("sales_volume", "X-OX-SALES-VOLUME"),
    _text("employee_type", "X-OX-EMPLOYEE-TYPE"),
    _text("marital_status", "X-OX-MARITAL-STATUS"),
    *(_text(field, f"X-OX-USERFIELD-{field[-2:]}") for field in fields.USER_FIELDS),
    _day("anniversary", "X-ABDATE"),
)  # fmt: skip
"""All slots in the order in which a card lists them."""

BY_KEY: Mapping[str, Slot] = {slot.key: slot for slot in SLOTS}

_FALLBACK: Mapping[str, tuple[str, ...]] = {
    "email.work": ("email3", "email2"),
    "email.home": ("email3", "email1"),
    "email.other": ("email1", "email2"),
    "email.any": ("email1", "email2", "email3"),
    "tel.work": ("telephone_other",),
    "tel.home": ("telephone_other",),
    "tel.cell": ("telephone_other",),
    "tel.any": ("telephone_other", "telephone_business1", "telephone_home1"),
    "fax.work": ("fax_other",),
    "fax.home": ("fax_other",),
    "fax.any": ("fax_other", "fax_business", "fax_home"),
    "adr.work": ("address_other",),
    "adr.home": ("address_other",),
    "adr.any": ("address_other", "address_home", "address_business"),
    "label.work": ("addressOther",),
    "label.home": ("addressOther",),
    "label.any": ("addressOther", "addressHome", "addressBusiness"),
    "im.work": ("instant_messenger2",),
    "im.home": ("instant_messenger1",),
    "im.other": ("instant_messenger1", "instant_messenger2"),
    "im.any": ("instant_messenger1", "instant_messenger2"),
}
"""Category → slots of other categories that may take a value which finds no room in its own, in this order."""

_OWN: dict[str, tuple[Slot, ...]] = {}
for _slot in SLOTS:
    _OWN[_slot.category] = (*_OWN.get(_slot.category, ()), _slot)


def merged(found: Iterable[Values]) -> Values:
    """The values of several properties of a merging slot as one."""
    listed = [written for value in found for written in value.values()]
    return {"categories": limits.words_within("categories", values.words(",".join(listed)))}


def own(category: str) -> tuple[Slot, ...]:
    """The slots made for a category."""
    return _OWN.get(category, ())


def fallback(category: str) -> tuple[Slot, ...]:
    """The slots that may take a value of the category when its own are full."""
    return tuple(BY_KEY[key] for key in _FALLBACK.get(category, ()))

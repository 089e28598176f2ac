"""One property in the spelling of the other version, as well as that version can say it."""

import re
from collections.abc import Callable, Mapping

from mappings.contentline import Property, escape_text, unescape_text
from mappings.vcard import days, octets
from mappings.vcard.spelling import Params, changed

_TYPES = frozenset({
    "WORK", "HOME", "TEXT", "VOICE", "FAX", "CELL", "VIDEO", "PAGER", "TEXTPHONE", "MSG", "CAR", "ISDN", "PCS",
    "MODEM", "BBS", "DOM", "INTL", "POSTAL", "PARCEL", "OTHER", "MAIN",
})  # fmt: skip
"""Types that are the same word in both versions; 4.0 has them in lower case."""

_GEO_3 = re.compile(r"\s*([+-]?\d+(?:\.\d+)?);\s*([+-]?\d+(?:\.\d+)?)\s*", re.ASCII)
_GEO_4 = re.compile(r"geo:([+-]?\d+(?:\.\d+)?),([+-]?\d+(?:\.\d+)?)", re.ASCII | re.IGNORECASE)
_OFFSET = re.compile(r"([+-]\d\d):?(\d\d)?", re.ASCII)
_STAMP_3 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z", re.ASCII)
_STAMP_4 = re.compile(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z", re.ASCII)
_APPLE_KIND = "X-ADDRESSBOOKSERVER-KIND"
_APPLE_MEMBER = "X-ADDRESSBOOKSERVER-MEMBER"


def to_version_3(prop: Property) -> Property:
    """A 4.0 property in 3.0 spelling. What 3.0 has no word for keeps its name and parameters: readers skip it."""
    prop = _preference_as_type(prop)
    convert = _TO_3.get(prop.name)
    return prop if convert is None else convert(prop)


def to_version_4(prop: Property) -> Property:
    """A 3.0 property in 4.0 spelling."""
    convert = _TO_4.get(prop.name)
    return _types_of_4(prop if convert is None else convert(prop))


# -- types and preference -------------------------------------------------------------------------------------------


def _preference_as_type(prop: Property) -> Property:
    """PREF=1 as TYPE=PREF; weaker preferences have no 3.0 spelling and stay."""
    if prop.param("PREF") != "1":
        return prop
    params = tuple(pair for pair in prop.params if pair[0] != "PREF")
    return changed(prop, params=(*params, ("TYPE", ("PREF",))))


def _types_of_4(prop: Property) -> Property:
    """One TYPE parameter in lower case, without what 4.0 says otherwise or takes for granted."""
    if not prop.params:
        return prop
    words: list[str] = []
    params: dict[int, tuple[str, tuple[str, ...]]] = {}
    for place, (name, listed) in enumerate(prop.params):
        if name == "TYPE":
            words.extend(word.strip() for value in listed for word in value.split(","))
        elif not listed:
            words.append(name)
        else:
            params[place + 1] = (name, listed)
    types = [word.lower() if word.upper() in _TYPES else word for word in words if _is_said(prop.name, word)]
    if types:
        first = min(place for place, _ in enumerate(prop.params, 1) if place not in params)
        params[first] = ("TYPE", tuple(dict.fromkeys(types)))
    if any(word.upper() == "PREF" for word in words) and prop.param("PREF") is None:
        params[len(prop.params) + 1] = ("PREF", ("1",))
    return changed(prop, params=tuple(params[place] for place in sorted(params)))


def _is_said(name: str, word: str) -> bool:
    return word.upper() not in ("", "PREF") and (name, word.upper()) != ("EMAIL", "INTERNET")


# -- single properties ----------------------------------------------------------------------------------------------


def _telephone_to_3(prop: Property) -> Property:
    number = unescape_text(prop.value)
    if (prop.param("VALUE") or "").lower() != "uri" or number[:4].lower() != "tel:":
        return prop
    return changed(prop, params=_without_value(prop), value=escape_text(number[4:]))


def _geo_to_3(prop: Property) -> Property:
    match = _GEO_4.fullmatch(prop.value)
    return changed(prop, params=_without_value(prop), value=f"{match[1]};{match[2]}") if match else prop


def _geo_to_4(prop: Property) -> Property:
    match = _GEO_3.fullmatch(prop.value)
    return changed(prop, value=f"geo:{match[1]},{match[2]}") if match else prop


def _zone_to_3(prop: Property) -> Property:
    value = (prop.param("VALUE") or "text").lower()
    match = _OFFSET.fullmatch(prop.value) if value == "utc-offset" else None
    if match:
        return changed(prop, params=_without_value(prop), value=f"{match[1]}:{match[2] or '00'}")
    return changed(prop, params=(("VALUE", ("text",)), *_without_value(prop))) if value == "text" else prop


def _zone_to_4(prop: Property) -> Property:
    value = (prop.param("VALUE") or "utc-offset").lower()
    match = _OFFSET.fullmatch(prop.value) if value == "utc-offset" else None
    if match:
        offset = (("VALUE", ("utc-offset",)), *_without_value(prop))
        return changed(prop, params=offset, value=match[1] + (match[2] or "00"))
    return changed(prop, params=_without_value(prop)) if value in ("text", "utc-offset") else prop


def _revision_to_3(prop: Property) -> Property:
    return changed(prop, value=_STAMP_4.sub(r"\1-\2-\3T\4:\5:\6Z", prop.value))


def _revision_to_4(prop: Property) -> Property:
    return changed(prop, params=_without_value(prop), value=_STAMP_3.sub(r"\1\2\3T\4\5\6Z", prop.value))


def _kind_to_3(prop: Property) -> Property:
    match prop.value.strip().lower():
        case "group":
            return changed(prop, name=_APPLE_KIND)
        case "org":
            return changed(prop, name="X-ABSHOWAS", value="COMPANY")
        case _:
            return prop


def _apple_kind_to_4(prop: Property) -> Property:
    return changed(prop, name="KIND") if prop.value.strip().lower() == "group" else prop


def _show_as_to_4(prop: Property) -> Property:
    return changed(prop, name="KIND", value="org") if prop.value.strip().upper() == "COMPANY" else prop


def _related_to_3(prop: Property) -> Property:
    """A spouse by name, which 3.0 clients know as X-SPOUSE."""
    said = {(name, tuple(value.lower() for value in listed)) for name, listed in prop.params}
    if said != {("TYPE", ("spouse",)), ("VALUE", ("text",))}:
        return prop
    return changed(prop, name="X-SPOUSE", params=())


def _spouse_to_4(prop: Property) -> Property:
    return changed(prop, name="RELATED", params=(("VALUE", ("text",)), ("TYPE", ("spouse",)), *prop.params))


def _member_to_3(prop: Property) -> Property:
    return changed(prop, name=_APPLE_MEMBER)


def _member_to_4(prop: Property) -> Property:
    return changed(prop, name="MEMBER")


def _without_value(prop: Property) -> Params:
    return tuple(pair for pair in prop.params if pair[0] != "VALUE")


_TO_3: Mapping[str, Callable[[Property], Property]] = {
    "TEL": _telephone_to_3,
    "BDAY": days.to_version_3,
    "GEO": _geo_to_3,
    "TZ": _zone_to_3,
    "REV": _revision_to_3,
    "KIND": _kind_to_3,
    "MEMBER": _member_to_3,
    "RELATED": _related_to_3,
    **dict.fromkeys(octets.NAMES, octets.to_version_3),
}

_TO_4: Mapping[str, Callable[[Property], Property]] = {
    "BDAY": days.to_version_4,
    "ANNIVERSARY": days.to_version_4,
    "GEO": _geo_to_4,
    "TZ": _zone_to_4,
    "REV": _revision_to_4,
    _APPLE_KIND: _apple_kind_to_4,
    "X-ABSHOWAS": _show_as_to_4,
    _APPLE_MEMBER: _member_to_4,
    "X-SPOUSE": _spouse_to_4,
    **dict.fromkeys(octets.NAMES, octets.to_version_4),
}

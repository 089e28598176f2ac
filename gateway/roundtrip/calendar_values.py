"""What the properties of an iCalendar component mean (RFC 5545, 7986, 9073, 9074, 9253)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Hashable, Iterator
from dataclasses import replace

from gateway.roundtrip import recurrence
from gateway.roundtrip.calendar_times import Frame, Params, dates, end, frame, time
from gateway.roundtrip.findings import Meaning
from gateway.roundtrip.times import TimeZones, key, parse_duration
from mappings.contentline import Component, Property, property_line, split_escaped, unescape_text

IGNORED = frozenset(["PRODID", "DTSTAMP", "LAST-MODIFIED", "CREATED", "VERSION", "METHOD"])
"""Bookkeeping of whoever wrote the object last."""

DEFAULTS: dict[str, Hashable] = {
    "CLASS": "PUBLIC",
    "TRANSP": "OPAQUE",
    "SEQUENCE": 0,
    "PRIORITY": 0,
    "REPEAT": 0,
    "CALSCALE": "GREGORIAN",
}
PARAMETER_DEFAULTS = {
    "PARTSTAT": "NEEDS-ACTION",
    "CUTYPE": "INDIVIDUAL",
    "ROLE": "REQ-PARTICIPANT",
    "RSVP": "FALSE",
    "RELTYPE": "PARENT",
    "SCHEDULE-AGENT": "SERVER",
    "FBTYPE": "BUSY",
    "DERIVED": "FALSE",
}
ONCE = frozenset(["CLASS", "DESCRIPTION", "DTSTART", "GEO", "LOCATION", "ORGANIZER", "PRIORITY", "SEQUENCE", "STATUS"])
ONCE |= {"SUMMARY", "TRANSP", "UID", "URL", "RECURRENCE-ID", "RRULE", "COLOR", "ACTION", "TRIGGER", "REPEAT"}
ONCE |= {"ACKNOWLEDGED", "COMPLETED", "DUE", "PERCENT-COMPLETE", "CALSCALE"}
"""What may stand but once in a component. (RFC 9073 lets DESCRIPTION and LOCATION stand more often elsewhere.)"""

TIMES = frozenset(["DTSTART", "RECURRENCE-ID", "DUE", "COMPLETED", "ACKNOWLEDGED"])
ADDRESSES = frozenset(["ATTENDEE", "ORGANIZER", "CALENDAR-ADDRESS"])
KEYWORDS = frozenset(["CLASS", "STATUS", "TRANSP", "ACTION", "CALSCALE", "PROXIMITY", "PARTICIPANT-TYPE", "COLOR"])
NUMBERS = frozenset(["SEQUENCE", "PRIORITY", "REPEAT", "PERCENT-COMPLETE"])
LISTS = frozenset(["CATEGORIES", "RESOURCES"])
URIS = frozenset(["URL", "ATTACH", "TZURL", "SOURCE", "CONFERENCE", "IMAGE", "LINK", "CONCEPT", "STRUCTURED-DATA"])
TEXTS = frozenset(["SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "RELATED-TO", "UID", "NAME"])

_TYPED = TIMES | ADDRESSES | KEYWORDS | NUMBERS | LISTS | TEXTS | {"RRULE", "GEO", "TRIGGER", "EXDATE", "RDATE"}
_ADDRESS_PARAMETERS = frozenset(["SENT-BY", "MEMBER", "DELEGATED-TO", "DELEGATED-FROM", "EMAIL"])
_EXACT_PARAMETERS = frozenset(["CN", "LABEL", "FILENAME", "ALTREP", "DIR", "X-TITLE"])


def meanings(component: Component, zones: TimeZones) -> list[Meaning]:
    """All that a component's own properties say, apart from bookkeeping and defaults."""
    here = frame(component, zones)
    found: list[Meaning] = []
    seen: set[str] = set()
    for prop in component.properties:
        ends = component.name == "VEVENT" and prop.name in ("DTEND", "DURATION")
        if prop.name in IGNORED or ends:
            continue
        found.extend(_read(prop, here, "may stand only once" if prop.name in seen & ONCE else ""))
        seen.add(prop.name)
    if component.name == "VEVENT":
        found.extend(end(component, here))
    return _marking_repeated([one for one in found if not _says_nothing(one)])


def _marking_repeated(found: list[Meaning]) -> list[Meaning]:
    """Nothing is missed when an item of a list, or a person, stands there once and not twice."""
    marked: list[Meaning] = []
    for one in found:
        repeated = one.name in LISTS | {"EXDATE", "RDATE"} and one in marked
        repeated |= one.name == "ATTENDEE" and any(one.value == each.value for each in marked if each.name == one.name)
        marked.append(replace(one, spare="it stands there twice") if repeated else one)
    return marked


def _says_nothing(meaning: Meaning) -> bool:
    if meaning.name in DEFAULTS:
        return meaning.value == DEFAULTS[meaning.name]
    return meaning.value == "" and meaning.name in TEXTS | KEYWORDS | URIS


def _read(prop: Property, here: Frame, fault: str) -> Iterator[Meaning]:
    params = _parameters(prop)
    try:
        if prop.name in LISTS:
            yield from _items(prop, params)
        elif prop.name in ("EXDATE", "RDATE"):
            yield from dates(prop, here, params, fault)
        elif prop.name in TIMES:
            yield time(prop.name, prop, here, params, fault)
        else:
            yield Meaning(prop.name, _value(prop, here), params, property_line(prop), fault)
    except ValueError as error:
        yield Meaning(prop.name, ("raw", prop.value), params, property_line(prop), fault or str(error))


def _items(prop: Property, params: Params) -> Iterator[Meaning]:
    for item in split_escaped(prop.value, ","):
        if item.strip():
            yield Meaning(prop.name, unescape_text(item).strip(), params, property_line(prop))


def _value(prop: Property, here: Frame) -> Hashable:
    """The value of a property that has one; raises ValueError."""
    name, value = prop.name, prop.value
    if name in KEYWORDS:
        return value.strip().upper()
    if name in NUMBERS:
        number = int(value)
        if number < 0:
            raise ValueError("less than nothing")
        return number
    if name in ADDRESSES:
        return _user_address(value)
    if name == "RRULE":
        return recurrence.parts(value, here)
    if name == "GEO":
        return _position(value)
    if name == "TRIGGER":
        return _trigger(prop, here)
    if name in ("DURATION", "REFRESH-INTERVAL"):
        return parse_duration(value)
    if prop.param("ENCODING") == "BASE64" or (prop.param("VALUE") or "").upper() == "BINARY":
        return _binary(value)
    if name in URIS:
        return value.strip()
    if name == "UID":
        return unescape_text(value).strip()
    return unescape_text(value).replace("\r\n", "\n").replace("\r", "\n")


def _position(value: str) -> Hashable:
    latitude, longitude = (float(part) for part in value.split(";"))
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise ValueError("not a position")
    return round(latitude, 6), round(longitude, 6)


def address(text: str) -> str:
    """A calendar user address in any case, ``mailto:`` or not."""
    return text.strip().strip("<>").lower().removeprefix("mailto:").strip()


def _user_address(text: str) -> str:
    if not re.match(r"\s*([a-z][a-z0-9+.-]*:|/|\S+@\S+)", text, re.IGNORECASE):
        raise ValueError("not an address")
    return address(text)


def _trigger(prop: Property, here: Frame) -> Hashable:
    if prop.value.strip().lstrip("+-").upper().startswith("P"):
        related = (prop.param("RELATED") or "START").upper()
        return related, int(parse_duration(prop.value).total_seconds())
    return key(here.zones.moment(prop))


def _binary(value: str) -> Hashable:
    try:
        return hashlib.sha256(base64.b64decode("".join(value.split()), validate=True)).hexdigest()
    except binascii.Error:
        raise ValueError("not base64") from None


def _parameters(prop: Property) -> Params:
    """What the parameters say; not what is part of the value or the default."""
    found: dict[str, Hashable] = {}
    for name, values in prop.params:
        if name in ("TZID", "ENCODING") or (name == "RELATED" and prop.name == "TRIGGER"):
            continue
        if name == "VALUE" and (prop.name in _TYPED | URIS or values in (("TEXT",), ("text",))):
            continue
        meaning = _parameter(name, values)
        if meaning and meaning != frozenset([PARAMETER_DEFAULTS.get(name)]):
            found[name] = meaning
    return tuple(sorted(found.items()))


def _parameter(name: str, values: tuple[str, ...]) -> frozenset[str]:
    if name in _EXACT_PARAMETERS:
        return frozenset(value for value in values if value)
    if name in _ADDRESS_PARAMETERS:
        return frozenset(address(value) for value in values if value)
    if name.startswith("X-"):
        return frozenset(value for value in values if value)
    return frozenset(value.upper() for value in values if value)

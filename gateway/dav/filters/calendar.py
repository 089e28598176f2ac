"""CALDAV:filter (RFC 4791 9.7) as values, and its decoding with the preconditions of RFC 4791 7.8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.dav.errors import SupportedCollation, SupportedFilter, ValidFilter
from gateway.dav.filters import MAX_ELEMENTS
from gateway.dav.filters.collation import ASCII_CASEMAP, COLLATIONS
from gateway.dav.filters.elements import ParamFilter, TextMatch, negated, undefined
from gateway.dav.filters.time_range import InvalidTimeRange, TimeRange, decode_time_range
from gateway.dav.names import CALDAV, caldav
from gateway.dav.xml import Element, children


@dataclass(frozen=True, slots=True)
class PropFilter:
    """RFC 4791 9.7.2: one property must exist that fulfils all that is given, or none if not ``defined``."""

    name: str
    defined: bool = True
    time: TimeRange | None = None
    text: TextMatch | None = None
    params: tuple[ParamFilter, ...] = ()


@dataclass(frozen=True, slots=True)
class CompFilter:
    """RFC 4791 9.7.1: one component must exist that fulfils all that is given, or none if not ``defined``."""

    name: str
    defined: bool = True
    time: TimeRange | None = None
    props: tuple[PropFilter, ...] = ()
    comps: tuple[CompFilter, ...] = ()


# Where the components of RFC 5545 may stand. Any other may stand anywhere.
_PARENTS = {
    "VCALENDAR": frozenset[str](),
    "VEVENT": frozenset({"VCALENDAR"}),
    "VTODO": frozenset({"VCALENDAR"}),
    "VJOURNAL": frozenset({"VCALENDAR"}),
    "VFREEBUSY": frozenset({"VCALENDAR"}),
    "VTIMEZONE": frozenset({"VCALENDAR"}),
    "VALARM": frozenset({"VEVENT", "VTODO"}),
    "STANDARD": frozenset({"VTIMEZONE"}),
    "DAYLIGHT": frozenset({"VTIMEZONE"}),
}
_TIMED_COMPONENTS = frozenset({"VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VALARM"})
_TIMED_PROPERTIES = frozenset(
    {"ACKNOWLEDGED", "COMPLETED", "CREATED", "DTEND", "DTSTAMP", "DTSTART", "DUE", "EXDATE", "FREEBUSY"}
    | {"LAST-MODIFIED", "RDATE", "RECURRENCE-ID", "TRIGGER"}
)
_ALLOWED = {
    "comp-filter": frozenset({"is-not-defined", "time-range", "prop-filter", "comp-filter"}),
    "prop-filter": frozenset({"is-not-defined", "time-range", "text-match", "param-filter"}),
    "param-filter": frozenset({"is-not-defined", "text-match"}),
}
_ONLY_ONCE = frozenset({"is-not-defined", "time-range", "text-match"})


def decode_filter(element: Element | None) -> CompFilter:
    """The outermost comp-filter, always VCALENDAR. Raises ValidFilter, SupportedFilter, SupportedCollation."""
    if element is None:
        raise ValidFilter("a calendar-query needs a filter")
    if sum(1 for _ in element.iter()) > MAX_ELEMENTS:
        raise SupportedFilter("the filter has too many conditions")
    inner = list(children(element))
    if len(inner) != 1 or inner[0].tag != caldav("comp-filter"):
        raise ValidFilter("a filter holds exactly one comp-filter")
    decoded = _comp_filter(inner[0], None)
    if decoded.name != "VCALENDAR":
        raise ValidFilter("the outermost comp-filter names VCALENDAR")
    return decoded


def _comp_filter(element: Element, parent: str | None) -> CompFilter:
    name = _name(element)
    if parent is not None and name in _PARENTS and parent not in _PARENTS[name] and parent in _PARENTS:
        raise ValidFilter("a component cannot occur where the filter looks for it")
    inner = _children(element)
    if undefined(inner, ValidFilter):
        return CompFilter(name, defined=False)
    time = _time_range(inner)
    if time is not None and name in _PARENTS and name not in _TIMED_COMPONENTS:
        raise ValidFilter("a component without time cannot be limited by a time-range")
    return CompFilter(
        name,
        time=time,
        props=tuple(_prop_filter(child) for child in _named(inner, "prop-filter")),
        comps=tuple(_comp_filter(child, name) for child in _named(inner, "comp-filter")),
    )


def _prop_filter(element: Element) -> PropFilter:
    name = _name(element)
    inner = _children(element)
    if undefined(inner, ValidFilter):
        return PropFilter(name, defined=False)
    time, text = _time_range(inner), _text_match(inner)
    if time is not None and text is not None:
        raise ValidFilter("a prop-filter has either a time-range or a text-match")
    if time is not None and name not in _TIMED_PROPERTIES and not name.startswith("X-"):
        raise ValidFilter("a property without time cannot be limited by a time-range")
    params = tuple(_param_filter(child) for child in _named(inner, "param-filter"))
    return PropFilter(name, time=time, text=text, params=params)


def _param_filter(element: Element) -> ParamFilter:
    name = _name(element)
    inner = _children(element)
    if undefined(inner, ValidFilter):
        return ParamFilter(name, defined=False)
    return ParamFilter(name, text=_text_match(inner))


def _name(element: Element) -> str:
    if element.get("test", "allof") != "allof":
        # An extension some servers know; answering it as "allof" would leave out objects.
        raise SupportedFilter("only test=allof is supported")
    name = element.get("name", "").strip().upper()
    if not name:
        raise ValidFilter("a filter element lacks its name")
    return name


def _children(element: Element) -> list[tuple[str, Element]]:
    """Local names and elements; refuses what the DTD does not allow there."""
    kind = element.tag.removeprefix(f"{{{CALDAV}}}")
    inner = [(child.tag.removeprefix(f"{{{CALDAV}}}"), child) for child in children(element)]
    for name, _ in inner:
        if name not in _ALLOWED[kind]:
            raise ValidFilter("a filter holds an element that cannot stand there")
        if name in _ONLY_ONCE and sum(other == name for other, _ in inner) > 1:
            raise ValidFilter("a filter repeats an element that may occur once")
    return inner


def _named(inner: list[tuple[str, Element]], name: str) -> Iterator[Element]:
    return (child for found, child in inner if found == name)


def _time_range(inner: list[tuple[str, Element]]) -> TimeRange | None:
    element = next(_named(inner, "time-range"), None)
    if element is None:
        return None
    try:
        return decode_time_range(element)
    except InvalidTimeRange as error:
        raise ValidFilter(str(error)) from None


def _text_match(inner: list[tuple[str, Element]]) -> TextMatch | None:
    element = next(_named(inner, "text-match"), None)
    if element is None:
        return None
    collation = element.get("collation", "default")
    if collation == "default":
        collation = ASCII_CASEMAP
    if collation not in COLLATIONS:
        raise SupportedCollation("the collation is not supported")
    return TextMatch(element.text or "", collation, negate=negated(element, ValidFilter))

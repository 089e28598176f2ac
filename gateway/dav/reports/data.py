"""calendar-data and address-data of reports (RFC 4791 9.6, RFC 6352 10.4): what a client wants of each object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from gateway.dav.errors import BadRequest, SupportedAddressData, SupportedCalendarData
from gateway.dav.filters.time_range import InvalidTimeRange, decode_bounded_range
from gateway.dav.names import caldav, carddav
from gateway.dav.xml import Element
from mappings.calendar.instances import expand, limit_freebusy_set, limit_recurrence_set
from mappings.calendar.vtimezone import without_definitions
from mappings.contentline import Component, Property, parse_tree, write_tree
from mappings.vcard.versions import VERSIONS, in_version, write_card

Range = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Properties:
    """Which properties of a component come along: names in upper case -> whether with their values. None: all."""

    chosen: dict[str, bool] | None = None

    def of(self, properties: list[Property]) -> list[Property]:
        if self.chosen is None:
            return properties
        return [
            prop if self.chosen[prop.name] else Property(prop.name, prop.params, "", prop.group)
            for prop in properties
            if prop.name in self.chosen
        ]


@dataclass(frozen=True, slots=True)
class Selection:
    """CALDAV:comp (RFC 4791 9.6.1). ``components`` None: all, whole."""

    name: str
    properties: Properties = Properties()
    components: tuple[Selection, ...] | None = None

    def of(self, component: Component) -> Component:
        inner = component.components
        if self.components is not None:
            chosen = {selection.name: selection for selection in self.components}
            inner = [chosen[child.name].of(child) for child in inner if child.name in chosen]
        return Component(component.name, self.properties.of(component.properties), inner)


@dataclass(frozen=True, slots=True)
class CalendarData:
    """What CALDAV:calendar-data asks for; empty: the whole text."""

    selection: Selection | None = None
    expand: Range | None = None
    limit_recurrence_set: Range | None = None
    limit_freebusy_set: Range | None = None
    timezones: bool = True
    """With VTIMEZONEs (RFC 7809 3.1)."""

    def render(self, text: str, floating: tzinfo) -> str:
        """The part of an iCalendar text that was asked for; ``floating`` is the zone of floating times.

        Raises mappings.errors.TooCostly for a recurrence that cannot be expanded within bounds.
        """
        if not self.timezones:
            text = without_definitions(text)
        ranges = (self.expand, self.limit_recurrence_set, self.limit_freebusy_set)
        if self.selection is None and ranges == (None, None, None):
            return text
        tree = parse_tree(text)
        if self.expand is not None:
            tree = expand(tree, *self.expand, floating)
        if self.limit_recurrence_set is not None:
            tree = limit_recurrence_set(tree, *self.limit_recurrence_set, floating)
        if self.limit_freebusy_set is not None:
            tree = limit_freebusy_set(tree, *self.limit_freebusy_set)
        return write_tree(tree if self.selection is None else self.selection.of(tree))


@dataclass(frozen=True, slots=True)
class AddressData:
    """What CARDDAV:address-data asks for; empty: the whole text, in vCard 3.0."""

    properties: Properties = Properties()
    version: str = "3.0"

    def render(self, text: str) -> str:
        """The card in that version, or the part of it that was asked for. VERSION always comes along: without it the
        rest could not be understood."""
        whole = in_version(text, self.version)
        if self.properties.chosen is None:
            return whole
        chosen = Properties({**self.properties.chosen, "VERSION": True})
        return write_card(chosen.of(parse_tree(whole).properties))


def decode_calendar_data(element: Element) -> CalendarData:
    """Raises SupportedCalendarData for another media type or version, BadRequest for what is malformed."""
    media_type = (element.get("content-type", "text/calendar").lower(), element.get("version", "2.0"))
    if media_type != ("text/calendar", "2.0"):
        raise SupportedCalendarData("calendar data is text/calendar, version 2.0")
    comp = element.find(caldav("comp"))
    if comp is not None and _name(comp) != "VCALENDAR":
        raise BadRequest("the outermost comp names VCALENDAR")
    expanded, limited = _range(element, "expand"), _range(element, "limit-recurrence-set")
    if expanded is not None and limited is not None:
        raise BadRequest("expand and limit-recurrence-set exclude each other")
    return CalendarData(
        None if comp is None else _selection(comp), expanded, limited, _range(element, "limit-freebusy-set")
    )


def decode_address_data(element: Element, default: str = "3.0") -> AddressData:
    """``default``: the version when none is named (RFC 6352 10.4). Raises SupportedAddressData for another media type
    or version, BadRequest for what is malformed."""
    version = element.get("version", default)
    if element.get("content-type", "text/vcard").lower() != "text/vcard" or version not in VERSIONS:
        raise SupportedAddressData("address data is text/vcard, version 3.0 or 4.0")
    if element.find(carddav("allprop")) is not None:
        return AddressData(version=version)
    chosen = _chosen(element, carddav("prop"))
    return AddressData(Properties(chosen or None), version)


def _selection(comp: Element) -> Selection:
    """RFC 4791 9.6.1: without allprop only the named properties, without allcomp only the named components;
    but an empty element asks for the whole component (as in the example of 7.8.1)."""
    if len(comp) == 0:
        return Selection(_name(comp))
    chosen = None if comp.find(caldav("allprop")) is not None else _chosen(comp, caldav("prop"))
    inner = None
    if comp.find(caldav("allcomp")) is None:
        inner = tuple(_selection(child) for child in comp.findall(caldav("comp")))
    return Selection(_name(comp), Properties(chosen), inner)


def _chosen(parent: Element, tag: str) -> dict[str, bool]:
    return {_name(child): child.get("novalue", "no") != "yes" for child in parent.findall(tag)}


def _name(element: Element) -> str:
    name = element.get("name", "").strip().upper()
    if not name:
        raise BadRequest("a name is missing in the data element")
    return name


def _range(element: Element, name: str) -> Range | None:
    child = element.find(caldav(name))
    if child is None:
        return None
    try:
        return decode_bounded_range(child)
    except InvalidTimeRange as error:
        raise BadRequest(str(error)) from None

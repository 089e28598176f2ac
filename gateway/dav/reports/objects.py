"""What reports on calendars and address books share: the members' properties, and members that cannot be written."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial

from gateway.dav.clients import reports_version
from gateway.dav.context import Context
from gateway.dav.errors import BadRequest, DAVError, MaxInstances
from gateway.dav.funnel import error_content
from gateway.dav.headers import preferences, with_timezones
from gateway.dav.multistatus import status_response
from gateway.dav.names import caldav, carddav, dav
from gateway.dav.ports import AddressBook, Calendar, ObjectCollection
from gateway.dav.properties.asked import Asked, Kind, asked
from gateway.dav.properties.members import Members, Writing
from gateway.dav.properties.model import OfBody
from gateway.dav.reports.data import AddressData, CalendarData, decode_address_data, decode_calendar_data
from gateway.dav.reports.expanding import Expanding
from gateway.dav.values import Body
from gateway.dav.xml import Element, element, escape, text_of
from mappings.errors import InvalidData, TooCostly

_CALENDAR_DATA = caldav("calendar-data")
_NO_PROPERTIES = Asked(Kind.PROP)


async def members(collection: ObjectCollection, request: Element, context: Context, floating: tzinfo = UTC) -> Members:
    """The writer for what a report asks of the members; without prop, allprop and propname: no properties.

    ``floating``: the zone of floating times in calendar-data.
    Raises BadRequest, SupportedCalendarData, SupportedAddressData.
    """
    data = _calendar_data_of(collection, request, context)
    return await Members.prepare(
        collection,
        asked(request, _NO_PROPERTIES),
        context,
        computed=_computed(collection, request, context, data, floating),
        minimal=preferences(context.request).minimal,
        writing=None if data is None else _writing(data, collection, floating),
    )


def _calendar_data_of(collection: ObjectCollection, request: Element, context: Context) -> CalendarData | None:
    found = _data_element(request, _CALENDAR_DATA) if isinstance(collection, Calendar) else None
    return None if found is None else replace(decode_calendar_data(found), timezones=with_timezones(context.request))


def _computed(
    collection: ObjectCollection, request: Element, context: Context, data: CalendarData | None, floating: tzinfo
) -> Mapping[str, OfBody]:
    if data is not None:
        return {_CALENDAR_DATA: OfBody(f"{data} {floating}", partial(_calendar_data, data, floating))}
    name = carddav("address-data")
    if isinstance(collection, AddressBook) and _data_element(request, name) is not None:
        cards = address_data(request, context)
        return {name: OfBody(str(cards), partial(_address_data, cards))}
    return {}


def _writing(data: CalendarData, collection: ObjectCollection, floating: tzinfo) -> Writing | None:
    """A quicker way for what clients ask for: events, expanded and nothing else."""
    if data.expand is None or data != CalendarData(expand=data.expand) or collection.components != {"VEVENT"}:
        return None
    return Expanding(_CALENDAR_DATA, *data.expand, floating)


def address_data(request: Element, context: Context) -> AddressData:
    """What a report asks of cards; the whole, in the version its client expects, when it does not say. Raises
    BadRequest, SupportedAddressData."""
    found = _data_element(request, carddav("address-data"))
    default = reports_version(context.request.header("user-agent"))
    return AddressData(version=default) if found is None else decode_address_data(found, default)


def _data_element(request: Element, name: str) -> Element | None:
    for parent in (dav("prop"), dav("include")):
        found = request.find(f"{parent}/{name}")
        if found is not None:
            return found
    return None


def _calendar_data(data: CalendarData, floating: tzinfo, body: Body) -> str:
    try:
        return escape(data.render(body.text, floating))
    except InvalidData as error:
        raise unusable(error) from None


def _address_data(data: AddressData, body: Body) -> str:
    try:
        return escape(data.render(body.text))
    except InvalidData as error:
        raise unusable(error) from None


def unusable(error: InvalidData) -> DAVError:
    """What a member is answered with whose text cannot be evaluated: it alone fails, not the report.

    A recurrence beyond all bounds has its precondition (CALDAV:max-instances), anything else is our fault.
    """
    return MaxInstances(error.reason) if isinstance(error, TooCostly) else DAVError(error.reason)


def failed(href: str, error: DAVError, context: Context) -> str:
    """The response of a member that failed as a whole."""
    content = error_content(error, context.request.base)
    return status_response(href, error.status, error=content, description=error.reason)


def truncated(href: str) -> str:
    """The response that says of a collection: there is more (RFC 6352 8.6.1, RFC 6578 3.6)."""
    return status_response(href, 507, error=element(dav("number-of-matches-within-limits")))


def limit_of(request: Element, limit: str, nresults: str) -> int | None:
    """The number of responses a client wants at most, from the elements of these names. Raises BadRequest."""
    found = request.find(limit)
    if found is None:
        return None
    number = found.find(nresults)
    text = "" if number is None else text_of(number)
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or int(text) == 0:
        raise BadRequest("a limit is a positive number of results")
    return int(text)


async def only(*responses: str) -> AsyncIterator[str]:
    """These responses."""
    for response in responses:
        yield response

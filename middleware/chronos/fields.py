"""Names of event fields, and the parameters that choose fields and order."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any, Final

from middleware.call import Call, comma_separated
from middleware.chronos.dates import parse_value
from middleware.errors import invalid_parameter

# Every name that `fields` and `sort` accept. `relatedTo` is accepted in bodies and not stored, hence not here.
FIELDS: Final = frozenset(
    {
        "id",
        "folder",
        "uid",
        "filename",
        "sequence",
        "timestamp",
        "created",
        "createdBy",
        "lastModified",
        "modifiedBy",
        "dtstamp",
        "calendarUser",
        "summary",
        "location",
        "description",
        "categories",
        "class",
        "color",
        "url",
        "geo",
        "startDate",
        "endDate",
        "transp",
        "status",
        "seriesId",
        "rrule",
        "recurrenceId",
        "recurrenceDates",
        "changeExceptionDates",
        "deleteExceptionDates",
        "organizer",
        "attendees",
        "attendeePrivileges",
        "attachments",
        "alarms",
        "conferences",
        "extendedProperties",
        "flags",
    }
)


# Of these alone an answer may have any number of events.
IDENTIFYING: Final = frozenset(
    {
        "id",
        "seriesId",
        "folder",
        "recurrenceId",
        "uid",
        "filename",
        "timestamp",
        "created",
        "lastModified",
        "createdBy",
    }
)


def requested_fields(call: Call) -> frozenset[str] | None:
    """The fields that the answer shall have, None for all; SVL-0010 when one is unknown."""
    return _field_names(call.text("fields"))


@functools.lru_cache(maxsize=256)
def _field_names(text: str) -> frozenset[str] | None:
    names = comma_separated(text)
    if not names:
        return None
    if not FIELDS.issuperset(names):
        raise invalid_parameter("fields", text)
    return frozenset(names)


def requested_order(call: Call) -> Callable[[list[dict[str, Any]]], list[dict[str, Any]]] | None:
    """How to sort complete events, None when the order of the store is good; SVL-0010 for an unknown field."""
    name, order = call.text("sort"), call.text("order", "ASC").upper()
    if not name:
        return None
    if name not in FIELDS:
        raise invalid_parameter("sort", name)
    if order not in ("ASC", "DESC"):
        raise invalid_parameter("order", order)

    def ordered(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
        zone = call.timezone()

        def key(event: dict[str, Any]) -> tuple[int, Any]:
            value = event.get(name)
            if value is None:
                return (0, "")
            if name in ("startDate", "endDate"):
                when = parse_value(value["value"], value.get("tzid"))
                return (1, when.epoch_ms(zone) if when else 0)
            if isinstance(value, int | float):
                return (1, value)
            return (2, str(value))

        return sorted(found, key=key, reverse=order == "DESC")

    return ordered


def only(event: dict[str, Any], fields: Iterable[str] | None) -> dict[str, Any]:
    """The event with no other fields than those."""
    if fields is None:
        return event
    return {name: event[name] for name in fields if name in event}

"""When users and resources are busy: the action freebusy of `calendar`, and the module `freebusy` of OX 7.8."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection

from middleware.appointments.conflicts import place_of
from middleware.appointments.parameters import requested_range
from middleware.appointments.registration import action
from middleware.appointments.view import RESERVED, appointment_of
from middleware.call import Call
from middleware.chronos.access import classified_for, is_private
from middleware.chronos.disclosure import Disclosure
from middleware.chronos.event import JSON, Event
from middleware.chronos.listing import exceptions, overlaps, taking_part
from middleware.chronos.parameters import Range
from middleware.chronos.recurrence import Recurrence
from middleware.envelope import Result

if TYPE_CHECKING:
    from middleware.context import Context

# What is told of appointments that the user may read, beside what `Disclosure` adds.
_TOLD: Final = ("createdBy", "color", "class", "categories", "uid")


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that takes the time of a user or resource: the appointment as the caller may know it.

    `readable` tells whether he may know more of it than when it is.
    """

    appointment: JSON
    readable: bool


@action("freebusy", "GET")
def freebusy(call: Call, ox: Context) -> Result:
    """The appointments of a user (`type` 1) or resource (3) in a range, with what the caller may know of them."""
    for name in ("id", "type"):
        call.require(name)
        call.integer(name)
    span = requested_range(call)
    with ox.store.reading() as connection:
        found = taken(call, ox, connection, call.integer("id"), span)
        return Result([one.appointment for one in found], 0)


def taken(call: Call, ox: Context, connection: Connection, entity: int, span: Range) -> Iterator[Taken]:
    """What a user or resource takes part in and has not declined, by id; every occurrence of series."""
    held = taking_part(connection, entity, span)
    disclosure = Disclosure(ox, connection, call.user, held)
    for event in held:
        attendee = event.attendee(entity)
        declined = attendee is None or attendee.get("hidden") or attendee.get("partStat") == "DECLINED"
        if declined or (is_private(event) and classified_for(event, call.user)):
            continue
        disclosed = disclosure.of(event)
        readable = disclosed["folder"] is not None
        told: JSON = {name: event.data[name] for name in _TOLD if readable and name in event.data}
        for dates in _times(event, span):
            shown: JSON = {
                "id": event.text_id,
                "transp": event.data.get("transp", "OPAQUE"),
                **told,
                **disclosed,
                **dates,
            }
            appointment = appointment_of(shown, call.timezone())
            if appointment["shown_as"] == RESERVED and event.data.get("shownAs"):
                appointment["shown_as"] = event.data["shownAs"]
            if "recurrenceId" in dates:
                appointment.update(place_of(connection, event, dates["recurrenceId"]))
            yield Taken(appointment, readable)


def _times(event: Event, span: Range) -> Iterator[JSON]:
    if not event.is_master:
        if overlaps(event.start.epoch_ms(span.zone), event.end.epoch_ms(span.zone), span):
            yield {name: event.data[name] for name in ("startDate", "endDate", "recurrenceId") if name in event.data}
        return
    for one in Recurrence.of(event.data, exceptions(event)).occurrences(span.begin, span.end, span.zone):
        yield {
            "startDate": one.start.to_json(),
            "endDate": one.end.to_json(),
            "recurrenceId": one.start.recurrence_id(),
        }

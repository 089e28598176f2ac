"""Appointments that stand in the way of another one, and those that take the time of somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from middleware.appointments.people import RESOURCE, USER, confirmation_of
from middleware.appointments.positions import date_position_of, position_of
from middleware.appointments.view import appointment_of
from middleware.call import Call
from middleware.chronos.conflicts import is_resource
from middleware.chronos.event import JSON, Event
from middleware.chronos.events import Events

if TYPE_CHECKING:
    from middleware.context import Context


def conflicting(call: Call, ox: Context, conflicts: list[JSON]) -> list[JSON]:
    """Conflicts of chronos as appointments, with the participants who have both."""
    with ox.store.reading() as connection:
        return [_conflict(connection, one, call.timezone()) for one in conflicts]


def _conflict(connection: Connection, conflict: JSON, zone: ZoneInfo) -> JSON:
    shown = conflict["event"]
    event = Events(connection).find(int(shown["id"]))
    appointment = appointment_of(shown, zone)
    entities = [one["entity"] for one in conflict["conflicting_attendees"] if "entity" in one]
    attendees = [] if event is None else [event.attendee(entity) for entity in entities]
    appointment["participants"] = [_participant(one) for one in attendees if one is not None]
    if event is not None and "recurrenceId" in shown:
        appointment.update(place_of(connection, event, shown["recurrenceId"]))
    if conflict["hard_conflict"]:
        appointment["hard_conflict"] = True
    return appointment


def _participant(attendee: JSON) -> JSON:
    if is_resource(attendee):
        return {"id": attendee["entity"], "type": RESOURCE}
    return {"id": attendee["entity"], "type": USER, "confirmation": confirmation_of(attendee)}


def place_of(connection: Connection, event: Event, recurrence_id: str) -> JSON:
    """The members that tell which occurrence of which series something is."""
    master = event if event.is_master else Events(connection).find(event.series or 0)
    place: JSON = {"recurrence_id": event.series, "recurrence_date_position": date_position_of(recurrence_id)}
    position = None if master is None else position_of(master, recurrence_id)
    return place if position is None else {**place, "recurrence_position": position}
